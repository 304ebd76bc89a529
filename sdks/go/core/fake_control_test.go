package core

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// fakeControl says what holds and lends as the real server does, of windows that never end, and behaves badly on demand.
type fakeControl struct {
	url string

	guard sync.Mutex
	fault fault
	// config is the document; empty for none.
	config  string
	version int
	changed chan struct{}
	// lends is closed when leases are to be answered; nil for at once.
	lends chan struct{}
	// used is by limit and identity.
	used  map[string]int64
	calls []fakeCall
}

// fakeCall is a call of leases, usage or reports.
type fakeCall struct {
	path string
	body map[string]any
}

func startFakeControl(t *testing.T, config string) *fakeControl {
	t.Helper()
	server := &fakeControl{fault: none, config: config, changed: make(chan struct{}), used: map[string]int64{}}
	server.url = listen(t, server)
	return server
}

func (server *fakeControl) setFault(next fault) {
	server.guard.Lock()
	defer server.guard.Unlock()
	server.fault = next
}

func (server *fakeControl) setConfig(next string) {
	server.guard.Lock()
	defer server.guard.Unlock()
	server.config = next
	server.version++
	close(server.changed)
	server.changed = make(chan struct{})
}

// said are the bodies of all calls of a path.
func (server *fakeControl) said(path string) []map[string]any {
	server.guard.Lock()
	defer server.guard.Unlock()
	var bodies []map[string]any
	for _, call := range server.calls {
		if call.path == path {
			bodies = append(bodies, call.body)
		}
	}
	return bodies
}

// items are what stands in one list of all calls of a path.
func (server *fakeControl) items(path, list string) []map[string]any {
	var items []map[string]any
	for _, body := range server.said(path) {
		given, _ := body[list].([]any)
		for _, each := range given {
			items = append(items, each.(map[string]any))
		}
	}
	return items
}

func (server *fakeControl) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	server.guard.Lock()
	fault := server.fault
	server.guard.Unlock()
	if fault == none {
		server.answer(writer, request)
		return
	}
	drained := json.NewDecoder(request.Body)
	_ = drained.Decode(new(any)) // else nobody notices that the client hangs up
	new(fakeServer).behave(fault, writer, request, nil)
}

func (server *fakeControl) answer(writer http.ResponseWriter, request *http.Request) {
	if request.URL.Path == configPath {
		server.answerConfig(writer, request)
		return
	}
	var body map[string]any
	_ = json.NewDecoder(request.Body).Decode(&body)
	server.guard.Lock()
	defer server.guard.Unlock()
	server.calls = append(server.calls, fakeCall{request.URL.Path, body})
	if request.URL.Path == leasesPath && server.lends != nil {
		server.guard.Unlock()
		<-server.lends
		server.guard.Lock()
	}
	results := []map[string]any{}
	switch request.URL.Path {
	case leasesPath:
		for _, each := range body["settle"].([]any) {
			server.settle(each.(map[string]any))
		}
		for _, each := range body["ask"].([]any) {
			results = append(results, server.lend(each.(map[string]any)))
		}
	default:
		usage, _ := body["usage"].([]any)
		for range usage {
			results = append(results, map[string]any{"status": "recorded", "eventId": "evt"})
		}
	}
	_ = json.NewEncoder(writer).Encode(map[string]any{"status": "recorded", "results": results})
}

func (server *fakeControl) answerConfig(writer http.ResponseWriter, request *http.Request) {
	server.guard.Lock()
	changed, etag := server.changed, fmt.Sprintf(`"%d"`, server.version)
	server.guard.Unlock()
	if request.Header.Get("If-None-Match") == etag {
		select {
		case <-changed:
		case <-request.Context().Done():
			return
		}
	}
	server.guard.Lock()
	defer server.guard.Unlock()
	writer.Header().Set("ETag", fmt.Sprintf(`"%d"`, server.version))
	fmt.Fprint(writer, server.config)
}

// limitsOf has how much there is of limits by their names, and of all others 40.
var limitsOf = map[string]int64{"three": 3, "none": 0, "sliding": 3}

func (server *fakeControl) lend(asked map[string]any) map[string]any {
	limit := asked["limit"].(map[string]any)
	name := fmt.Sprint(limit["name"])
	total, ok := limitsOf[name]
	if figure, isCoded := limit["limit"].(float64); isCoded {
		total, ok = int64(figure), true
	}
	if !ok {
		total = 40
	}
	if name == "unknown" {
		return map[string]any{"id": asked["id"], "error": map[string]string{"code": "control.limit_unknown", "message": "no"}}
	}
	key := keyOf(asked)
	units := min(total-server.used[key], max(int64(asked["needed"].(float64)), total/40))
	server.used[key] += units
	if name == "sliding" {
		decision := map[string]any{"id": asked["id"], "isAllowed": units > 0, "remaining": total - server.used[key]}
		decision["retryAfterMs"], decision["resetMs"] = 5_000, 60_000
		return decision
	}
	return map[string]any{
		"id": asked["id"], "units": units, "lifeMs": 3_600_000, "retryAfterMs": 5_000, "askAgainMs": 5_000,
	}
}

func (server *fakeControl) settle(given map[string]any) {
	server.used[keyOf(given)+" settled"] += int64(given["used"].(float64))
}

func keyOf(item map[string]any) string {
	return fmt.Sprint(item["limit"], item["identity"])
}

// anAgent asks the server until the test has ended; with a document it has it.
func anAgent(t *testing.T, server *fakeControl, change func(*AgentOptions)) (*Agent, *reports) {
	t.Helper()
	told := &reports{}
	options := AgentOptions{APIKey: "uf_test_secret", BaseURL: server.url, Application: "shop", OnError: told.add}
	if change != nil {
		change(&options)
	}
	agent := StartAgent(options)
	t.Cleanup(func() { agent.Close(until(time.Second)) })
	if server.config != "" {
		eventually(t, "what holds", func() bool { return agent.poll.rules.Load() != nil })
	}
	return agent, told
}

// aPolicy is one of a document: it holds for everything, tells callers apart by a header, and waits long.
func aPolicy(limits string, more string) string {
	return fmt.Sprintf(`{
		"now": %q,
		"strategies": [{ "id": "str_1", "sources": [{ "from": "header", "name": "x-user" }] }],
		"policies": [{
			"id": "pol_1", "method": "*", "url": "/api/*", "priority": 0, "strategyId": "str_1", "mode": "enforce",
			"withoutAnswer": "allow", "deadlineMs": 60000, "limits": [%s], "metering": [] %s
		}],
		"blocks": [{ "kind": "customer", "id": "bad", "until": null }, { "kind": "network", "id": "192.0.2.9", "until": null },
			{ "kind": "customer", "id": "was bad", "until": "2001-01-01T00:00:00.000Z" }]
	}`, time.Now().UTC().Format(time.RFC3339), limits, more)
}

func aLimit(name string) string {
	algorithm := "fixed_window"
	if name == "sliding" {
		algorithm = name + "_window"
	}
	return fmt.Sprintf(`{ "name": %q, "algorithm": %q, "limit": 40, "window": "1h", "per": "identity" }`, name, algorithm)
}
