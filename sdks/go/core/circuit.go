package core

import "time"

const (
	circuitFailuresMax = 5
	waitFirst          = 500 * time.Millisecond
	waitMax            = 30 * time.Second
	askedMax           = time.Hour // a server that asks for more is asked again after an hour
	doublingsMax       = 10
)

// circuit is when the server may be called again after it failed: later each time, at random within half of the wait,
// and never before it asked to be. After five failures running it is open, and the first call thereafter is a probe with
// as little as there is.
type circuit struct {
	failures   int
	retryAt    time.Time
	askedUntil time.Time
}

func (circuit circuit) state(now time.Time) CircuitState {
	switch {
	case circuit.failures < circuitFailuresMax:
		return CircuitClosed
	case now.Before(circuit.retryAt):
		return CircuitOpen
	}
	return CircuitHalfOpen
}

// wait is how long to wait before the next call; 0 for not at all.
func (circuit circuit) wait(now time.Time) time.Duration {
	return max(0, circuit.retryAt.Sub(now))
}

// askedWait is how much of that the server asked for.
func (circuit circuit) askedWait(now time.Time) time.Duration {
	return max(0, circuit.askedUntil.Sub(now))
}

func (before circuit) failed(now time.Time, asked time.Duration, chance float64) circuit {
	after := circuit{failures: before.failures + 1, askedUntil: now.Add(min(asked, askedMax))}
	after.retryAt = now.Add(backoff(after.failures, chance))
	if after.retryAt.Before(after.askedUntil) {
		after.retryAt = after.askedUntil
	}
	return after
}

// backoff is how long to wait after so many failures running; `chance` is from 0 to 1.
func backoff(failures int, chance float64) time.Duration {
	longest := min(waitMax, waitFirst<<min(failures-1, doublingsMax))
	return time.Duration(float64(longest) * (0.5 + chance/2))
}
