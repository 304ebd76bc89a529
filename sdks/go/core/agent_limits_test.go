package core

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usageflow/go/internal/policy"
)

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
