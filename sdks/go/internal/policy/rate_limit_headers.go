package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// AppliedLimit is one limit that a request was held against.
type AppliedLimit struct {
	// Name is what the answer calls it.
	Name     string
	Limit    RateLimit
	Decision Decision
}

// RateLimitHeaders are headers of an answer, after draft 11 of the IETF.
type RateLimitHeaders struct {
	// Policy is of the header RateLimit-Policy.
	Policy string
	// RateLimit is of the header of that name.
	RateLimit string
	// RetryAfter is of the header Retry-After; empty, and not sent, for a request that is allowed.
	RetryAfter string
}

// Problem is the body of a refusal, as `application/problem+json`.
type Problem struct {
	Type             string   `json:"type"`
	Title            string   `json:"title"`
	Status           int      `json:"status"`
	Detail           string   `json:"detail,omitempty"`
	ViolatedPolicies []string `json:"violated-policies"`
}

// HeadersOf makes the headers of an answer. Seconds are rounded up, so that nobody comes too early; a request that
// costs more than the limit is told to wait for a window.
func HeadersOf(limits []AppliedLimit) RateLimitHeaders {
	var policies, states []string
	waitS := int64(0)
	for _, each := range limits {
		name, decision := quoted(each.Name), each.Decision
		policies = append(policies, fmt.Sprintf("%s;q=%d;w=%d", name, each.Limit.Limit, seconds(each.Limit.WindowMs)))
		states = append(states, fmt.Sprintf("%s;r=%d;t=%d", name, decision.Remaining, seconds(decision.ResetMs)))
		if !decision.IsAllowed {
			waitS = max(1, waitS, seconds(each.waitMs()))
		}
	}
	headers := RateLimitHeaders{Policy: strings.Join(policies, ", "), RateLimit: strings.Join(states, ", ")}
	if waitS > 0 {
		headers.RetryAfter = strconv.FormatInt(waitS, 10)
	}
	return headers
}

// QuotaExceeded names the limits that refused.
func QuotaExceeded(limits []AppliedLimit) Problem {
	violated := []string{}
	for _, each := range limits {
		if !each.Decision.IsAllowed {
			violated = append(violated, each.Name)
		}
	}
	return Problem{
		Type:             "https://iana.org/assignments/http-problem-types#quota-exceeded",
		Title:            "Request cannot be satisfied as assigned quota has been exceeded",
		Status:           429,
		ViolatedPolicies: violated,
	}
}

func (applied AppliedLimit) waitMs() int64 {
	if applied.Decision.RetryAfterMs == Never {
		return applied.Limit.WindowMs
	}
	return applied.Decision.RetryAfterMs
}

func seconds(ms int64) int64 {
	return ceilOf(ms, 1_000)
}

// quoted makes a string of RFC 8941: what cannot stand in one is left out.
func quoted(name string) string {
	var text strings.Builder
	for _, char := range name {
		if char == '"' || char == '\\' {
			text.WriteByte('\\')
		}
		if ' ' <= char && char <= '~' {
			text.WriteRune(char)
		}
	}
	return `"` + text.String() + `"`
}
