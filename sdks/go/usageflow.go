// Package usageflow limits, meters and bills what your customers use, without ever hurting its host: a middleware for Gin,
// and a client for usage of your own. Without Gin, use its package core, which has the same names.
package usageflow

import "github.com/usageflow/go/core"

// What a client is made of, and says. See package core.
type (
	// Client sends usage: in the background, exactly once.
	Client = core.Client
	// Options of a client.
	Options = core.Options
	// Event is one usage fact.
	Event = core.Event
	// Amount is how much was used: an exact decimal.
	Amount = core.Amount
	// Result is what the server answered to one event.
	Result = core.Result
	// Stats is what became of every call of Track and Send.
	Stats = core.Stats
	// CircuitState is whether the server is called at all.
	CircuitState = core.CircuitState
	// Error is all that is returned or reported.
	Error = core.Error
	// ErrorKind is what an error means for the usage that it is about.
	ErrorKind = core.ErrorKind
)

// The kinds of an Error.
const (
	KindConfig      = core.KindConfig
	KindInvalid     = core.KindInvalid
	KindRefused     = core.KindRefused
	KindUnavailable = core.KindUnavailable
	KindDropped     = core.KindDropped
)

// The states of a circuit.
const (
	CircuitClosed   = core.CircuitClosed
	CircuitOpen     = core.CircuitOpen
	CircuitHalfOpen = core.CircuitHalfOpen
)

// NewClient makes a client, which sends until it is closed.
func NewClient(options Options) (*Client, error) {
	return core.NewClient(options)
}

// Int is a whole amount.
func Int(value int64) Amount {
	return core.Int(value)
}

// Float is the shortest decimal that is read as this number.
func Float(value float64) Amount {
	return core.Float(value)
}

// Decimal is an amount as text, like "0.000001".
func Decimal(text string) Amount {
	return core.Decimal(text)
}
