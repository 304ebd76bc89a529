package core

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTrackSendsWhatIsGatheredAtTheNextFlushTogetherWithoutBeingToldTo(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, func(options *Options) { options.FlushEvery = time.Second })
	trackMany(client, 120)
	equal(t, "queued", client.Stats().Queued, 120)
	eventually(t, "delivery", func() bool { return client.Stats().Delivered == 120 })
	equal(t, "requests", server.sizes(), []int{120})
	equal(t, "stored", server.amounts(), onceEach(120))
	equal(t, "key", server.asked()[0].apiKey, "uf_test_secret")
}

func TestTrackSendsAsSoonAsABatchIsFullInBatchesOfThatSize(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, func(options *Options) {
		options.FlushEvery, options.BatchEventsMax = time.Hour, 40
	})
	for sent := 40; sent <= 80; sent += 40 {
		trackMany(client, 40)
		eventually(t, "delivery", func() bool { return client.Stats().Delivered == sent })
	}
	equal(t, "requests", server.sizes(), []int{40, 40})
}

func TestTrackReportsWhatIsNoEventAndDoesNotPanic(t *testing.T) {
	client, told := aClient(t, "http://127.0.0.1:1", nil)
	amount := func(amount Amount) Event { return Event{Name: "a", CustomerID: "b", Amount: amount} }
	events := []Event{
		{}, {Name: "a"}, {CustomerID: "b"}, {Name: "a\xff", CustomerID: "b"}, {Name: "a", CustomerID: "b\x00"},
		{Name: "a", CustomerID: strings.Repeat("😀", 128)},
		{Name: "a", CustomerID: "b", IdempotencyKey: " k"},
		{Name: "a", CustomerID: "b", Metadata: map[string]any{"f": func() {}}},
		{Name: "a", CustomerID: "b", Metadata: map[string]any{"p": panics{}}},
		{Name: "a", CustomerID: "b", Metadata: map[string]any{"x": "a\xff"}},
		amount(Int(-1)), amount(Decimal("1e3")), amount(Float(1.0 / 3)), amount(Float(1e300)),
	}
	for _, event := range events {
		client.Track(event)
	}
	eventually(t, "the reports", func() bool { return len(told.list()) == len(events) })
	for at, err := range told.list() {
		equal(t, fmt.Sprint(at, err), err.Code, "client.invalid_event")
	}
	stats := client.Stats()
	equal(t, "counted", []int{stats.Produced, stats.Refused}, []int{len(events), len(events)})
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("of the host") }

func TestTrackReportsWhatTheServerRefusesSendsItNoMoreAndItsNeighboursAreRecorded(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	trackMany(client, 3)
	client.Track(Event{Name: "OLD", CustomerID: "user_123", Amount: Int(77)})
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Delivered, stats.Refused, stats.Queued}, []int{3, 1, 0})
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
	equal(t, "code", told.list()[0].Code, "usage.timestamp_too_old")
	equal(t, "event", told.list()[0].Event.Amount, Int(77))
	equal(t, "stored", server.amounts(), onceEach(3))
}

func TestOneEventThatMakesARequestUnreadableDoesNotTakeTheOthersWithIt(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	trackMany(client, 6)
	client.Track(Event{Name: "UNREADABLE", CustomerID: "user_123"})
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Delivered, stats.Refused, stats.Queued}, []int{6, 1, 0})
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
	equal(t, "codes", told.codes(), []string{"json.depth"})
	equal(t, "stored", server.amounts(), onceEach(6))
}

func TestBeyondItsBoundsTheQueueDropsAndCountsAndTellsSoTogether(t *testing.T) {
	client, told := aClient(t, "http://127.0.0.1:1", func(options *Options) {
		options.QueueEventsMax, options.FlushEvery = 50, time.Hour
	})
	trackMany(client, 80)
	stats := client.Stats()
	equal(t, "counted", []int{stats.Produced, stats.Queued, stats.Dropped}, []int{80, 50, 30})
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	equal(t, "told", []any{told.list()[0].Code, told.list()[0].Count}, []any{"client.queue_full", 30})

	small, _ := aClient(t, "http://127.0.0.1:1", func(options *Options) {
		options.QueueBytesMax, options.FlushEvery = 2_000, time.Hour
	})
	trackMany(small, 20)
	if stats := small.Stats(); stats.Queued < 5 || stats.Queued > 10 || !stats.exact() {
		t.Errorf("of 2,000 bytes it makes %+v", stats)
	}
}

func TestAListenerThatPanicsOrBlocksHarmsNobody(t *testing.T) {
	server := startFakeServer(t)
	forever := make(chan struct{})
	defer close(forever)
	calls := 0
	client, _ := aClient(t, server.url, func(options *Options) {
		options.OnError = func(*Error) {
			if calls++; calls == 1 {
				panic("of the host")
			}
			<-forever
		}
	})
	client.Track(Event{})
	client.Track(Event{})
	trackMany(client, 3)
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Refused, stats.Delivered}, []int{2, 3})
}

