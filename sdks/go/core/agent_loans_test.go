package core

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/usageflow/go/internal/policy"
)

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
