package policy

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// checks has, for each file of vectors, what holds one of its cases against our functions. It returns their errors.
var checks = map[string]func(*testing.T, vector) error{
	"balances.json":           checkBalance,
	"breakers.json":           checkBreaker,
	"captures.json":           checkCaptures,
	"counting-routes.json":    checkCounting,
	"durations.json":          checkDuration,
	"identities.json":         checkIdentity,
	"latencies.json":          checkLatency,
	"lease-holders.json":      checkHolder,
	"path-confusion.json":     checkConfusion,
	"rate-limit-headers.json": checkHeaders,
	"rate-limits.json":        checkRateLimit,
	"redaction.json":          checkRedaction,
	"retries.json":            checkRetry,
	"routes.json":             checkRoutes,
}

const (
	manifest = "manifest.json"
	// ofClients is what the clients do alike; the tests of package core read it.
	ofClients = "blueprints.json"
)

func vectorFiles(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(vectorsFolder)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, entry := range entries {
		if name := entry.Name(); filepath.Ext(name) == ".json" && name != manifest && name != ofClients {
			files = append(files, name)
		}
	}
	return files
}

func TestEveryFileOfVectorsIsReadAndHasAsManyCasesAsTheManifestSays(t *testing.T) {
	files := vectorFiles(t)
	equal(t, "files", files, slices.Sorted(maps.Keys(checks)))
	counts := map[string]int{}
	for _, file := range files {
		counts[file] = len(readVectors(t, file))
	}
	var told map[string]int
	readJSON(t, manifest, &told)
	delete(told, ofClients)
	equal(t, "cases", counts, told)
}

func TestEveryVectorHoldsCaseByCase(t *testing.T) {
	for _, file := range vectorFiles(t) {
		t.Run(file, func(t *testing.T) {
			check, ok := checks[file]
			if !ok {
				t.Fatal("nobody knows how to read it")
			}
			names := map[string]bool{}
			for _, each := range readVectors(t, file) {
				if names[each.Name] || each.Name == "" {
					t.Errorf("%q is no name of one case", each.Name)
				}
				names[each.Name] = true
				if err := check(t, each); (err != nil) != each.Error {
					t.Errorf("%s: the error is %v", each.Name, err)
				}
			}
		})
	}
}

// common are the fields of every case.
type common struct {
	Name  string `json:"name"`
	Error bool   `json:"error"`
}