func TestWhoListensToNothingIsWarnedInTheLogAndNotForEveryEvent(t *testing.T) {
	var lines bytes.Buffer
	log.SetOutput(&lines)
	defer log.SetOutput(os.Stderr)
	client, _ := aClient(t, "http://127.0.0.1:1", func(options *Options) { options.OnError = nil })
	for range 5 {
		client.Track(Event{})
	}
	client.reporter.wait(until(waitFor))
	if text := lines.String(); strings.Count(text, "[usageflow] name: ") != 1 || strings.Count(text, "\n") != 1 {
		t.Errorf("the log says %q", text)
	}
}

func TestARepeatWithAKeyOfItsOwnCountsOnce(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, nil)
	order := Event{Name: "ORDER", CustomerID: "user_123", Amount: Int(9), IdempotencyKey: "order-1", Timestamp: time.Now()}
	for range 3 {
		client.Track(order)
	}
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Delivered, stats.Duplicates}, []int{3, 2})
	equal(t, "stored", server.amounts(), map[string]int{"9": 1})
}

func TestSendReturnsWhatTheServerHasDone(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, nil)
	event := Event{Name: "A", CustomerID: "b", IdempotencyKey: "k", Timestamp: time.Now()}
	first, err := client.Send(context.Background(), event)
	equal(t, "error", err, nil)
	equal(t, "first", first, Result{Status: "recorded", EventID: "evt_k", IdempotencyKey: "k"})
	repeat, err := client.Send(nil, event) //lint:ignore SA1012 nothing of a host's may end in a panic
	equal(t, "error", err, nil)
	equal(t, "repeat", repeat, Result{Status: "duplicate", EventID: "evt_k", IdempotencyKey: "k"})
	stats := client.Stats()
	equal(t, "counted", []int{stats.Produced, stats.Delivered, stats.Duplicates, stats.Queued}, []int{2, 2, 1, 0})
}

func TestSendReturnsAtOnceWhatTryingAgainDoesNotMend(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, nil)
	ctx := until(waitFor)
	equal(t, "no event", failureOf(t, client, ctx, Event{}).Kind, KindInvalid)
	equal(t, "refused", failureOf(t, client, ctx, Event{Name: "OLD", CustomerID: "b"}).Code, "usage.timestamp_too_old")
	equal(t, "unreadable", failureOf(t, client, ctx, Event{Name: "UNREADABLE", CustomerID: "b"}).Code, "json.depth")
	server.setFault(keyRefused)
	refused := failureOf(t, client, ctx, apiCall)
	equal(t, "key", []any{refused.Kind, refused.Status}, []any{KindRefused, 401})
	stats := client.Stats()
	equal(t, "counted", []int{stats.Produced, stats.Refused, stats.Queued}, []int{4, 4, 0})
}

func TestSendGivesUpAtItsDeadlineWithTheEventWhichSentAgainCountsOnce(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, nil)
	server.setFault(lostAfter)
	event := Event{Name: "A", CustomerID: "b", Amount: Int(5), Metadata: map[string]any{"n": int64(1234567890123456789)}}
	failure := failureOf(t, client, until(600*time.Millisecond), event)
	equal(t, "kind", failure.Kind, KindUnavailable)
	stats := client.Stats()
	equal(t, "counted", []int{stats.Produced, stats.Dropped, stats.Queued}, []int{1, 1, 0})
	server.setFault(none)
	sent, err := client.Send(until(waitFor), *failure.Event)
	equal(t, "sent", []any{sent.Status, err}, []any{"duplicate", nil})
	equal(t, "stored", server.amounts(), map[string]int{"5": 1})
}

func failureOf(t *testing.T, client *Client, ctx context.Context, event Event) *Error {
	t.Helper()
	_, err := client.Send(ctx, event)
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("the error is %v", err)
	}
	return failure
}

func TestCloseSendsWhatWaitsAndDropsAndCountsWhatComesAfter(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, func(options *Options) { options.FlushEvery = time.Hour })
	trackMany(client, 10)
	equal(t, "delivered", client.Close(until(waitFor)).Delivered, 10)
	client.Track(apiCall)
	equal(t, "kind", failureOf(t, client, until(waitFor), apiCall).Kind, KindDropped)
	stats := client.Close(until(waitFor))
	equal(t, "counted", []int{stats.Produced, stats.Delivered, stats.Dropped, stats.Queued}, []int{12, 10, 2, 0})
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
	equal(t, "codes", told.codes(), []string{"client.closed"})
}

