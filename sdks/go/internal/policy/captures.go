package policy

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Captured is what was found of a list of captures, by their pointers. What is absent is not in it.
type Captured map[string]any

// CapturedRequest is what captures point into. A body that the host has not parsed is read by a BodyReader.
type CapturedRequest struct {
	Method string
	// Route is the template of the framework; empty where it has none.
	Route   string
	Headers http.Header
	// Query as it came, with or without `?`.
	Query  string
	Params map[string]string
	// Body as encoding/json reads it.
	Body  any
	Bytes int64
}

// CapturedResponse is what captures point into of an answer.
type CapturedResponse struct {
	Status     int
	Headers    http.Header
	Bytes      int64
	DurationMs float64
}

// Capture returns what the JSON pointers of metering rules find in a request and its answer. Absent are: objects, lists
// and null, headers and parameters that came several times, secrets, and whatever the API would refuse.
func Capture(pointers []string, request CapturedRequest, response CapturedResponse, metadata any) Captured {
	if len(pointers) == 0 {
		return Captured{}
	}
	params := map[string]any{}
	for name, value := range request.Params {
		params[name] = value
	}
	asked := map[string]any{
		"method": request.Method, "bytes": request.Bytes, "headers": headersOnceEach(request.Headers),
		"query": queryOnceEach(request.Query), "params": params, "body": request.Body,
	}
	if request.Route != "" {
		asked["route"] = request.Route
	}
	return found(pointers, "", map[string]any{
		"request": asked,
		"response": map[string]any{
			"status": response.Status, "bytes": response.Bytes, "headers": headersOnceEach(response.Headers),
			"durationMs": response.DurationMs,
		},
		"metadata": metadata,
	})
}

// Side tells the body of a request from that of its answer.
type Side string

const (
	RequestBody  Side = "request"
	ResponseBody Side = "response"
)

// OpenBody returns nil if no pointer leads into the body, or if it is of a kind that is not read: spare yourself the
// bytes.
func OpenBody(pointers []string, side Side, contentType, contentEncoding string) *BodyReader {
	prefix := "/" + string(side) + "/body"
	var inside []string
	for _, pointer := range pointers {
		if pointer == prefix || strings.HasPrefix(pointer, prefix+"/") {
			inside = append(inside, pointer)
		}
	}
	kind := kindOf(contentType, contentEncoding)
	if len(inside) == 0 || kind == unread {
		return nil
	}
	return &BodyReader{kind: kind, prefix: prefix, pointers: inside, captured: Captured{}, lineIsEmpty: true}
}

type bodyKind int

const (
	unread bodyKind = iota
	aDocument
	ofEvents
	ofLines
)

// pieceBytesMax is of a whole document, or of one event or line of a stream, which may go on for ever.
const pieceBytesMax = 1024 * 1024

// BodyReader finds captures in a body, chunk by chunk, wherever its chunks end. It keeps one piece of it at most: the
// document, or an event or line. Of a stream the last piece counts that has something at the pointer.
type BodyReader struct {
	kind     bodyKind
	prefix   string
	pointers []string
	captured Captured

	piece     []byte
	isTooLong bool

	lineIsEmpty bool
	wasReturn   bool
}

// Push takes the next bytes of the body. It keeps none of the chunk itself.
func (reader *BodyReader) Push(chunk []byte) {
	if reader.kind != aDocument {
		start := 0
		for at, char := range chunk {
			if reader.isEnd(char) {
				reader.add(chunk[start : at+1])
				reader.read()
				start = at + 1
			}
		}
		chunk = chunk[start:]
	}
	reader.add(chunk)
}

// End returns what was found. A last piece without its end is read as it is.
func (reader *BodyReader) End() Captured {
	reader.read()
	return reader.captured
}

func (reader *BodyReader) add(bytes []byte) {
	if reader.isTooLong = reader.isTooLong || len(reader.piece)+len(bytes) > pieceBytesMax; reader.isTooLong {
		reader.piece = nil
		return
	}
	reader.piece = append(reader.piece, bytes...)
}

