package core

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// lender is the call of the server that lends.
type lender struct {
	call        *serverCall
	application string
	// holder is what this process is called.
	holder string
	tell   func(*Error)
	life   context.Context
}

// loans are what is to be said to the lender: at most one call is under way, and what comes meanwhile goes with the next.
type loans struct {
	settlements []settlement
	asks        []*ask
	isCalling   bool
	// answered is closed when a call is over, whatever became of it.
	answered chan struct{}
	breaker  policy.Breaker
	// askedUntilMs is until when the server asked to be left alone.
	askedUntilMs int64
}

// wireItem names a lease.
type wireItem struct {
	ID       string           `json:"id"`
	Limit    json.RawMessage  `json:"limit"`
	Identity *policy.Identity `json:"identity"`
}

type ask struct {
	wireItem
	Needed int64 `json:"needed"`
	// state is what is lent for; else it is a decision, for the claim.
	state *limitState
	claim *claim
	// isAbandoned: nobody waits for it any longer, and the claim is not ours.
	isAbandoned bool
}

type settlement struct {
	wireItem
	Used int64 `json:"used"`
}

// lenderResult is one of the server's results: a lease, a decision, or an error.
type lenderResult struct {
	ID           string     `json:"id"`
	Units        int64      `json:"units"`
	LifeMs       int64      `json:"lifeMs"`
	AskAgainMs   int64      `json:"askAgainMs"`
	RetryAfterMs *int64     `json:"retryAfterMs"`
	IsAllowed    *bool      `json:"isAllowed"`
	Remaining    int64      `json:"remaining"`
	ResetMs      int64      `json:"resetMs"`
	Error        *errorBody `json:"error"`
}

const (
	leasesPath     = "/api/v1/control/leases"
	leaseItemsMax  = 500 // of each kind, in one call
	endOfTime      = math.MaxInt64
	settleEvery    = time.Second
	settlementsMax = 20_000 // beyond it what was lent counts as used
)

// mayWait is false while the server is left alone, and where no call is under way that could bring an answer.
func (loans *loans) mayWait() bool {
	return loans.isCalling && !loans.breaker.IsOpen()
}

func (loans *loans) forget(state *limitState) {
	loans.asks = slices.DeleteFunc(loans.asks, func(ask *ask) bool { return ask.state == state })
}

// abandonAll gives up decisions that nobody waits for any longer: from now on the claims are read without our guard.
func (loans *loans) abandonAll(claims []*claim) {
	for _, claim := range claims {
		if abandoned := claim.asked; abandoned != nil && claim.later == nil {
			abandoned.isAbandoned = true
			loans.asks = slices.DeleteFunc(loans.asks, func(ask *ask) bool { return ask == abandoned })
		}
	}
}

// settle gives back what is used up or ends by then. For who holds the guard.
func (limiter *limiter) settle(state *limitState, byMs int64) {
	var given []policy.LeaseSettlement
	given, state.holder = state.holder.Settling(byMs)
	for _, each := range given {
		if len(limiter.loans.settlements) < settlementsMax {
			item := wireItem{each.ID, state.limit.wire, state.identity}
			limiter.loans.settlements = append(limiter.loans.settlements, settlement{item, each.Used})
		}
	}
}

// settleNowAndThen gives back what ends, until the context does.
func (limiter *limiter) settleNowAndThen(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, settleEvery)
		limiter.settleAll(limiter.nowMs())
	}
}

func (limiter *limiter) settleAll(byMs int64) {
	limiter.guard.Lock()
	defer limiter.guard.Unlock()
	for _, state := range limiter.states {
		limiter.settle(state, byMs)
	}
	limiter.startCalling()
}

// close gives back all that is held, as far as the server takes it until the context ends; also what a call brings that was
// under way.
func (limiter *limiter) close(ctx context.Context) {
	for {
		limiter.settleAll(endOfTime)
		limiter.guard.Lock()
		isCalling, answered := limiter.loans.isCalling, limiter.loans.answered
		limiter.guard.Unlock()
		if !isCalling {
			return
		}
		select {
		case <-answered:
		case <-ctx.Done():
			return
		}
	}
}

// startCalling is for who holds the guard.
func (limiter *limiter) startCalling() {
	loans := &limiter.loans
	hasNothing := len(loans.asks) == 0 && len(loans.settlements) == 0
	nowMs := limiter.nowMs()
	if loans.isCalling || hasNothing || nowMs < loans.askedUntilMs || limiter.lender.life.Err() != nil {
		return
	}
	loans.isCalling, loans.breaker = loans.breaker.MayCall(nowMs)
	if loans.isCalling {
		go limiter.callUntilSaid()
	}
}

func (limiter *limiter) callUntilSaid() {
	defer limiter.called()
	for {
		settlements, asks := limiter.nextCall()
		if len(settlements)+len(asks) == 0 || !limiter.lend(settlements, asks) {
			return
		}
	}
}

