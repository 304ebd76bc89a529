package core

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usageflow/go/internal/policy"
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

func TestALimitLetsThroughAsManyAsItSaysForEachCustomerAndTellsThem(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("three"), ""))
	agent, _ := anAgent(t, server, nil)
	handler := behind(agent)
	passed := call(handler, "GET", "/api/a", "ann")
	equal(t, "passed", []any{passed.Code, passed.Body.String()}, []any{200, "of the host"})
	equal(t, "policy", passed.Header().Get("RateLimit-Policy"), `"three";q=40;w=3600`)
	equal(t, "two more", statusesOf(handler, 2, "ann"), map[int]int{200: 2})
	refused := call(handler, "GET", "/api/a", "ann")
	equal(t, "refused", refused.Code, 429)
	equal(t, "type", refused.Header().Get("Content-Type"), "application/problem+json")
	equal(t, "wait", refused.Header().Get("Retry-After"), "5")
	if body := refused.Body.String(); !strings.Contains(body, `"violated-policies":["three"]`) {
		t.Errorf("the body is %s", body)
	}
	equal(t, "another", statusesOf(handler, 4, "ben"), map[int]int{200: 3, 429: 1})
}

func TestABalanceLetsThroughByItsUnitsThenSaysWhatToDoAndNotWhenToComeAgain(t *testing.T) {
	balance := `{ "name": "three", "algorithm": "balance", "meter": "AI_TOKEN", "unitsPerRequest": 3, "planPays": true, "per": "identity" }`
	server := startFakeControl(t, aPolicy(balance+","+aLimit("many"), ""))
	agent, _ := anAgent(t, server, nil)
	handler := behind(agent)
	passed := call(handler, "GET", "/api/a", "ann")
	equal(t, "passed", passed.Code, 200)
	equal(t, "policy", passed.Header().Get("RateLimit-Policy"), `"many";q=40;w=3600`)
	refused := call(handler, "GET", "/api/a", "ann")
	equal(t, "refused", refused.Code, 402)
	equal(t, "type", refused.Header().Get("Content-Type"), "application/problem+json")
	equal(t, "wait", refused.Header().Get("Retry-After"), "")
	for _, part := range []string{
		`"violated-policies":["three"]`, `Nothing is left of \"AI_TOKEN\" for customer \"ann\"`, `"status":402`,
	} {
		if body := refused.Body.String(); !strings.Contains(body, part) {
			t.Errorf("the body is %s", body)
		}
	}
	for _, asked := range server.items(leasesPath, "ask") {
		needed := map[string]float64{"three": 3, "many": 1}[fmt.Sprint(asked["limit"].(map[string]any)["name"])]
		equal(t, "needed", asked["needed"].(float64), needed)
	}
	equal(t, "another", statusesOf(handler, 2, "ben"), map[int]int{200: 1, 402: 1})
}

func TestWhereABalanceAndAWindowRefuseItIsForTheBalance(t *testing.T) {
	balance := strings.Replace(aLimit("none"), `"fixed_window"`, `"balance", "meter": "AI_TOKEN"`, 1)
	zero := strings.Replace(aLimit("none"), `"name": "none"`, `"name": "sliding"`, 1)
	agent, _ := anAgent(t, startFakeControl(t, aPolicy(balance+","+zero, "")), nil)
	refused := call(behind(agent), "GET", "/api/a", "")
	equal(t, "refused", refused.Code, 402)
	equal(t, "wait", refused.Header().Get("Retry-After"), "")
	if body := refused.Body.String(); !strings.Contains(body, "Only customers may use") {
		t.Errorf("the body is %s", body)
	}
}

func TestALimitOfAKindThatIsNotKnownHoldsForNothingAndIsToldOnce(t *testing.T) {
	strange := strings.Replace(aLimit("moon"), "fixed_window", "moon_phase", 1)
	server := startFakeControl(t, aPolicy(strange+","+aLimit("none"), ""))
	agent, told := anAgent(t, server, nil)
	handler := behind(agent)
	equal(t, "the other holds", call(handler, "GET", "/api/a", "ann").Code, 429)
	server.setConfig(aPolicy(strange, ""))
	eventually(t, "what holds now", func() bool { return call(handler, "GET", "/api/a", "ann").Code == 200 })
	equal(t, "told", strings.Count(fmt.Sprint(told.list()), "moon_phase"), 1)
}

