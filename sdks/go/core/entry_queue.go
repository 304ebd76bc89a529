package core

const entryBytes = 120 // of an entry beside its text

// entryQueue holds events that wait, as the text that is sent: first in, first out, and bounded.
type entryQueue struct {
	entries [][]byte
	// calls is how many calls of the host each entry stands for, and callsWaiting the sum of them.
	calls        []int
	callsWaiting int
	bytes        int
	eventsMax    int
	bytesMax     int
}

// push tells whether there was room.
func (queue *entryQueue) push(entry []byte, calls int) bool {
	if len(queue.entries) >= queue.eventsMax || queue.bytes+bytesOf(entry) > queue.bytesMax {
		return false
	}
	queue.entries = append(queue.entries, entry)
	queue.calls = append(queue.calls, calls)
	queue.callsWaiting += calls
	queue.bytes += bytesOf(entry)
	return true
}

// peek returns the first entries, which stay: at least one, if there is one, and no more than the limits say.
func (queue *entryQueue) peek(eventsMax, bytesMax int) [][]byte {
	length, bytes := 0, 0
	for length < min(len(queue.entries), eventsMax) {
		if bytes += bytesOf(queue.entries[length]); bytes > bytesMax && length > 0 {
			break
		}
		length++
	}
	return append([][]byte(nil), queue.entries[:length]...)
}

// remove takes the first entries out.
func (queue *entryQueue) remove(length int) {
	for at, entry := range queue.entries[:length] {
		queue.bytes -= bytesOf(entry)
		queue.entries[at] = nil
		queue.callsWaiting -= queue.calls[at]
	}
	queue.entries, queue.calls = queue.entries[length:], queue.calls[length:]
}

func bytesOf(entry []byte) int {
	return entryBytes + len(entry)
}
