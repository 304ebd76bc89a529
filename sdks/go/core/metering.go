package core

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// meteringRule is what a policy meters, as the server says it.
type meteringRule struct {
	ID string `json:"id"`
	// When has the classes of statuses that count, like `2xx`.
	When []string `json:"when"`
	// Captures are JSON pointers to what the server asks for of each request.
	Captures   []string `json:"captures"`
	IsSummable bool     `json:"isSummable"`
}

// usage is what a rule has measured: of one request, or of several that are alike.
type usage struct {
	IdempotencyKey string          `json:"idempotencyKey"`
	RuleID         string          `json:"ruleId"`
	CustomerID     string          `json:"customerId"`
	Timestamp      string          `json:"timestamp"`
	Method         string          `json:"method"`
	Route          string          `json:"route,omitempty"`
	Requests       int             `json:"requests"`
	Fields         policy.Captured `json:"fields,omitempty"`
	Metadata       map[string]any  `json:"metadata,omitempty"`
}

// meter gathers usage and sends it as the client sends events: each until the server's word on it is known.
type meter struct {
	*outbox

	guardSums sync.Mutex
	sums      map[string]*usage
}

const (
	usagePath = "/api/v1/control/usage"
	sumsMax   = 10_000
)

func newMeter(config config, call *serverCall, application string, reporter *reporter) *meter {
	name, _ := json.Marshal(application) // a text always can be
	post := func(ctx context.Context, entries [][]byte) answer {
		body := batchOf(fmt.Sprintf(`{"application":%s,"usage":[`, name), entries, "]}")
		return call.postEach(ctx, usagePath, body, len(entries))
	}
	outbox := newOutbox(config, post, usageRefused)
	outbox.reporter = reporter // the host is told one thing after the other
	return &meter{outbox: outbox, sums: map[string]*usage{}}
}

func usageRefused(code, message string, _ []byte) *Error {
	return &Error{Kind: KindRefused, Code: code, Message: message, Count: 1}
}

// isMet tells whether requests of that status count.
func (rule meteringRule) isMet(status int) bool {
	return slices.Contains(rule.When, fmt.Sprintf("%dxx", status/100))
}

// add takes usage of one request. Counts are of requests, at every instant, whatever is summed.
func (meter *meter) add(used usage, isSummable bool) {
	meter.guardSums.Lock()
	defer meter.guardSums.Unlock()
	if !isSummable || !meter.sum(used) {
		meter.take(meter.entryOf(used))
	}
}

// sum tells whether there was room. For who holds the guard.
func (meter *meter) sum(used usage) bool {
	metadata, _ := json.Marshal(used.Metadata)
	key := fmt.Sprintf("%q %q %q %q %s", used.RuleID, used.CustomerID, used.Method, used.Route, metadata)
	before, ok := meter.sums[key]
	if !ok && len(meter.sums) >= sumsMax {
		return false
	}
	if ok {
		before.Requests++
	} else {
		meter.sums[key] = &used
	}
	meter.gather()
	return true
}

func (meter *meter) entryOf(used usage) ([]byte, *Error) {
	used.IdempotencyKey = newKey()
	return written(used)
}

// sendSums ends what is summed, and begins anew.
func (meter *meter) sendSums() {
	meter.guardSums.Lock()
	defer meter.guardSums.Unlock()
	for _, used := range meter.sums {
		entry, failure := meter.entryOf(*used)
		meter.takeGathered(entry, failure, used.Requests)
	}
	clear(meter.sums)
}

func (meter *meter) sendSumsNowAndThen(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, time.Second)
		meter.sendSums()
	}
}
