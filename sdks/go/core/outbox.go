package core

import (
	"bytes"
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// outbox sends entries in the background, each until the server's word on it is known, and counts what became of them.
type outbox struct {
	flushEvery     time.Duration
	batchEventsMax int
	post           func(ctx context.Context, batch [][]byte) answer
	// refusal makes the error of an entry that the server will not take.
	refusal  func(code, message string, entry []byte) *Error
	reporter *reporter
	// life ends when no answer is waited for any longer.
	life context.Context
	end  context.CancelFunc
	// wake is for a batch that is full.
	wake chan struct{}
	// closed is closed when close is through.
	closed chan struct{}

	guard     sync.Mutex // of all that follows: every instant at which nobody holds it is exact
	stats     Stats      // but Queued and Circuit
	queue     entryQueue
	sending   int // calls that are not in the queue and have no answer yet
	circuit   circuit
	isClosing bool
	// running is closed when the sending that is under way is through; nil if none is.
	running chan struct{}
}

const batchBytesMax = 1_000_000 // what proxies let through by default

func newOutbox(
	config config,
	post func(context.Context, [][]byte) answer,
	refusal func(code, message string, entry []byte) *Error,
) *outbox {
	outbox := &outbox{
		flushEvery:     config.flushEvery,
		batchEventsMax: config.batchEventsMax,
		post:           post,
		refusal:        refusal,
		reporter:       &reporter{onError: config.onError},
		wake:           make(chan struct{}, 1),
		closed:         make(chan struct{}),
		queue:          entryQueue{eventsMax: config.queueEventsMax, bytesMax: config.queueBytesMax},
	}
	outbox.life, outbox.end = context.WithCancel(context.Background())
	return outbox
}

// batchOf is the body of a request with so many entries, each of them JSON.
func batchOf(before string, entries [][]byte, after string) []byte {
	return append(append([]byte(before), bytes.Join(entries, []byte(","))...), after...)
}

// take queues an entry, or counts and tells why it does not: the failure of making it, or want of room.
func (outbox *outbox) take(entry []byte, failure *Error) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	outbox.stats.Produced++
	outbox.place(entry, failure, 1)
}

// gather counts a call that will be taken with others.
func (outbox *outbox) gather() {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	outbox.stats.Produced++
	outbox.sending++
}

// takeGathered is take for an entry that stands for so many calls, which are counted already.
func (outbox *outbox) takeGathered(entry []byte, failure *Error, calls int) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	outbox.sending -= calls
	outbox.place(entry, failure, calls)
}

// place is for who holds the guard.
func (outbox *outbox) place(entry []byte, failure *Error, calls int) {
	switch {
	case failure != nil:
		outbox.stats.Refused += calls
		outbox.reporter.report(failure)
	case outbox.isClosing:
		outbox.stats.Dropped += calls
		outbox.reporter.report(clientClosed(calls))
	case !outbox.queue.push(entry, calls):
		outbox.stats.Dropped += calls
		outbox.reporter.drop(calls)
	case len(outbox.queue.entries) >= outbox.batchEventsMax:
		select {
		case outbox.wake <- struct{}{}:
		default: // it is awake
		}
	}
}

// flush returns when all that waits is sent or the context ends.
func (outbox *outbox) flush(ctx context.Context) Stats {
	for isFirst := true; ; isFirst = false {
		wait, isEmpty := outbox.waitToFlush(isFirst)
		if isEmpty || !sleep(ctx, wait) {
			return outbox.statsNow()
		}
		select {
		case <-outbox.run():
		case <-ctx.Done():
		}
	}
}

// close flushes, takes nothing from now on, and drops what could not be sent until the context ends.
func (outbox *outbox) close(ctx context.Context, letGo func()) Stats {
	outbox.guard.Lock()
	isFirst := !outbox.isClosing
	outbox.isClosing = true
	outbox.guard.Unlock()
	if isFirst {
		outbox.flush(ctx)
		outbox.end()
		outbox.dropRest()
		letGo()
		close(outbox.closed)
	}
	select {
	case <-outbox.closed:
	case <-ctx.Done():
	}
	return outbox.statsNow()
}

func (outbox *outbox) statsNow() Stats {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	stats := outbox.stats
	stats.Queued = outbox.queue.callsWaiting + outbox.sending
	stats.Circuit = outbox.circuit.state(time.Now())
	return stats
}

// sendNowAndThen is the goroutine of an outbox.
func (outbox *outbox) sendNowAndThen() {
	for {
		timer := time.NewTimer(outbox.waitToLook())
		least := 1
		select {
		case <-timer.C:
		case <-outbox.wake:
			least = outbox.batchEventsMax // else what woke it is sent already
		case <-outbox.life.Done():
			timer.Stop()
			return
		}
		timer.Stop()
		if outbox.mayTry(least) {
			<-outbox.run()
		}
	}
}

