package core

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// Client sends usage. Track is for the way of a request: it neither fails nor waits. Send is for where the answer
// matters. Any number of goroutines may use one. Made by NewClient.
type Client struct {
	config config
	call   *serverCall
	*outbox
}

// Result is what the server answered to one event.
type Result struct {
	// Status is `recorded`; or `duplicate`, if it was there already, and counts once.
	Status         string
	EventID        string
	IdempotencyKey string
}

const (
	sendFor  = 10 * time.Second
	flushFor = 5 * time.Second
)

// NewClient makes a client, which sends until it is closed. For options that cannot work, the error is an *Error of
// KindConfig.
func NewClient(options Options) (*Client, error) {
	config, err := readOptions(options)
	if err != nil {
		return nil, err
	}
	client := &Client{call: newServerCall(config)}
	client.outbox = newOutbox(config, client.post, refused)
	config.apiKey = "" // held by the call alone, where nothing shows it
	client.config = config
	go client.sendNowAndThen()
	return client, nil
}

// Track takes usage and sends it in the background, with a key made now and kept for every try. What is no event or finds
// no room is counted in Stats and told to OnError.
func (client *Client) Track(event Event) {
	entry, failure := readEvent(event, client.config.clock)
	client.take(entry, failure)
}

// Send sends one event now and waits for the server's answer; it tries again with the same key until the context ends, or
// for 10 s where the context has no deadline. The error is an *Error: invalid, refused, dropped after Close, or
// unavailable, when the event may or may not be stored: send the error's Event again, and it counts once.
func (client *Client) Send(ctx context.Context, event Event) (Result, error) {
	ctx, cancel := withDeadline(ctx, sendFor)
	defer cancel()
	entry, failure := readEvent(event, client.config.clock)
	client.guard.Lock()
	client.stats.Produced++
	client.sending++
	if failure == nil && client.isClosing {
		failure = clientClosed(1)
	}
	client.guard.Unlock()
	var result Result
	if failure == nil {
		result, failure = client.sendUntilKnown(ctx, entry)
	}
	client.guard.Lock()
	defer client.guard.Unlock()
	client.sending--
	switch {
	case failure == nil:
		client.countDelivered(result.Status, 1)
		return result, nil
	case failure.Kind == KindInvalid || failure.Kind == KindRefused:
		client.stats.Refused++
	default:
		client.stats.Dropped++ // it is the caller's again
	}
	return Result{}, failure
}

// Flush sends all that waits, without waiting for the next second. It returns when that is sent or the context ends, or
// after 5 s where the context has no deadline.
func (client *Client) Flush(ctx context.Context) Stats {
	ctx, cancel := withDeadline(ctx, flushFor)
	defer cancel()
	return client.flush(ctx)
}

// Close flushes, and takes nothing from now on. What could not be sent until the context ends, or within 5 s where it has
// no deadline, is dropped, counted and told.
func (client *Client) Close(ctx context.Context) Stats {
	ctx, cancel := withDeadline(ctx, flushFor)
	defer cancel()
	return client.close(ctx, client.call.close)
}

// Stats is exact at every instant: Produced = Delivered + Queued + Refused + Dropped.
func (client *Client) Stats() Stats {
	return client.statsNow()
}

func (client *Client) post(ctx context.Context, events [][]byte) answer {
	return client.call.postEach(ctx, eventsPath, batchOf("[", events, "]"), len(events))
}

// sendUntilKnown tries until the context ends.
func (client *Client) sendUntilKnown(ctx context.Context, entry []byte) (Result, *Error) {
	for tries := 1; ; tries++ {
		answer := client.post(ctx, [][]byte{entry})
		result, failure := resultOf(answer, entry)
		if failure == nil || failure.Kind == KindRefused {
			return result, failure
		}
		if !sleep(ctx, max(answer.asked, backoff(tries, rand.Float64()))) {
			return Result{}, failure
		}
	}
}

// hopeless are answers to a key that is not known or may not write, or of another address: no retry mends that.
var hopeless = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}

// resultOf is what an answer says to one event alone.
func resultOf(answer answer, entry []byte) (Result, *Error) {
	event := unwritten(entry)
	if answer.kind == hasResults && answer.results[0].status != statusRefused {
		result := answer.results[0]
		return Result{result.status, result.eventID, event.IdempotencyKey}, nil
	}
	if answer.kind == hasResults {
		result := answer.results[0]
		return Result{}, refused(result.code, result.message, entry)
	}
	failure := unavailable(answer)
	if answer.kind == isRejected || slices.Contains(hopeless, answer.status) {
		failure.Kind = KindRefused
	}
	failure.Event = event
	return Result{}, failure
}

func refused(code, message string, entry []byte) *Error {
	return &Error{Kind: KindRefused, Code: code, Message: message, Event: unwritten(entry), Count: 1}
}
