package core

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

const (
	messageStart = `data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":30,"output_tokens":1}}}` + "\n\n"
	messageDelta = `data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":12}}` + "\n\n"
)

var (
	tokens  = Event{Name: "AI_TOKEN", CustomerID: "user_123"}
	traffic = Event{Name: "BANDWIDTH_GB", CustomerID: "user_123"}
	aJob    = Event{Name: "JOB_RUN", CustomerID: "user_123"}
	errMine = errors.New("mine")
)

// source is a body that knows whether it was closed.
type source struct {
	io.Reader
	isClosed bool
}

func (source *source) Close() error {
	source.isClosed = true
	return nil
}

// aTracker is a client that has not sent anything yet, and what was tracked with it.
func aTracker(t *testing.T) (*Client, func() []wireEvent, *reports) {
	client, told := aClient(t, "http://127.0.0.1:1", func(options *Options) { options.FlushEvery = time.Hour })
	return client, func() []wireEvent {
		client.guard.Lock()
		defer client.guard.Unlock()
		var events []wireEvent
		for _, entry := range client.queue.entries {
			var event wireEvent
			if err := json.Unmarshal(entry, &event); err != nil {
				t.Error(err)
			}
			events = append(events, event)
		}
		return events
	}, told
}

func amountsOf(events []wireEvent) []string {
	amounts := []string{}
	for _, event := range events {
		amounts = append(amounts, event.Amount)
	}
	return amounts
}

func TestACallOfALanguageModelIsRecordedOnceHoweverOftenItsAnswerIsTracked(t *testing.T) {
	server := startFakeServer(t)
	client, _ := aClient(t, server.url, nil)
	usage, ok := TrackLLM(client, tokens, []byte(`{"id":"msg_1","usage":{"input_tokens":30,"output_tokens":12}}`))
	equal(t, "usage", []any{usage.TotalTokens(), ok}, []any{int64(42), true})
	passed := TrackLLMStream(client, tokens, io.NopCloser(strings.NewReader(messageStart+messageDelta)))
	if _, err := io.Copy(io.Discard, passed); err != nil {
		t.Fatal(err)
	}
	stats := client.Flush(until(waitFor))
	equal(t, "stats", []int{stats.Produced, stats.Delivered, stats.Duplicates}, []int{2, 2, 1})
	equal(t, "amounts", server.amounts(), map[string]int{"42": 1})
}

func TestAnAnswerWithoutUsageIsToldAndCountsAsRefused(t *testing.T) {
	client, tracked, told := aTracker(t)
	for _, answer := range []string{`{"error":{}}`, `no JSON`, ``, `null`} {
		_, ok := TrackLLM(client, tokens, []byte(answer))
		equal(t, "ok", ok, false)
	}
	equal(t, "tracked", len(tracked()), 0)
	equal(t, "refused", []int{client.Stats().Produced, client.Stats().Refused}, []int{4, 4})
	eventually(t, "reports", func() bool { return len(told.list()) == 4 })
	equal(t, "message", told.list()[0].Message, "usage: is not in the answer")
	_, err := LLMUsageOf([]byte(`{}`))
	var failure *Error
	equal(t, "error", errors.As(err, &failure), true)
	_, err = LLMUsageOf([]byte(`{"usage":{"input_tokens":1}}`))
	equal(t, "no error", err, nil)
}

func TestAStreamedAnswerPassesAsItIsAndIsTrackedAtItsEnd(t *testing.T) {
	client, tracked, _ := aTracker(t)
	whole := messageStart + ": grüße 👋\n\n" + messageDelta
	passed := TrackLLMStream(client, tokens, io.NopCloser(iotest.OneByteReader(strings.NewReader(whole))))
	text, err := io.ReadAll(passed)
	equal(t, "text", []any{string(text), err}, []any{whole, nil})
	equal(t, "closed", passed.Close(), nil)
	events := tracked()
	equal(t, "amounts", amountsOf(events), []string{"42"})
	equal(t, "key", events[0].IdempotencyKey, "AI_TOKEN:msg_1")
}

func TestOfAStreamThatIsClosedEarlyOrFailsWhatWasToldUntilThereIsTracked(t *testing.T) {
	client, tracked, _ := aTracker(t)
	left := &source{Reader: strings.NewReader(messageStart + messageDelta)}
	passed := TrackLLMStream(client, tokens, left)
	if _, err := io.ReadFull(passed, make([]byte, len(messageStart))); err != nil {
		t.Fatal(err)
	}
	equal(t, "before", len(tracked()), 0)
	equal(t, "closed", []any{passed.Close(), left.isClosed}, []any{nil, true})
	cut := io.MultiReader(strings.NewReader(messageStart), iotest.ErrReader(errMine))
	_, err := io.ReadAll(TrackLLMStream(client, tokens, io.NopCloser(cut)))
	equal(t, "error", err, errMine)
	events := tracked()
	equal(t, "amounts", amountsOf(events), []string{"31", "31"})
	equal(t, "incomplete", strings.Contains(string(events[0].Metadata), `"isComplete":false`), true)
}