func checkDuration(t *testing.T, each vector) error {
	var given struct {
		common
		Text   string `json:"text"`
		Ms     int64  `json:"ms"`
		Format *int64 `json:"format"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	if given.Format == nil {
		ms, err := ParseDuration(given.Text)
		equal(t, each.Name, ms, given.Ms)
		return err
	}
	text, err := FormatDuration(*given.Format)
	equal(t, each.Name, text, given.Text)
	return err
}

func checkRoutes(t *testing.T, each vector) error {
	type covered struct {
		Route  int               `json:"route"`
		Params map[string]string `json:"params"`
	}
	var given struct {
		common
		Routes  []Route   `json:"routes"`
		Method  string    `json:"method"`
		Target  string    `json:"target"`
		Covered []covered `json:"covered"`
		Exempt  *bool     `json:"exempt"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes(given.Routes)
	if err != nil {
		return err
	}
	found := []covered{}
	for _, match := range table.Covering(given.Method, given.Target) {
		found = append(found, covered(match))
	}
	equal(t, each.Name, found, given.Covered)
	if given.Exempt != nil {
		equal(t, each.Name+", exempt", table.Exempts(given.Method, given.Target), *given.Exempt)
	}
	return nil
}

func checkCounting(t *testing.T, each vector) error {
	var given struct {
		common
		Routes   []Route `json:"routes"`
		Method   string  `json:"method"`
		Target   string  `json:"target"`
		Template string  `json:"template"`
		Counting *int    `json:"counting"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes(given.Routes)
	route, isKnown := table.Counting(given.Method, given.Target, given.Template)
	equal(t, each.Name+", known", isKnown, given.Counting != nil)
	if given.Counting != nil {
		equal(t, each.Name, route, *given.Counting)
	}
	return err
}

func checkConfusion(t *testing.T, each vector) error {
	var given struct {
		common
		Pattern string `json:"pattern"`
		Target  string `json:"target"`
		Covered bool   `json:"covered"`
		Exempt  bool   `json:"exempt"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes([]Route{{Method: "GET", URL: given.Pattern}})
	equal(t, each.Name+", covered", len(table.Covering("GET", given.Target)) > 0, given.Covered)
	equal(t, each.Name+", exempt", table.Exempts("GET", given.Target), given.Exempt)
	return err
}

func checkIdentity(t *testing.T, each vector) error {
	var given struct {
		common
		Strategy Strategy `json:"strategy"`
		Request  struct {
			Headers       map[string]any    `json:"headers"`
			Query         string            `json:"query"`
			Body          any               `json:"body"`
			Params        map[string]string `json:"params"`
			Claims        any               `json:"claims"`
			ClientAddress string            `json:"clientAddress"`
		} `json:"request"`
		Identity Identity `json:"identity"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	parts := RequestParts{
		Headers:       headersOf(given.Request.Headers),
		Query:         given.Request.Query,
		Body:          given.Request.Body,
		Params:        given.Request.Params,
		Claims:        given.Request.Claims,
		ClientAddress: given.Request.ClientAddress,
	}
	equal(t, each.Name, Identify(given.Strategy, parts), given.Identity)
	request, _ := unordered(inDoubles(each.field("request"))).(map[string]any)
	parts.Body, parts.Claims = request["body"], request["claims"]
	equal(t, each.Name+", in doubles", Identify(given.Strategy, parts), given.Identity)
	return nil
}

// headersOf reads a header that came once, or several times.
func headersOf(given map[string]any) http.Header {
	headers := http.Header{}
	for name, value := range given {
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, each := range values {
			headers.Add(name, each.(string))
		}
	}
	return headers
}

func checkRateLimit(t *testing.T, each vector) error {
	var given struct {
		common
		Limit RateLimitOptions `json:"limit"`
		Steps []struct {
			AtMs         int64  `json:"atMs"`
			Cost         int64  `json:"cost"`
			IsAllowed    bool   `json:"isAllowed"`
			Remaining    int64  `json:"remaining"`
			ResetMs      int64  `json:"resetMs"`
			RetryAfterMs *int64 `json:"retryAfterMs"`
		} `json:"steps"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	limit, err := ParseRateLimit(given.Limit)
	if err != nil {
		return err
	}
	state := RateState{}
	for index, step := range given.Steps {
		decision, after, err := limit.Decide(state, step.Cost, step.AtMs)
		if err != nil {
			return err
		}
		expected := Decision{step.IsAllowed, step.Remaining, step.ResetMs, orNever(step.RetryAfterMs)}
		equal(t, fmt.Sprintf("%s, step %d", each.Name, index), decision, expected)
		state = after
	}
	return nil
}

func checkBalance(t *testing.T, each vector) error {
	var given struct {
		common
		Limit LimitOptions `json:"limit"`
		Read  struct {
			Algorithm       Algorithm `json:"algorithm"`
			Meter           string    `json:"meter"`
			UnitsPerRequest int64     `json:"unitsPerRequest"`
			Limit           int64     `json:"limit"`
			WindowMs        int64     `json:"windowMs"`
		} `json:"read"`
		Refused *struct {
			Name     string  `json:"name"`
			Meter    string  `json:"meter"`
			Customer *string `json:"customer"`
		} `json:"refused"`
		Body Problem `json:"body"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	if refused := given.Refused; refused != nil {
		equal(t, each.Name, BalanceUsedUp(refused.Name, refused.Meter, refused.Customer), given.Body)
		return nil
	}
	rate, balance, err := ParseLimit(given.Limit)
	if err != nil {
		return err
	}
	read := given.Read
	if balance != nil {
		equal(t, each.Name, read.Algorithm, BalanceAlgorithm)
		equal(t, each.Name, *balance, Balance{read.Meter, read.UnitsPerRequest})
	} else {
		equal(t, each.Name, rate, RateLimit{Algorithm: read.Algorithm, Limit: read.Limit, WindowMs: read.WindowMs})
	}
	return nil
}

func checkHeaders(t *testing.T, each vector) error {
	var given struct {
		common
		Limits []struct {
			Name         string `json:"name"`
			Limit        int64  `json:"limit"`
			WindowMs     int64  `json:"windowMs"`
			IsAllowed    bool   `json:"isAllowed"`
			Remaining    int64  `json:"remaining"`
			ResetMs      int64  `json:"resetMs"`
			RetryAfterMs *int64 `json:"retryAfterMs"`
		} `json:"limits"`
		Headers map[string]string `json:"headers"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	var limits []AppliedLimit
	for _, flat := range given.Limits {
		limits = append(limits, AppliedLimit{
			Name:     flat.Name,
			Limit:    RateLimit{Algorithm: FixedWindow, Limit: flat.Limit, WindowMs: flat.WindowMs},
			Decision: Decision{flat.IsAllowed, flat.Remaining, flat.ResetMs, orNever(flat.RetryAfterMs)},
		})
	}
	headers := HeadersOf(limits)
	sent := map[string]string{"RateLimit-Policy": headers.Policy, "RateLimit": headers.RateLimit}
	if headers.RetryAfter != "" {
		sent["Retry-After"] = headers.RetryAfter
	}
	equal(t, each.Name, sent, given.Headers)
	return nil
}

// holderStep is of the first kind that it has a field of.
type holderStep struct {
	AtMs    int64   `json:"atMs"`
	Ask     *string `json:"ask"`
	Receive *struct {
		ID           string `json:"id"`
		Units        int64  `json:"units"`
		LifeMs       int64  `json:"lifeMs"`
		RetryAfterMs *int64 `json:"retryAfterMs"`
		AskAgainMs   int64  `json:"askAgainMs"`
	} `json:"receive"`
	Spend        *int64          `json:"spend"`
	Answer       LocalAnswer     `json:"answer"`
	ShouldAsk    bool            `json:"shouldAsk"`
	Remaining    int64           `json:"remaining"`
	RetryAfterMs int64           `json:"retryAfterMs"`
	SettleByMs   json.RawMessage `json:"settleByMs"`
	Settlements  []struct {
		ID   string `json:"id"`
		Used int64  `json:"used"`
	} `json:"settlements"`
}

func checkHolder(t *testing.T, each vector) error {
	var given struct {
		common
		Steps []holderStep `json:"steps"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	holder := Holder{}
	for index, step := range given.Steps {
		after, err := afterHolderStep(t, holder, step, fmt.Sprintf("%s, step %d", each.Name, index))
		if err != nil {
			return err
		}
		holder = after
	}
	return nil
}

func afterHolderStep(t *testing.T, holder Holder, step holderStep, where string) (Holder, error) {
	switch {
	case step.Ask != nil:
		return holder.Asking(*step.Ask, step.AtMs), nil
	case step.Receive != nil:
		answer := step.Receive
		return holder.Receiving(LeaseAnswer{
			answer.ID, answer.Units, answer.LifeMs, orNever(answer.RetryAfterMs), answer.AskAgainMs,
		}), nil
	case step.Spend != nil:
		decision, after, err := holder.Spend(*step.Spend, step.AtMs)
		equal(t, where, decision, LocalDecision{step.Answer, step.ShouldAsk, step.Remaining, step.RetryAfterMs})
		return after, err
	case step.SettleByMs == nil:
		t.Fatalf("%s: unknown step", where)
	}
	byMs := int64(math.MaxInt64)
	if err := json.Unmarshal(step.SettleByMs, &byMs); err != nil { // null leaves it
		t.Fatal(err)
	}
	settlements, after := holder.Settling(byMs)
	expected := []LeaseSettlement{}
	for _, settlement := range step.Settlements {
		expected = append(expected, LeaseSettlement(settlement))
	}
	equal(t, where, settlements, expected)
	return after, nil
}

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

// equalJSON compares what goes over the wire: a number is the same in any type.
func equalJSON(t *testing.T, what string, got any, expected map[string]any) {
	t.Helper()
	equal(t, what, string(must(json.Marshal(got))), string(must(json.Marshal(expected))))
}

func checkRetry(t *testing.T, each vector) error {
	var given struct {
		common
		Attempt    int     `json:"attempt"`
		Status     *int    `json:"status"`
		RetryAfter *string `json:"retryAfter"`
		Random     float64 `json:"random"`
		NowMs      int64   `json:"nowMs"`
		DelayMs    *int64  `json:"delayMs"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	failed := FailedTry{Attempt: given.Attempt, RetryAfter: given.RetryAfter}
	if given.Status != nil {
		failed.Status = *given.Status
	}
	delayMs, ok := RetryDelayMs(failed, given.Random, given.NowMs)
	equal(t, each.Name+", tried again", ok, given.DelayMs != nil)
	if given.DelayMs != nil {
		equal(t, each.Name, delayMs, *given.DelayMs)
	}
	return nil
}

func checkLatency(t *testing.T, each vector) error {
	var given struct {
		common
		Us     int64 `json:"us"`
		Bucket int   `json:"bucket"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	equal(t, each.Name, BucketOf(given.Us), given.Bucket)
	return nil
}

func checkBreaker(t *testing.T, each vector) error {
	var given struct {
		common
		Steps []struct {
			AtMs      int64  `json:"atMs"`
			Event     string `json:"event"`
			IsAllowed bool   `json:"isAllowed"`
		} `json:"steps"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	breaker := Breaker{}
	for index, step := range given.Steps {
		where := fmt.Sprintf("%s, step %d", each.Name, index)
		switch step.Event {
		case "success":
			breaker = breaker.AfterSuccess()
		case "failure":
			breaker = breaker.AfterFailure(step.AtMs)
		case "call":
			isAllowed, after := breaker.MayCall(step.AtMs)
			equal(t, where, isAllowed, step.IsAllowed)
			breaker = after
		default:
			t.Fatalf("%s: unknown step", where)
		}
	}
	return nil
}

func orNever(ms *int64) int64 {
	if ms == nil {
		return Never
	}
	return *ms
}

func equal(t *testing.T, what string, got, expected any) {
	t.Helper()
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%s: got %+v, expected %+v", what, got, expected)
	}
}
