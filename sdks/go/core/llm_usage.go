package core

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// LLMUsage is what a call of a language model used. Input, cache and output are apart, so that each can have its price:
// together they are TotalTokens.
type LLMUsage struct {
	// InputTokens neither came from a cache nor were put into one.
	InputTokens         int64
	CacheReadTokens     int64
	CacheCreationTokens int64
	// OutputTokens are all of the output, reasoning too.
	OutputTokens int64
	// ReasoningTokens are of the output; 0 where an answer does not say.
	ReasoningTokens int64
	// IsComplete is false for a stream that ended early: it used at least this.
	IsComplete bool
	// ResponseID and Model are empty, and CreatedAt is zero, where an answer does not say.
	ResponseID string
	CreatedAt  time.Time
	Model      string
}

// TotalTokens are those of all kinds.
func (usage LLMUsage) TotalTokens() int64 {
	return usage.InputTokens + usage.CacheReadTokens + usage.CacheCreationTokens + usage.OutputTokens
}

// LLMUsageOf reads the usage in a whole answer: of OpenAI's chat completions, responses and embeddings, of Anthropic's
// messages, and of what answers like them. For an answer without, the error is an *Error of KindInvalid.
func LLMUsageOf(answer []byte) (LLMUsage, error) {
	usage, failure := llmUsageOf(answer)
	if failure != nil {
		return LLMUsage{}, failure
	}
	return usage, nil
}

const tokensMax = 1e12 // what adds up stays exact in a double

var (
	inputFields  = []string{"prompt_tokens", "input_tokens"}
	outputFields = []string{"completion_tokens", "output_tokens"}
)

// fields are of an object in JSON; none for what is no object.
type fields map[string]any

// tokenCounts are as an answer counts: input with what OpenAI counts as cached, and without what Anthropic does.
// Cumulative where it is streamed: of two the larger holds.
type tokenCounts struct {
	input, cachedInput, cacheRead, cacheCreation, output, reasoning int64
}

// llmSource is of which answer usage is told.
type llmSource struct {
	responseID string
	createdAt  time.Time
	model      string
}

func llmUsageOf(answer []byte) (LLMUsage, *Error) {
	read := fieldsIn(answer)
	counts, isTold, failure := countsIn(read["usage"])
	if failure != nil {
		return LLMUsage{}, failure
	}
	if !isTold {
		return LLMUsage{}, invalidEvent("usage", "is not in the answer")
	}
	return countedUsage(counts, sourceOf(read), true)
}

// countsIn reads the usage of an answer, if there is any.
func countsIn(usage any) (counts tokenCounts, isTold bool, failure *Error) {
	read := fieldsOf(usage)
	if read.first(inputFields) == "" && read.first(outputFields) == "" {
		return tokenCounts{}, false, nil
	}
	inputDetails, outputDetails := read.details(inputFields), read.details(outputFields)
	for _, each := range []struct {
		into  *int64
		from  fields
		names []string
	}{
		{&counts.input, read, inputFields},
		{&counts.cachedInput, inputDetails, []string{"cached_tokens"}},
		{&counts.cacheRead, read, []string{"cache_read_input_tokens"}},
		{&counts.cacheCreation, read, []string{"cache_creation_input_tokens"}},
		{&counts.output, read, outputFields},
		{&counts.reasoning, outputDetails, []string{"reasoning_tokens"}},
	} {
		if *each.into, failure = each.from.count(each.names); failure != nil {
			return tokenCounts{}, false, failure
		}
	}
	return counts, true, nil
}

func countedUsage(counts tokenCounts, source llmSource, isComplete bool) (LLMUsage, *Error) {
	if counts.cachedInput > counts.input {
		return LLMUsage{}, invalidEvent("usage", "must have no more cached tokens than tokens of input")
	}
	return LLMUsage{
		InputTokens:         counts.input - counts.cachedInput,
		CacheReadTokens:     counts.cachedInput + counts.cacheRead,
		CacheCreationTokens: counts.cacheCreation,
		OutputTokens:        counts.output,
		ReasoningTokens:     counts.reasoning,
		IsComplete:          isComplete,
		ResponseID:          source.responseID,
		CreatedAt:           source.createdAt,
		Model:               source.model,
	}, nil
}

// sourceOf reads an answer, or a chunk of one.
func sourceOf(read fields) llmSource {
	source := llmSource{responseID: textOf(read["id"]), model: textOf(read["model"])}
	if name := read.first([]string{"created", "created_at"}); name != "" {
		if seconds, isCount := countOf(read[name]); isCount {
			source.createdAt = time.Unix(seconds, 0).UTC()
		}
	}
	return source
}

func fieldsIn(text []byte) fields {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil || decoder.More() {
		return nil
	}
	return fieldsOf(value)
}

func fieldsOf(value any) fields {
	object, _ := value.(map[string]any)
	return object
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// first is the name of the first that is given.
func (read fields) first(names []string) string {
	for _, name := range names {
		if read[name] != nil {
			return name
		}
	}
	return ""
}

func (read fields) details(names []string) fields {
	for _, name := range names {
		if details := read[name+"_details"]; details != nil {
			return fieldsOf(details)
		}
	}
	return nil
}

// count is 0 where none of the names is given.
func (read fields) count(names []string) (int64, *Error) {
	name := read.first(names)
	if name == "" {
		return 0, nil
	}
	count, isCount := countOf(read[name])
	if !isCount {
		return 0, invalidEvent("usage."+name, "must be a whole number, not negative")
	}
	return count, nil
}

func countOf(value any) (count int64, isCount bool) {
	number, isNumber := value.(json.Number)
	if !isNumber {
		return 0, false
	}
	double, err := strconv.ParseFloat(number.String(), 64)
	if err != nil || double < 0 || double >= tokensMax || double != float64(int64(double)) {
		return 0, false
	}
	return int64(double), true
}
