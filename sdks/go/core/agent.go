package core

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Agent decides about the requests of its host and knows what holds for them: it asks the server in the background. Any
// number of goroutines may use one. Made by StartAgent.
type Agent struct {
	// isOff: nothing is known, and everything passes.
	isOff         bool
	coded         []codedLimit
	clientAddress func(*http.Request) string
	poll          *configPoll
	limiter       *limiter
	reporter      *reporter
	call          *serverCall
	end           context.CancelFunc
	running       sync.WaitGroup
	closing       sync.Once
}

// StartAgent makes an agent, which works until it is closed. Without a key or an address of the server it tells OnError so,
// once, and everything passes. It panics for a rate limit that it does not understand, with an *Error that says why.
func StartAgent(options AgentOptions) *Agent {
	coded := codedLimits(options.RateLimits)
	config, application, failure := readAgentOptions(options)
	reporter := &reporter{onError: config.onError}
	if failure != nil {
		reporter.report(failure)
		return &Agent{isOff: true, reporter: reporter}
	}
	call := newServerCall(config)
	life, end := context.WithCancel(context.Background())
	agent := &Agent{
		clientAddress: options.ClientAddress,
		coded:         coded,
		poll:          newConfigPoll(call, application, reporter.report),
		limiter:       newLimiter(lender{call, application, newKey(), reporter.report, life}),
		reporter:      reporter,
		call:          call,
		end:           end,
	}
	if agent.clientAddress == nil {
		agent.clientAddress = peerAddress
	}
	agent.keepRunning(life, agent.poll.run)
	agent.keepRunning(life, agent.limiter.settleNowAndThen)
	return agent
}

func newLimiter(lender lender) *limiter {
	begun := time.Now()
	return &limiter{
		lender:    lender,
		nowMs:     func() int64 { return time.Since(begun).Milliseconds() },
		wallClock: time.Now,
		states:    map[string]*limitState{},

		loans: loans{answered: make(chan struct{})},
	}
}

// Close gives back what the server has lent, and asks nothing from now on: everything passes. It takes until the context
// ends at most, or 5 s where that has no deadline.
func (agent *Agent) Close(ctx context.Context) {
	if agent.isOff {
		return
	}
	ctx, cancel := withDeadline(ctx, flushFor)
	defer cancel()
	agent.closing.Do(func() {
		agent.limiter.close(ctx)
		agent.end()
		agent.running.Wait()
		agent.call.close()
	})
}

const againAfterPanic = time.Second

// keepRunning keeps what can only be our own mistake from ending the host.
func (agent *Agent) keepRunning(life context.Context, work func(context.Context)) {
	agent.running.Go(func() {
		for life.Err() == nil {
			agent.unharmed(func() { work(life) })
			pause(life, againAfterPanic)
		}
	})
}

// unharmed keeps what can only be our own mistake from the host.
func (agent *Agent) unharmed(work func()) {
	defer func() {
		if recover() != nil {
			agent.reporter.report(internalError())
		}
	}()
	work()
}
