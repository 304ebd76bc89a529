package core

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const vectorsFolder = "../../conformance"

// blueprintVector has one of the inputs, and what it makes.
type blueprintVector struct {
	Name    string
	Error   bool
	Field   string
	Details vectorEvent
	Event   *vectorEvent
	Usage   *vectorUsage

	Answer json.RawMessage
	Chunks []json.RawMessage
	SSE    []string
	Bytes  *struct {
		Bytes int64 `json:",string"`
		Unit  ByteUnit
	}
	Held *struct {
		Bytes int64 `json:",string"`
		Ms    int64 `json:",string"`
	}
	Time *struct {
		Ns     time.Duration `json:",string"`
		Unit   TimeUnit
		Status string
	}
	Job *struct {
		JobID  any
		Ns     time.Duration `json:",string"`
		Status string
	}
}

// vectorEvent is an event, or all of it but how much. Metric is another word for Name, in other languages.
type vectorEvent struct {
	Name, Metric, CustomerID, Amount, IdempotencyKey string
	Metadata                                         map[string]any
	Timestamp                                        time.Time
}

func (vector vectorEvent) event() Event {
	return Event{
		Name: vector.Name + vector.Metric, CustomerID: vector.CustomerID, Metadata: vector.Metadata,
		Timestamp: vector.Timestamp, IdempotencyKey: vector.IdempotencyKey,
	}
}

type vectorUsage struct {
	InputTokens, CacheReadTokens, CacheCreationTokens, OutputTokens, ReasoningTokens, TotalTokens int64
	IsComplete                                                                                    bool
	ResponseID, Model                                                                             string
	CreatedAt                                                                                     *int64
}

func (vector vectorUsage) usage() LLMUsage {
	usage := LLMUsage{
		InputTokens: vector.InputTokens, CacheReadTokens: vector.CacheReadTokens,
		CacheCreationTokens: vector.CacheCreationTokens, OutputTokens: vector.OutputTokens,
		ReasoningTokens: vector.ReasoningTokens, IsComplete: vector.IsComplete,
		ResponseID: vector.ResponseID, Model: vector.Model,
	}
	if vector.CreatedAt != nil {
		usage.CreatedAt = time.Unix(*vector.CreatedAt, 0).UTC()
	}
	return usage
}

func TestEveryCaseOfTheBlueprintsHolds(t *testing.T) {
	var whole struct {
		About string
		Cases []blueprintVector
	}
	readVectors(t, "blueprints.json", &whole)
	manifest := map[string]int{}
	readVectors(t, "manifest.json", &manifest)
	names := map[string]bool{}
	for _, vector := range whole.Cases {
		names[vector.Name] = true
		t.Run(vector.Name, func(t *testing.T) {
			failure := vector.check(t)
			if (failure != nil) != vector.Error {
				t.Fatalf("the error is %v", failure)
			}
			if failure == nil {
				return
			}
			equal(t, "kind", failure.Kind, KindInvalid)
			if vector.Field != "" && !strings.HasPrefix(failure.Message, vector.Field+": ") {
				t.Errorf("it says %s", failure.Message)
			}
		})
	}
	equal(t, "cases", len(names), manifest["blueprints.json"])
}

func readVectors(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectorsFolder, file))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func (vector blueprintVector) check(t *testing.T) *Error {
	switch {
	case vector.Answer != nil:
		usage, failure := llmUsageOf(vector.Answer)
		return vector.checkUsage(t, usage, failure)
	case vector.SSE != nil:
		return vector.checkSSE(t)
	case vector.Bytes != nil:
		event, failure := byteEvent(vector.Details.event(), vector.Bytes.Bytes, vector.Bytes.Unit)
		return vector.checkEvent(t, event, failure)
	case vector.Held != nil:
		event, failure := storageTimeEvent(vector.Details.event(), vector.Held.Bytes, vector.Held.Ms)
		return vector.checkEvent(t, event, failure)
	case vector.Time != nil:
		event, failure := timeEvent(vector.Details.event(), vector.Time.Unit, ended{vector.Time.Status, vector.Time.Ns})
		return vector.checkEvent(t, event, failure)
	case vector.Job != nil:
		event, failure := jobEvent(vector.Details.event(), repeated(vector.Job.JobID), ended{vector.Job.Status, vector.Job.Ns})
		return vector.checkEvent(t, event, failure)
	}
	var reader llmStreamReader
	for _, chunk := range vector.Chunks {
		reader.push(chunk)
	}
	usage, failure := reader.usage()
	return vector.checkUsage(t, usage, failure)
}

// checkSSE gives them whole, and cut at every byte.
func (vector blueprintVector) checkSSE(t *testing.T) (failure *Error) {
	text := strings.Join(vector.SSE, "")
	for _, most := range []int{len(text), 1} {
		var reader llmStreamReader
		for at := 0; at < len(text); at += most {
			reader.pushSSE([]byte(text[at : at+most]))
		}
		var usage LLMUsage
		usage, failure = reader.usage()
		failure = vector.checkUsage(t, usage, failure)
	}
	return failure
}

func (vector blueprintVector) checkUsage(t *testing.T, usage LLMUsage, failure *Error) *Error {
	if failure != nil || vector.Error {
		return failure
	}
	equal(t, "usage", usage, vector.Usage.usage())
	equal(t, "total", usage.TotalTokens(), vector.Usage.TotalTokens)
	if vector.Event == nil {
		return nil
	}
	return vector.checkEvent(t, llmEvent(vector.Details.event(), usage), nil)
}

// checkEvent compares metadata as they are written.
func (vector blueprintVector) checkEvent(t *testing.T, event Event, failure *Error) *Error {
	if failure != nil || vector.Error {
		return failure
	}
	expected := vector.Event.event()
	equal(t, "amount", event.Amount.String(), vector.Event.Amount)
	equal(t, "metadata", asJSON(t, event.Metadata), asJSON(t, expected.Metadata))
	event.Amount, event.Metadata, expected.Metadata = Amount{}, nil, nil
	equal(t, "event", event, expected)
	return nil
}

func asJSON(t *testing.T, value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// repeated puts in a text that is written as {"$repeat": [text, times]}.
func repeated(value any) string {
	if text, isText := value.(string); isText {
		return text
	}
	pair := value.(map[string]any)["$repeat"].([]any)
	return strings.Repeat(pair[0].(string), int(pair[1].(float64)))
}
