package core

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usageflow/go/internal/policy"
)

// Event is one usage fact. Only Name and CustomerID are needed.
type Event struct {
	// Name of what was used, like `API_CALL`.
	Name string
	// CustomerID is your own name for the customer.
	CustomerID string
	// Amount is 1 where none is given. See Int, Float and Decimal.
	Amount Amount
	// Metadata is whatever JSON can say, within the limits of the server. It is read before Track returns, and must not
	// be changed by others meanwhile.
	Metadata map[string]any
	// Timestamp is when it was used, to the millisecond. Default: when it was tracked.
	Timestamp time.Time
	// IdempotencyKey is a random one where none is given, kept through all retries. With your own, give the Timestamp
	// too: a repeat must be the same event.
	IdempotencyKey string
}

// wireEvent is an event as it goes over the wire.
type wireEvent struct {
	Name           string          `json:"name"`
	CustomerID     string          `json:"customerId"`
	Amount         string          `json:"amount"`
	Metadata       json.RawMessage `json:"metadata,omitempty"`
	Timestamp      string          `json:"timestamp"`
	IdempotencyKey string          `json:"idempotencyKey"`
}

const (
	nameLengthMax     = 100
	customerLengthMax = 255
	metadataBytesMax  = 256 * 1024 // twice what the limits of metadata allow, escapes apart
	timestampLayout   = "2006-01-02T15:04:05.000Z"

	wholeTextRule = "must be whole characters of UTF-8, without NUL"
)

var (
	brokenEscape = regexp.MustCompile(`^u(?:0000|[fF]{3}[dD]|[dD][89a-fA-F])`)
	escapedPair  = regexp.MustCompile(`^u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)
)

var keyShape = regexp.MustCompile(`^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$`)

// readEvent makes an event ready to be sent, with a key and a time. It checks what could make a request unreadable, and
// with it its neighbours; the limits of single fields that the server checks one event at a time are left to it. Metadata
// and clock are code of the host: what they panic with becomes an error.
func readEvent(event Event, clock func() time.Time) (text []byte, failure *Error) {
	defer func() {
		if recover() != nil {
			text, failure = nil, invalidEvent("event", "must be written as JSON without a panic")
		}
	}()
	metadata, failure := readMetadata(event.Metadata)
	failure = firstError(
		checkText("name", event.Name, nameLengthMax),
		checkText("customerId", event.CustomerID, customerLengthMax),
		checkAmount(event.Amount),
		failure,
		checkKey(event.IdempotencyKey),
	)
	if failure != nil {
		return nil, failure
	}
	if event.Timestamp.IsZero() {
		event.Timestamp = clock()
	}
	if event.IdempotencyKey == "" {
		event.IdempotencyKey = newKey()
	}
	return written(wireEvent{
		Name:           event.Name,
		CustomerID:     event.CustomerID,
		Amount:         event.Amount.String(),
		Metadata:       metadata,
		Timestamp:      event.Timestamp.UTC().Format(timestampLayout),
		IdempotencyKey: event.IdempotencyKey,
	})
}

func written(value any) ([]byte, *Error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, invalidEvent("metadata", "must be what can be written as JSON")
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// unwritten is the event that `text` was made of: sent again it is the same.
func unwritten(text []byte) *Event {
	var wire wireEvent
	if json.Unmarshal(text, &wire) != nil {
		return nil
	}
	event := Event{
		Name:           wire.Name,
		CustomerID:     wire.CustomerID,
		Amount:         Decimal(wire.Amount),
		IdempotencyKey: wire.IdempotencyKey,
	}
	decoder := json.NewDecoder(bytes.NewReader(wire.Metadata))
	decoder.UseNumber() // digit for digit
	_ = decoder.Decode(&event.Metadata)
	event.Timestamp, _ = time.Parse(timestampLayout, wire.Timestamp)
	return &event
}

func checkText(field, text string, unitsMax int) *Error {
	switch {
	case text == "" || policy.IsLonger(text, unitsMax):
		return invalidEvent(field, fmt.Sprintf("must be text of 1 to %d characters", unitsMax))
	case !utf8.ValidString(text) || strings.Contains(text, "\x00"):
		return invalidEvent(field, wholeTextRule)
	}
	return nil
}

func checkAmount(amount Amount) *Error {
	if amount.objection != "" {
		return invalidEvent("amount", amount.objection)
	}
	return nil
}

func checkKey(key string) *Error {
	if key != "" && !keyShape.MatchString(key) {
		return invalidEvent("idempotencyKey", "must be 1 to 255 characters of ASCII, without blanks at its ends")
	}
	return nil
}

func readMetadata(metadata map[string]any) (json.RawMessage, *Error) {
	if len(metadata) == 0 {
		return nil, nil
	}
	text, failure := written(metadata)
	if failure != nil {
		return nil, failure
	}
	if len(text) > metadataBytesMax {
		return nil, invalidEvent("metadata", fmt.Sprintf("must be at most %d bytes of JSON", metadataBytesMax))
	}
	return writable(text)
}

// writable puts numbers with more digits than a double keeps in quotes, digit for digit: usage is not lost for a note.
// Text that the server takes no JSON with is refused: NUL, and what was no UTF-8, which the encoder has escaped.
func writable(text []byte) ([]byte, *Error) {
	out := make([]byte, 0, len(text))
	for at := 0; at < len(text); {
		end := endOfToken(text, at)
		token := text[at:end]
		switch {
		case token[0] == '"' && holdsBrokenText(token):
			return nil, invalidEvent("metadata", wholeTextRule)
		case isNumber(token) && policy.SignificantDigits(string(token)) > significantDigitsMax:
			out = strconv.AppendQuote(out, string(token))
		default:
			out = append(out, token...)
		}
		at = end
	}
	return out, nil
}

// endOfToken finds where the text, the number or whatever else of JSON ends that begins at `start`.
func endOfToken(text []byte, start int) int {
	end := start + 1
	switch {
	case text[start] == '"':
		for text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		return end + 1
	case isNumber(text[start:]):
		for end < len(text) && strings.IndexByte("0123456789+-.eE", text[end]) >= 0 {
			end++
		}
	}
	return end
}

func isNumber(token []byte) bool {
	return token[0] == '-' || '0' <= token[0] && token[0] <= '9'
}

// holdsBrokenText looks for NUL, for what the encoder has put in the place of bytes that are no UTF-8, and for half a
// surrogate pair, which a json.RawMessage of the host may hold.
func holdsBrokenText(token []byte) bool {
	for at := 0; at < len(token); at++ {
		if token[at] != '\\' {
			continue
		}
		at++ // whatever is escaped is no backslash that begins the next
		if pair := escapedPair.Find(token[at:]); pair != nil {
			at += len(pair) - 1
		} else if brokenEscape.Match(token[at:]) {
			return true
		}
	}
	return false
}

// newKey makes a key that no other event has: a UUID of version 4.
func newKey() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
