package core

import (
	"context"
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

// Exchange is a request and what became of it.
type Exchange struct {
	// Header is for the answer.
	Header http.Header
	// Refusal is the answer, if the request does not pass.
	Refusal *Refusal
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

// Begin decides about a request. It is nil for one that is not ours to see, and for an agent that is not there.
func (agent *Agent) Begin(coverage *Coverage, arrival Arrival) (exchange *Exchange) {
	if agent == nil || agent.isOff {
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
	rules := agent.poll.current(arrival.Request.Context())
	network := policy.Identify(nil, policy.RequestParts{ClientAddress: arrival.ClientAddress})
	matched := rules.matching(&arrival)
	blockable := []policy.Identity{network}
	for _, each := range matched {
		blockable = append(blockable, each.identity)
	}
	exchange := &Exchange{Header: http.Header{}}
	if rules.isBlocked(time.Now(), blockable...) {
		exchange.Refusal = problem(http.StatusForbidden)
		return exchange
	}
	caller := network
	if len(matched) > 0 {
		caller = matched[0].identity
	}
	enforced, shadows := claimsOf(matched)
	for _, coded := range agent.coded {
		if len(arrival.coveredBy(coded.table)) > 0 {
			enforced = append(enforced, &claim{limit: coded.limit, identity: &caller, deadline: codedDeadline})
		}
	}
	agent.hold(arrival.Request.Context(), exchange, enforced)
	if exchange.Refusal == nil {
		for _, shadow := range shadows {
			agent.limiter.decide(arrival.Request.Context(), []*claim{shadow}, false)
		}
	}
	return exchange
}

// match is a policy that holds for a request, and whose request it is by the policy's strategy.
type match struct {
	rule     *rule
	identity policy.Identity
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
		matched = append(matched, match{rule, policy.Identify(rule.strategy, parts)})
	}
	return matched
}

func isFromBody(source policy.IdentitySource) bool {
	return source.From == policy.FromBody
}

func claimsOf(matched []match) (enforced, shadows []*claim) {
	for _, each := range matched {
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
				enforced = append(enforced, claim)
			}
		}
	}
	return enforced, shadows
}

// hold puts what the limits say into the exchange.
func (agent *Agent) hold(ctx context.Context, exchange *Exchange, claims []*claim) {
	if len(claims) == 0 {
		return
	}
	agent.limiter.decide(ctx, claims, true)
	var applied []policy.AppliedLimit
	isRefused, isUnanswered := false, false
	for _, claim := range claims {
		isRefused = isRefused || claim.verdict.isKnown && !claim.verdict.isAllowed
		isUnanswered = isUnanswered || !claim.verdict.isKnown && claim.refusesWithoutAnswer
		if claim.verdict.isKnown {
			applied = append(applied, claim.applied())
		}
	}
	if len(applied) > 0 {
		headers := policy.HeadersOf(applied)
		exchange.Header.Set("RateLimit-Policy", headers.Policy)
		exchange.Header.Set("RateLimit", headers.RateLimit)
		if headers.RetryAfter != "" {
			exchange.Header.Set("Retry-After", headers.RetryAfter)
		}
	}
	switch {
	case isRefused:
		body, _ := json.Marshal(policy.QuotaExceeded(applied))
		exchange.Refusal = &Refusal{http.StatusTooManyRequests, body}
	case isUnanswered:
		exchange.Header = http.Header{"Retry-After": {"1"}}
		exchange.Refusal = problem(http.StatusServiceUnavailable)
	}
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

func problem(status int) *Refusal {
	body, _ := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status})
	return &Refusal{status, body}
}
