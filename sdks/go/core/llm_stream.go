package core

import "strings"

// llmStreamReader reads the usage of one answer while it comes.
type llmStreamReader struct {
	sse        sseReader
	counts     tokenCounts
	source     llmSource
	failure    *Error
	isTold     bool
	isFinished bool
	isComplete bool
}

// pushSSE takes bytes of server-sent events, cut anywhere.
func (reader *llmStreamReader) pushSSE(piece []byte) {
	for _, event := range reader.sse.push(piece) {
		reader.push(event)
	}
}

// push takes an event, as JSON.
func (reader *llmStreamReader) push(text []byte) {
	event := fieldsIn(text)
	kind := textOf(event["type"])
	switch {
	case kind == "message_start":
		reader.see(fieldsOf(event["message"]))
	case kind == "message_delta":
		reader.see(fields{"usage": event["usage"]})
		reader.end(textOf(fieldsOf(event["delta"])["stop_reason"]) != "")
	case strings.HasPrefix(kind, "response."):
		reader.see(fieldsOf(event["response"]))
		reader.end(kind == "response.completed" || kind == "response.incomplete" || kind == "response.failed")
	case event["type"] == nil:
		reader.pushCompletion(event)
	}
}

// pushCompletion takes a chunk of a chat completion: usage comes with the reason to stop, or behind it.
func (reader *llmStreamReader) pushCompletion(chunk fields) {
	choices, _ := chunk["choices"].([]any)
	for _, choice := range choices {
		if textOf(fieldsOf(choice)["finish_reason"]) != "" {
			reader.isFinished = true
		}
	}
	isTold := reader.see(chunk)
	reader.end(isTold && reader.isFinished)
}

func (reader *llmStreamReader) see(answer fields) (isTold bool) {
	source := sourceOf(answer)
	if reader.source.responseID == "" {
		reader.source.responseID = source.responseID
	}
	if reader.source.createdAt.IsZero() {
		reader.source.createdAt = source.createdAt
	}
	if reader.source.model == "" {
		reader.source.model = source.model
	}
	counts, isTold, failure := countsIn(answer["usage"])
	if reader.failure == nil {
		reader.failure = failure
	}
	if isTold {
		reader.isTold = true
		reader.counts = reader.counts.larger(counts)
	}
	return isTold
}

func (reader *llmStreamReader) end(isLast bool) {
	reader.isComplete = reader.isComplete || isLast && reader.isTold
}

// usage is what was used as far as it was told.
func (reader *llmStreamReader) usage() (LLMUsage, *Error) {
	for _, event := range reader.sse.end() {
		reader.push(event)
	}
	if reader.failure != nil {
		return LLMUsage{}, reader.failure
	}
	if !reader.isTold {
		return LLMUsage{}, invalidEvent("usage", "was not in the stream: ask for it by stream_options.include_usage; "+
			"it comes last, and not to who leaves early")
	}
	return countedUsage(reader.counts, reader.source, reader.isComplete)
}

// larger: counts of a stream only ever grow; what a later event leaves out is known from an earlier one.
func (counts tokenCounts) larger(told tokenCounts) tokenCounts {
	return tokenCounts{
		max(counts.input, told.input),
		max(counts.cachedInput, told.cachedInput),
		max(counts.cacheRead, told.cacheRead),
		max(counts.cacheCreation, told.cacheCreation),
		max(counts.output, told.output),
		max(counts.reasoning, told.reasoning),
	}
}
