package core

import (
	"fmt"
	"io"
	"maps"
)

// found is what a blueprint makes of an event.
type found struct {
	amount   string
	metadata map[string]any
	// key is for an event that was given none.
	key string
}

// withFound is the event of a blueprint: what it found stands beside the metadata that was given, and goes before it.
func withFound(event Event, found found) Event {
	event.Amount = Decimal(found.amount)
	if len(found.metadata) > 0 {
		metadata := make(map[string]any, len(event.Metadata)+len(found.metadata))
		maps.Copy(metadata, event.Metadata)
		maps.Copy(metadata, found.metadata)
		event.Metadata = metadata
	}
	if event.IdempotencyKey == "" {
		event.IdempotencyKey = found.key
	}
	return event
}

// trackMade tracks what was made; what could not be made counts as refused and is told.
func (client *Client) trackMade(event Event, failure *Error) {
	if failure != nil {
		client.take(nil, failure)
		return
	}
	client.Track(event)
}

// watched is a body that somebody watches: the same bytes, and the same end.
type watched struct {
	source io.ReadCloser
	// see gets what was read before the host does; end comes whatever the end, once or more.
	see func([]byte)
	end func()
}

func (body *watched) Read(into []byte) (int, error) {
	read, err := body.source.Read(into)
	if read > 0 {
		body.see(into[:read])
	}
	if err != nil {
		body.end()
	}
	return read, err
}

func (body *watched) Close() error {
	body.end()
	return body.source.Close()
}

func wholeNumber(field string, value int64) *Error {
	if value < 0 {
		return invalidEvent(field, "must be a whole number, not negative")
	}
	return nil
}

func unknownUnit(first, second string) *Error {
	return invalidEvent("unit", fmt.Sprintf("must be %q or %q", first, second))
}