func TestALimitOfAMonthSaysWhenTheMonthEnds(t *testing.T) {
	monthly := strings.Replace(aLimit("three"), `"window": "1h"`, `"period": "month"`, 1)
	agent, _ := anAgent(t, startFakeControl(t, aPolicy(monthly, "")), nil)
	answer := call(behind(agent), "GET", "/api/a", "ann")
	equal(t, "policy", answer.Header().Get("RateLimit-Policy"), `"three";q=40;w=2678400`)
	now := time.Now().UTC()
	left := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC).Sub(now)
	var remaining, told float64
	if _, err := fmt.Sscanf(answer.Header().Get("RateLimit"), `"three";r=%f;t=%f`, &remaining, &told); err != nil {
		t.Fatal(err)
	}
	if off := told - left.Seconds(); off < -60 || off > 60 {
		t.Errorf("told %v s of %v", told, left)
	}
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

func TestALimitInTheCodeHoldsWithoutAPolicyByNetwork(t *testing.T) {
	server := startFakeControl(t, `{"policies": []}`)
	agent, _ := anAgent(t, server, func(options *AgentOptions) {
		options.RateLimits = map[string]RateLimit{"GET /api/a": {Limit: 2, Window: "1h"}}
	})
	statuses := map[int]int{}
	eventually(t, "a refusal", func() bool {
		statuses[call(behind(agent), "GET", "/api/a", "").Code]++ // in the first 50 ms it may pass without an answer
		return statuses[429] > 0
	})
	equal(t, "elsewhere", call(behind(agent), "POST", "/api/a", "").Code, 200)
	asked := server.items(leasesPath, "ask")[0]
	equal(t, "asked", asked["limit"], map[string]any{
		"pattern": "GET /api/a", "limit": 2.0, "window": "1h", "algorithm": "fixed_window",
	})
	equal(t, "of", asked["identity"], map[string]any{"kind": "network", "id": "198.51.100.7"})
}

func TestARequestCountsOnceHoweverManyMiddlewaresAreInItsWay(t *testing.T) {
	agent, _ := anAgent(t, startFakeControl(t, aPolicy(aLimit("three"), "")), nil)
	handler := agent.Middleware(nil, nil)(behind(agent))
	equal(t, "statuses", statusesOf(handler, 5, "ann"), map[int]int{200: 3, 429: 2})
}

func TestASlidingWindowIsDecidedByTheServerEachTime(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("sliding")+","+aLimit("plenty"), ""))
	agent, _ := anAgent(t, server, nil)
	equal(t, "statuses", statusesOf(behind(agent), 5, "ann"), map[int]int{200: 3, 429: 2})
	sliding := 0
	for _, asked := range server.items(leasesPath, "ask") {
		if asked["limit"].(map[string]any)["name"] == "sliding" {
			sliding++
		}
	}
	equal(t, "asked", sliding, 5)
}

func TestASlidingWindowIsNotSpentOnRequestsForWhichAnotherLimitHasNothingLeft(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("three")+","+aLimit("sliding"), ""))
	agent, _ := anAgent(t, server, nil)
	handler := behind(agent)
	var callers sync.WaitGroup
	for range 60 {
		callers.Go(func() { call(handler, "GET", "/api/a", "ann") })
	}
	callers.Wait()
	asked := 0
	for _, each := range server.items(leasesPath, "ask") {
		if each["limit"].(map[string]any)["name"] == "sliding" {
			asked++
		}
	}
	equal(t, "asked", asked, 3)
}

func TestWhatOneLimitRefusesCostsTheOthersNothing(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("three")+","+aLimit("plenty"), ""))
	agent, _ := anAgent(t, server, nil)
	equal(t, "statuses", statusesOf(behind(agent), 20, "ann"), map[int]int{200: 3, 429: 17})
	agent.Close(until(waitFor))
	server.guard.Lock()
	defer server.guard.Unlock()
	for key, used := range server.used {
		if strings.HasSuffix(key, " settled") {
			equal(t, key, used, int64(3))
		}
	}
}