// called also catches what can only be our own mistake: it must not end the host.
func (limiter *limiter) called() {
	if recover() != nil {
		limiter.lender.tell(internalError())
	}
	limiter.guard.Lock()
	defer limiter.guard.Unlock()
	limiter.loans.isCalling = false
	limiter.tellWaiting()
}

// tellWaiting is for who holds the guard.
func (limiter *limiter) tellWaiting() {
	close(limiter.loans.answered)
	limiter.loans.answered = make(chan struct{})
}

func (limiter *limiter) nextCall() ([]settlement, []*ask) {
	limiter.guard.Lock()
	defer limiter.guard.Unlock()
	loans := &limiter.loans
	for _, ask := range loans.asks {
		if ask.state != nil {
			limiter.settle(ask.state, limiter.nowMs())
		}
	}
	return firstItems(loans.settlements), firstItems(loans.asks)
}

// firstItems is an empty list for none, which JSON does not write as null.
func firstItems[Item any](all []Item) []Item {
	return append([]Item{}, all[:min(len(all), leaseItemsMax)]...)
}

// lend tells whether the server's word on all of it is known.
func (limiter *limiter) lend(settlements []settlement, asks []*ask) bool {
	body, _ := json.Marshal(map[string]any{ // all of it was JSON before, or is text
		"application": limiter.lender.application, "holder": limiter.lender.holder, "settle": settlements, "ask": asks,
	})
	call := limiter.lender.call
	given, reason := call.do(limiter.lender.life, request{
		method: http.MethodPost, path: leasesPath, body: body, timeout: agentCallTimeout, bytesMax: answerBytesMax,
	})
	said := noAnswer(reason)
	if reason == "" {
		said = call.read(given, 0)
	}
	results, isRead := readLenderResults(given, asks)
	isRefused := given.status == http.StatusBadRequest || given.status == http.StatusUnprocessableEntity
	if !isRead && limiter.lender.life.Err() == nil {
		limiter.lender.tell(unavailable(said))
	}
	limiter.guard.Lock()
	defer limiter.guard.Unlock()
	nowMs := limiter.nowMs()
	if !isRead && !isRefused {
		limiter.loans.breaker = limiter.loans.breaker.AfterFailure(nowMs)
		limiter.loans.askedUntilMs = nowMs + min(said.asked, askedMax).Milliseconds()
		return false
	}
	limiter.loans.breaker = limiter.loans.breaker.AfterSuccess()
	limiter.loans.settlements = limiter.loans.settlements[len(settlements):]
	for _, ask := range asks {
		limiter.takeIn(ask, results[ask.ID], nowMs)
	}
	limiter.loans.asks = slices.DeleteFunc(limiter.loans.asks, func(ask *ask) bool { return slices.Contains(asks, ask) })
	limiter.tellWaiting()
	return true
}

// readLenderResults is false for an answer that does not have a result for each.
func readLenderResults(given reply, asks []*ask) (map[string]lenderResult, bool) {
	var body struct {
		Results []lenderResult `json:"results"`
	}
	if given.status != http.StatusOK || json.Unmarshal(given.text, &body) != nil {
		return nil, false
	}
	results := map[string]lenderResult{}
	for _, result := range body.Results {
		results[result.ID] = result
	}
	for _, ask := range asks {
		if _, ok := results[ask.ID]; !ok {
			return nil, false
		}
	}
	return results, true
}

// takeIn is for who holds the guard. The zero value of a result is that there is none.
func (limiter *limiter) takeIn(ask *ask, result lenderResult, nowMs int64) {
	isUnknown := result.Error != nil || result.ID == "" || (result.IsAllowed != nil) != (ask.claim != nil)
	retryAfterMs := int64(policy.Never)
	if result.RetryAfterMs != nil {
		retryAfterMs = *result.RetryAfterMs
	}
	if isUnknown && ask.claim != nil {
		ask.claim.state.unknownUntilMs = nowMs + unknownForMs
	}
	switch {
	case ask.isAbandoned:
	case ask.claim != nil && isUnknown:
		ask.claim.isUnknown = true
	case ask.claim != nil:
		decided := verdict{true, *result.IsAllowed, result.Remaining, result.ResetMs, retryAfterMs}
		if ask.claim.later != nil {
			ask.claim.later(decided)
		} else {
			ask.claim.verdict = decided
		}
	case isUnknown:
		ask.state.askID = ""
		ask.state.holder = ask.state.holder.GivingUp()
		ask.state.unknownUntilMs = nowMs + unknownForMs
	default:
		ask.state.askID = ""
		ask.state.holder = ask.state.holder.Receiving(policy.LeaseAnswer{
			ID: ask.ID, Units: result.Units, LifeMs: result.LifeMs, RetryAfterMs: retryAfterMs, AskAgainMs: result.AskAgainMs,
		})
		if limiter.states[ask.state.key] != ask.state { // it was forgotten meanwhile: nobody else would give it back
			limiter.settle(ask.state, endOfTime)
		}
	}
}