// waitToLook is until the next flush, or until the server may be tried again.
func (outbox *outbox) waitToLook() time.Duration {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	if wait := outbox.circuit.wait(time.Now()); wait > 0 {
		return min(wait, outbox.flushEvery)
	}
	return outbox.flushEvery
}

func (outbox *outbox) mayTry(least int) bool {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	isAllowed := outbox.life.Err() == nil && outbox.circuit.wait(time.Now()) == 0
	return isAllowed && len(outbox.queue.entries) >= least
}

// waitToFlush is nothing for the first try, unless the server asked to be left alone.
func (outbox *outbox) waitToFlush(isFirst bool) (wait time.Duration, isEmpty bool) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	wait = outbox.circuit.wait(time.Now())
	if isFirst {
		wait = outbox.circuit.askedWait(time.Now())
	}
	return wait, len(outbox.queue.entries) == 0
}

// run sends what is queued now, until the server fails, unless that is under way. What it returns is closed when it is
// through.
func (outbox *outbox) run() <-chan struct{} {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	if outbox.running == nil {
		done := make(chan struct{})
		outbox.running = done
		go func() {
			defer outbox.ranThrough()
			outbox.sendQueued()
		}()
	}
	return outbox.running
}

// ranThrough also catches what can only be our own mistake: it must not end the host.
func (outbox *outbox) ranThrough() {
	if recover() != nil {
		outbox.reporter.report(internalError())
	}
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	close(outbox.running)
	outbox.running = nil
}

// sendQueued leaves what comes meanwhile for the next time, or else each would be a request of its own.
func (outbox *outbox) sendQueued() {
	due := -1
	for {
		batch, length := outbox.nextBatch()
		if due < 0 {
			due = length
		}
		isDue := due > 0 || length >= outbox.batchEventsMax
		if len(batch) == 0 || !isDue || !outbox.sendBatch(batch) {
			return
		}
		due -= len(batch)
	}
}

func (outbox *outbox) nextBatch() (batch [][]byte, length int) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	eventsMax := outbox.batchEventsMax
	if outbox.circuit.state(time.Now()) != CircuitClosed {
		eventsMax = 1 // a probe
	}
	return outbox.queue.peek(eventsMax, batchBytesMax), len(outbox.queue.entries)
}

// sendBatch tells whether the server's word on all of the batch, which are the first of the queue, is known.
func (outbox *outbox) sendBatch(batch [][]byte) bool {
	answer := outbox.post(outbox.life, batch)
	outbox.note(answer)
	switch {
	case answer.kind == isUnknown:
		failure := unavailable(answer)
		failure.Count = len(batch)
		outbox.reporter.report(failure)
		return false
	case answer.kind == hasResults:
		outbox.settle(batch, answer.results)
		return true
	case len(batch) == 1:
		outbox.settle(batch, []eventResult{{status: statusRefused, code: answer.code, message: answer.message}})
		return true
	}
	// One of them makes the request unreadable: it is found by halving, and the others are saved.
	middle := (len(batch) + 1) / 2
	return outbox.sendBatch(batch[:middle]) && outbox.sendBatch(batch[middle:])
}

func (outbox *outbox) note(answer answer) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	if answer.kind == isUnknown {
		outbox.circuit = outbox.circuit.failed(time.Now(), answer.asked, rand.Float64())
	} else {
		outbox.circuit = circuit{}
	}
}

// settle takes the batch out of the queue and counts what became of it, at one instant.
func (outbox *outbox) settle(batch [][]byte, results []eventResult) {
	outbox.guard.Lock()
	defer outbox.guard.Unlock()
	calls := outbox.queue.calls
	outbox.queue.remove(len(batch))
	for at, result := range results {
		if result.status != statusRefused {
			outbox.countDelivered(result.status, calls[at])
			continue
		}
		outbox.stats.Refused += calls[at]
		outbox.reporter.report(outbox.refusal(result.code, result.message, batch[at]))
	}
}

// countDelivered is for who holds the guard.
func (outbox *outbox) countDelivered(status string, calls int) {
	outbox.stats.Delivered += calls
	if status == statusDuplicate {
		outbox.stats.Duplicates += calls
	}
}

// dropRest gives up what waits at the end, when nothing is on its way any more.
func (outbox *outbox) dropRest() {
	outbox.guard.Lock()
	running := outbox.running
	outbox.guard.Unlock()
	if running != nil {
		<-running
	}
	outbox.reporter.tellDropped()
	outbox.guard.Lock()
	if count := outbox.queue.callsWaiting; count > 0 {
		outbox.queue.remove(len(outbox.queue.entries))
		outbox.stats.Dropped += count
		outbox.reporter.report(clientClosed(count))
	}
	outbox.guard.Unlock()
	lastWords, cancel := context.WithTimeout(context.Background(), lastWordsFor)
	defer cancel()
	outbox.reporter.wait(lastWords)
}

func unavailable(answer answer) *Error {
	return &Error{Kind: KindUnavailable, Code: answer.code, Message: answer.message, Count: 1, Status: answer.status}
}
