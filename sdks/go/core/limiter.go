package core

import (
	"container/list"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// limiter decides with what the server has lent to this process, and asks it for more.
type limiter struct {
	lender lender
	// nowMs is time that does not jump.
	nowMs func() int64
	// wallClock is what fixed windows go by.
	wallClock func() time.Time

	guard sync.Mutex
	// states are by limit and identity, and `recent` has those asked for last in front.
	states map[string]*limitState
	recent list.List
	loans  loans
}

// limitState is what is held of one limit for one identity.
type limitState struct {
	key      string
	limit    *limit
	identity *policy.Identity
	holder   policy.Holder
	// reserved counts requests that wait for what else is decided about them, and whose units are not spent yet.
	reserved int64
	// askID is of what was asked for and not yet answered; empty for nothing.
	askID string
	// unknownUntilMs: until then the server is not asked, since it did not know the limit.
	unknownUntilMs int64
	place          *list.Element
}

// claim is one limit that a request is held against.
type claim struct {
	limit *limit
	// identity is nil for all together.
	identity *policy.Identity
	deadline time.Duration
	// refusesWithoutAnswer: else it lets through.
	refusesWithoutAnswer bool
	verdict              verdict
	// state is what is known of the limit; with isReserved a unit of what is lent is kept for this claim.
	state      *limitState
	isReserved bool
	// asked is of a sliding window, where the server decides each request.
	asked *ask
	// later is told what the server decides when nobody waits any longer; nil where that matters to nobody.
	later func(verdict)
	// isUnknown: the server does not know the limit.
	isUnknown bool
}

// verdict is what a limit says to a request; its zero value is that nothing was decided.
type verdict struct {
	isKnown      bool
	isAllowed    bool
	remaining    int64
	resetMs      int64
	retryAfterMs int64
}

const (
	statesMax      = 10_000
	asksWaitingMax = 5_000
	unknownForMs   = 1_000
)

// decide holds a request against all claims at once: unless all allow it, what is held in this process costs nothing.
// It waits for the server until the first of the deadlines of those that it waits for, or not at all.
func (limiter *limiter) decide(ctx context.Context, claims []*claim, mayWait bool) {
	begun := time.Now()
	for {
		wait, answered := limiter.try(claims, mayWait)
		if answered == nil {
			return
		}
		mayWait = isClosed(ctx, answered, wait-time.Since(begun))
	}
}

// isClosed tells whether it is within the time.
func isClosed(ctx context.Context, answered <-chan struct{}, wait time.Duration) bool {
	if wait <= 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-answered:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// try decides with what is known now. With a channel, it is to be tried again when that is closed, or for the last time
// after the wait.
func (limiter *limiter) try(claims []*claim, mayWait bool) (wait time.Duration, answered <-chan struct{}) {
	limiter.guard.Lock()
	defer limiter.guard.Unlock()
	nowMs := limiter.nowMs()
	release(claims)
	trial := limiter.look(claims, nowMs)
	if trial.isRefused {
		limiter.loans.abandonAll(claims)
		return 0, nil
	}
	limiter.askFor(claims, trial, nowMs)
	if awaited := trial.awaited(nowMs); len(awaited) > 0 && mayWait && limiter.loans.mayWait() {
		trial.reserve()
		return slices.Min(awaited), limiter.loans.answered
	}
	limiter.loans.abandonAll(claims)
	for _, claim := range trial.open {
		if claim.refusesWithoutAnswer {
			return 0, nil
		}
	}
	for state, holder := range trial.after {
		state.holder = holder
	}
	return 0, nil
}

// reserve keeps the units of a request that a sliding window is asked about: else many would spend a unit of the window, and
// find that another has taken theirs.
func (trial trial) reserve() {
	for _, claim := range trial.allowed {
		claim.state.reserved++
		claim.isReserved = true
	}
}

func release(claims []*claim) {
	for _, claim := range claims {
		if claim.isReserved {
			claim.state.reserved--
			claim.isReserved = false
		}
	}
}

// trial is what would be, if all claims allowed the request.
type trial struct {
	isRefused bool
	// open are those that only the server can tell.
	open []*claim
	// after has what is held after it; more is the states that run out.
	after map[*limitState]policy.Holder
	more  []*limitState
	// allowed are the claims that are allowed by what is held.
	allowed []*claim
}

// awaited has the deadlines of those that the server will tell.
func (trial trial) awaited(nowMs int64) []time.Duration {
	var deadlines []time.Duration
	for _, claim := range trial.open {
		if !claim.isUnknown && claim.state.unknownUntilMs <= nowMs {
			deadlines = append(deadlines, claim.deadline)
		}
	}
	return deadlines
}

func (limiter *limiter) look(claims []*claim, nowMs int64) trial {
	trial := trial{after: map[*limitState]policy.Holder{}}
	for _, claim := range claims {
		claim.state = limiter.stateOf(claim)
		if !claim.isSliding() {
			limiter.lookAtLoan(claim, &trial, nowMs)
		} else if !claim.verdict.isKnown {
			trial.open = append(trial.open, claim)
		}
		trial.isRefused = trial.isRefused || claim.verdict.isKnown && !claim.verdict.isAllowed
	}
	return trial
}

func (limiter *limiter) lookAtLoan(claim *claim, trial *trial, nowMs int64) {
	state := claim.state
	holder, isSpent := trial.after[state] // two readings of a path may come to one limit
	if !isSpent {
		holder = state.holder
	}
	decision, _, _ := holder.Spend(claim.limit.cost()*(1+state.reserved), nowMs)
	if decision.ShouldAsk && state.unknownUntilMs <= nowMs {
		trial.more = append(trial.more, state)
	}
	if decision.Answer == policy.Ask {
		claim.verdict = verdict{}
		trial.open = append(trial.open, claim)
		return
	}
	claim.verdict = verdict{
		isKnown:      true,
		isAllowed:    decision.Answer == policy.Allowed,
		remaining:    decision.Remaining,
		resetMs:      limiter.resetMs(claim.limit.rate, decision),
		retryAfterMs: decision.RetryAfterMs,
	}
	_, trial.after[state], _ = holder.Spend(claim.limit.cost(), nowMs)
	if claim.verdict.isAllowed {
		trial.allowed = append(trial.allowed, claim)
	}
}

// isSliding: it cannot be lent, and the server decides each time.
func (claim *claim) isSliding() bool {
	return claim.limit.rate.Algorithm == policy.SlidingWindow
}

// resetMs is until all of the limit is there again, as far as it can be told here: what others hold is not known.
func (limiter *limiter) resetMs(rate policy.RateLimit, decision policy.LocalDecision) int64 {
	if decision.Answer == policy.Refused && decision.RetryAfterMs > 0 {
		return decision.RetryAfterMs
	}
	if rate.Algorithm == policy.FixedWindow {
		nowMs := limiter.wallClock().UnixMilli()
		return rate.WindowEndMs(nowMs) - nowMs
	}
	return rate.WindowMs
}

// askFor asks for loans that run out. The server decides about a sliding window when nothing else stands in the way, since
// that costs a unit there.
func (limiter *limiter) askFor(claims []*claim, trial trial, nowMs int64) {
	for _, state := range trial.more {
		if state.askID == "" {
			limiter.ask(state, nowMs)
		}
	}
	areAllSliding := true
	for _, claim := range trial.open {
		isUnknown := claim.state.unknownUntilMs > nowMs // nobody will tell
		areAllSliding = areAllSliding && (isUnknown || claim.isSliding())
	}
	if areAllSliding {
		for _, claim := range trial.open {
			if claim.isSliding() && claim.state.unknownUntilMs <= nowMs {
				limiter.askToDecide(claim)
			}
		}
	}
	limiter.startCalling()
}

func (limiter *limiter) ask(state *limitState, nowMs int64) {
	state.askID = newKey()
	state.holder = state.holder.Asking(state.askID, nowMs)
	limiter.loans.asks = append(limiter.loans.asks, &ask{
		wireItem: wireItem{state.askID, state.limit.wire, state.identity}, Needed: state.limit.cost(), state: state,
	})
}

func (limiter *limiter) askToDecide(claim *claim) {
	if claim.asked != nil || len(limiter.loans.asks) >= asksWaitingMax {
		return
	}
	claim.asked = &ask{wireItem: wireItem{newKey(), claim.limit.wire, claim.identity}, Needed: 1, claim: claim}
	limiter.loans.asks = append(limiter.loans.asks, claim.asked)
}

// stateOf also keeps how many states there are: who was not seen for longest goes, settled.
func (limiter *limiter) stateOf(claim *claim) *limitState {
	key := claim.limit.key
	if claim.identity != nil {
		key += " " + claim.identity.Key()
	}
	if state, ok := limiter.states[key]; ok {
		limiter.recent.MoveToFront(state.place)
		return state
	}
	state := &limitState{key: key, limit: claim.limit, identity: claim.identity}
	state.place = limiter.recent.PushFront(state)
	limiter.states[key] = state
	if len(limiter.states) > statesMax {
		limiter.forget(limiter.recent.Back().Value.(*limitState))
	}
	return state
}

func (limiter *limiter) forget(state *limitState) {
	limiter.settle(state, endOfTime)
	limiter.loans.forget(state)
	limiter.recent.Remove(state.place)
	delete(limiter.states, state.key)
}
