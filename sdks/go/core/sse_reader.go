package core

import "bytes"

// sseEventBytesMax: longer events are skipped: so much is kept of what has not ended yet.
const sseEventBytesMax = 16 << 20

// sseReader reads the data of server-sent events.
type sseReader struct {
	// line and data are what has come of the line, and of the data of the event, that have not ended.
	line          []byte
	data          [][]byte
	lineBytes     int
	eventBytes    int
	isAfterReturn bool
}

// push returns the data of the events that end with this piece.
func (reader *sseReader) push(piece []byte) [][]byte {
	var events [][]byte
	for start := 0; start < len(piece); {
		length := bytes.IndexAny(piece[start:], "\r\n")
		if length < 0 {
			reader.isAfterReturn = false
			reader.keep(piece[start:])
			break
		}
		// A line break may be two characters, and cut in between.
		isSecondHalf := reader.isAfterReturn && length == 0 && piece[start] == '\n'
		if !isSecondHalf {
			events = reader.endLine(piece[start:start+length], events)
		}
		reader.isAfterReturn = piece[start+length] == '\r'
		start += length + 1
	}
	return events
}

// end returns what the stream ended in, without the empty line behind it.
func (reader *sseReader) end() [][]byte {
	return reader.push([]byte("\n\n"))
}

func (reader *sseReader) keep(part []byte) {
	reader.lineBytes += len(part)
	reader.eventBytes += len(part)
	if reader.eventBytes <= sseEventBytesMax {
		reader.line = append(reader.line, part...)
	}
}

func (reader *sseReader) endLine(part []byte, events [][]byte) [][]byte {
	reader.keep(part)
	if reader.lineBytes == 0 {
		if len(reader.data) > 0 && reader.eventBytes <= sseEventBytesMax {
			events = append(events, bytes.Join(reader.data, []byte("\n")))
		}
		reader.data, reader.eventBytes = nil, 0
	} else if data, isData := bytes.CutPrefix(reader.line, []byte("data:")); isData {
		reader.data = append(reader.data, data)
	}
	reader.line, reader.lineBytes = nil, 0
	return events
}
