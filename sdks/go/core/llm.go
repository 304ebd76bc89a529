package core

import (
	"fmt"
	"io"
	"strconv"
	"sync"
)

// llmEvent is the event of a call: all its tokens as the amount, each kind in the metadata, once by the id of the answer.
func llmEvent(event Event, usage LLMUsage) Event {
	metadata := map[string]any{
		"inputTokens":         usage.InputTokens,
		"cacheReadTokens":     usage.CacheReadTokens,
		"cacheCreationTokens": usage.CacheCreationTokens,
		"outputTokens":        usage.OutputTokens,
		"reasoningTokens":     usage.ReasoningTokens,
	}
	if usage.Model != "" {
		metadata["model"] = usage.Model
	}
	if !usage.IsComplete {
		metadata["isComplete"] = false
	}
	return withFound(event, found{strconv.FormatInt(usage.TotalTokens(), 10), metadata, llmKey(event.Name, usage)})
}

// llmKey has the second in which an answer was made: servers that number their answers from a few begin again.
func llmKey(name string, usage LLMUsage) string {
	if usage.ResponseID == "" {
		return ""
	}
	key := name + ":" + usage.ResponseID
	if !usage.CreatedAt.IsZero() {
		key = fmt.Sprintf("%s:%d", key, usage.CreatedAt.Unix())
	}
	if !keyShape.MatchString(key) {
		return ""
	}
	return key
}

// TrackLLM tracks the usage of a whole answer, and returns it. An answer without usage counts as refused and is told to
// OnError; then `ok` is false. The Amount of the event is what was used, whatever it says.
func TrackLLM(client *Client, event Event, answer []byte) (usage LLMUsage, ok bool) {
	usage, failure := llmUsageOf(answer)
	client.trackMade(llmEvent(event, usage), failure)
	return usage, failure == nil
}

// TrackLLMStream passes a body of server-sent events on as it is read, and tracks its usage when it ends: also when it
// fails or is closed early, then what was told until there. Who reads it must close it.
func TrackLLMStream(client *Client, event Event, body io.ReadCloser) io.ReadCloser {
	meter := NewLLMMeter(client, event)
	see := func(piece []byte) { _, _ = meter.Write(piece) } // never fails
	return &watched{body, see, meter.End}
}

// LLMMeter tracks the usage of one answer that is given to it in pieces. Any number of goroutines may use it.
type LLMMeter struct {
	client *Client
	event  Event

	guard    sync.Mutex
	reader   llmStreamReader
	hasEnded bool
}

// NewLLMMeter makes a meter for one answer.
func NewLLMMeter(client *Client, event Event) *LLMMeter {
	return &LLMMeter{client: client, event: event}
}

// Push takes an event of the stream as JSON, like the RawJSON of clients of the APIs.
func (meter *LLMMeter) Push(event []byte) {
	meter.guard.Lock()
	defer meter.guard.Unlock()
	meter.reader.push(event)
}

// Write takes bytes of server-sent events, cut anywhere. It never fails.
func (meter *LLMMeter) Write(piece []byte) (int, error) {
	meter.guard.Lock()
	defer meter.guard.Unlock()
	meter.reader.pushSSE(piece)
	return len(piece), nil
}

// End tracks what was told until now; once.
func (meter *LLMMeter) End() {
	meter.guard.Lock()
	defer meter.guard.Unlock()
	if meter.hasEnded {
		return
	}
	meter.hasEnded = true
	usage, failure := meter.reader.usage()
	meter.client.trackMade(llmEvent(meter.event, usage), failure)
}