func TestALimitInShadowRefusesNobodyAndNobodyWaitsForIt(t *testing.T) {
	server := startFakeControl(t, strings.Replace(aPolicy(aLimit("none"), ""), `"enforce"`, `"shadow"`, 1))
	agent, _ := anAgent(t, server, nil)
	server.setFault(blackhole)
	begun := time.Now()
	passed := call(behind(agent), "GET", "/api/a", "ann")
	equal(t, "passed", []any{passed.Code, passed.Header().Get("RateLimit")}, []any{200, ""})
	if took := time.Since(begun); took > waitFor/2 {
		t.Errorf("it took %s", took)
	}
}

func TestWithoutAnAnswerAPolicyLetsThroughOrRefusesAsItSays(t *testing.T) {
	const soon = `, "deadlineMs": 50`
	server := startFakeControl(t, aPolicy(aLimit("plenty"), soon))
	open, _ := anAgent(t, server, nil)
	server.setConfig(aPolicy(aLimit("plenty"), soon+`, "withoutAnswer": "refuse"`))
	closed, _ := anAgent(t, server, nil)
	server.setFault(blackhole)
	equal(t, "open", call(behind(open), "GET", "/api/a", "ann").Code, 200)
	refused := call(behind(closed), "GET", "/api/a", "ann")
	equal(t, "closed", []any{refused.Code, refused.Header().Get("Retry-After")}, []any{503, "1"})
	server.setFault(none)
	eventually(t, "an answer", func() bool { return call(behind(closed), "GET", "/api/a", "ann").Code == 200 })
}

func TestALimitThatTheServerDoesNotKnowIsWithoutAnAnswerAtOnce(t *testing.T) {
	for _, algorithm := range []string{"fixed_window", "sliding_window"} {
		limit := strings.Replace(aLimit("unknown"), "fixed_window", algorithm, 1)
		server := startFakeControl(t, aPolicy(limit, ""))
		agent, _ := anAgent(t, server, nil)
		equal(t, "statuses", statusesOf(behind(agent), 50, "ann"), map[int]int{200: 50})
		if asked := len(server.items(leasesPath, "ask")); asked > 10 { // once a second
			t.Errorf("of a %s it was asked %d times for 50 requests", algorithm, asked)
		}
	}
}

func TestWhatHoldsIsAnotherAsSoonAsTheServerSaysSo(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("none"), ""))
	agent, _ := anAgent(t, server, nil)
	equal(t, "before", call(behind(agent), "GET", "/api/a", "ann").Code, 429)
	server.setConfig(aPolicy("", ""))
	eventually(t, "the change", func() bool { return call(behind(agent), "GET", "/api/a", "ann").Code == 200 })
}

func TestAnAnswerThatIsNoDocumentEndsNothingThatHolds(t *testing.T) {
	for _, answer := range []string{`{}`, `{"policies": null}`, `null`, `[]`} {
		server := startFakeControl(t, aPolicy(aLimit("none"), ""))
		agent, told := anAgent(t, server, nil)
		equal(t, "before", call(behind(agent), "GET", "/api/a", "ann").Code, 429)
		server.setConfig(answer)
		eventually(t, "a report", func() bool { return len(told.list()) > 0 })
		equal(t, "after "+answer, call(behind(agent), "GET", "/api/a", "ann").Code, 429)
	}
}

func TestAPolicyThatIsNotUnderstoodIsToldAndTheOthersHold(t *testing.T) {
	document := aPolicy(aLimit("none"), `}, { "id": "pol_2", "method": "GET", "url": "/x*y", "limits": []`)
	agent, told := anAgent(t, startFakeControl(t, document), nil)
	equal(t, "status", call(behind(agent), "GET", "/api/a", "ann").Code, 429)
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
	if message := told.list()[0].Message; !strings.Contains(message, "pol_2") {
		t.Errorf("it says %s", message)
	}
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

func TestWithoutAKeyEverythingPassesAndThatIsToldOnce(t *testing.T) {
	t.Setenv("USAGEFLOW_API_KEY", "")
	told := &reports{}
	agent := StartAgent(AgentOptions{BaseURL: "http://127.0.0.1:1", OnError: told.add, RateLimits: map[string]RateLimit{"*": {1, "1h", ""}}})
	equal(t, "statuses", statusesOf(behind(agent), 50, "ann"), map[int]int{200: 50})
	agent.Close(until(waitFor))
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	equal(t, "told", told.codes(), []string{"client.config"})
}

func TestAFaultOfTheServerNeitherFailsNorHoldsUpTheRequestsOfTheHost(t *testing.T) {
	for _, fault := range unanswered {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := startFakeControl(t, aPolicy(aLimit("plenty"), `, "deadlineMs": 50`))
			agent, told := anAgent(t, server, nil)
			server.setFault(fault)
			for user := range 40 {
				begun := time.Now()
				answer := call(behind(agent), "GET", "/api/a", fmt.Sprint(user))
				equal(t, "answer", []any{answer.Code, answer.Body.String()}, []any{200, "of the host"})
				if took := time.Since(begun); took > 5*time.Second { // of 50 ms; the machine may be busy
					t.Errorf("a request took %s", took)
				}
			}
			eventually(t, "a report", func() bool { return len(told.list()) > 0 })
			server.setFault(none)
			eventually(t, "the end of it", func() bool {
				return call(behind(agent), "GET", "/api/a", "ann").Header().Get("RateLimit") != ""
			})
		})
	}
}

