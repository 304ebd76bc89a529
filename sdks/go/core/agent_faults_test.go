package core

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/usageflow/go/internal/policy"
)

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
