package core

import (
	"fmt"
	"log"
	"sync"
	"time"
)

// ErrorKind is what an error means for the usage that it is about.
type ErrorKind string

const (
	// KindConfig: the client cannot be made like this. Of NewClient alone.
	KindConfig ErrorKind = "config"
	// KindInvalid: it is no event, and was not sent.
	KindInvalid ErrorKind = "invalid"
	// KindRefused: the server will not take it, now or later.
	KindRefused ErrorKind = "refused"
	// KindUnavailable: no answer is known. What was tracked is kept and sent again.
	KindUnavailable ErrorKind = "unavailable"
	// KindDropped: it was given up for want of room, or at the end.
	KindDropped ErrorKind = "dropped"
)

// Error is all that this package returns or reports. It holds no secret.
type Error struct {
	Kind ErrorKind
	// Code is stable, to branch on: one of the server's, like `usage.key_reused`, or one of ours, `client.…`.
	Code string
	// Message is for people.
	Message string
	// Event is the event as it was sent, with its key and time, where the error is about one: sent again like this it
	// counts once.
	Event *Event
	// Count is how many calls of Track or Send it is about.
	Count int
	// Status is of the server's answer; 0 if there was none.
	Status int
}

// Error returns the message with the code behind it.
func (err *Error) Error() string {
	return fmt.Sprintf("%s (%s)", err.Message, err.Code)
}

func configError(message string) *Error {
	return &Error{Kind: KindConfig, Code: "client.config", Message: message}
}

// invalidEvent names the field and the rule that it breaks.
func invalidEvent(field, rule string) *Error {
	return &Error{Kind: KindInvalid, Code: "client.invalid_event", Message: field + ": " + rule, Count: 1}
}

func queueFull(count int) *Error {
	message := fmt.Sprintf("The queue is full: usage was dropped (%d).", count)
	return &Error{Kind: KindDropped, Code: "client.queue_full", Message: message, Count: count}
}

func clientClosed(count int) *Error {
	message := fmt.Sprintf("The client is closed: usage was dropped (%d).", count)
	return &Error{Kind: KindDropped, Code: "client.closed", Message: message, Count: count}
}

// internalError is of what can only be our own mistake: it must not end the host.
func internalError() *Error {
	return &Error{Kind: KindUnavailable, Code: "client.internal", Message: "The client failed, and will try again."}
}

const warnEvery = time.Minute

// warnNowAndThen is for who listens to nothing: usage that is lost in silence is a lie, and a log that is flooded is not
// read.
func warnNowAndThen() func(*Error) {
	var guard sync.Mutex
	warnedAt := map[string]time.Time{}
	return func(err *Error) {
		guard.Lock()
		defer guard.Unlock()
		if at, ok := warnedAt[err.Code]; ok && time.Since(at) < warnEvery {
			return
		}
		warnedAt[err.Code] = time.Now()
		log.Printf("[usageflow] %v", err)
	}
}
