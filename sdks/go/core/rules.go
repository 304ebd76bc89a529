package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// rules are all that holds for the application, as the server last said it. Never changed once they are made.
type rules struct {
	policies []rule
	table    policy.RouteTable
	// blocks are ends by the key of the identity; one that never ends has the zero time.
	blocks map[string]time.Time
	// ahead is how far the server's clock is ahead of ours.
	ahead time.Duration
}

// rule is one policy.
type rule struct {
	id                   string
	strategy             policy.Strategy
	isShadow             bool
	refusesWithoutAnswer bool
	deadline             time.Duration
	limits               []*limit
	metering             []meteringRule
}

// limit is one of a policy, or one that stands in the code of the host.
type limit struct {
	name string
	rate policy.RateLimit
	// balance is in the place of the rate; nil for a limit of a window.
	balance *policy.Balance
	// isShared: all callers have it together.
	isShared bool
	// wire is how calls name it; with its figures it is also the key of its states, so that a limit that was changed
	// begins anew.
	wire json.RawMessage
	key  string
	// policyID and pattern are whose it is: one of them.
	policyID string
	pattern  string
}

type codedLimit struct {
	table policy.RouteTable
	limit *limit
}

// configDocument is as much of the server's document as is read.
type configDocument struct {
	Now        time.Time `json:"now"`
	Strategies []struct {
		ID      string          `json:"id"`
		Sources policy.Strategy `json:"sources"`
	} `json:"strategies"`
	Policies []configPolicy `json:"policies"`
	Blocks   []struct {
		policy.Identity
		Until *time.Time `json:"until"`
	} `json:"blocks"`
}

type configPolicy struct {
	ID            string         `json:"id"`
	Method        string         `json:"method"`
	URL           string         `json:"url"`
	Priority      float64        `json:"priority"`
	StrategyID    *string        `json:"strategyId"`
	Mode          string         `json:"mode"`
	WithoutAnswer string         `json:"withoutAnswer"`
	DeadlineMs    int64          `json:"deadlineMs"`
	Limits        []configLimit  `json:"limits"`
	Metering      []meteringRule `json:"metering"`
}

type configLimit struct {
	policy.LimitOptions
	Name string `json:"name"`
	Per  string `json:"per"`
}

var errNoDocument = errors.New("it has no policies")

// readRules makes rules of a document. What this version does not understand of it is told, and the rest holds. What is no
// document at all, whoever answered with it, is an error: taken for one it would end all that holds.
func readRules(text []byte, now time.Time, tell func(*Error)) (*rules, error) {
	var document configDocument
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if document.Policies == nil {
		return nil, errNoDocument
	}
	read := &rules{blocks: map[string]time.Time{}, ahead: document.Now.Sub(now)}
	strategies := map[string]policy.Strategy{}
	for _, each := range document.Strategies {
		strategies[each.ID] = each.Sources
	}
	var routes []policy.Route
	for _, each := range document.Policies {
		route := policy.Route{Method: each.Method, URL: each.URL, Priority: each.Priority}
		if _, err := policy.CompileRoutes([]policy.Route{route}); err != nil {
			tell(configError(fmt.Sprintf("The policy %s is not understood, and does not hold: %v.", each.ID, err)))
			continue
		}
		routes = append(routes, route)
		read.policies = append(read.policies, readRule(each, strategies, tell))
	}
	for _, each := range document.Blocks {
		read.blocks[each.Key()] = time.Time{}
		if each.Until != nil {
			read.blocks[each.Key()] = *each.Until
		}
	}
	var err error
	read.table, err = policy.CompileRoutes(routes)
	return read, err
}

// readRule leaves out limits that are not understood: they must not keep the others from holding.
func readRule(given configPolicy, strategies map[string]policy.Strategy, tell func(*Error)) rule {
	read := rule{
		id:                   given.ID,
		isShadow:             given.Mode == "shadow",
		refusesWithoutAnswer: given.WithoutAnswer == "refuse",
		deadline:             time.Duration(given.DeadlineMs) * time.Millisecond,
		metering:             given.Metering,
	}
	if given.StrategyID != nil {
		read.strategy = strategies[*given.StrategyID]
	}
	for _, each := range given.Limits {
		rate, balance, err := policy.ParseLimit(each.LimitOptions)
		if err != nil {
			tell(configError(fmt.Sprintf(
				"The limit %q of the policy %s is not understood, and does not hold: %v.", each.Name, given.ID, err,
			)))
			continue
		}
		wire := wireOf(map[string]any{"policyId": given.ID, "name": each.Name})
		limit := newLimit(each.Name, rate, each.Per == "all", wire)
		limit.policyID = given.ID
		if balance != nil {
			limit.balance = balance
			limit.key = fmt.Sprintf("%s %v", wire, *balance)
		}
		read.limits = append(read.limits, limit)
	}
	return read
}

// cost is the units of a request.
func (limit *limit) cost() int64 {
	if limit.balance != nil {
		return limit.balance.UnitsPerRequest
	}
	return 1
}

func newCodedLimit(pattern, window string, rate policy.RateLimit) *limit {
	coded := newLimit(pattern, rate, false, wireOf(map[string]any{
		"pattern": pattern, "limit": rate.Limit, "window": window, "algorithm": rate.Algorithm,
	}))
	coded.pattern = pattern
	return coded
}

func newLimit(name string, rate policy.RateLimit, isShared bool, wire json.RawMessage) *limit {
	key := fmt.Sprintf("%s %v %v", wire, rate, isShared)
	return &limit{name: name, rate: rate, isShared: isShared, wire: wire, key: key}
}

func wireOf(fields map[string]any) json.RawMessage {
	text, _ := json.Marshal(fields) // texts and numbers always can be
	return text
}

// blocked is the first of them that is let through nowhere; nil for none.
func (rules *rules) blocked(now time.Time, identities []policy.Identity) *policy.Identity {
	for at, identity := range identities {
		until, isThere := rules.blocks[identity.Key()]
		if isThere && (until.IsZero() || now.Add(rules.ahead).Before(until)) {
			return &identities[at]
		}
	}
	return nil
}
