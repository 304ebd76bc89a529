package core

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestAnAmountIsWhatItsShortestTextSays(t *testing.T) {
	for text, amount := range map[string]Amount{
		"1":                    {},
		"0":                    Float(math.Copysign(0, -1)),
		"1500":                 Int(1500),
		"9223372036854775807":  Int(math.MaxInt64),
		"0.1":                  Float(0.1),
		"0.0000001":            Float(1e-7),
		"100000000000000":      Float(1e14),
		"0.000001":             Decimal("0.000001"),
		"12345678901234567890": Decimal("12345678901234567890"),
	} {
		equal(t, text, amount.String(), text)
		equal(t, text, checkAmount(amount) == nil, true)
	}
}

func TestAnAmountThatIsNotExactOrNoneIsRefused(t *testing.T) {
	for _, amount := range []Amount{
		Int(-1), Float(-0.5), Float(math.NaN()), Float(math.Inf(1)), Float(1.0 / 3), Float(1 << 54), Float(1e-13),
		Decimal(""), Decimal("-1"), Decimal("+1"), Decimal("01"), Decimal("1."), Decimal(".5"), Decimal("1e3"),
		Decimal("1\n"), Decimal("0.1234567890123"), Decimal("123456789012345678901234567"), Decimal("NaN"),
	} {
		if checkAmount(amount) == nil {
			t.Errorf("%+v is an amount", amount)
		}
	}
}

func TestAnEventIsWrittenWithAKeyAndATimeOfItsOwn(t *testing.T) {
	now := time.Date(2026, 3, 1, 13, 0, 0, 123_456_789, time.FixedZone("", 3600))
	text, failure := readEvent(Event{Name: "A<b>", CustomerID: "c"}, func() time.Time { return now })
	if failure != nil {
		t.Fatal(failure)
	}
	key := unwritten(text).IdempotencyKey
	expected := `{"name":"A<b>","customerId":"c","amount":"1","timestamp":"2026-03-01T12:00:00.123Z","idempotencyKey":"` + key + `"}`
	equal(t, "text", string(text), expected)
	equal(t, "length of the key", len(key), 36)
}

func TestAnEventThatIsReadBackIsWrittenTheSame(t *testing.T) {
	event := Event{
		Name: "A", CustomerID: "c", Amount: Decimal("0.5"), IdempotencyKey: "k", Timestamp: time.Now(),
		Metadata: map[string]any{
			"text": "a\"b\\u0000 \u2028 😀 �", "whole": int64(1234567890123456789), "tiny": 1e-7, "short": -1.5,
			"list": []any{true, nil, 0.1, 1234567890.1234567}, "raw": json.RawMessage(`"\ud83d\ude00"`), "empty": "",
		},
	}
	text, failure := readEvent(event, time.Now)
	if failure != nil {
		t.Fatal(failure)
	}
	again, failure := readEvent(*unwritten(text), time.Now)
	if failure != nil {
		t.Fatal(failure)
	}
	var first, second any
	equal(t, "error", json.Unmarshal(text, &first), nil)
	equal(t, "error", json.Unmarshal(again, &second), nil)
	equal(t, "again", second, first)
	metadata := first.(map[string]any)["metadata"].(map[string]any)
	equal(t, "a number with more digits than a double keeps", metadata["whole"], "1234567890123456789")
	equal(t, "in a list", metadata["list"].([]any)[3], "1234567890.1234567")
	equal(t, "any other number", metadata["short"], -1.5)
}

func TestMetadataThatMakesARequestUnreadableIsRefused(t *testing.T) {
	for name, value := range map[string]any{
		"NUL":                      "a\x00",
		"no UTF-8":                 "a\xff",
		"half a pair":              json.RawMessage(`"\ud83d"`),
		"the other half":           json.RawMessage(`"\ude00"`),
		"no JSON":                  json.RawMessage(`{`),
		"what no number is":        math.NaN(),
		"more than an event holds": string(make([]byte, metadataBytesMax)),
	} {
		if _, failure := readEvent(Event{Name: "A", CustomerID: "c", Metadata: map[string]any{"x": value}}, time.Now); failure == nil {
			t.Errorf("%s is metadata", name)
		}
	}
	if _, failure := readEvent(Event{Name: "A", CustomerID: "c", Metadata: map[string]any{"\x00": 1}}, time.Now); failure == nil {
		t.Error("NUL is a name")
	}
}

func TestWaitsGrowFromHalfASecondToHalfAMinuteWithChanceInThem(t *testing.T) {
	equal(t, "first", backoff(1, 1), 500*time.Millisecond)
	equal(t, "first, at least", backoff(1, 0), 250*time.Millisecond)
	equal(t, "third", backoff(3, 1), 2*time.Second)
	equal(t, "longest", backoff(1_000, 1), 30*time.Second)
	now := time.Now()
	asked := circuit{}.failed(now, 48*time.Hour, 1)
	equal(t, "a server that asks for two days", asked.wait(now), time.Hour)
}