func TestWhereNoServerIsTheHostServesAsWithoutUs(t *testing.T) {
	trusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer trusted.Close()
	for name, url := range map[string]string{
		"no server":                        "http://127.0.0.1:1",
		"no such host":                     "http://nowhere.invalid",
		"a server that does not speak TLS": "https" + startFakeControl(t, "").url[len("http"):],
		"a certificate of nobody's":        trusted.URL,
	} {
		t.Run(name, func(t *testing.T) {
			agent, told := anAgent(t, &fakeControl{url: url}, func(options *AgentOptions) {
				options.RateLimits = map[string]RateLimit{"*": {Limit: 1, Window: "1h"}}
			})
			equal(t, "statuses", statusesOf(behind(agent), 300, "ann"), map[int]int{200: 300})
			eventually(t, "a report", func() bool { return len(told.list()) > 0 })
		})
	}
}

func TestAServerThatFailsIsNotWaitedForAfterFiveTries(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("plenty"), ""))
	agent, _ := anAgent(t, server, nil)
	server.setFault(reset)
	eventually(t, "an open circuit", func() bool {
		call(behind(agent), "GET", "/api/a", "ann")
		agent.limiter.guard.Lock()
		defer agent.limiter.guard.Unlock()
		return agent.limiter.loans.breaker.IsOpen()
	})
	begun := time.Now()
	equal(t, "statuses", statusesOf(behind(agent), 100, "ann"), map[int]int{200: 100})
	if took := time.Since(begun); took > waitFor/2 { // one deadline
		t.Errorf("they took %s", took)
	}
}

func TestNoLimitIsExceededHoweverManyProcessesAndRequestsThereAre(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("plenty"), ""))
	var guard sync.Mutex
	statuses := map[int]int{}
	var hosts sync.WaitGroup
	for range 3 {
		agent, _ := anAgent(t, server, nil)
		handler := behind(agent)
		for range 30 {
			hosts.Go(func() {
				status := call(handler, "GET", "/api/a", "ann").Code
				guard.Lock()
				defer guard.Unlock()
				statuses[status]++
			})
		}
	}
	hosts.Wait()
	equal(t, "statuses", statuses, map[int]int{200: 40, 429: 50})
}

func TestWhatIsHeldIsGivenBackAtTheEndAndNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	server := startFakeControl(t, aPolicy(aLimit("plenty"), `, "withoutAnswer": "refuse"`))
	agent, _ := anAgent(t, server, nil)
	equal(t, "statuses", statusesOf(behind(agent), 7, "ann"), map[int]int{200: 7})
	agent.Close(until(waitFor))
	agent.Close(until(waitFor))
	used := 0.0
	for _, settled := range server.items(leasesPath, "settle") {
		used += settled["used"].(float64)
	}
	equal(t, "used", used, 7.0)
	equal(t, "after the end", call(behind(agent), "GET", "/api/a", "ann").Code, 200)
	// The server of the test has some of its own, which end with their connections.
	eventually(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before+3 })
}

