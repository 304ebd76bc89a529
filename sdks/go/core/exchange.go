package core

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// Coverage is which requests are ours to see. Made by Cover.
type Coverage struct {
	routes    policy.RouteTable
	whitelist policy.RouteTable
}

// Arrival is what came in.
type Arrival struct {
	Request *http.Request
	// Route is what the framework calls the route, like `/api/users/:id`; empty where it does not know it yet.
	Route string
	// ClientAddress as the framework knows it behind its trusted proxies.
	ClientAddress string
	// Claims are of a token that the host has checked: here they are believed.
	Claims any
}

// Exchange is a request and what became of it. To be ended.
type Exchange struct {
	// Header is for the answer.
	Header http.Header
	// Refusal is the answer, if the request does not pass.
	Refusal *Refusal

	agent   *Agent
	arrival Arrival
	begun   time.Time
	rules   *rules
	matched []match
	caller  policy.Identity
	bodies  bodies
	isEnded bool
}

// Refusal is an answer in the place of the host's.
type Refusal struct {
	Status int
	// Body is of the type `application/problem+json`.
	Body []byte
}

// Cover is for the routes but those of the whitelist, which pass unseen; for all without any. It panics for a pattern that it
// does not understand, with an *Error that says what is wrong with it.
func Cover(routes, whitelist []Route) *Coverage {
	if len(routes) == 0 {
		routes = []Route{{"*", "*"}}
	}
	return &Coverage{tableOf(routes), tableOf(whitelist)}
}

func (coverage *Coverage) covers(arrival Arrival) bool {
	if coverage.whitelist.Exempts(arrival.Request.Method, arrival.target()) {
		return false
	}
	return len(arrival.coveredBy(coverage.routes)) > 0
}

// Begin decides about a request. It is nil for one that is not ours to see, and for an agent that is not there or was closed.
func (agent *Agent) Begin(coverage *Coverage, arrival Arrival) (exchange *Exchange) {
	if agent == nil || agent.isOff || agent.isClosed.Load() {
		return nil
	}
	agent.unharmed(func() {
		if coverage.covers(arrival) {
			exchange = agent.begin(arrival)
		}
	})
	return exchange
}

func (agent *Agent) begin(arrival Arrival) *Exchange {
	exchange := &Exchange{Header: http.Header{}, agent: agent, arrival: arrival, begun: time.Now()}
	rules := agent.poll.current(arrival.Request.Context())
	network := policy.Identify(nil, policy.RequestParts{ClientAddress: arrival.ClientAddress})
	exchange.rules, exchange.matched = rules, rules.matching(&arrival)
	exchange.caller = network
	blockable := []policy.Identity{network}
	for at, each := range exchange.matched {
		blockable = append(blockable, each.identity)
		if at == 0 {
			exchange.caller = each.identity
		}
	}
	if blocked := rules.blocked(exchange.begun, blockable); blocked != nil {
		exchange.Refusal = problem(http.StatusForbidden)
		agent.tally.decide(exchange.begun, decided{Limit: "block", Mode: enforced, Identity: blocked, Refused: 1})
		return exchange
	}
	exchange.hold(agent.claimsOf(exchange))
	if exchange.Refusal == nil {
		exchange.readBodies()
	}
	return exchange
}

// match is a policy that holds for a request, and whose request it is by the policy's strategy.
type match struct {
	rule     *rule
	identity policy.Identity
	params   map[string]string
}

// matching are the policies that cover a request, that of the plainest reading of its path first.
func (rules *rules) matching(arrival *Arrival) []match {
	var matched []match
	for _, covered := range arrival.coveredBy(rules.table) {
		rule := &rules.policies[covered.Route]
		parts := policy.RequestParts{
			Headers:       arrival.Request.Header,
			Query:         arrival.Request.URL.RawQuery,
			Params:        covered.Params,
			Claims:        arrival.Claims,
			ClientAddress: arrival.ClientAddress,
		}
		if slices.ContainsFunc(rule.strategy, isFromBody) {
			parts.Body = bodyOf(arrival.Request)
		}
		matched = append(matched, match{rule, policy.Identify(rule.strategy, parts), covered.Params})
	}
	return matched
}

func isFromBody(source policy.IdentitySource) bool {
	return source.From == policy.FromBody
}

const (
	enforced = "enforce"
	shadow   = "shadow"
)