func TestAStreamWhoseCountsAreNonePassesAllTheSameAndIsTold(t *testing.T) {
	client, tracked, told := aTracker(t)
	bad := `data: {"usage":{"prompt_tokens":-1}}` + "\n\n" + messageStart
	text, err := io.ReadAll(TrackLLMStream(client, tokens, io.NopCloser(strings.NewReader(bad))))
	equal(t, "text", []any{string(text), err}, []any{bad, nil})
	equal(t, "tracked", len(tracked()), 0)
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
	equal(t, "message", told.list()[0].Message, "usage.prompt_tokens: must be a whole number, not negative")
}

func TestAnEventThatIsTooLongIsSkippedAndThoseBehindItAreRead(t *testing.T) {
	client, tracked, _ := aTracker(t)
	meter := NewLLMMeter(client, tokens)
	long := []byte(`data: {"type":"image","data":"` + strings.Repeat("x", 1<<20))
	for range 20 {
		_, _ = meter.Write(long)
	}
	_, _ = io.WriteString(meter, "\n\n")
	meter.Push([]byte(`{"usage":{"input_tokens":3}}`))
	var enders sync.WaitGroup
	for range 8 {
		enders.Go(meter.End)
	}
	enders.Wait()
	equal(t, "amounts", amountsOf(tracked()), []string{"3"})
}

func TestBytesAreCountedOnTheirWay(t *testing.T) {
	client, tracked, told := aTracker(t)
	read, err := io.Copy(io.Discard, TrackBytes(client, traffic, io.NopCloser(strings.NewReader(strings.Repeat("x", 2_006))), ""))
	equal(t, "read", []any{read, err}, []any{int64(2_006), nil})
	cut := io.MultiReader(strings.NewReader("seven"), iotest.ErrReader(errMine))
	_, err = io.ReadAll(TrackBytes(client, traffic, io.NopCloser(cut), UnitByte))
	equal(t, "error", err, errMine)
	_, err = io.ReadAll(TrackBytes(client, traffic, io.NopCloser(strings.NewReader("")), ""))
	equal(t, "empty", err, nil)
	meter := NewByteMeter(client, traffic, UnitGB)
	meter.Add(1_500_000_000)
	meter.End()
	meter.End()
	equal(t, "amounts", amountsOf(tracked()), []string{"0.000002006", "5", "1.5"})
	wrong := NewByteMeter(client, traffic, UnitGB)
	wrong.Add(-1)
	wrong.End()
	eventually(t, "a report", func() bool { return len(told.list()) == 1 })
}

func TestStorageIsTrackedAsItStandsOrByTheHour(t *testing.T) {
	client, tracked, told := aTracker(t)
	TrackStorage(client, traffic, 2_000_000_000, "")
	TrackStorageTime(client, traffic, 2_000_000_000, 30*time.Minute)
	equal(t, "amounts", amountsOf(tracked()), []string{"2", "1"})
	equal(t, "gigabytes", Gigabytes(1_500_000_000).String(), "1.5")
	equal(t, "hours", GigabyteHours(1_000_000_000, 90*time.Minute).String(), "1.5")
	TrackStorage(client, traffic, -1, "")
	client.Track(Event{Name: "STORAGE_GB", CustomerID: "user_123", Amount: Gigabytes(-1)})
	eventually(t, "reports", func() bool { return len(told.list()) == 2 })
	equal(t, "message", told.list()[1].Message, "amount: bytes: must be a whole number, not negative")
}

func TestWorkIsTimedAndItsErrorOrPanicIsItsOwn(t *testing.T) {
	client, tracked, _ := aTracker(t)
	err := TrackTime(client, aJob, UnitMillisecond, func() error { time.Sleep(30 * time.Millisecond); return nil })
	equal(t, "done", err, nil)
	equal(t, "failed", TrackTime(client, aJob, "", func() error { return errMine }), errMine)
	func() {
		defer func() { equal(t, "panic", recover(), "mine") }()
		_ = TrackJob(client, aJob, "7", func() error { panic("mine") })
	}()
	events := tracked()
	milliseconds, parsed := json.Number(events[0].Amount).Float64()
	if parsed != nil || milliseconds < 30 || milliseconds > float64(waitFor.Milliseconds()) {
		t.Errorf("it took %s ms", events[0].Amount)
	}
	equal(t, "status", string(events[1].Metadata), `{"status":"failed"}`)
	equal(t, "key", events[2].IdempotencyKey, "JOB_RUN:7:failed")
}

func TestAJobThatAQueueRunsAgainIsRecordedOnceAndIsDoneWhateverIsWrongWithItsID(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	runs := 0
	for _, jobID := range []string{"job-1", "job-1", "", strings.Repeat("a", 300)} {
		equal(t, "error", TrackJob(client, aJob, jobID, func() error { runs++; return nil }), nil)
	}
	client.Flush(until(waitFor))
	equal(t, "runs", runs, 4)
	equal(t, "amounts", server.amounts(), map[string]int{"1": 1})
	eventually(t, "reports", func() bool { return len(told.list()) == 2 })
}
