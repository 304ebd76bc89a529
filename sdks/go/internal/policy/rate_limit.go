package policy

import (
	"fmt"
	"time"
)

// Algorithm is how what was used comes back.
type Algorithm string

const (
	// FixedWindow begins anew at whole windows since 1970, or with each month.
	FixedWindow Algorithm = "fixed_window"
	// TokenBucket holds at most the limit and gets the limit back evenly in a window.
	TokenBucket Algorithm = "token_bucket"
	// SlidingWindow lets no more than the limit through in any stretch as long as the window.
	SlidingWindow Algorithm = "sliding_window"
)

// RateLimit is how much may be used, and how it comes back. Made by ParseRateLimit.
type RateLimit struct {
	Algorithm Algorithm
	Limit     int64
	// WindowMs is of months the longest.
	WindowMs int64
	// IsMonth is of a fixed window that is a month of the calendar. A day is a window like any other: none is longer in UTC.
	IsMonth bool
}

// Period is of the calendar, in UTC.
type Period string

const (
	// Day is from midnight to midnight.
	Day Period = "day"
	// Month is from the first of one to the first of the next.
	Month Period = "month"
)

// RateLimitOptions is a limit as configurations write it: `{ "limit": 1000, "window": "1h" }`, or a quota: `{ "limit": 1000,
// "period": "month" }`.
type RateLimitOptions struct {
	Limit  int64  `json:"limit"`
	Window string `json:"window"`
	Period Period `json:"period"`
	// Algorithm is FixedWindow by default.
	Algorithm Algorithm `json:"algorithm"`
}

// RateState is what one limit remembers of one identity. Its zero value is that of an identity that is new.
type RateState struct {
	// atMs is of the last decision, since time does not run backwards here whatever clocks do.
	atMs int64
	// slots are what was used, by stretches of time; of windows alone.
	slots []slot
	// spent is a bucket's emptiness, in units times milliseconds of the window, so that it is a whole number at
	// every millisecond.
	spent int64
}

// slot is a stretch of time by its number since 1970, and what was used in it.
type slot struct{ number, units int64 }

// Never stands for a wait that no time ends.
const Never = -1

// Decision is what a limit says to some units.
type Decision struct {
	IsAllowed bool
	// Remaining is in whole units that are left after this.
	Remaining int64
	// ResetMs is until all of the limit is there again, if nothing more comes.
	ResetMs int64
	// RetryAfterMs is 0 if allowed; else until this would be, if nothing else comes; Never for more than the limit.
	RetryAfterMs int64
}

const (
	limitMax   = 1_000_000_000
	dayMs      = 86_400_000
	monthMsMax = 31 * dayMs
	// slotsOfWindow: what leaves a sliding window leaves it a fiftieth at a time: 51 numbers to keep, at most 2 % too late.
	slotsOfWindow = 50
)

// ParseRateLimit reads a limit. The error says what to change.
func ParseRateLimit(options RateLimitOptions) (RateLimit, error) {
	if options.Limit < 1 || options.Limit > limitMax {
		return RateLimit{}, fmt.Errorf("limit must be a whole number from 1 to %d, not %d", limitMax, options.Limit)
	}
	algorithm := options.Algorithm
	switch algorithm {
	case "":
		algorithm = FixedWindow
	case FixedWindow, TokenBucket, SlidingWindow:
	default:
		return RateLimit{}, fmt.Errorf("algorithm must be one of %s, %s, %s, not %s", FixedWindow, TokenBucket, SlidingWindow, algorithm)
	}
	if options.Period != "" {
		return quotaOf(options, algorithm)
	}
	if options.Window == "" {
		return RateLimit{}, fmt.Errorf("give a window such as \"1h\", or the period %q or %q", Day, Month)
	}
	windowMs, err := ParseDuration(options.Window)
	if err != nil {
		return RateLimit{}, err
	}
	if algorithm == TokenBucket && options.Limit > safeIntegerMax/windowMs {
		return RateLimit{}, fmt.Errorf("a token bucket of %d in %s cannot be counted exactly", options.Limit, options.Window)
	}
	return RateLimit{Algorithm: algorithm, Limit: options.Limit, WindowMs: windowMs}, nil
}

func quotaOf(options RateLimitOptions, algorithm Algorithm) (RateLimit, error) {
	quota := RateLimit{Algorithm: algorithm, Limit: options.Limit, WindowMs: dayMs}
	switch {
	case options.Window != "":
		return RateLimit{}, fmt.Errorf("give a window or a period, not both")
	case algorithm != FixedWindow:
		return RateLimit{}, fmt.Errorf("a %s has no period: give it a window, or no algorithm", algorithm)
	case options.Period == Day:
		return quota, nil
	case options.Period == Month:
		quota.WindowMs, quota.IsMonth = monthMsMax, true
		return quota, nil
	}
	return RateLimit{}, fmt.Errorf("period must be one of %s, %s, not %s", Day, Month, options.Period)
}

// WindowEndMs is when the fixed window ends in which an instant is, in milliseconds since 1970.
func (limit RateLimit) WindowEndMs(atMs int64) int64 {
	return limit.slotStartMs(limit.slotAt(atMs) + 1)
}

