package usageflow

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// controlServer says what holds, lends one unit at a time, and records what it is told.
type controlServer struct {
	url    string
	config string

	guard sync.Mutex
	lent  map[string]int
	told  map[string][]map[string]any
}

func startControlServer(t *testing.T, config string) *controlServer {
	t.Helper()
	server := &controlServer{config: config, lent: map[string]int{}, told: map[string][]map[string]any{}}
	listening := httptest.NewServer(server)
	server.url = listening.URL
	t.Cleanup(func() {
		listening.CloseClientConnections()
		listening.Close()
	})
	return server
}

func (server *controlServer) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if request.URL.Path == "/api/v1/control/config" {
		if request.Header.Get("If-None-Match") != "" {
			<-request.Context().Done()
		}
		writer.Header().Set("ETag", `"1"`)
		fmt.Fprint(writer, server.config)
		return
	}
	var body map[string]any
	_ = json.NewDecoder(request.Body).Decode(&body)
	server.guard.Lock()
	defer server.guard.Unlock()
	server.told[request.URL.Path] = append(server.told[request.URL.Path], body)
	results := []map[string]any{}
	asked, _ := body["ask"].([]any)
	for _, each := range asked {
		results = append(results, server.lend(each.(map[string]any)))
	}
	usage, _ := body["usage"].([]any)
	for range usage {
		results = append(results, map[string]any{"status": "recorded", "eventId": "evt"})
	}
	_ = json.NewEncoder(writer).Encode(map[string]any{"status": "recorded", "results": results})
}

// lend has two units for each caller.
func (server *controlServer) lend(asked map[string]any) map[string]any {
	key, units := fmt.Sprint(asked["limit"], asked["identity"]), 0
	if server.lent[key] < 2 {
		server.lent[key]++
		units = 1
	}
	return map[string]any{"id": asked["id"], "units": units, "lifeMs": 3_600_000, "retryAfterMs": 5_000, "askAgainMs": 5_000}
}

// twoForEach is a document with a policy for a route as Gin knows it.
const twoForEach = `{
	"now": "2026-01-01T00:00:00.000Z",
	"strategies": [{ "id": "str_1", "sources": [{ "from": "header", "name": "x-user" }, { "from": "claim", "name": "sub" }] }],
	"policies": [{
		"id": "pol_1", "method": "*", "url": "/users/:user", "priority": 0, "strategyId": "str_1", "mode": "enforce",
		"withoutAnswer": "allow", "deadlineMs": 60000,
		"limits": [{ "name": "two", "algorithm": "fixed_window", "limit": 2, "window": "1h", "per": "identity" }]
	}],
	"blocks": []
}`

// anAPI has asked what holds.
func anAPI(t *testing.T, server *controlServer) *UsageFlowAPI {
	t.Helper()
	return anAPIThatKnows(t, server, "/users/first")
}

// anAPIThatKnows is one for which something holds on that path.
func anAPIThatKnows(t *testing.T, server *controlServer, path string) *UsageFlowAPI {
	t.Helper()
	api := &UsageFlowAPI{BaseURL: server.url, Application: "shop"}
	api.Init("uf_test_secret")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		api.Close(ctx)
	})
	// Nothing holds before: the first that is refused shows that something does.
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	for end := time.Now().Add(time.Minute); ask(app, "GET", path, "first").Header().Get("RateLimit") == ""; {
		if time.Now().After(end) {
			t.Fatal("nothing holds")
		}
		time.Sleep(time.Millisecond)
	}
	return api
}

func ask(handler http.Handler, method, target, user string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, nil)
	request.Header.Set("X-User", user)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// items are what stands in one list of all that was told on a path.
func (server *controlServer) items(path, list string) []map[string]any {
	server.guard.Lock()
	defer server.guard.Unlock()
	var items []map[string]any
	for _, body := range server.told[path] {
		given, _ := body[list].([]any)
		for _, each := range given {
			items = append(items, each.(map[string]any))
		}
	}
	return items
}
