package core

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// Outcome is what went out.
type Outcome struct {
	Status int
	Header http.Header
	Bytes  int64
	// Route is what the framework calls the route; empty where it has none.
	Route string
	// Metadata is what the host put beside the request.
	Metadata map[string]any
}

// bodies are read as they pass, where a metering rule asks for something in them.
type bodies struct {
	pointers []string

	guard        sync.Mutex // of all that follows: a host may read on in another goroutine when it has answered
	request      *policy.BodyReader
	requestBytes int64
	response     *policy.BodyReader
	isOpened     bool // of the response, whose type is known when it begins
}

// readBodies begins to read the body of the request as the host does.
func (exchange *Exchange) readBodies() {
	request := exchange.arrival.Request
	for _, each := range exchange.matched { // which of them counts is known when the request is over
		for _, rule := range each.rule.metering {
			exchange.bodies.pointers = append(exchange.bodies.pointers, rule.Captures...)
		}
	}
	exchange.bodies.request = policy.OpenBody(
		exchange.bodies.pointers, policy.RequestBody, request.Header.Get("Content-Type"), request.Header.Get("Content-Encoding"),
	)
	if request.Body != nil && (exchange.bodies.request != nil || request.ContentLength < 0) {
		request.Body = &watchedBody{request.Body, exchange}
	}
}

// ReadsResponse tells whether a metering rule may ask for something in the body of the answer: then WatchResponse is to be
// told all of it.
func (exchange *Exchange) ReadsResponse() bool {
	return slices.ContainsFunc(exchange.bodies.pointers, func(pointer string) bool {
		return policy.OpenBody([]string{pointer}, policy.ResponseBody, "application/json", "") != nil
	})
}

// WatchResponse is told the bytes of an answer, in order, and the header as it is by then.
func (exchange *Exchange) WatchResponse(header http.Header, chunk []byte) {
	exchange.agent.unharmed(func() {
		bodies := &exchange.bodies
		bodies.guard.Lock()
		defer bodies.guard.Unlock()
		if !bodies.isOpened {
			bodies.isOpened = true
			bodies.response = policy.OpenBody(
				bodies.pointers, policy.ResponseBody, header.Get("Content-Type"), header.Get("Content-Encoding"),
			)
		}
		if bodies.response != nil {
			bodies.response.Push(chunk)
		}
	})
}

// End counts and meters what went out. It is for once, however the host came to its end.
func (exchange *Exchange) End(outcome Outcome) {
	if exchange.isEnded {
		return
	}
	exchange.isEnded = true
	took := time.Since(exchange.begun)
	exchange.agent.unharmed(func() { exchange.end(outcome, took) })
}

func (exchange *Exchange) end(outcome Outcome, took time.Duration) {
	request := exchange.arrival.Request
	seen := seen{
		request: request, at: exchange.begun, took: took, method: request.Method, route: outcome.Route,
		status: outcome.Status, requestBytes: request.ContentLength, responseBytes: outcome.Bytes,
		clientAddress: exchange.arrival.ClientAddress,
	}
	exchange.bodies.guard.Lock()
	defer exchange.bodies.guard.Unlock()
	if request.ContentLength < 0 { // it was not announced: then what the host has read counts
		seen.requestBytes = exchange.bodies.requestBytes
	}
	counting := exchange.counting(outcome.Route)
	caller := exchange.caller
	if counting != nil {
		caller = counting.identity
	}
	if caller.Kind == policy.Customer {
		seen.customerID = caller.ID
	}
	if exchange.Refusal == nil && counting != nil {
		seen.unmetered = exchange.measure(counting, seen, outcome)
	}
	exchange.agent.tally.add(seen)
}

// counting is the policy that counts: that of the way to read the path which led to the route of the framework, and of the
// plainest way where that is not known. Nil without a policy.
func (exchange *Exchange) counting(route string) *match {
	matched := exchange.matched
	if len(matched) == 0 {
		return nil
	}
	if len(matched) > 1 {
		request := exchange.arrival.Request
		index, isKnown := exchange.rules.table.Counting(request.Method, exchange.arrival.target(), route)
		isCounting := func(each match) bool { return each.rule == &exchange.rules.policies[index] }
		if at := slices.IndexFunc(matched, isCounting); isKnown && at >= 0 {
			return &matched[at]
		}
	}
	return &matched[0]
}

// measure returns how many requests, one or none, a rule would have measured if it were known whose they are.
func (exchange *Exchange) measure(counting *match, seen seen, outcome Outcome) (unmetered int) {
	for _, rule := range counting.rule.metering {
		if !rule.isMet(seen.status) {
			continue
		}
		if seen.customerID == "" {
			return 1
		}
		exchange.agent.meter.add(usage{
			RuleID:     rule.ID,
			CustomerID: seen.customerID,
			Timestamp:  textOfTime(seen.at),
			Method:     seen.method,
			Route:      seen.route,
			Requests:   1,
			Fields:     exchange.fieldsFor(rule, counting.params, seen, outcome),
			Metadata:   policy.RedactAll(outcome.Metadata).Metadata,
		}, rule.IsSummable)
	}
	return 0
}

func (exchange *Exchange) fieldsFor(rule meteringRule, params map[string]string, seen seen, outcome Outcome) policy.Captured {
	fields := policy.Capture(rule.Captures, policy.CapturedRequest{
		Method: seen.method, Route: seen.route, Headers: seen.request.Header, Query: seen.request.URL.RawQuery,
		Params: params, Bytes: seen.requestBytes,
	}, policy.CapturedResponse{
		Status: seen.status, Headers: outcome.Header, Bytes: seen.responseBytes,
		DurationMs: float64(seen.took.Microseconds()) / 1_000,
	}, outcome.Metadata)
	for _, body := range []*policy.BodyReader{exchange.bodies.request, exchange.bodies.response} {
		if body != nil {
			maps.Copy(fields, body.End())
		}
	}
	maps.DeleteFunc(fields, func(pointer string, _ any) bool { return !slices.Contains(rule.Captures, pointer) })
	return fields
}

// watchedBody is the body of a request that the host reads.
type watchedBody struct {
	io.ReadCloser
	exchange *Exchange
}

func (watched *watchedBody) Read(into []byte) (int, error) {
	length, err := watched.ReadCloser.Read(into)
	watched.exchange.agent.unharmed(func() { watched.exchange.watchRequest(into[:length]) })
	return length, err
}

func (exchange *Exchange) watchRequest(chunk []byte) {
	bodies := &exchange.bodies
	bodies.guard.Lock()
	defer bodies.guard.Unlock()
	bodies.requestBytes += int64(len(chunk))
	if bodies.request != nil {
		bodies.request.Push(chunk)
	}
}