// Decide tells whether `cost` more units are within the limit, and what to remember. What is refused costs nothing,
// and a cost of 0 asks how things stand. A cost below 0, or that no double holds, is an error.
func (limit RateLimit) Decide(state RateState, cost, nowMs int64) (Decision, RateState, error) {
	if err := checkUnits(cost); err != nil {
		return Decision{}, state, err
	}
	before := limit.advanced(state, nowMs)
	if limit.Algorithm == TokenBucket {
		decision, after := limit.fromBucket(before, cost)
		return decision, after, nil
	}
	decision, after := limit.fromSlots(before, cost)
	return decision, after, nil
}

// advanced is the state as time has changed it.
func (limit RateLimit) advanced(state RateState, nowMs int64) RateState {
	atMs := max(nowMs, state.atMs)
	if limit.Algorithm == TokenBucket {
		return RateState{atMs: atMs, spent: limit.filled(state.spent, atMs-state.atMs)}
	}
	first := limit.slotAt(atMs) - limit.slotsKept() + 1
	after := RateState{atMs: atMs}
	for _, each := range state.slots {
		if each.number >= first {
			after.slots = append(after.slots, each)
		}
	}
	return after
}

// checkUnits stops a number of units that nobody can have used.
func checkUnits(units int64) error {
	if units < 0 || units > safeIntegerMax {
		return fmt.Errorf("units are whole numbers from 0, not %d", units)
	}
	return nil
}

// filled counts only as many milliseconds as it takes, so that a long pause does not overflow.
func (limit RateLimit) filled(spent, elapsedMs int64) int64 {
	if elapsedMs >= ceilOf(spent, limit.Limit) {
		return 0
	}
	return spent - elapsedMs*limit.Limit
}

func (limit RateLimit) fromBucket(before RateState, cost int64) (Decision, RateState) {
	capacity := limit.Limit * limit.WindowMs
	decision, after := Decision{RetryAfterMs: Never}, before
	if cost <= limit.Limit { // beyond it the product might overflow
		missing := before.spent + cost*limit.WindowMs - capacity
		decision.IsAllowed = missing <= 0
		decision.RetryAfterMs = max(0, ceilOf(missing, limit.Limit))
	}
	if decision.IsAllowed {
		after.spent += cost * limit.WindowMs
	}
	decision.Remaining = (capacity - after.spent) / limit.WindowMs
	decision.ResetMs = ceilOf(after.spent, limit.Limit)
	return decision, after
}

func (limit RateLimit) fromSlots(before RateState, cost int64) (Decision, RateState) {
	leavesInMs := func(number int64) int64 { return limit.slotStartMs(number+limit.slotsKept()) - before.atMs }
	used := int64(0)
	for _, each := range before.slots {
		used += each.units
	}
	decision, after := Decision{Remaining: limit.Limit - used, RetryAfterMs: Never}, before
	if used+cost <= limit.Limit {
		decision.IsAllowed = true
		decision.Remaining -= cost
		decision.RetryAfterMs = 0
		after.slots = withUnits(before.slots, limit.slotAt(before.atMs), cost)
	} else if number, ok := blockingSlot(before.slots, used+cost-limit.Limit); ok {
		decision.RetryAfterMs = leavesInMs(number)
	}
	if count := len(after.slots); count > 0 {
		decision.ResetMs = leavesInMs(after.slots[count-1].number)
	}
	return decision, after
}

// blockingSlot is the first slot with whose end at least so many units have left.
func blockingSlot(slots []slot, excess int64) (int64, bool) {
	for _, each := range slots {
		if excess -= each.units; excess <= 0 {
			return each.number, true
		}
	}
	return 0, false
}

// withUnits never changes the slots that it is given: an earlier state stays as it was.
func withUnits(slots []slot, current, units int64) []slot {
	if units == 0 {
		return slots
	}
	after := make([]slot, len(slots), len(slots)+1)
	copy(after, slots)
	if last := len(after) - 1; last >= 0 && after[last].number == current {
		after[last].units += units
		return after
	}
	return append(after, slot{current, units})
}

// slotAt is the number of the slot in which an instant is: of months since January 1970.
func (limit RateLimit) slotAt(atMs int64) int64 {
	if limit.IsMonth {
		at := time.UnixMilli(atMs).UTC()
		return int64(at.Year()-1970)*12 + int64(at.Month()) - 1
	}
	return atMs / limit.slotMs()
}

func (limit RateLimit) slotStartMs(slot int64) int64 {
	if limit.IsMonth {
		return time.Date(1970, time.Month(slot+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	}
	return slot * limit.slotMs()
}

func (limit RateLimit) slotMs() int64 {
	if limit.Algorithm == SlidingWindow {
		return limit.WindowMs / slotsOfWindow
	}
	return limit.WindowMs
}

func (limit RateLimit) slotsKept() int64 {
	if limit.Algorithm == SlidingWindow {
		return slotsOfWindow + 1
	}
	return 1
}

// ceilOf divides and rounds up what is not below 0.
func ceilOf(amount, by int64) int64 {
	return (amount + by - 1) / by
}
