package core

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Agent decides about the requests of its host and knows what holds for them: it asks the server in the background. Any
// number of goroutines may use one. Made by StartAgent.
type Agent struct {
	// isOff: nothing is known, and everything passes.
	isOff         bool
	isClosed      atomic.Bool
	coded         []codedLimit
	clientAddress func(*http.Request) string
	poll          *configPoll
	tally         *tally
	meter         *meter
	reports       *reportSender
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
	holder := newKey()
	tally, meter := newTally(), newMeter(config, call, application, reporter)
	agent := &Agent{
		clientAddress: options.ClientAddress,
		coded:         coded,
		poll:          newConfigPoll(call, application, reporter.report),
		limiter:       newLimiter(lender{call, application, holder, reporter.report, life}),
		tally:         tally,
		meter:         meter,
		reports: &reportSender{
			call: call, application: application, producer: holder, framework: firstOf(options.Framework, "net-http"),
			tally: tally, meter: meter, tell: reporter.report,
		},
		reporter: reporter,
		call:     call,
		end:      end,
	}
	if agent.clientAddress == nil {
		agent.clientAddress = peerAddress
	}
	agent.keepRunning(life, agent.poll.run)
	agent.keepRunning(life, agent.limiter.settleNowAndThen)
	agent.keepRunning(life, agent.meter.sendSumsNowAndThen)
	agent.keepRunning(life, agent.reports.run)
	go agent.meter.sendNowAndThen()
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

// Close sends what was measured, gives back what the server has lent, and asks nothing from now on: everything passes. It takes until the context
// ends at most, or 5 s where that has no deadline.
func (agent *Agent) Close(ctx context.Context) {
	if agent.isOff {
		return
	}
	ctx, cancel := withDeadline(ctx, flushFor)
	defer cancel()
	agent.closing.Do(func() {
		agent.isClosed.Store(true)
		agent.meter.sendSums()
		agent.meter.close(ctx, func() {}) // connections are asked for once more
		agent.limiter.close(ctx)
		agent.end()
		agent.running.Wait()
		for agent.reports.send(ctx) {
		}
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