func (agent *Agent) claimsOf(exchange *Exchange) (held, shadows []*claim) {
	for _, each := range exchange.matched {
		for _, limit := range each.rule.limits {
			claim := &claim{
				limit: limit, deadline: each.rule.deadline, refusesWithoutAnswer: each.rule.refusesWithoutAnswer,
			}
			if !limit.isShared {
				claim.identity = &each.identity
			}
			if each.rule.isShadow {
				shadows = append(shadows, claim)
			} else {
				held = append(held, claim)
			}
		}
	}
	for _, coded := range agent.coded {
		if len(exchange.arrival.coveredBy(coded.table)) > 0 {
			held = append(held, &claim{limit: coded.limit, identity: &exchange.caller, deadline: codedDeadline})
		}
	}
	return held, shadows
}

// hold puts what the limits say into the exchange. Those in shadow are asked about what passes, and nobody waits for them.
func (exchange *Exchange) hold(held, shadows []*claim) {
	ctx := exchange.arrival.Request.Context()
	if len(held) > 0 {
		exchange.agent.limiter.decide(ctx, held, true)
		exchange.conclude(held)
	}
	for _, claim := range shadows {
		if exchange.Refusal == nil {
			claim.later = func(late verdict) { exchange.noteDecision(claim, late, shadow) }
			exchange.agent.limiter.decide(ctx, only(claim), false)
			if claim.asked == nil {
				exchange.noteDecision(claim, claim.verdict, shadow)
			}
		}
	}
}

func only(one *claim) []*claim {
	return []*claim{one}
}

func (exchange *Exchange) conclude(held []*claim) {
	var applied []policy.AppliedLimit
	var unpaid *claim // a balance that refuses
	isRefused, isUnanswered := false, false
	for _, claim := range held {
		isRefused = isRefused || claim.verdict.isKnown && !claim.verdict.isAllowed
		isUnanswered = isUnanswered || !claim.verdict.isKnown && claim.refusesWithoutAnswer
		switch {
		case claim.verdict.isKnown && claim.limit.balance == nil:
			applied = append(applied, claim.applied())
		case claim.verdict.isKnown && !claim.verdict.isAllowed && unpaid == nil:
			unpaid = claim
		}
	}
	for _, claim := range held {
		if claim.verdict.isKnown || !isRefused { // else it does not matter what an answer would have been
			exchange.noteDecision(claim, claim.verdict, enforced)
		}
	}
	if len(applied) > 0 {
		exchange.writeLimits(policy.HeadersOf(applied))
	}
	switch {
	case unpaid != nil:
		exchange.Header.Del("Retry-After") // waiting for a window helps nobody who has to pay
		exchange.Refusal = unpaid.paymentRequired()
	case isRefused:
		body, _ := json.Marshal(policy.QuotaExceeded(applied))
		exchange.Refusal = &Refusal{http.StatusTooManyRequests, body}
	case isUnanswered:
		exchange.Header = http.Header{"Retry-After": {"1"}}
		exchange.Refusal = problem(http.StatusServiceUnavailable)
	}
}

func (exchange *Exchange) writeLimits(headers policy.RateLimitHeaders) {
	exchange.Header.Set("RateLimit-Policy", headers.Policy)
	exchange.Header.Set("RateLimit", headers.RateLimit)
	if headers.RetryAfter != "" {
		exchange.Header.Set("Retry-After", headers.RetryAfter)
	}
}

// noteDecision counts what is not as it should be: who passes because a limit allows it is no news.
func (exchange *Exchange) noteDecision(claim *claim, verdict verdict, mode string) {
	given := decided{
		PolicyID: claim.limit.policyID, Pattern: claim.limit.pattern, Limit: claim.limit.name, Mode: mode,
		Identity: claim.identity,
	}
	switch {
	case verdict.isKnown && verdict.isAllowed:
		return
	case verdict.isKnown:
		given.Refused = 1
	case claim.refusesWithoutAnswer && mode == enforced:
		given.RefusedWithoutAnswer = 1
	default:
		given.AllowedWithoutAnswer = 1
	}
	exchange.agent.tally.decide(exchange.begun, given)
}

func (claim *claim) applied() policy.AppliedLimit {
	verdict := claim.verdict
	return policy.AppliedLimit{Name: claim.limit.name, Limit: claim.limit.rate, Decision: policy.Decision{
		IsAllowed:    verdict.isAllowed,
		Remaining:    verdict.remaining,
		ResetMs:      verdict.resetMs,
		RetryAfterMs: verdict.retryAfterMs,
	}}
}

func (claim *claim) paymentRequired() *Refusal {
	var customer *string
	if claim.identity != nil && claim.identity.Kind == policy.Customer {
		customer = &claim.identity.ID
	}
	body, _ := json.Marshal(policy.BalanceUsedUp(claim.limit.name, claim.limit.balance.Meter, customer))
	return &Refusal{http.StatusPaymentRequired, body}
}

func problem(status int) *Refusal {
	body, _ := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status})
	return &Refusal{status, body}
}
