package policy

import (
	"bytes"
	"encoding/base64"
	"slices"
	"testing"
)

func checkRedaction(t *testing.T, each vector) error {
	var given struct {
		common
		Fields   any            `json:"fields"`
		Allowed  []string       `json:"allowed"`
		Metadata map[string]any `json:"metadata"`
		Omitted  []Omission     `json:"omitted"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	redact := func(fields any) Redacted {
		if given.Allowed == nil {
			return RedactAll(fields)
		}
		return Redact(fields, given.Allowed)
	}
	equal(t, each.Name, redact(each.field("fields")), Redacted{given.Metadata, given.Omitted})
	metadata := unordered(inDoubles(each.field("metadata"))).(map[string]any)
	equal(t, each.Name+", in doubles", redact(inDoubles(each.field("fields"))), Redacted{metadata, given.Omitted})
	return nil
}

// checkCaptures reads a body however it is cut: as it stands in the case, in one piece, and in very small ones.
func checkCaptures(t *testing.T, each vector) error {
	var given struct {
		common
		Pointers []string `json:"pointers"`
		Exchange *struct {
			Request struct {
				Method  string            `json:"method"`
				Route   *string           `json:"route"`
				Headers map[string]any    `json:"headers"`
				Query   string            `json:"query"`
				Params  map[string]string `json:"params"`
				Body    any               `json:"body"`
				Bytes   int64             `json:"bytes"`
			} `json:"request"`
			Response struct {
				Status     int            `json:"status"`
				Headers    map[string]any `json:"headers"`
				Bytes      int64          `json:"bytes"`
				DurationMs float64        `json:"durationMs"`
			} `json:"response"`
			Metadata any `json:"metadata"`
		} `json:"exchange"`
		Body struct {
			Side            Side   `json:"side"`
			ContentType     string `json:"contentType"`
			ContentEncoding string `json:"contentEncoding"`
		} `json:"body"`
		Chunks   []any          `json:"chunks"`
		Captured map[string]any `json:"captured"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	if exchange := given.Exchange; exchange != nil {
		route := ""
		if exchange.Request.Route != nil {
			route = *exchange.Request.Route
		}
		captured := Capture(given.Pointers, CapturedRequest{
			exchange.Request.Method, route, headersOf(exchange.Request.Headers), exchange.Request.Query,
			exchange.Request.Params, exchange.Request.Body, exchange.Request.Bytes,
		}, CapturedResponse{
			exchange.Response.Status, headersOf(exchange.Response.Headers), exchange.Response.Bytes,
			exchange.Response.DurationMs,
		}, exchange.Metadata)
		equalJSON(t, each.Name, captured, given.Captured)
		return nil
	}
	var chunks [][]byte
	for _, chunk := range given.Chunks {
		if text, ok := chunk.(string); ok {
			chunks = append(chunks, []byte(text))
			continue
		}
		encoded := chunk.(map[string]any)["base64"].(string)
		chunks = append(chunks, must(base64.StdEncoding.DecodeString(encoded)))
	}
	whole := bytes.Join(chunks, nil)
	size := 1
	if len(whole) >= 10_000 {
		size = 4_093
	}
	for _, way := range [][][]byte{chunks, {whole}, slices.Collect(slices.Chunk(whole, size))} {
		reader := OpenBody(given.Pointers, given.Body.Side, given.Body.ContentType, given.Body.ContentEncoding)
		if reader == nil {
			equalJSON(t, each.Name, nil, given.Captured)
			continue
		}
		for _, chunk := range way {
			reader.Push(chunk)
		}
		equalJSON(t, each.Name, reader.End(), given.Captured)
	}
	return nil
}
