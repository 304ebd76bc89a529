package policy

import (
	"fmt"
	"regexp"
	"strconv"
)

// DurationMsMax is the longest window: a leap year. Whoever counts for longer wants a period of a subscription.
const DurationMsMax = 366 * 86_400_000

var durationUnits = []struct {
	name string
	ms   int64
}{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}, {"s", 1_000}}

var durationShape = regexp.MustCompile(`^([1-9][0-9]{0,8})([smhd])$`)

// ParseDuration reads a length of time such as `30s`, `15m`, `1h` or `1d`, in milliseconds: a whole number and
// one unit, nothing before, between or behind. A day has 24 hours. Anything else, and what is beyond 366 days,
// is an error.
func ParseDuration(text string) (int64, error) {
	match := durationShape.FindStringSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf(`%q is no duration: write a whole number above 0 and s, m, h or d, such as "15m"`, text)
	}
	durationMs := number(match[1]) * unitMs(match[2])
	if durationMs > DurationMsMax {
		return 0, fmt.Errorf(`%q is too long: at most "366d"`, text)
	}
	return durationMs, nil
}

// FormatDuration returns the shortest text that ParseDuration reads as this many milliseconds, and an error
// where there is none.
func FormatDuration(durationMs int64) (string, error) {
	if durationMs > 0 && durationMs <= DurationMsMax {
		for _, unit := range durationUnits {
			if durationMs%unit.ms == 0 {
				return strconv.FormatInt(durationMs/unit.ms, 10) + unit.name, nil
			}
		}
	}
	return "", fmt.Errorf(`%d ms is no duration: whole seconds between "1s" and "366d"`, durationMs)
}

func unitMs(name string) int64 {
	for _, unit := range durationUnits {
		if unit.name == name {
			return unit.ms
		}
	}
	return 0
}
