package core

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// configPoll keeps what holds for the application: it asks the server, which answers as soon as something else does.
type configPoll struct {
	call        *serverCall
	application string
	tell        func(*Error)
	// rules is nil until the server has answered.
	rules atomic.Pointer[rules]
	etag  string
	// troubles are what was told to be not understood, so that it is told once and not with every change of what holds.
	troubles map[string]bool
	// begun is when it began to ask; known is closed when there is an answer.
	begun time.Time
	known chan struct{}
}

const (
	configPath       = "/api/v1/control/config"
	configWait       = 25 * time.Second // the most that the server lets anybody wait
	configOverTime   = 10 * time.Second
	configBytesMax   = 16 << 20
	waitForConfig    = 50 * time.Millisecond
	waitAtFirstFor   = time.Second
	configEveryLeast = 250 * time.Millisecond // however soon it answers
)

func newConfigPoll(call *serverCall, application string, tell func(*Error)) *configPoll {
	return &configPoll{call: call, application: application, tell: tell, begun: time.Now(), known: make(chan struct{})}
}

var noRules = &rules{}

// current is what holds now. In the first second a request waits for it, a little: else those that come first would pass
// every policy.
func (poll *configPoll) current(ctx context.Context) *rules {
	if poll.rules.Load() == nil && time.Since(poll.begun) < waitAtFirstFor {
		isClosed(ctx, poll.known, waitForConfig)
	}
	if rules := poll.rules.Load(); rules != nil {
		return rules
	}
	return noRules
}

// run asks until the context ends. What holds once holds on when the server is away.
func (poll *configPoll) run(ctx context.Context) {
	trouble := circuit{}
	for ctx.Err() == nil {
		begun := time.Now()
		given, failure := poll.ask(ctx)
		if failure == nil {
			trouble = circuit{}
			pause(ctx, configEveryLeast-time.Since(begun))
			continue
		}
		if ctx.Err() == nil {
			poll.tell(failure)
		}
		trouble = trouble.failed(time.Now(), retryAfter(given.header), rand.Float64())
		pause(ctx, trouble.wait(time.Now()))
	}
}

func (poll *configPoll) ask(ctx context.Context) (reply, *Error) {
	query := url.Values{"application": {poll.application}}
	header := http.Header{}
	if poll.etag != "" {
		query.Set("wait", strconv.Itoa(int(configWait/time.Second)))
		header["If-None-Match"] = []string{poll.etag}
	}
	given, reason := poll.call.do(ctx, request{
		method:   http.MethodGet,
		path:     configPath + "?" + query.Encode(),
		header:   header,
		timeout:  configWait + configOverTime,
		bytesMax: configBytesMax,
	})
	if reason != "" {
		return reply{}, unavailable(noAnswer(reason))
	}
	return given, poll.takeIn(given)
}

func (poll *configPoll) takeIn(given reply) *Error {
	if given.status == http.StatusNotModified && poll.etag != "" {
		return nil
	}
	if given.status != http.StatusOK {
		return unavailable(poll.call.read(given, 0))
	}
	troubles := map[string]bool{}
	read, err := readRules(given.text, time.Now(), func(trouble *Error) {
		troubles[trouble.Message] = true
		if !poll.troubles[trouble.Message] {
			poll.tell(trouble)
		}
	})
	if err != nil {
		return unavailable(answer{code: noAnswerCode, message: "The answer makes no sense.", status: given.status})
	}
	poll.troubles = troubles
	if poll.rules.Swap(read) == nil {
		close(poll.known)
	}
	poll.etag = given.header.Get("Etag")
	return nil
}

// pause waits for so long, or until the context ends.
func pause(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
