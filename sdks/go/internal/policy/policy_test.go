package policy

import (
	"net"
	"strings"
	"testing"
	"time"
)

func TestAnEarlierStateStaysAsItWasWhenALaterOneIsMade(t *testing.T) {
	for _, algorithm := range []Algorithm{FixedWindow, TokenBucket, SlidingWindow} {
		limit, err := ParseRateLimit(RateLimitOptions{Limit: 10, Window: "10s", Algorithm: algorithm})
		if err != nil {
			t.Fatal(err)
		}
		_, first, _ := limit.Decide(RateState{}, 3, 1_000)
		once, _, _ := limit.Decide(first, 4, 1_000)
		again, _, _ := limit.Decide(first, 4, 1_000)
		equal(t, string(algorithm), again, once)
	}
}

func TestACostThatNobodyCanHaveIsAnErrorAndChangesNothing(t *testing.T) {
	limit := RateLimit{Algorithm: TokenBucket, Limit: 10, WindowMs: 1_000}
	_, state, _ := limit.Decide(RateState{}, 4, 1_000)
	for _, cost := range []int64{-1, safeIntegerMax + 1} {
		_, after, err := limit.Decide(state, cost, 1_000)
		if err == nil {
			t.Errorf("%d is a cost", cost)
		}
		equal(t, "state", after, state)
		if _, _, err := (Holder{}).Spend(cost, 0); err == nil {
			t.Errorf("%d can be spent", cost)
		}
	}
	decision, _, err := limit.Decide(state, safeIntegerMax, 1_000)
	equal(t, "more than any product holds", decision, Decision{Remaining: 6, ResetMs: 400, RetryAfterMs: Never})
	equal(t, "error", err, nil)
}

func TestARefusalNamesThePoliciesThatRefused(t *testing.T) {
	problem := QuotaExceeded([]AppliedLimit{
		{Name: "a", Decision: Decision{IsAllowed: true}},
		{Name: "b"},
	})
	equal(t, "status", problem.Status, 429)
	equal(t, "violated", problem.ViolatedPolicies, []string{"b"})
}

func TestTheNamesOfAQueryAreToldOnceAndNeverItsValues(t *testing.T) {
	equal(t, "names", QueryNames("?a=1&b=%20&a=2&=x&c+d=3&%=4"), []string{"a", "b", "c d"})
}

func TestNoCustomerCanBeCalledLikeANetwork(t *testing.T) {
	customer, network := Identity{Customer, "10.0.0.1"}, Identity{Network, "10.0.0.1"}
	if customer.Key() == network.Key() {
		t.Error("both are one")
	}
}

func TestTextThatIsNoUTF8IsNoIdentityAndNoMetadata(t *testing.T) {
	strategy := Strategy{{FromBody, "id"}}
	identity := Identify(strategy, RequestParts{Body: map[string]any{"id": "a\xff"}})
	equal(t, "identity", identity, Identity{Network, "unknown"})
	redacted := RedactAll(map[string]any{"a": "a\xff", "b\xff": 1})
	equal(t, "omitted", redacted.Omitted, []Omission{{"a", Unfit}, {"b\xff", Unfit}})
}

func TestValuesOfGoAreRedactedLikeWhatJSONMakesOfThem(t *testing.T) {
	type plan string
	redacted := RedactAll(map[string]any{
		"address":  net.IPv4(10, 0, 0, 1),
		"bytes":    []byte("x"),
		"headers":  map[string]string{"accept": "*/*", "authorization": "x"},
		"id":       int64(1234567890123456789),
		"nothing":  nil,
		"plan":     plan("pro"),
		"pointer":  new(int),
		"seen":     time.Unix(0, 0),
		"struct":   struct{ A string }{"x"},
		"tags":     []string{"a", "uf_live_" + strings.Repeat("x", 20)},
		"whole":    7,
		"byNumber": map[int]string{1: "a"},
	})
	equal(t, "metadata", redacted.Metadata, map[string]any{
		"headers": map[string]any{"accept": "*/*"},
		"id":      "1234567890123456789",
		"nothing": nil,
		"plan":    "pro",
		"tags":    []any{"a"},
		"whole":   7,
	})
	equal(t, "omitted", redacted.Omitted, []Omission{
		{"address", Unfit}, {"byNumber", Unfit}, {"bytes", Unfit}, {"headers.authorization", Secret},
		{"pointer", Unfit}, {"seen", Unfit}, {"struct", Unfit}, {"tags.1", Secret},
	})
}

func TestNothingIsSentWhereNothingIsAllowed(t *testing.T) {
	equal(t, "metadata", Redact(map[string]any{"a": 1}, nil).Metadata, map[string]any{})
}
