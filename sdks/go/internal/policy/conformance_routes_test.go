package policy

import (
	"net/http"
	"testing"
)

func checkRoutes(t *testing.T, each vector) error {
	type covered struct {
		Route  int               `json:"route"`
		Params map[string]string `json:"params"`
	}
	var given struct {
		common
		Routes  []Route   `json:"routes"`
		Method  string    `json:"method"`
		Target  string    `json:"target"`
		Covered []covered `json:"covered"`
		Exempt  *bool     `json:"exempt"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes(given.Routes)
	if err != nil {
		return err
	}
	found := []covered{}
	for _, match := range table.Covering(given.Method, given.Target) {
		found = append(found, covered(match))
	}
	equal(t, each.Name, found, given.Covered)
	if given.Exempt != nil {
		equal(t, each.Name+", exempt", table.Exempts(given.Method, given.Target), *given.Exempt)
	}
	return nil
}

func checkCounting(t *testing.T, each vector) error {
	var given struct {
		common
		Routes   []Route `json:"routes"`
		Method   string  `json:"method"`
		Target   string  `json:"target"`
		Template string  `json:"template"`
		Counting *int    `json:"counting"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes(given.Routes)
	route, isKnown := table.Counting(given.Method, given.Target, given.Template)
	equal(t, each.Name+", known", isKnown, given.Counting != nil)
	if given.Counting != nil {
		equal(t, each.Name, route, *given.Counting)
	}
	return err
}

func checkConfusion(t *testing.T, each vector) error {
	var given struct {
		common
		Pattern string `json:"pattern"`
		Target  string `json:"target"`
		Covered bool   `json:"covered"`
		Exempt  bool   `json:"exempt"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	table, err := CompileRoutes([]Route{{Method: "GET", URL: given.Pattern}})
	equal(t, each.Name+", covered", len(table.Covering("GET", given.Target)) > 0, given.Covered)
	equal(t, each.Name+", exempt", table.Exempts("GET", given.Target), given.Exempt)
	return err
}

func checkIdentity(t *testing.T, each vector) error {
	var given struct {
		common
		Strategy Strategy `json:"strategy"`
		Request  struct {
			Headers       map[string]any    `json:"headers"`
			Query         string            `json:"query"`
			Body          any               `json:"body"`
			Params        map[string]string `json:"params"`
			Claims        any               `json:"claims"`
			ClientAddress string            `json:"clientAddress"`
		} `json:"request"`
		Identity Identity `json:"identity"`
	}
	if err := each.into(t, &given); err != nil {
		return err
	}
	parts := RequestParts{
		Headers:       headersOf(given.Request.Headers),
		Query:         given.Request.Query,
		Body:          given.Request.Body,
		Params:        given.Request.Params,
		Claims:        given.Request.Claims,
		ClientAddress: given.Request.ClientAddress,
	}
	equal(t, each.Name, Identify(given.Strategy, parts), given.Identity)
	request, _ := unordered(inDoubles(each.field("request"))).(map[string]any)
	parts.Body, parts.Claims = request["body"], request["claims"]
	equal(t, each.Name+", in doubles", Identify(given.Strategy, parts), given.Identity)
	return nil
}

// headersOf reads a header that came once, or several times.
func headersOf(given map[string]any) http.Header {
	headers := http.Header{}
	for name, value := range given {
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, each := range values {
			headers.Add(name, each.(string))
		}
	}
	return headers
}
