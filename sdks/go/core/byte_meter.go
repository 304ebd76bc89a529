package core

import (
	"io"
	"sync"
	"time"
)

// byteEvent is the event of bytes that are held or have passed.
func byteEvent(event Event, bytes int64, unit ByteUnit) (Event, *Error) {
	amount, failure := byteAmount(bytes, unit)
	return withFound(event, found{amount: amount}), failure
}

// storageTimeEvent is the event of bytes held for a time, in GB-hours.
func storageTimeEvent(event Event, bytes, ms int64) (Event, *Error) {
	amount, failure := gigabyteHours(bytes, ms)
	return withFound(event, found{amount: amount}), failure
}

// TrackStorage tracks how much a customer holds now: for meters of the last, the highest or the average value.
func TrackStorage(client *Client, event Event, bytes int64, unit ByteUnit) {
	client.trackMade(byteEvent(event, bytes, unit))
}

// TrackStorageTime tracks GB-hours: for meters that sum.
func TrackStorageTime(client *Client, event Event, bytes int64, held time.Duration) {
	client.trackMade(storageTimeEvent(event, bytes, held.Milliseconds()))
}

// TrackBytes passes a body on as it is read, and tracks how many bytes when it ends: also when it fails or is closed
// early, then those that passed. Nothing that passed is no event. Who reads it must close it.
func TrackBytes(client *Client, event Event, body io.ReadCloser, unit ByteUnit) io.ReadCloser {
	meter := NewByteMeter(client, event, unit)
	return &watched{body, func(piece []byte) { meter.Add(int64(len(piece))) }, meter.End}
}

// ByteMeter tracks bytes that are told to it. Any number of goroutines may use it.
type ByteMeter struct {
	client *Client
	event  Event
	unit   ByteUnit

	guard    sync.Mutex
	bytes    int64
	failure  *Error
	hasEnded bool
}

// NewByteMeter makes a meter for one stream.
func NewByteMeter(client *Client, event Event, unit ByteUnit) *ByteMeter {
	return &ByteMeter{client: client, event: event, unit: unit}
}

// Add adds bytes that have passed.
func (meter *ByteMeter) Add(bytes int64) {
	meter.guard.Lock()
	defer meter.guard.Unlock()
	meter.failure = firstError(meter.failure, wholeNumber("bytes", bytes))
	meter.bytes += bytes
}

// Write adds the bytes of a piece, so that a meter can stand in an io.MultiWriter. It never fails.
func (meter *ByteMeter) Write(piece []byte) (int, error) {
	meter.Add(int64(len(piece)))
	return len(piece), nil
}

// End tracks what was added until now; once.
func (meter *ByteMeter) End() {
	meter.guard.Lock()
	defer meter.guard.Unlock()
	if meter.hasEnded {
		return
	}
	meter.hasEnded = true
	if meter.bytes == 0 && meter.failure == nil {
		return
	}
	event, failure := byteEvent(meter.event, max(meter.bytes, 0), meter.unit)
	meter.client.trackMade(event, firstError(meter.failure, failure))
}
