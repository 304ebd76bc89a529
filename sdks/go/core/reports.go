package core

import (
	"context"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"time"
)

// reportSender tells the server what was counted: one report at a time, each until it is answered.
type reportSender struct {
	call        *serverCall
	application string
	producer    string
	framework   string
	tally       *tally
	meter       *meter
	tell        func(*Error)

	sequence int
	// waiting is the report that is not answered yet.
	waiting []byte
	// told is what the last report said of usage.
	told    reportedUsage
	trouble circuit
}

type reportedUsage struct {
	Produced  int `json:"produced"`
	Delivered int `json:"delivered"`
	Queued    int `json:"queued"`
	Refused   int `json:"refused"`
	Dropped   int `json:"dropped"`
}

const (
	reportsPath = "/api/v1/control/reports"
	reportEvery = time.Second
	version     = "0.1.0"
)

// run sends until the context ends.
func (sender *reportSender) run(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, max(reportEvery, sender.trouble.wait(time.Now())))
		if ctx.Err() == nil {
			sender.send(ctx)
		}
	}
}

// send makes a report, unless one waits, and sends it. It tells whether there was one, and the server's word on it is known.
func (sender *reportSender) send(ctx context.Context) bool {
	if sender.waiting == nil {
		sender.waiting = sender.next()
	}
	if sender.waiting == nil {
		return false
	}
	given, reason := sender.call.do(ctx, request{
		method: http.MethodPost, path: reportsPath, body: sender.waiting,
		timeout: sender.call.timeout, bytesMax: answerBytesMax,
	})
	said := noAnswer(reason)
	if reason == "" {
		said = sender.call.read(given, 0)
	}
	isRefused := slices.Contains(unreadable, given.status)
	if given.status == http.StatusOK || isRefused {
		sender.waiting, sender.trouble = nil, circuit{}
	} else {
		sender.trouble = sender.trouble.failed(time.Now(), said.asked, rand.Float64())
	}
	if given.status != http.StatusOK && ctx.Err() == nil {
		sender.tell(unavailable(said))
	}
	return sender.waiting == nil
}

// unreadable are answers to what no retry makes readable.
var unreadable = []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge}

// next has what a report has room for; the rest is for the one after it. It is nil when there is nothing to say.
func (sender *reportSender) next() []byte {
	stats := sender.meter.statsNow()
	used := reportedUsage{stats.Produced, stats.Delivered, stats.Queued, stats.Refused, stats.Dropped}
	tally := sender.tally
	tally.guard.Lock()
	defer tally.guard.Unlock()
	if len(tally.statistics)+len(tally.decisions) == 0 && used == sender.told {
		return nil
	}
	sender.sequence++
	text, failure := written(map[string]any{
		"application": sender.application,
		"producer":    sender.producer,
		"sequence":    sender.sequence,
		"agent":       sender.framework + "/" + version + " go/" + runtime.Version()[len("go"):],
		"routes":      append([]reportedRoute{}, tally.newRoutes...),
		"statistics":  taken(tally.statistics),
		"decisions":   taken(tally.decisions),
		"samples":     append([]sample{}, tally.samples...),
		"usage":       used,
	})
	tally.samples, tally.newRoutes = nil, nil
	sender.told = used
	if failure != nil {
		sender.tell(failure)
	}
	return text
}
