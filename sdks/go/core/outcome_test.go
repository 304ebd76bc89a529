package core

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// metered is a document whose policy meters tokens of what went well, and counts requests.
func metered() string {
	document := aPolicy("", "")
	return strings.Replace(document, `"metering": []`, `"metering": [
		{ "id": "mrl_tokens", "event": "AI_TOKEN", "when": ["2xx"], "isSummable": false,
			"captures": ["/response/body/usage/total_tokens", "/request/body/model", "/request/headers/x-units", "/request/headers/authorization"] },
		{ "id": "mrl_calls", "event": "API_CALL", "when": ["2xx", "4xx"], "captures": [], "isSummable": true }
	]`, 1)
}

// usageOf is what was sent of a rule.
func usageOf(server *fakeControl, rule string) []map[string]any {
	var of []map[string]any
	for _, used := range server.items(usagePath, "usage") {
		if used["ruleId"] == rule {
			of = append(of, used)
		}
	}
	return of
}

func TestWhatAPolicyMetersIsSentWithTheFieldsItAsksForAndNoSecret(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, _ := anAgent(t, server, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/chat/{room}", func(writer http.ResponseWriter, request *http.Request) {
		SetMetadata(request.Context(), "plan", "pro")
		_, _ = io.Copy(io.Discard, request.Body)
		writer.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(writer, `{"usage":{"total_`)
		_, _ = io.WriteString(writer, `tokens":42}}`)
	})
	request := httptest.NewRequest("POST", "/api/chat/7", strings.NewReader(`{"model":"large"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-User", "ann")
	request.Header.Set("X-Units", "3")
	request.Header.Set("Authorization", "Bearer abcdef0123456789")
	agent.Middleware(nil, nil)(mux).ServeHTTP(httptest.NewRecorder(), request)
	agent.Close(until(waitFor))

	tokens := usageOf(server, "mrl_tokens")
	equal(t, "tokens", len(tokens), 1)
	equal(t, "fields", tokens[0]["fields"], map[string]any{
		"/response/body/usage/total_tokens": 42.0, "/request/body/model": "large", "/request/headers/x-units": "3",
	})
	equal(t, "whose", []any{tokens[0]["customerId"], tokens[0]["method"], tokens[0]["route"], tokens[0]["requests"]},
		[]any{"ann", "POST", "/api/chat/:room", 1.0})
	equal(t, "metadata", tokens[0]["metadata"], map[string]any{"plan": "pro"})
	equal(t, "application", server.said(usagePath)[0]["application"], "shop")
	equal(t, "calls", len(usageOf(server, "mrl_calls")), 1)
}

func TestTheBytesOfARequestAreThoseThatWereAnnouncedElseThoseThatTheHostHasRead(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, _ := anAgent(t, server, nil)
	handler := agent.Middleware(nil, nil)(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		_, _ = io.ReadFull(request.Body, make([]byte, 3))
	}))
	body := `{"model":"large"}`
	for _, announced := range []int64{int64(len(body)), -1} {
		request := httptest.NewRequest("POST", "/api/chat", strings.NewReader(body))
		request.ContentLength = announced
		request.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	agent.Close(until(waitFor))
	bytes := 0.0
	for _, row := range server.items(reportsPath, "statistics") {
		bytes += row["requestBytes"].(float64)
	}
	equal(t, "bytes", bytes, float64(len(body)+3))
}

func TestWhatGrowsEvenlyIsSummedAndOnlyOfCustomersAndStatusesThatCount(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, _ := anAgent(t, server, nil)
	handler := agent.Middleware(nil, nil)(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/api/broken" {
			writer.WriteHeader(http.StatusBadGateway)
		}
	}))
	for range 30 {
		call(handler, "GET", "/api/a", "ann")
	}
	call(handler, "GET", "/api/broken", "ann")
	call(handler, "GET", "/api/a", "")
	call(handler, "GET", "/api/a", "bad")
	agent.Close(until(waitFor))
	requests := 0.0
	for _, used := range usageOf(server, "mrl_calls") {
		equal(t, "customer", used["customerId"], "ann")
		requests += used["requests"].(float64)
	}
	equal(t, "requests", requests, 30.0)
	if sent := len(usageOf(server, "mrl_calls")); sent > 10 {
		t.Errorf("they were sent in %d", sent)
	}
	stats := agent.meter.statsNow()
	equal(t, "counted", []int{stats.Produced, stats.Delivered, stats.Queued}, []int{60, 60, 0}) // by two rules
	unmetered, requests := 0.0, 0.0
	for _, row := range server.items(reportsPath, "statistics") {
		unmetered += row["unmetered"].(float64)
		requests += row["requests"].(float64)
	}
	equal(t, "reported", []float64{requests, unmetered}, []float64{33, 1})
}

func TestUsageThatCannotBeSentWaitsAndIsSentOnceWithItsKey(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, told := anAgent(t, server, nil)
	server.setFault(reset)
	handler := behind(agent)
	for range 20 {
		call(handler, "GET", "/api/a", "ann")
	}
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	server.setFault(none)
	agent.Close(until(waitFor))
	stats := agent.meter.statsNow()
	if !stats.exact() || stats.Queued+stats.Dropped+stats.Refused > 0 {
		t.Errorf("counted: %+v", stats)
	}
	keys := map[any]bool{}
	for _, used := range usageOf(server, "mrl_tokens") {
		keys[used["idempotencyKey"]] = true
	}
	equal(t, "keys", len(keys), 20)
}

func TestAReportSaysWhatTheHostAnsweredAndIsSentUntilItIsAnswered(t *testing.T) {
	server := startFakeControl(t, aPolicy(aLimit("three"), ""))
	agent, told := anAgent(t, server, nil)
	handler := behind(agent)
	equal(t, "statuses", statusesOf(handler, 5, "ann"), map[int]int{200: 3, 429: 2})
	call(handler, "GET", "/api/a?key=1&page=2", "bad")
	eventually(t, "a report", func() bool { return len(server.said(reportsPath)) > 0 })
	server.setFault(broken)
	call(handler, "GET", "/other", "")
	eventually(t, "a failure", func() bool { return len(told.list()) > 0 })
	server.setFault(none)
	agent.Close(until(waitFor))

	sequences, statuses := []any{}, map[string]float64{}
	for _, report := range server.said(reportsPath) {
		sequences = append(sequences, report["sequence"])
		equal(t, "application", report["application"], "shop")
	}
	for at, sequence := range sequences {
		equal(t, "sequence", sequence, float64(at+1))
	}
	latencies := 0.0
	for _, row := range server.items(reportsPath, "statistics") {
		for status, count := range row["statuses"].(map[string]any) {
			statuses[status] += count.(float64)
		}
		for _, count := range row["latency"].(map[string]any) {
			latencies += count.(float64)
		}
	}
	equal(t, "statuses", statuses, map[string]float64{"200": 4, "429": 2, "403": 1})
	equal(t, "latencies", latencies, 7.0)
	refused := map[any]float64{}
	for _, row := range server.items(reportsPath, "decisions") {
		refused[row["limit"]] += row["refused"].(float64)
	}
	equal(t, "refused", refused, map[any]float64{"three": 2, "block": 1})
	for _, sample := range server.items(reportsPath, "samples") {
		if text := fmt.Sprint(sample); strings.Contains(text, "key=1") {
			t.Errorf("a sample says %s", text)
		}
	}
}

func TestWhatAShadowWouldHaveRefusedIsReported(t *testing.T) {
	document := strings.Replace(aPolicy(aLimit("three")+","+aLimit("sliding"), ""), `"enforce"`, `"shadow"`, 1)
	server := startFakeControl(t, document)
	agent, _ := anAgent(t, server, nil)
	handler := behind(agent)
	eventually(t, "refusals of both", func() bool {
		equal(t, "statuses", statusesOf(handler, 5, "ann"), map[int]int{200: 5})
		refused := map[any]bool{}
		for _, row := range server.items(reportsPath, "decisions") {
			equal(t, "mode", row["mode"], "shadow")
			refused[row["limit"]] = refused[row["limit"]] || row["refused"].(float64) > 0
		}
		return refused["three"] && refused["sliding"]
	})
}

func TestOfTooMuchToReportCustomersAndRoutesAreNotToldApart(t *testing.T) {
	tally := newTally()
	request := httptest.NewRequest("GET", "/a", nil)
	for at := range 5_000 {
		tally.add(seen{request: request, at: time.Unix(0, 0), method: "GET", route: fmt.Sprint("/", at), customerID: fmt.Sprint(at)})
		tally.decide(time.Unix(0, 0), decided{Limit: "all", Identity: identityOf(fmt.Sprint(at)), Refused: 1})
	}
	refused := 0
	for _, row := range tally.decisions {
		refused += row.Refused
	}
	equal(t, "refused", refused, 5_000)
	equal(t, "rows of decisions", len(tally.decisions), rowsMax+1)
	requests := 0
	for _, row := range tally.statistics {
		requests += row.Requests
	}
	equal(t, "requests", requests, 5_000)
	if rows := len(tally.statistics); rows > rowsKeptMax || len(tally.routes) != routesMax || len(tally.samples) != samplesASecond {
		t.Errorf("%d rows, %d routes, %d samples", rows, len(tally.routes), len(tally.samples))
	}
}

func TestTheHostAnswersTheSameWithAndWithoutUs(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, _ := anAgent(t, server, nil)
	host := http.NewServeMux()
	host.HandleFunc("/api/stream", func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("Content-Type", "text/event-stream")
		for range 3 {
			fmt.Fprint(writer, "data: {\"usage\":{\"total_tokens\":7}}\n\n")
			writer.(http.Flusher).Flush()
		}
	})
	host.HandleFunc("/api/upload", func(writer http.ResponseWriter, request *http.Request) {
		length, _ := io.Copy(io.Discard, request.Body)
		fmt.Fprint(writer, length)
	})
	host.HandleFunc("/api/abort", func(writer http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(writer, "half")
		_ = http.NewResponseController(writer).Flush()
		panic(http.ErrAbortHandler)
	})
	host.HandleFunc("/api/raw", func(writer http.ResponseWriter, _ *http.Request) {
		connection, _, err := writer.(http.Hijacker).Hijack()
		if err == nil {
			defer connection.Close()
			_, _ = io.WriteString(connection, "HTTP/1.1 299 Raw\r\nConnection: close\r\n\r\nraw")
		}
	})
	host.HandleFunc("/api/early", func(writer http.ResponseWriter, _ *http.Request) {
		writer.WriteHeader(http.StatusEarlyHints)
		writer.WriteHeader(http.StatusTeapot)
	})
	answers := map[bool][]string{}
	var serving sync.WaitGroup // a server does not wait for connections that a handler has taken
	for _, isOurs := range []bool{false, true} {
		handler := http.Handler(host)
		if isOurs {
			handler = agent.Middleware(nil, nil)(host)
		}
		listening := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			serving.Add(1)
			defer serving.Done()
			handler.ServeHTTP(writer, request)
		}))
		for _, path := range []string{"stream", "upload", "abort", "raw", "early", "nowhere"} {
			answers[isOurs] = append(answers[isOurs], rawAnswer(t, listening.URL+"/api/"+path))
		}
		listening.Close()
	}
	equal(t, "answers", answers[true], answers[false])
	serving.Wait()
	agent.Close(until(waitFor))
	statuses := map[string]float64{}
	for _, row := range server.items(reportsPath, "statistics") {
		for status, count := range row["statuses"].(map[string]any) {
			statuses[status] += count.(float64)
		}
	}
	equal(t, "statuses", statuses, map[string]float64{"200": 3, "101": 1, "418": 1, "404": 1})
	equal(t, "of a stream", usageOf(server, "mrl_tokens")[0]["fields"], map[string]any{"/response/body/usage/total_tokens": 7.0})
}

// rawAnswer is all that comes, but the date, for an upload of 10 MB.
func rawAnswer(t *testing.T, url string) string {
	t.Helper()
	request, _ := http.NewRequest("POST", url, io.LimitReader(zeroes{}, 10<<20)) // in chunks
	request.Header.Set("X-User", "ann")
	if !strings.HasSuffix(url, "upload") {
		request.Body = nil
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	response.Header.Del("Date")
	body, err := io.ReadAll(bufio.NewReader(response.Body))
	header, _ := json.Marshal(response.Header)
	return fmt.Sprintf("%d %s %s %v", response.StatusCode, header, body, err)
}

type zeroes struct{}

func (zeroes) Read(into []byte) (int, error) {
	clear(into)
	return len(into), nil
}

func TestPatternsOfTheStandardLibraryAreWrittenAsPoliciesDo(t *testing.T) {
	for pattern, route := range map[string]string{
		"GET /users/{id}": "/users/:id", "example.com/files/{path...}": "/files/*", "/static/": "/static/*", "/": "/*",
		"POST /a/{$}": "/a/", "/plain": "/plain", "": "",
	} {
		equal(t, pattern, routeOf(pattern), route)
	}
}

func TestAStrangeRequestDoesNotSpoilTheReport(t *testing.T) {
	request := httptest.NewRequest("GET", "/a?"+strings.Repeat("n", 101)+"&plain=1&"+strings.Repeat("x&", 3), nil)
	request.Header.Set("User-Agent", strings.Repeat("long", 200))
	strange := sampleOf(seen{request: request})
	equal(t, "told", []any{strange.UserAgent, strange.QueryNames}, []any{nil, []any{"plain", "x"}})
}

func TestAReportIsNeverMoreThanTheServerTakes(t *testing.T) {
	server := startFakeControl(t, metered())
	agent, _ := anAgent(t, server, nil)
	request := httptest.NewRequest("GET", "/a", nil)
	strange := seen{
		request: request, at: time.Now(), method: strings.Repeat("M", 100_000), requestBytes: math.MaxInt64,
		clientAddress: strings.Repeat("1", 100_000),
	}
	agent.tally.add(strange)
	agent.tally.add(strange)
	for at := range 1_400 {
		agent.tally.add(seen{request: request, at: time.Now(), method: "GET", customerID: fmt.Sprint(strings.Repeat("n", 250), at)})
	}
	agent.Close(context.Background())
	requests := 0.0
	for _, row := range server.items(reportsPath, "statistics") {
		requests += row["requests"].(float64)
		if told := row["requestBytes"].(float64); told < 0 || told > 1e12 {
			t.Errorf("%v bytes", told)
		}
	}
	equal(t, "requests", requests, 1_402.0)
	for _, report := range server.said(reportsPath) {
		if text, _ := json.Marshal(report); len(text) > 1<<20 {
			t.Errorf("a report of %d bytes", len(text))
		}
	}
	lists := 0
	for _, report := range server.said(reportsPath) {
		lists = max(lists, len(fmt.Sprint(report["statistics"])))
	}
	if lists > listBytesMax {
		t.Errorf("%d bytes of statistics", lists)
	}
}

func TestMethodsThatAClientHasMadeUpTakeNoRoomFromRoutes(t *testing.T) {
	tally := newTally()
	request := httptest.NewRequest("GET", "/a", nil)
	for at := range 1_000 {
		tally.add(seen{request: request, at: time.Unix(0, 0), method: fmt.Sprint("FOO", at), route: "/a"})
	}
	equal(t, "rows and routes", []int{len(tally.statistics), len(tally.routes)}, []int{1, 0})
}