func TestCloseEndsAtItsDeadlineWhateverTheServerDoesAndCountsWhatItLeaves(t *testing.T) {
	server := startFakeServer(t)
	server.setFault(blackhole)
	client, told := aClient(t, server.url, nil)
	trackMany(client, 10)
	begun := time.Now()
	stats := client.Close(until(200 * time.Millisecond))
	equal(t, "counted", []int{stats.Produced, stats.Dropped, stats.Queued}, []int{10, 10, 0})
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("Close took %s", took)
	}
	codes := told.codes()
	equal(t, "last words", codes[len(codes)-1], "client.closed")
}

func TestAClientAsksForWhatItCannotDoWithoutInWordsThatNameIt(t *testing.T) {
	t.Setenv("USAGEFLOW_API_KEY", "")
	t.Setenv("USAGEFLOW_URL", "")
	for said, options := range map[string]Options{
		"USAGEFLOW_API_KEY": {},
		"USAGEFLOW_URL":     {APIKey: "k"},
		"http://":           {APIKey: "k", BaseURL: "ftp://a"},
		"password":          {APIKey: "k", BaseURL: "http://u:p@a"},
		"characters":        {APIKey: "k\n", BaseURL: "http://a"},
		"1000":              {APIKey: "k", BaseURL: "http://a", BatchEventsMax: 1_001},
		"Timeout":           {APIKey: "k", BaseURL: "http://a", Timeout: -1},
	} {
		_, err := NewClient(options)
		var failure *Error
		if !errors.As(err, &failure) || failure.Kind != KindConfig || !strings.Contains(failure.Message, said) {
			t.Errorf("%s: the error is %v", said, err)
		}
	}
	t.Setenv("USAGEFLOW_API_KEY", "k")
	t.Setenv("USAGEFLOW_URL", "http://127.0.0.1:1/base/")
	client, err := NewClient(Options{})
	equal(t, "error", err, nil)
	equal(t, "address", client.call.baseURL, "http://127.0.0.1:1/base")
	client.Close(until(waitFor))
}

func TestAClientShowsItsKeyToNobodyThoughAServerRepeatsIt(t *testing.T) {
	server := startFakeServer(t)
	server.setFault(keyRefused)
	client, told := aClient(t, server.url, nil)
	trackMany(client, 1)
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	client.guard.Lock()
	shown := fmt.Sprintf("%+v %#v %+v", client.config, client.config, client.call)
	client.guard.Unlock()
	for _, err := range told.list() {
		shown += fmt.Sprintf("%+v %#v %s", *err, *err, err)
	}
	if !strings.Contains(shown, "No key (key)") || strings.Contains(shown, "secret") {
		t.Errorf("it shows %s", shown)
	}
}

func TestStatsAreExactAtEveryInstantWhateverGoroutinesAndServersDo(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, func(options *Options) {
		options.FlushEvery, options.Timeout = time.Millisecond, 100*time.Millisecond
		options.QueueEventsMax, options.BatchEventsMax = 60, 20
	})
	var workers, watcher sync.WaitGroup
	done := make(chan struct{})
	watcher.Go(func() {
		for {
			if stats := client.Stats(); !stats.exact() {
				t.Errorf("not exact: %+v", stats)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for worker := range uint64(4) {
		workers.Go(func() { liveRandomly(client, server, rand.New(rand.NewPCG(seed, worker))) })
	}
	workers.Wait()
	server.setFault(none)
	stats := client.Close(until(waitFor))
	close(done)
	watcher.Wait()
	equal(t, "queued", stats.Queued, 0)
	if !stats.exact() {
		t.Errorf("not exact: %+v", stats)
	}
	// What Send gave up may have been stored all the same, so the server may have more.
	if stored := len(server.stored); stored < stats.Delivered-stats.Duplicates {
		t.Errorf("%d are stored, and %+v", stored, stats)
	}
}

var livedThrough = []fault{none, none, none, slow, broken, reset, lostAfter, cutAfterCommit, noJSON, tooLarge, blackhole}

func liveRandomly(client *Client, server *fakeServer, chance *rand.Rand) {
	for range 150 {
		event := Event{Name: []string{"A", "A", "A", "OLD", "UNREADABLE", ""}[chance.IntN(6)], CustomerID: "b"}
		switch chance.IntN(12) {
		case 0:
			_, _ = client.Send(until(time.Duration(chance.IntN(30))*time.Millisecond), event)
		case 1:
			client.Flush(until(time.Duration(chance.IntN(30)) * time.Millisecond))
		case 2:
			server.setFault(livedThrough[chance.IntN(len(livedThrough))])
		case 3:
			time.Sleep(time.Duration(chance.IntN(5)) * time.Millisecond)
		default:
			client.Track(event)
		}
	}
}
