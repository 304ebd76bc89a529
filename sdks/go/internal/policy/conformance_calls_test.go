package policy

import (
	"fmt"
	"testing"
)

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
