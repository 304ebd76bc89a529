package core

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fault is a way in which a server, or what stands before it, is bad.
type fault string

const (
	none           fault = "none"
	blackhole      fault = "no answer"
	slow           fault = "an answer after 50 ms"
	byteASecond    fault = "an answer of one byte a second"
	broken         fault = "an error of its own"
	later          fault = "please later, in a second"
	muchLater      fault = "please later, in an hour"
	keyRefused     fault = "a key that is refused"
	noJSON         fault = "what is no JSON"
	tooFewResults  fault = "too few results"
	otherResults   fault = "results of another kind"
	endless        fault = "an answer of 100 MB"
	reset          fault = "a connection that is reset"
	cutAfterCommit fault = "an answer that is cut off after the commit"
	lostAfter      fault = "an answer that is lost after the commit"
	elsewhere      fault = "a way to elsewhere"
	tooLarge       fault = "a request that is too large for what stands before"
)

// unanswered are the faults that leave a client without an answer.
var unanswered = []fault{
	blackhole, byteASecond, broken, later, keyRefused, noJSON, tooFewResults, otherResults, endless, reset,
	cutAfterCommit, lostAfter, elsewhere,
}

// fakeServer takes events as the real server does, each key once, and behaves badly on demand.
type fakeServer struct {
	url string
	// written counts the bytes of the answer of 100 MB.
	written atomic.Int64

	guard    sync.Mutex
	fault    fault
	stored   map[string]string // amounts by key
	requests []fakeRequest
}

type fakeRequest struct {
	events int
	at     time.Time
	apiKey string
}

func startFakeServer(t *testing.T) *fakeServer {
	t.Helper()
	server := &fakeServer{fault: none, stored: map[string]string{}}
	server.url = listen(t, server)
	return server
}

func (server *fakeServer) setFault(next fault) {
	server.guard.Lock()
	defer server.guard.Unlock()
	server.fault = next
}

// amounts says how often each amount is stored.
func (server *fakeServer) amounts() map[string]int {
	server.guard.Lock()
	defer server.guard.Unlock()
	amounts := map[string]int{}
	for _, amount := range server.stored {
		amounts[amount]++
	}
	return amounts
}

func (server *fakeServer) asked() []fakeRequest {
	server.guard.Lock()
	defer server.guard.Unlock()
	return append([]fakeRequest(nil), server.requests...)
}

// sizes are the events of each request.
func (server *fakeServer) sizes() []int {
	var sizes []int
	for _, request := range server.asked() {
		sizes = append(sizes, request.events)
	}
	return sizes
}

func (server *fakeServer) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	var events []wireEvent
	if err != nil || json.Unmarshal(body, &events) != nil {
		return
	}
	server.guard.Lock()
	fault := server.fault
	apiKey := request.Header.Get("x-usageflow-api-key")
	server.requests = append(server.requests, fakeRequest{len(events), time.Now(), apiKey})
	server.guard.Unlock()
	server.behave(fault, writer, request, events)
}

func (server *fakeServer) behave(fault fault, writer http.ResponseWriter, request *http.Request, events []wireEvent) {
	switch fault {
	case none:
		server.answer(writer, events)
	case slow:
		time.Sleep(50 * time.Millisecond)
		server.answer(writer, events)
	case blackhole:
		<-request.Context().Done()
	case byteASecond:
		server.dribble(writer, request)
	case broken:
		http.Error(writer, "oops", http.StatusInternalServerError)
	case later:
		writer.Header().Set("Retry-After", "1")
		writer.WriteHeader(http.StatusServiceUnavailable)
	case muchLater:
		writer.Header().Set("Retry-After", "3600")
		writer.WriteHeader(http.StatusTooManyRequests)
	case keyRefused:
		message := "No key " + request.Header.Get("x-usageflow-api-key")
		writeError(writer, http.StatusUnauthorized, "auth.key_refused", message)
	case noJSON:
		fmt.Fprint(writer, "<html>It works!</html>")
	case tooFewResults:
		fmt.Fprint(writer, `{"results":[]}`)
	case otherResults:
		results := make([]map[string]string, len(events))
		_ = json.NewEncoder(writer).Encode(map[string]any{"results": results})
	case endless:
		server.flood(writer)
	case reset:
		panic(http.ErrAbortHandler)
	case cutAfterCommit:
		_, whole := server.commit(events)
		writer.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		_, _ = writer.Write(whole[:len(whole)/2])
		panic(http.ErrAbortHandler)
	case lostAfter:
		server.commit(events)
		panic(http.ErrAbortHandler)
	case elsewhere:
		http.Redirect(writer, request, "/elsewhere", http.StatusTemporaryRedirect)
	case tooLarge:
		if len(events) > 4 {
			writer.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		server.answer(writer, events)
	}
}

func (server *fakeServer) answer(writer http.ResponseWriter, events []wireEvent) {
	status, body := server.commit(events)
	writer.WriteHeader(status)
	_, _ = writer.Write(body)
}

// commit stores events by their keys. An event named `UNREADABLE` spoils its request, one named `OLD` is refused.
func (server *fakeServer) commit(events []wireEvent) (status int, body []byte) {
	server.guard.Lock()
	defer server.guard.Unlock()
	var results []map[string]any
	for _, event := range events {
		if event.Name == "UNREADABLE" {
			return http.StatusBadRequest, errorJSON("json.depth", "too deep")
		}
	}
	for _, event := range events {
		_, isKnown := server.stored[event.IdempotencyKey]
		switch {
		case event.Name == "OLD":
			error := map[string]string{"code": "usage.timestamp_too_old", "message": "too old"}
			results = append(results, map[string]any{"status": "refused", "error": error})
		case isKnown:
			results = append(results, map[string]any{"status": "duplicate", "eventId": "evt_" + event.IdempotencyKey})
		default:
			server.stored[event.IdempotencyKey] = event.Amount
			results = append(results, map[string]any{"status": "recorded", "eventId": "evt_" + event.IdempotencyKey})
		}
	}
	body, _ = json.Marshal(map[string]any{"results": results})
	return http.StatusOK, body
}

func (server *fakeServer) dribble(writer http.ResponseWriter, request *http.Request) {
	for {
		_, _ = writer.Write([]byte(" "))
		_ = http.NewResponseController(writer).Flush()
		select {
		case <-request.Context().Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (server *fakeServer) flood(writer http.ResponseWriter) {
	chunk := make([]byte, 64<<10)
	for server.written.Load() < 100<<20 {
		written, err := writer.Write(chunk)
		server.written.Add(int64(written))
		if err != nil {
			return
		}
	}
}

func writeError(writer http.ResponseWriter, status int, code, message string) {
	writer.WriteHeader(status)
	_, _ = writer.Write(errorJSON(code, message))
}

func errorJSON(code, message string) []byte {
	body, _ := json.Marshal(map[string]any{"error": map[string]string{"code": code, "message": message}})
	return body
}
