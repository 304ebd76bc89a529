// Package usageflow sends what your customers use to UsageFlow: in the background, exactly once, without ever hurting its
// host.
package usageflow

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Client sends usage. Track is for the way of a request: it neither fails nor waits. Send is for where the answer
// matters. Any number of goroutines may use one. Made by NewClient.
type Client struct {
	config   config
	call     *serverCall
	reporter *reporter
	// life ends when no answer is waited for any longer.
	life context.Context
	end  context.CancelFunc
	// wake is for a batch that is full.
	wake chan struct{}
	// closed is closed when Close is through.
	closed chan struct{}

	guard     sync.Mutex // of all that follows: every instant at which nobody holds it is exact
	stats     Stats      // but Queued and Circuit
	queue     entryQueue
	sending   int // calls of Send without an answer yet
	circuit   circuit
	isClosing bool
	// running is closed when the sending that is under way is through; nil if none is.
	running chan struct{}
}

// Result is what the server answered to one event.
type Result struct {
	// Status is `recorded`; or `duplicate`, if it was there already, and counts once.
	Status         string
	EventID        string
	IdempotencyKey string
}

const (
	batchBytesMax = 1_000_000 // what proxies let through by default
	sendFor       = 10 * time.Second
	flushFor      = 5 * time.Second
)

// NewClient makes a client, which sends until it is closed. For options that cannot work, the error is an *Error of
// KindConfig.
func NewClient(options Options) (*Client, error) {
	config, err := readOptions(options)
	if err != nil {
		return nil, err
	}
	client := &Client{
		call:     newServerCall(config),
		reporter: &reporter{onError: config.onError},
		wake:     make(chan struct{}, 1),
		closed:   make(chan struct{}),
		queue:    entryQueue{eventsMax: config.queueEventsMax, bytesMax: config.queueBytesMax},
	}
	config.apiKey = "" // held by the call alone, where nothing shows it
	client.config = config
	client.life, client.end = context.WithCancel(context.Background())
	go client.sendNowAndThen()
	return client, nil
}

// Track takes usage and sends it in the background, with a key made now and kept for every try. What is no event or finds
// no room is counted in Stats and told to OnError.
func (client *Client) Track(event Event) {
	entry, failure := readEvent(event, client.config.clock)
	client.guard.Lock()
	defer client.guard.Unlock()
	client.stats.Produced++
	switch {
	case failure != nil:
		client.stats.Refused++
		client.reporter.report(failure)
	case client.isClosing:
		client.stats.Dropped++
		client.reporter.report(clientClosed(1))
	case !client.queue.push(entry):
		client.stats.Dropped++
		client.reporter.drop()
	case len(client.queue.entries) >= client.config.batchEventsMax:
		select {
		case client.wake <- struct{}{}:
		default: // it is awake
		}
	}
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
		client.countDelivered(result.Status)
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
	for isFirst := true; ; isFirst = false {
		wait, isEmpty := client.waitToFlush(isFirst)
		if isEmpty || !sleep(ctx, wait) {
			return client.Stats()
		}
		select {
		case <-client.run():
		case <-ctx.Done():
		}
	}
}

// Close flushes, and takes nothing from now on. What could not be sent until the context ends, or within 5 s where it has
// no deadline, is dropped, counted and told.
func (client *Client) Close(ctx context.Context) Stats {
	ctx, cancel := withDeadline(ctx, flushFor)
	defer cancel()
	client.guard.Lock()
	isFirst := !client.isClosing
	client.isClosing = true
	client.guard.Unlock()
	if isFirst {
		client.Flush(ctx)
		client.end()
		client.dropRest()
		client.call.close()
		close(client.closed)
	}
	select {
	case <-client.closed:
	case <-ctx.Done():
	}
	return client.Stats()
}

// Stats is exact at every instant: Produced = Delivered + Queued + Refused + Dropped.
func (client *Client) Stats() Stats {
	client.guard.Lock()
	defer client.guard.Unlock()
	stats := client.stats
	stats.Queued = len(client.queue.entries) + client.sending
	stats.Circuit = client.circuit.state(time.Now())
	return stats
}

// sendNowAndThen is the goroutine of a client.
func (client *Client) sendNowAndThen() {
	for {
		timer := time.NewTimer(client.waitToLook())
		least := 1
		select {
		case <-timer.C:
		case <-client.wake:
			least = client.config.batchEventsMax // else what woke it is sent already
		case <-client.life.Done():
			timer.Stop()
			return
		}
		timer.Stop()
		if client.mayTry(least) {
			<-client.run()
		}
	}
}

// waitToLook is until the next flush, or until the server may be tried again.
func (client *Client) waitToLook() time.Duration {
	client.guard.Lock()
	defer client.guard.Unlock()
	if wait := client.circuit.wait(time.Now()); wait > 0 {
		return min(wait, client.config.flushEvery)
	}
	return client.config.flushEvery
}

func (client *Client) mayTry(least int) bool {
	client.guard.Lock()
	defer client.guard.Unlock()
	isAllowed := client.life.Err() == nil && client.circuit.wait(time.Now()) == 0
	return isAllowed && len(client.queue.entries) >= least
}