func (reader *BodyReader) read() {
	piece, isTooLong := reader.piece, reader.isTooLong
	reader.piece, reader.isTooLong = nil, false
	if isTooLong || !utf8.Valid(piece) {
		return
	}
	piece = bytes.TrimPrefix(piece, []byte("\ufeff"))
	if reader.kind == ofEvents {
		piece = dataOf(piece)
	}
	var value any
	if json.Unmarshal(piece, &value) != nil {
		return // no JSON, like the `[DONE]` at the end of many streams: it has nothing at any pointer
	}
	for pointer, each := range found(reader.pointers, reader.prefix, value) {
		reader.captured[pointer] = each
	}
}

// isEnd tells whether this byte, the next of the stream, ends a line; or an event, which ends at a line without
// anything. Lines of events end in LF, CR or both.
func (reader *BodyReader) isEnd(char byte) bool {
	if reader.kind == ofLines {
		return char == '\n'
	}
	isSecondHalf := reader.wasReturn && char == '\n'
	reader.wasReturn = char == '\r'
	if isSecondHalf {
		return false
	}
	endsLine := char == '\n' || char == '\r'
	isBlank := endsLine && reader.lineIsEmpty
	reader.lineIsEmpty = endsLine
	return isBlank
}

// dataOf is what an event says: its lines of data, without the one blank that may stand before each.
func dataOf(event []byte) []byte {
	var data []string
	text := strings.ReplaceAll(strings.ReplaceAll(string(event), "\r\n", "\n"), "\r", "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, _ := strings.Cut(line, ":"); name == "data" {
			data = append(data, strings.TrimPrefix(value, " "))
		}
	}
	return []byte(strings.Join(data, "\n"))
}

func kindOf(contentType, contentEncoding string) bodyKind {
	if encoding := strings.TrimSpace(contentEncoding); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return unread
	}
	essence, _, _ := strings.Cut(contentType, ";")
	essence, _, err := mime.ParseMediaType(essence)
	switch {
	case err != nil:
		return unread
	case essence == "text/event-stream":
		return ofEvents
	case essence == "application/x-ndjson":
		return ofLines
	case essence == "application/json", strings.HasSuffix(essence, "+json") && strings.Count(essence, "/") == 1:
		return aDocument
	}
	return unread
}

func found(pointers []string, prefix string, holder any) Captured {
	captured := Captured{}
	for _, pointer := range pointers {
		if value := valueAt(pointer[len(prefix):], holder); value != nil {
			captured[pointer] = value
		}
	}
	return captured
}

var unescapedNames = strings.NewReplacer("~1", "/", "~0", "~")

// valueAt is what a JSON pointer leads to, if it may leave the process. Nothing below the name of a secret may.
func valueAt(pointer string, holder any) any {
	names := strings.Split(pointer, "/")
	if names[0] != "" {
		return nil
	}
	last := "body"
	for at, escaped := range names[1:] {
		last = unescapedNames.Replace(escaped)
		if at < len(names)-2 && isSecretName(last) {
			return nil
		}
		holder = memberOf(holder, last)
	}
	if shape := shapeOf(holder); shape != aText && shape != aNumber && shape != aFlag {
		return nil
	}
	return RedactAll(Record{{last, holder}}).Metadata[last]
}

func memberOf(holder any, name string) any {
	var members []Member
	switch shapeOf(holder) {
	case aRecord:
		members = membersOf(holder)
	case aList:
		members = elementsOf(holder)
	}
	for _, each := range members {
		if each.Name == name {
			return each.Value
		}
	}
	return nil
}

func headersOnceEach(headers http.Header) map[string]any {
	once := map[string]any{}
	for name, values := range headers {
		if len(values) == 1 {
			once[strings.ToLower(name)] = values[0]
		}
	}
	return once
}

func queryOnceEach(query string) map[string]any {
	times, once := map[string]int{}, map[string]any{}
	for _, pair := range queryPairs(query) {
		times[pair.name]++
		once[pair.name] = pair.value
	}
	for name, count := range times {
		if count > 1 {
			delete(once, name)
		}
	}
	return once
}
