package core

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// ofServer asks the real server, as who sets it up.
type ofServer struct{ url, apiKey string }

func theRealServer(t *testing.T) ofServer {
	t.Helper()
	server := ofServer{os.Getenv("USAGEFLOW_TEST_URL"), os.Getenv("USAGEFLOW_TEST_KEY")}
	if server.url == "" || server.apiKey == "" {
		t.Skip("No server: USAGEFLOW_TEST_URL is the address of one, USAGEFLOW_TEST_KEY a key with all scopes.")
	}
	return server
}

func (server ofServer) ask(t *testing.T, method, path string, body any) map[string]any {
	t.Helper()
	text := []byte{}
	if body != nil {
		text, _ = json.Marshal(body)
	}
	request, _ := http.NewRequest(method, server.url+path, bytes.NewReader(text))
	request.Header.Set("x-usageflow-api-key", server.apiKey)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var said map[string]any
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v", method, path, response.StatusCode, said)
	}
	return said
}

// setPolicy makes a policy for an application, which tells callers apart by a header.
func (server ofServer) setPolicy(t *testing.T, application string, more map[string]any) string {
	t.Helper()
	key := "go-" + newKey()
	server.ask(t, "POST", "/api/v1/control/strategies", map[string]any{
		"key": key, "name": "By user", "sources": []any{map[string]string{"from": "header", "name": "x-user"}},
	})
	policy := map[string]any{
		"key": key, "name": "Of a test", "application": application, "url": "/api/*", "strategy": key, "deadlineMs": 1_000,
	}
	for name, value := range more {
		policy[name] = value
	}
	return fmt.Sprint(server.ask(t, "POST", "/api/v1/control/policies", policy)["id"])
}

func (server ofServer) agent(t *testing.T, application string) *Agent {
	t.Helper()
	agent := StartAgent(AgentOptions{
		APIKey: server.apiKey, BaseURL: server.url, Application: application,
		OnError: func(err *Error) { t.Logf("told: %v", err) },
	})
	t.Cleanup(func() { agent.Close(until(waitFor)) })
	eventually(t, "what holds", func() bool { return agent.poll.rules.Load() != nil })
	return agent
}

func TestTheRealServerLendsEachLimitOnceToAllProcesses(t *testing.T) {
	server := theRealServer(t)
	application := "go-" + newKey()
	server.setPolicy(t, application, map[string]any{
		"deadlineMs": 1_000, "withoutAnswer": "refuse",
		"limits": []any{
			map[string]any{"name": "daily", "limit": 60, "window": "1d"},
			map[string]any{"name": "sliding", "limit": 50, "window": "1h", "algorithm": "sliding_window"},
			map[string]any{"name": "bucket", "limit": 1_000, "window": "1h", "algorithm": "token_bucket"},
		},
	})
	var guard sync.Mutex
	passed, refused := map[string]int{}, map[string]int{}
	var hosts sync.WaitGroup
	for range 2 {
		handler := behind(server.agent(t, application))
		for at := range 140 {
			user := []string{"ann", "ben"}[at%2]
			hosts.Go(func() {
				for status := 503; status == 503; { // the machine may be busy
					status = call(handler, "GET", "/api/a", user).Code
					guard.Lock()
					switch status {
					case 200:
						passed[user]++
					case 429:
						refused[user]++
					}
					guard.Unlock()
				}
			})
		}
	}
	hosts.Wait()
	for _, user := range []string{"ann", "ben"} {
		// The sliding window spends a unit on a request that another limit refuses in between.
		if passed[user] > 50 || passed[user] < 40 || passed[user]+refused[user] != 140 {
			t.Errorf("%s: %d passed, %d were refused", user, passed[user], refused[user])
		}
	}
}

func TestTheRealServerTellsOfAChangeWithinTwoSeconds(t *testing.T) {
	server := theRealServer(t)
	application := "go-" + newKey()
	id := server.setPolicy(t, application, map[string]any{
		"limits": []any{map[string]any{"name": "one", "limit": 1, "window": "1d"}},
	})
	handler := behind(server.agent(t, application))
	equal(t, "statuses", statusesOf(handler, 5, "ann"), map[int]int{200: 1, 429: 4})
	server.ask(t, "POST", "/api/v1/control/policies/"+id+"/archive", map[string]any{})
	begun := time.Now()
	eventually(t, "the change", func() bool { return call(handler, "GET", "/api/a", "ann").Code == 200 })
	t.Logf("after %s", time.Since(begun))
}

func TestTheRealServerTakesLimitsOfTheCode(t *testing.T) {
	server := theRealServer(t)
	agent := StartAgent(AgentOptions{
		APIKey: server.apiKey, BaseURL: server.url, Application: "go-" + newKey(),
		RateLimits: map[string]RateLimit{"/api/users": {Limit: 3, Window: "1d"}},
	})
	t.Cleanup(func() { agent.Close(until(waitFor)) })
	statuses := map[int]int{}
	eventually(t, "a refusal", func() bool {
		statuses[call(behind(agent), "GET", "/api/users", "").Code]++
		return statuses[429] > 0
	})
	equal(t, "elsewhere", call(behind(agent), "GET", "/api/other", "").Code, 200)
}

func TestTheRealServerMakesEventsOfWhatIsMetered(t *testing.T) {
	server := theRealServer(t)
	application, customer := "go-"+newKey(), "go-"+newKey()
	server.setPolicy(t, application, map[string]any{"metering": []any{
		map[string]any{"event": "AI_TOKEN", "quantity": "response.body.usage.total_tokens * 2"},
		map[string]any{"event": "API_CALL", "quantity": "usage_record.quantity"},
	}})
	agent := server.agent(t, application)
	handler := agent.Middleware(nil, nil)(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		SetMetadata(request.Context(), "plan", "pro")
		writer.Header().Set("Content-Type", "application/json")
		fmt.Fprint(writer, `{"usage":{"total_tokens":21}}`)
	}))
	for range 25 {
		equal(t, "status", call(handler, "GET", "/api/a", customer).Code, 200)
	}
	agent.Close(until(waitFor))
	stats := agent.meter.statsNow()
	if stats.Delivered < 26 || stats.Queued+stats.Refused+stats.Dropped+stats.Duplicates > 0 {
		t.Errorf("counted: %+v", stats)
	}
	events := server.ask(t, "GET", "/api/v1/events?limit=100&customerId="+customer, nil)
	amounts := map[string]float64{}
	for _, each := range events["data"].([]any) {
		event := each.(map[string]any)
		amount, _ := strconv.ParseFloat(fmt.Sprint(event["amount"]), 64)
		amounts[fmt.Sprint(event["name"])] += amount
	}
	equal(t, "amounts", amounts, map[string]float64{"AI_TOKEN": 25 * 42, "API_CALL": 25})
}
