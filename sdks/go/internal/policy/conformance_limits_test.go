package policy

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

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
