package policy

const (
	breakerFailuresMax = 5
	breakerWaitMsFirst = 1_000
	breakerWaitMsMax   = 30_000
)

// Breaker decides whether the server is asked at all. Its zero value is closed: it is. An open one lets nothing
// through before a wait is over, and then one request.
type Breaker struct {
	isOpen    bool
	failures  int
	probeAtMs int64
	waitMs    int64
	isProbing bool
}

// MayCall tells whether a request may be sent. While the breaker is open, one is let through after every wait to
// try the server out; the next follows a wait later even if nobody heard of that one again.
func (breaker Breaker) MayCall(nowMs int64) (bool, Breaker) {
	if !breaker.isOpen {
		return true, breaker
	}
	if nowMs < breaker.probeAtMs {
		return false, breaker
	}
	breaker.probeAtMs = nowMs + breaker.waitMs
	breaker.isProbing = true
	return true, breaker
}

// IsOpen tells whether nobody should wait for an answer.
func (breaker Breaker) IsOpen() bool {
	return breaker.isOpen
}

// AfterSuccess closes it: any success is a proof that the server answers.
func (breaker Breaker) AfterSuccess() Breaker {
	return Breaker{}
}

// AfterFailure opens it for a second with the fifth failure in a row. A failed probe doubles the wait, up to half
// a minute; what was sent before it opened and fails only now tells nothing new.
func (breaker Breaker) AfterFailure(nowMs int64) Breaker {
	switch {
	case breaker.isOpen && breaker.isProbing:
		return opened(min(breakerWaitMsMax, breaker.waitMs*2), nowMs)
	case breaker.isOpen:
		return breaker
	case breaker.failures+1 < breakerFailuresMax:
		return Breaker{failures: breaker.failures + 1}
	}
	return opened(breakerWaitMsFirst, nowMs)
}

func opened(waitMs, nowMs int64) Breaker {
	return Breaker{isOpen: true, probeAtMs: nowMs + waitMs, waitMs: waitMs}
}
