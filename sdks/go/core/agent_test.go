package core

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// call sends a request of a caller to the handler behind the agent.
func call(handler http.Handler, method, target, user string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, nil)
	request.RemoteAddr = "198.51.100.7:4711"
	if user != "" {
		request.Header.Set("X-User", user)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// behind is a handler of a host that is well, behind an agent.
func behind(agent *Agent) http.Handler {
	return agent.Middleware(nil, []Route{{"GET", "/api/health"}})(http.HandlerFunc(
		func(writer http.ResponseWriter, request *http.Request) { fmt.Fprint(writer, "of the host") },
	))
}

func statusesOf(handler http.Handler, times int, user string) map[int]int {
	statuses := map[int]int{}
	for range times {
		statuses[call(handler, "GET", "/api/a", user).Code]++
	}
	return statuses
}

func TestWhatIsExemptOrNotCoveredIsNotTouched(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("none"), ""))
	agent, _ := anAgent(t, server, nil)
	equal(t, "covered", call(behind(agent), "GET", "/api/a", "ann").Code, 429)
	equal(t, "exempt", call(behind(agent), "GET", "/api/health", "ann").Code, 200)
	equal(t, "exempt only in one reading", call(behind(agent), "GET", "/api/x/../health", "ann").Code, 429)
	equal(t, "without a policy", call(behind(agent), "GET", "/other", "ann").Header().Get("RateLimit"), "")
	host := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	asked := agent.Middleware([]Route{{"POST", "/api/*"}}, nil)(host)
	equal(t, "covered by a route", call(asked, "POST", "/api/a", "ann").Code, 429)
	equal(t, "covered by none", call(asked, "GET", "/api/a", "ann").Code, 200)
}

func TestPatternsAndLimitsThatCannotBeUnderstoodStopTheHostWhereItIsPutTogether(t *testing.T) {
	for said, put := range map[string]func(){
		"no path": func() {
			Cover([]Route{{"GET", "no path"}}, nil)
		},
		"/a*b": func() { Cover(nil, []Route{{"GET", "/a*b"}}) },
		"soon": func() { StartAgent(AgentOptions{RateLimits: map[string]RateLimit{"/a": {Limit: 1, Window: "soon"}}}) },
	} {
		func() {
			defer func() {
				if failure, ok := recover().(*Error); !ok || !strings.Contains(failure.Message, said) {
					t.Errorf("%s: it says %v", said, failure)
				}
			}()
			put()
		}()
	}
}

func TestANameOfAnApplicationIsAsLongAsTheServerTakes(t *testing.T) {
	names := map[string]string{
		"shop": "shop", strings.Repeat("a", 101): strings.Repeat("a", 100), "a\x00\xffb": "a\ufffd\ufffdb",
		"a" + strings.Repeat("😀", 60): "a" + strings.Repeat("😀", 49) + "\ufffd",
	}
	for given, taken := range names {
		equal(t, given, takenName(given), taken)
	}
}

func TestTheFirstRequestsWaitForWhatHoldsButNotLong(t *testing.T) {
	server := startFakeControl(t, "")
	server.setFault(slow)
	agent := StartAgent(AgentOptions{APIKey: "k", BaseURL: server.url, OnError: func(*Error) {}})
	defer agent.Close(until(time.Second))
	begun := time.Now()
	equal(t, "statuses", statusesOf(behind(agent), 1, "ann"), map[int]int{200: 1})
	if took := time.Since(begun); took < waitForConfig || took > waitFor {
		t.Errorf("it took %s", took)
	}
	agent.poll.begun = begun.Add(-waitAtFirstFor)
	begun = time.Now()
	equal(t, "statuses", statusesOf(behind(agent), 200, "ann"), map[int]int{200: 200})
	if took := time.Since(begun); took > 200*waitForConfig {
		t.Errorf("they took %s", took)
	}
}

func TestWhoIsBlockedIsRefusedAndWhoWasIsNot(t *testing.T) {
	server := startFakeControl(t, aPolicy("", ""))
	agent, _ := anAgent(t, server, func(options *AgentOptions) {
		options.ClientAddress = func(request *http.Request) string { return request.Header.Get("X-Address") }
	})
	handler := behind(agent)
	blocked := call(handler, "GET", "/api/a", "bad")
	equal(t, "customer", []any{blocked.Code, blocked.Body.String()}, []any{403, `{"status":403,"title":"Forbidden","type":"about:blank"}`})
	equal(t, "over", call(handler, "GET", "/api/a", "was bad").Code, 200)
	request := httptest.NewRequest("GET", "/other", nil)
	request.Header.Set("X-Address", "192.0.2.9")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	equal(t, "network", recorder.Code, 403)
}

func TestARequestCountsOnceHoweverManyMiddlewaresAreInItsWay(t *testing.T) {
	agent, _ := anAgent(t, startFakeControl(t, aPolicy(aLimit("three"), "")), nil)
	handler := agent.Middleware(nil, nil)(behind(agent))
	equal(t, "statuses", statusesOf(handler, 5, "ann"), map[int]int{200: 3, 429: 2})
}

func TestWhatHoldsIsAnotherAsSoonAsTheServerSaysSo(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("none"), ""))
	agent, _ := anAgent(t, server, nil)
	equal(t, "before", call(behind(agent), "GET", "/api/a", "ann").Code, 429)
	server.setConfig(aPolicy("", ""))
	eventually(t, "the change", func() bool { return call(behind(agent), "GET", "/api/a", "ann").Code == 200 })
}

func TestACustomerIsReadFromABodyWhichTheHostReadsAgain(t *testing.T) {
	document := strings.Replace(aPolicy(aLimit("three"), ""), `"from": "header", "name": "x-user"`, `"from": "body", "name": "user.id"`, 1)
	server := startFakeControl(t, document)
	agent, _ := anAgent(t, server, nil)
	for _, body := range []string{`{"user":{"id":"ann"}}`, `no JSON`, `"` + strings.Repeat("long", bodyBytesMax) + `"`} {
		handler := agent.Middleware(nil, nil)(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
			read, err := io.ReadAll(request.Body)
			equal(t, "body", []any{string(read) == body, err}, []any{true, nil})
		}))
		request := httptest.NewRequest("POST", "/api/a", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	equal(t, "of", server.items(leasesPath, "ask")[0]["identity"], map[string]any{"kind": "customer", "id": "ann"})
}

func TestACustomerIsReadFromClaimsThatTheHostHasChecked(t *testing.T) {
	document := strings.Replace(aPolicy(aLimit("three"), ""), `"from": "header", "name": "x-user"`, `"from": "claim", "name": "sub"`, 1)
	server := startFakeControl(t, document)
	agent, _ := anAgent(t, server, nil)
	request := httptest.NewRequest("GET", "/api/a", nil)
	request = request.WithContext(WithClaims(request.Context(), map[string]any{"sub": "ann"}))
	behind(agent).ServeHTTP(httptest.NewRecorder(), request)
	equal(t, "of", server.items(leasesPath, "ask")[0]["identity"], map[string]any{"kind": "customer", "id": "ann"})
}
