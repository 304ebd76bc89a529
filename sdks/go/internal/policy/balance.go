package policy

import (
	"errors"
	"fmt"
)

// Balance is a limit by what a customer may still use of a meter: the server knows how much that is, and lends of it.
type Balance struct {
	// Meter is its key.
	Meter           string
	UnitsPerRequest int64
}

// BalanceAlgorithm is what configurations call a balance.
const BalanceAlgorithm Algorithm = "balance"

// LimitOptions is a limit of a policy as configurations write it.
type LimitOptions struct {
	RateLimitOptions
	Meter string `json:"meter"`
	// UnitsPerRequest is 1 by default.
	UnitsPerRequest *float64 `json:"unitsPerRequest"`
}

const unitsPerRequestMax = 1_000_000

// ParseLimit reads a limit of a policy: of a window, or a balance, which is nil else. The error says what to change, or what this
// version does not know.
func ParseLimit(options LimitOptions) (RateLimit, *Balance, error) {
	if options.Algorithm != BalanceAlgorithm {
		rate, err := ParseRateLimit(options.RateLimitOptions)
		return rate, nil, err
	}
	if options.Meter == "" {
		return RateLimit{}, nil, errors.New("give the meter whose units a balance counts")
	}
	units := 1.0
	if options.UnitsPerRequest != nil {
		units = *options.UnitsPerRequest
	}
	if units < 1 || units > unitsPerRequestMax || units != float64(int64(units)) {
		return RateLimit{}, nil, fmt.Errorf("unitsPerRequest must be a whole number from 1 to %d, not %v", unitsPerRequestMax, units)
	}
	return RateLimit{}, &Balance{options.Meter, int64(units)}, nil
}

// BalanceUsedUp is the body of a refusal by a balance; the customer is nil for a caller who is none. It says nothing of when to come
// again: that is a matter of paying.
func BalanceUsedUp(name, meter string, customer *string) Problem {
	detail := fmt.Sprintf(`Only customers may use "%s": say who you are.`, meter)
	if customer != nil {
		detail = fmt.Sprintf(
			`Nothing is left of "%s" for customer "%s": buy credits, choose a plan that has it, or settle what is due.`, meter, *customer,
		)
	}
	return Problem{
		Type: "about:blank", Title: "Payment Required", Status: 402, Detail: detail, ViolatedPolicies: []string{name},
	}
}
