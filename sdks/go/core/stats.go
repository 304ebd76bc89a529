package core

// CircuitState is whether the server is called at all.
type CircuitState string

const (
	// CircuitClosed: it is.
	CircuitClosed CircuitState = "closed"
	// CircuitOpen: it failed five times running, and is left alone for a while.
	CircuitOpen CircuitState = "open"
	// CircuitHalfOpen: the while is over; the next call is a probe.
	CircuitHalfOpen CircuitState = "half_open"
)

// Stats is what became of every call of Track and Send, at one instant:
// Produced = Delivered + Queued + Refused + Dropped.
type Stats struct {
	// Produced counts the calls.
	Produced int
	// Delivered: the server has them.
	Delivered int
	// Duplicates, of those delivered: the server had them already.
	Duplicates int
	// Queued: waiting, or on their way without an answer yet.
	Queued int
	// Refused: no events, or none that the server takes.
	Refused int
	// Dropped: given up for want of room or at the end; of Send, without an answer in time.
	Dropped int
	Circuit CircuitState
}