// waitToFlush is nothing for the first try, unless the server asked to be left alone.
func (client *Client) waitToFlush(isFirst bool) (wait time.Duration, isEmpty bool) {
	client.guard.Lock()
	defer client.guard.Unlock()
	wait = client.circuit.wait(time.Now())
	if isFirst {
		wait = client.circuit.askedWait(time.Now())
	}
	return wait, len(client.queue.entries) == 0
}

// run sends what is queued now, until the server fails, unless that is under way. What it returns is closed when it is
// through.
func (client *Client) run() <-chan struct{} {
	client.guard.Lock()
	defer client.guard.Unlock()
	if client.running == nil {
		done := make(chan struct{})
		client.running = done
		go func() {
			defer client.ranThrough()
			client.sendQueued()
		}()
	}
	return client.running
}

// ranThrough also catches what can only be our own mistake: it must not end the host.
func (client *Client) ranThrough() {
	if recover() != nil {
		client.reporter.report(&Error{
			Kind: KindUnavailable, Code: "client.internal", Message: "The client failed, and will try again.",
		})
	}
	client.guard.Lock()
	defer client.guard.Unlock()
	close(client.running)
	client.running = nil
}

// sendQueued leaves what comes meanwhile for the next time, or else each would be a request of its own.
func (client *Client) sendQueued() {
	due := -1
	for {
		batch, length := client.nextBatch()
		if due < 0 {
			due = length
		}
		isDue := due > 0 || length >= client.config.batchEventsMax
		if len(batch) == 0 || !isDue || !client.sendBatch(batch) {
			return
		}
		due -= len(batch)
	}
}

func (client *Client) nextBatch() (batch [][]byte, length int) {
	client.guard.Lock()
	defer client.guard.Unlock()
	eventsMax := client.config.batchEventsMax
	if client.circuit.state(time.Now()) != CircuitClosed {
		eventsMax = 1 // a probe
	}
	return client.queue.peek(eventsMax, batchBytesMax), len(client.queue.entries)
}

// sendBatch tells whether the server's word on all of the batch, which are the first of the queue, is known.
func (client *Client) sendBatch(batch [][]byte) bool {
	answer := client.call.post(client.life, batch)
	client.note(answer)
	switch {
	case answer.kind == isUnknown:
		failure := unavailable(answer)
		failure.Count = len(batch)
		client.reporter.report(failure)
		return false
	case answer.kind == hasResults:
		client.settle(batch, answer.results)
		return true
	case len(batch) == 1:
		client.settle(batch, []eventResult{{status: statusRefused, code: answer.code, message: answer.message}})
		return true
	}
	// One of them makes the request unreadable: it is found by halving, and the others are saved.
	middle := (len(batch) + 1) / 2
	return client.sendBatch(batch[:middle]) && client.sendBatch(batch[middle:])
}

func (client *Client) note(answer answer) {
	client.guard.Lock()
	defer client.guard.Unlock()
	if answer.kind == isUnknown {
		client.circuit = client.circuit.failed(time.Now(), answer.asked, rand.Float64())
	} else {
		client.circuit = circuit{}
	}
}

// settle takes the batch out of the queue and counts what became of it, at one instant.
func (client *Client) settle(batch [][]byte, results []eventResult) {
	client.guard.Lock()
	defer client.guard.Unlock()
	client.queue.remove(len(batch))
	for at, result := range results {
		if result.status != statusRefused {
			client.countDelivered(result.status)
			continue
		}
		client.stats.Refused++
		client.reporter.report(refused(result.code, result.message, batch[at]))
	}
}

// countDelivered is for who holds the guard.
func (client *Client) countDelivered(status string) {
	client.stats.Delivered++
	if status == statusDuplicate {
		client.stats.Duplicates++
	}
}

// sendUntilKnown tries until the context ends.
func (client *Client) sendUntilKnown(ctx context.Context, entry []byte) (Result, *Error) {
	for tries := 1; ; tries++ {
		answer := client.call.post(ctx, [][]byte{entry})
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

func unavailable(answer answer) *Error {
	return &Error{Kind: KindUnavailable, Code: answer.code, Message: answer.message, Count: 1, Status: answer.status}
}

func refused(code, message string, entry []byte) *Error {
	return &Error{Kind: KindRefused, Code: code, Message: message, Event: unwritten(entry), Count: 1}
}

// dropRest gives up what waits at the end, when nothing is on its way any more.
func (client *Client) dropRest() {
	client.guard.Lock()
	running := client.running
	client.guard.Unlock()
	if running != nil {
		<-running
	}
	client.reporter.tellDropped()
	client.guard.Lock()
	if count := len(client.queue.entries); count > 0 {
		client.queue.remove(count)
		client.stats.Dropped += count
		client.reporter.report(clientClosed(count))
	}
	client.guard.Unlock()
	lastWords, cancel := context.WithTimeout(context.Background(), lastWordsFor)
	defer cancel()
	client.reporter.wait(lastWords)
}

// withDeadline gives a context a deadline that has none.
func withDeadline(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if ctx == nil {
		ctx = context.Background()
	}
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// sleep tells whether it could wait for so long before the context ends.
func sleep(ctx context.Context, wait time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait || ctx.Err() != nil {
		return false
	}
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
