package policy

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Source is the part of a request that a customer's name is read from.
type Source string

const (
	FromHeader Source = "header"
	FromQuery  Source = "query"
	FromBody   Source = "body"
	FromPath   Source = "path"
	FromCookie Source = "cookie"
	FromClaim  Source = "claim"
)

// IdentitySource is where in a request the customer's name stands.
type IdentitySource struct {
	From Source `json:"from"`
	// Name of the header, parameter, cookie or field; `user.id` is a field of a field.
	Name string `json:"name"`
}

// Strategy has sources in the order in which they are asked: the first that has something decides.
type Strategy []IdentitySource

// RequestParts is what an SDK knows of a request. What a strategy does not ask for may be left out.
type RequestParts struct {
	Headers http.Header
	// Query as it came, with or without `?`.
	Query string
	// Body is parsed, if it was JSON.
	Body any
	// Params are those of the route that covers the request.
	Params map[string]string
	// Claims are of a token whose signature, issuer and times have been checked: here they are believed.
	Claims any
	// ClientAddress is as the framework knows it behind its trusted proxies.
	ClientAddress string
}

// IdentityKind tells a known customer from somebody of whom only the network is known.
type IdentityKind string

const (
	Customer IdentityKind = "customer"
	Network  IdentityKind = "network"
)

// Identity is who is asking. Nobody known is told apart by network, and all without an address are one.
type Identity struct {
	Kind IdentityKind `json:"kind"`
	ID   string       `json:"id"`
}

const (
	idLengthMax    = 255 // of a customerId, in UTF-16 units, as the API counts
	safeIntegerMax = 1<<53 - 1
)

// Identify returns the first source with a usable name, or the network of the client.
func Identify(strategy Strategy, parts RequestParts) Identity {
	for _, source := range strategy {
		if id, ok := usable(parts.read(source)); ok {
			return Identity{Customer, id}
		}
	}
	return Identity{Network, NetworkOf(parts.ClientAddress)}
}

// Key is one text for each identity, under which to keep its state: no customer can be called like a network.
func (identity Identity) Key() string {
	return string(identity.Kind) + ":" + identity.ID
}

// usable is false for what counts as absent: nothing, blanks, more than 255 characters, control characters, and
// whatever is neither a text nor a whole number. Anything else is taken to the letter.
func usable(value any) (string, bool) {
	text, ok := textOf(value)
	if !ok || IsLonger(text, idLengthMax) || strings.Trim(text, " ") == "" {
		return "", false
	}
	return text, utf8.ValidString(text) && !strings.ContainsFunc(text, isControl)
}

func textOf(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case float64:
		if math.Abs(value) > safeIntegerMax || value != math.Trunc(value) {
			return "", false
		}
		return strconv.FormatInt(int64(value), 10), true
	case json.Number:
		number, err := value.Float64()
		if err != nil {
			return "", false
		}
		return textOf(number)
	}
	return "", false
}

// read returns nil for what is not there.
func (parts RequestParts) read(source IdentitySource) any {
	switch source.From {
	case FromHeader:
		return onlyOf(parts.Headers.Values(source.Name))
	case FromQuery:
		return onlyOf(valuesOf(queryPairs(parts.Query), source.Name))
	case FromBody:
		return fieldOf(parts.Body, source.Name)
	case FromPath:
		return parts.Params[source.Name]
	case FromCookie:
		return onlyOf(cookiesOf(parts.Headers.Values("Cookie"), source.Name))
	case FromClaim:
		return fieldOf(parts.Claims, source.Name)
	}
	return nil
}

// onlyOf takes none of several that differ: servers disagree about which counts, and a caller might choose who pays.
func onlyOf(values []string) any {
	for _, value := range values {
		if value != values[0] {
			return nil
		}
	}
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

func valuesOf(pairs []queryPair, name string) []string {
	var values []string
	for _, pair := range pairs {
		if pair.name == name {
			values = append(values, pair.value)
		}
	}
	return values
}

func cookiesOf(lines []string, name string) []string {
	var values []string
	for _, line := range lines {
		for cookie := range strings.SplitSeq(line, ";") {
			key, value, _ := strings.Cut(cookie, "=")
			if strings.TrimFunc(key, isBlank) == name {
				values = append(values, unquoted(strings.TrimFunc(value, isBlank)))
			}
		}
	}
	return values
}

func unquoted(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return value
}

// fieldOf returns the field of exactly this name, as claims have names with dots in them; else step by step.
func fieldOf(holder any, name string) any {
	if record, ok := holder.(map[string]any); ok {
		if whole, ok := record[name]; ok {
			return whole
		}
	}
	for step := range strings.SplitSeq(name, ".") {
		record, _ := holder.(map[string]any)
		holder = record[step]
	}
	return holder
}