func TestWhatIsLentWhileTheAgentClosesIsGivenBack(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("plenty"), `, "mode": "shadow"`))
	lends := make(chan struct{})
	server.lends = lends
	agent, _ := anAgent(t, server, nil)
	call(behind(agent), "GET", "/api/a", "ann")
	eventually(t, "an ask", func() bool { return len(server.items(leasesPath, "ask")) == 1 })
	closed := make(chan struct{})
	go func() {
		agent.limiter.close(until(waitFor))
		close(closed)
	}()
	time.Sleep(20 * time.Millisecond) // most often long enough for it to have given back what it has, which is nothing
	close(lends)
	<-closed
	equal(t, "given back", len(server.items(leasesPath, "settle")), 1)
}

func TestWhatIsLentToWhoIsForgottenIsGivenBack(t *testing.T) {
	limiter := newLimiter(lender{life: until(0), tell: func(*Error) {}})
	state := limiter.stateOf(&claim{limit: newCodedLimit("/a", "1h", aRate(t)), identity: identityOf("ann")})
	limiter.ask(state, 0)
	underWay := limiter.loans.asks[0]
	limiter.forget(state)
	limiter.takeIn(underWay, lenderResult{ID: underWay.ID, Units: 5, LifeMs: 5_000}, 0)
	equal(t, "settled", len(limiter.loans.settlements), 1)
}

func TestOfTooManyCallersThoseGoWhoWereNotSeenForLongestAndGiveBackWhatTheyHold(t *testing.T) {
	limiter := newLimiter(lender{life: until(0), tell: func(*Error) {}})
	held := newCodedLimit("/a", "1h", aRate(t))
	for id := range statesMax + 10 {
		state := limiter.stateOf(&claim{limit: held, identity: identityOf(fmt.Sprint(id))})
		limiter.ask(state, 0)
	}
	equal(t, "states", []int{len(limiter.states), limiter.recent.Len(), len(limiter.loans.asks)}, []int{statesMax, statesMax, statesMax})
	if _, ok := limiter.states[held.key+" customer:9"]; ok {
		t.Error("the first are still there")
	}
}

func identityOf(customer string) *policy.Identity {
	return &policy.Identity{Kind: policy.Customer, ID: customer}
}

func aRate(t *testing.T) policy.RateLimit {
	t.Helper()
	rate, err := policy.ParseRateLimit(policy.RateLimitOptions{Limit: 10, Window: "1h"})
	if err != nil {
		t.Fatal(err)
	}
	return rate
}

func TestADecisionThatNobodyWaitsForAnyLongerIsWrittenNowhere(t *testing.T) {
	limiter := newLimiter(lender{life: until(0), tell: func(*Error) {}})
	lent := &claim{limit: newCodedLimit("/a", "1h", aRate(t)), identity: identityOf("ann")}
	rate := aRate(t)
	rate.Algorithm = policy.SlidingWindow
	sliding := &claim{limit: newCodedLimit("/a", "1h", rate), identity: identityOf("ann")}
	limiter.askToDecide(sliding)
	underWay := sliding.asked
	nothing := policy.LeaseAnswer{ID: "1", AskAgainMs: 3_600_000}
	state := limiter.stateOf(lent)
	state.holder = state.holder.Asking("1", 0).Receiving(nothing)
	limiter.try([]*claim{lent, sliding}, true)
	isAllowed := true
	limiter.takeIn(underWay, lenderResult{ID: underWay.ID, IsAllowed: &isAllowed}, 0)
	equal(t, "verdicts", []verdict{{isKnown: lent.verdict.isKnown}, sliding.verdict}, []verdict{{isKnown: true}, {}})
}

func TestASlidingWindowHoldsBesideALimitThatTheServerDoesNotKnow(t *testing.T) {
	limiter := newLimiter(lender{life: until(0), tell: func(*Error) {}})
	unknown := &claim{limit: newCodedLimit("/a", "1h", aRate(t)), identity: identityOf("ann")}
	rate := aRate(t)
	rate.Algorithm = policy.SlidingWindow
	sliding := &claim{limit: newCodedLimit("/a", "1h", rate), identity: identityOf("ann")}
	limiter.stateOf(unknown).unknownUntilMs = limiter.nowMs() + 1_000
	nowMs := limiter.nowMs()
	claims := []*claim{unknown, sliding}
	limiter.askFor(claims, limiter.look(claims, nowMs), nowMs)
	equal(t, "asked", []bool{unknown.asked != nil, sliding.asked != nil}, []bool{false, true})
}
