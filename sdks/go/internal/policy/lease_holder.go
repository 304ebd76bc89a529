package policy

import (
	"cmp"
	"slices"
)

// Holder is what one process holds of one limit for one identity. Its zero value holds nothing. Times are of the
// process's own clock, which must not jump back.
type Holder struct {
	leases []heldLease
	// asked is the request that is under way.
	asked *askedLease
	// refusedUntilMs is until when the server has nothing to lend.
	refusedUntilMs int64
	// retryAtMs is what clients are told while nothing can be lent.
	retryAtMs int64
}

type heldLease struct {
	id          string
	units       int64
	used        int64
	expiresAtMs int64
}

type askedLease struct {
	id string
	// sentAtMs is of the first time that it was sent.
	sentAtMs int64
}

// LeaseAnswer is what the server says to a request for a lease. Units is 0 if nothing could be lent.
type LeaseAnswer struct {
	ID    string
	Units int64
	// LifeMs is counted by the holder from when it *sent* its request, so that no clock makes it longer than it is
	// for the server.
	LifeMs int64
	// RetryAfterMs is for the client of whoever asked, where nothing was lent; Never for more than the limit.
	RetryAfterMs int64
	// AskAgainMs is for the holder, where nothing was lent.
	AskAgainMs int64
}

// LeaseSettlement is what a holder used of a lease that it will use no more.
type LeaseSettlement struct {
	ID   string
	Used int64
}

// LocalAnswer is what a holder can say by itself.
type LocalAnswer string

const (
	Allowed LocalAnswer = "allowed"
	Refused LocalAnswer = "refused"
	// Ask: only the server knows. Whoever cannot wait for it decides as the policy says, and counts that apart.
	Ask LocalAnswer = "ask"
)

// LocalDecision is what a holder says to some units.
type LocalDecision struct {
	Answer LocalAnswer
	// ShouldAsk: what is held runs out and nothing is under way: ask for more, in the background if this was
	// allowed. Not with the last unit of all: where slices are that small, units kept in store would be refused to
	// others.
	ShouldAsk    bool
	Remaining    int64
	RetryAfterMs int64
}

// Spend decides with what is held, the lease that ends first before the others. Refusing costs nothing. A cost below
// 0, or that no double holds, is an error.
func (holder Holder) Spend(cost, nowMs int64) (LocalDecision, Holder, error) {
	if err := checkUnits(cost); err != nil {
		return LocalDecision{}, holder, err
	}
	left, lent := holder.live(nowMs)
	isRefused := nowMs < holder.refusedUntilMs
	mayAsk := !isRefused && holder.asked == nil
	if left < cost {
		decision := LocalDecision{
			Answer:       Ask,
			ShouldAsk:    mayAsk,
			Remaining:    left,
			RetryAfterMs: max(0, holder.retryAtMs-nowMs),
		}
		if isRefused {
			decision.Answer = Refused
		}
		return decision, holder, nil
	}
	holder.leases = withSpent(holder.leases, cost, nowMs)
	return LocalDecision{
		Answer:    Allowed,
		ShouldAsk: mayAsk && left > cost && (left-cost)*2 < lent,
		Remaining: left - cost,
	}, holder, nil
}

// Asking notes that a lease was asked for. Whoever asks again under the same id keeps the time of the first.
func (holder Holder) Asking(id string, nowMs int64) Holder {
	if holder.asked == nil || holder.asked.id != id {
		holder.asked = &askedLease{id, nowMs}
	}
	return holder
}

// Receiving takes in the answer to the request under way. Any other changes nothing: it was taken in before, and
// what it lent may be used up and settled; or it was given up, and what it lent counts as used.
func (holder Holder) Receiving(answer LeaseAnswer) Holder {
	if holder.asked == nil || holder.asked.id != answer.ID {
		return holder
	}
	sentAtMs := holder.asked.sentAtMs
	if answer.Units == 0 {
		holder.asked = nil
		holder.refusedUntilMs = sentAtMs + answer.AskAgainMs
		holder.retryAtMs = sentAtMs + answer.RetryAfterMs
		if answer.RetryAfterMs == Never {
			holder.retryAtMs = holder.refusedUntilMs
		}
		return holder
	}
	lease := heldLease{id: answer.ID, units: answer.Units, expiresAtMs: sentAtMs + answer.LifeMs}
	leases := append(slices.Clone(holder.leases), lease)
	slices.SortStableFunc(leases, func(a, b heldLease) int { return cmp.Compare(a.expiresAtMs, b.expiresAtMs) })
	return Holder{leases: leases}
}

// GivingUp forgets the request under way: the server does not know the limit.
func (holder Holder) GivingUp() Holder {
	holder.asked = nil
	return holder
}

// Settling returns leases to settle with the server, which the holder no longer has then: those used up and those
// that end by `byMs`. The largest of all times is for a process that ends. Each settlement is sent until the server
// has it.
func (holder Holder) Settling(byMs int64) ([]LeaseSettlement, Holder) {
	settlements, kept := []LeaseSettlement{}, []heldLease{}
	for _, lease := range holder.leases {
		if lease.used == lease.units || lease.expiresAtMs <= byMs {
			settlements = append(settlements, LeaseSettlement{lease.id, lease.used})
		} else {
			kept = append(kept, lease)
		}
	}
	holder.leases = kept
	return settlements, holder
}

func (holder Holder) live(nowMs int64) (left, lent int64) {
	for _, lease := range holder.leases {
		if lease.expiresAtMs > nowMs {
			left += lease.units - lease.used
			lent += lease.units
		}
	}
	return left, lent
}

// withSpent never changes the leases that it is given: an earlier holder stays as it was.
func withSpent(leases []heldLease, cost, nowMs int64) []heldLease {
	after := slices.Clone(leases)
	for at, lease := range after {
		if lease.expiresAtMs > nowMs {
			taken := min(cost, lease.units-lease.used)
			after[at].used += taken
			cost -= taken
		}
	}
	return after
}
