package core

import (
	"math"
	"regexp"
	"strconv"

	"github.com/usageflow/go/internal/policy"
)

// Amount is how much was used: an exact decimal. Its zero value stands for 1.
type Amount struct {
	text string
	// objection is why it is no amount; said when the event is tracked, so that amounts can stand in an event.
	objection string
}

const (
	significantDigitsMax = 15 // what a double holds of any decimal
	safeIntegerMax       = 1<<53 - 1

	amountRule  = `must be up to 26 whole and 12 fractional digits like "12.5", and not negative`
	inexactRule = `a float64 keeps at most 15 significant digits: give Decimal("0.1234567890123")`
)

var amountShape = regexp.MustCompile(`^(0|[1-9][0-9]{0,25})(?:\.[0-9]{1,12})?$`)

// Decimal is an amount as text, like "0.000001": up to 26 whole and 12 fractional digits, and not negative.
func Decimal(text string) Amount {
	if !amountShape.MatchString(text) {
		return Amount{objection: amountRule}
	}
	return Amount{text: text}
}

// Int is a whole amount.
func Int(value int64) Amount {
	return Decimal(strconv.FormatInt(value, 10))
}

// Float is the shortest decimal that is read as this number. It must have at most 15 significant digits: of one with
// more, a float64 cannot say which decimal was meant. So Float(0.1) is 0.1, and Float(1.0 / 3) is refused.
func Float(value float64) Amount {
	if math.IsNaN(value) || value < 0 {
		return Amount{objection: amountRule}
	}
	text := strconv.FormatFloat(math.Abs(value), 'f', -1, 64) // a zero may be negative
	if value > safeIntegerMax || policy.SignificantDigits(text) > significantDigitsMax {
		return Amount{objection: inexactRule}
	}
	return Decimal(text)
}

// String is the amount as it is sent; empty for what is no amount.
func (amount Amount) String() string {
	if amount == (Amount{}) {
		return "1"
	}
	return amount.text
}
