package core

import (
	"context"
	"sync"
	"time"
)

const (
	gatherFor    = time.Second
	reportsMax   = 1_000
	lastWordsFor = 100 * time.Millisecond
)

// reporter tells the host what went wrong, and is neither hurt nor held up by how it takes it: it tells on a goroutine of
// its own, which lives while there is something to tell. What comes while a thousand wait is not told, and counts in
// Stats all the same.
type reporter struct {
	onError func(*Error)

	guard   sync.Mutex
	waiting []*Error
	dropped int
	// told is closed when nothing waits any more; nil if nothing does.
	told chan struct{}
}

func (reporter *reporter) report(err *Error) {
	reporter.guard.Lock()
	defer reporter.guard.Unlock()
	reporter.queue(err)
}

// drop is for a queue that is full, where thousands a second may be: told together.
func (reporter *reporter) drop(count int) {
	reporter.guard.Lock()
	defer reporter.guard.Unlock()
	if reporter.dropped == 0 {
		time.AfterFunc(gatherFor, reporter.tellDropped)
	}
	reporter.dropped += count
}

func (reporter *reporter) tellDropped() {
	reporter.guard.Lock()
	defer reporter.guard.Unlock()
	if reporter.dropped > 0 {
		reporter.queue(queueFull(reporter.dropped))
		reporter.dropped = 0
	}
}

// wait returns when all is told, or the time is over.
func (reporter *reporter) wait(ctx context.Context) {
	reporter.guard.Lock()
	told := reporter.told
	reporter.guard.Unlock()
	if told == nil {
		return
	}
	select {
	case <-told:
	case <-ctx.Done():
	}
}

// queue is for who holds the guard.
func (reporter *reporter) queue(err *Error) {
	if len(reporter.waiting) >= reportsMax {
		return
	}
	reporter.waiting = append(reporter.waiting, err)
	if reporter.told == nil {
		reporter.told = make(chan struct{})
		go reporter.tell()
	}
}

func (reporter *reporter) tell() {
	for {
		next := reporter.next()
		if next == nil {
			return
		}
		reporter.hand(next)
	}
}

// next is nil when all is told.
func (reporter *reporter) next() *Error {
	reporter.guard.Lock()
	defer reporter.guard.Unlock()
	if len(reporter.waiting) == 0 {
		close(reporter.told)
		reporter.told = nil
		return nil
	}
	next := reporter.waiting[0]
	reporter.waiting = reporter.waiting[1:]
	return next
}

func (reporter *reporter) hand(err *Error) {
	defer func() { _ = recover() }() // what a listener panics with is not for the one who tracked
	reporter.onError(err)
}
