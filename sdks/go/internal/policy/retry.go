package policy

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

// FailedTry is a failed try to reach the server.
type FailedTry struct {
	// Attempt is 1 for the first.
	Attempt int
	// Status is 0 if there was no answer.
	Status int
	// RetryAfter is the header as it came; nil if none came.
	RetryAfter *string
}

const (
	retryDelayMsFirst = 500
	retryDelayMsMax   = 60_000
	// retryJitter is the part of the delay that chance adds, so that what failed together does not come back together.
	retryJitter = 0.5
	// retryAfterMsMax is what a server may ask for at most: whoever asks for a day has made a mistake.
	retryAfterMsMax = 3_600_000
	doublingsMax    = 20
)

var (
	retryAfterSeconds = regexp.MustCompile(`^[0-9]{1,9}$`)
	retryAfterDate    = regexp.MustCompile(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT$`)
	monthsByName      = map[string]time.Month{
		"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
		"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
	}
)

// RetryDelayMs tells how long to wait before the same is sent again under the same key; false if it never will be
// accepted. Doubles from half a second to a minute, and longer if the server asks for it. `random` is from 0 to
// below 1.
func RetryDelayMs(failed FailedTry, random float64, nowMs int64) (int64, bool) {
	if !failed.isRetried() {
		return 0, false
	}
	backoffMs := min(retryDelayMsMax, int64(retryDelayMsFirst)<<min(max(failed.Attempt-1, 0), doublingsMax))
	askedMs := int64(0)
	if failed.RetryAfter != nil {
		askedMs, _ = ParseRetryAfter(*failed.RetryAfter, nowMs)
	}
	jitter := float64(retryJitter * random) // converted, so that no machine rounds product and sum in one
	return int64(math.Floor(float64(max(backoffMs, askedMs)) * (1 + jitter))), true
}

// isRetried is true without an answer, and for answers that say: not now. A conflict does so if it says until when.
func (failed FailedTry) isRetried() bool {
	switch failed.Status {
	case 0, 408, 425, 429:
		return true
	case 409:
		return failed.RetryAfter != nil
	}
	return failed.Status >= 500
}

// ParseRetryAfter reads seconds, or a date of HTTP: at most an hour, and 0 for what is past. False for anything else.
func ParseRetryAfter(header string, nowMs int64) (int64, bool) {
	waitMs, ok := int64(0), true
	if retryAfterSeconds.MatchString(header) {
		waitMs = 1_000 * number(header)
	} else if waitMs, ok = dateMs(header); ok {
		waitMs -= nowMs
	}
	return min(retryAfterMsMax, max(0, waitMs)), ok
}

func dateMs(header string) (int64, bool) {
	match := retryAfterDate.FindStringSubmatch(header)
	if match == nil {
		return 0, false
	}
	day, month, year := number(match[1]), monthsByName[match[2]], number(match[3])
	hour, minute, second := number(match[4]), number(match[5]), number(match[6])
	at := time.Date(int(year), month, int(day), int(hour), int(minute), int(second), 0, time.UTC)
	return at.UnixMilli(), true
}

// number reads digits of which a pattern has seen to it that they are few.
func number(digits string) int64 {
	value, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic("invariant broken: " + err.Error())
	}
	return value
}
