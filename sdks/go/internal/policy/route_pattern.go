package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Route is a route as configurations write it: `{ "method": "GET", "url": "/api/users/:id" }`.
type Route struct {
	// Method is `*` for any.
	Method string `json:"method"`
	// URL is `*` for any; `/api/*` for all below, however deep; `/api/users/:id`, where `:id` is one segment.
	URL string `json:"url"`
	// Priority puts the higher one first, whatever the patterns.
	Priority float64 `json:"priority"`
}

// RouteTable has routes in the order in which they are asked. Made by CompileRoutes.
type RouteTable []compiledRoute

// RouteMatch is a route that covers a request, by its place in what was compiled, and what stands in the place of
// its parameters.
type RouteMatch struct {
	Route  int
	Params map[string]string
}

type compiledRoute struct {
	index       int
	method      string
	priority    float64
	parts       []part
	isOpen      bool // ends in `*`
	endsInSlash bool
}

// part is a literal, or a parameter if it has a name.
type part struct {
	name   string
	text   string
	folded string
}

const (
	patternLengthMax = 500
	anyMethod        = "*"
)

var (
	methodShape    = regexp.MustCompile(`^(?:\*|[A-Z][A-Z0-9_-]{0,31})$`)
	parameterShape = regexp.MustCompile(`^:([A-Za-z_][A-Za-z0-9_]{0,63})$`)
)

// CompileRoutes reads the routes and sorts them: by priority, then from left to right a literal before a parameter
// before `*`, then a method before any, then as they were given. A pattern that it does not understand is an error,
// for one that never matches would leave its endpoint unguarded.
func CompileRoutes(routes []Route) (RouteTable, error) {
	table := make(RouteTable, 0, len(routes))
	for index, route := range routes {
		compiled, err := compile(route)
		if err != nil {
			return nil, err
		}
		compiled.index = index
		table = append(table, compiled)
	}
	slices.SortStableFunc(table, compareRoutes)
	return table, nil
}

// Covering returns the routes that cover a request: for each way to read its path the most specific one, so nearly
// always one. The plainest way comes first. Whoever limits has to apply them all, since nobody knows how the
// application will read; whoever counts asks Counting when it has read.
func (table RouteTable) Covering(method, target string) []RouteMatch {
	asked := table.only(func(route compiledRoute) bool { return route.coversMethod(strings.ToUpper(method)) })
	readings, ok := readingsOf(target)
	matches := []RouteMatch{}
	if !ok {
		for _, route := range asked {
			matches = append(matches, RouteMatch{route.index, map[string]string{}})
		}
		return matches
	}
	found := map[int]bool{}
	for _, segments := range generously(readings) {
		at := slices.IndexFunc(asked, func(route compiledRoute) bool { return route.covers(segments) })
		if at >= 0 && !found[asked[at].index] {
			found[asked[at].index] = true
			matches = append(matches, RouteMatch{asked[at].index, asked[at].paramsOf(segments)})
		}
	}
	return matches
}

// Counting is which of the routes that cover a request counts, when the framework has served it by its route template: of
// the ways to read the path only those lead there that the template covers. The plainest of them decides, unless the route
// of another covers the template too, and so is nearer to it. Not known where no way leads there, as where the framework
// knows a shorter path than came in.
func (table RouteTable) Counting(method, target, template string) (route int, isKnown bool) {
	served, err := compile(Route{Method: anyMethod, URL: template})
	if err != nil { // no pattern of ours
		return 0, false
	}
	asked := table.only(func(route compiledRoute) bool { return route.coversMethod(strings.ToUpper(method)) })
	own := strings.Split(template, "/")[1:]
	readings, _ := readingsOf(target)
	for _, segments := range generously(readings) {
		at := slices.IndexFunc(asked, func(route compiledRoute) bool { return route.covers(segments) })
		switch {
		case at < 0 || !served.covers(segments):
		case asked[at].covers(own):
			return asked[at].index, true
		case !isKnown:
			route, isKnown = asked[at].index, true
		}
	}
	return route, isKnown
}

// Exempts tells whether a list of exceptions lets a request through unseen. The opposite of covering: it must match
// exactly as written, letter by letter, and however a server may read the path. So `/internal/../api` is no
// exception by `/internal/*`.
func (table RouteTable) Exempts(method, target string) bool {
	asked := table.only(func(route compiledRoute) bool { return route.method == anyMethod || route.method == method })
	if len(asked) == 0 {
		return false
	}
	readings, ok := readingsOf(target)
	for _, each := range readings {
		if !slices.ContainsFunc(asked, func(route compiledRoute) bool { return route.exempts(each) }) {
			return false
		}
	}
	return ok
}

func (table RouteTable) only(isAsked func(compiledRoute) bool) RouteTable {
	asked := make(RouteTable, 0, len(table))
	for _, route := range table {
		if isAsked(route) {
			asked = append(asked, route)
		}
	}
	return asked
}

func compile(route Route) (compiledRoute, error) {
	method := strings.ToUpper(route.Method)
	if !methodShape.MatchString(method) {
		return compiledRoute{}, fmt.Errorf(`%q is no method: write "GET", or "*" for any`, route.Method)
	}
	url := route.URL
	if url == "*" {
		url = "/*"
	}
	if !strings.HasPrefix(url, "/") || IsLonger(url, patternLengthMax) {
		rule := fmt.Sprintf(`begins with / or is "*", and has at most %d characters`, patternLengthMax)
		return compiledRoute{}, badPattern(route.URL, rule)
	}
	segments := strings.Split(url, "/")[1:]
	last := segments[len(segments)-1]
	compiled := compiledRoute{
		method:      method,
		priority:    route.Priority,
		isOpen:      last == "*",
		endsInSlash: last == "" && len(segments) > 1,
	}
	if last == "*" || last == "" {
		segments = segments[:len(segments)-1]
	}
	parts, err := partsOf(segments, url)
	compiled.parts = parts
	return compiled, err
}

func partsOf(segments []string, url string) ([]part, error) {
	var parts []part
	names := map[string]bool{}
	for _, segment := range segments {
		parameter := parameterShape.FindStringSubmatch(segment)
		switch {
		case parameter == nil && !isLiteral(segment):
			return nil, badPattern(url, `has segments of plain text, unescaped, ":name" for any one segment, and "*" only as the last`)
		case parameter == nil:
			parts = append(parts, part{text: segment, folded: folded(segment)})
		case names[parameter[1]]:
			return nil, badPattern(url, "names each parameter once")
		default:
			names[parameter[1]] = true
			parts = append(parts, part{name: parameter[1]})
		}
	}
	return parts, nil
}

// isLiteral is true for what can stand in a path as it is: nothing of it means anything else to one server or another.
func isLiteral(segment string) bool {
	isSpecial := func(char rune) bool {
		return strings.ContainsRune(`*%;?#\/`, char) || isBlank(char) || isControl(char)
	}
	switch {
	case segment == "", segment == ".", segment == "..", segment[0] == ':':
		return false
	}
	return utf8.ValidString(segment) && !strings.ContainsFunc(segment, isSpecial)
}

func badPattern(url, rule string) error {
	return fmt.Errorf("%q is no route pattern: it %s", url, rule)
}

func compareRoutes(a, b compiledRoute) int {
	if order := cmp.Compare(b.priority, a.priority); order != 0 {
		return order
	}
	for at := range max(len(a.parts), len(b.parts)) + 1 {
		if order := b.rankAt(at) - a.rankAt(at); order != 0 {
			return order
		}
	}
	return a.methodRank() - b.methodRank()
}

func (route compiledRoute) rankAt(at int) int {
	switch {
	case at < len(route.parts) && route.parts[at].name == "":
		return 3
	case at < len(route.parts):
		return 2
	case route.isOpen:
		return 0
	}
	return 1
}

func (route compiledRoute) methodRank() int {
	if route.method == anyMethod {
		return 1
	}
	return 0
}

// coversMethod knows that a server answers HEAD with what it has for GET.
func (route compiledRoute) coversMethod(method string) bool {
	return route.method == anyMethod || route.method == method || method == "HEAD" && route.method == "GET"
}

// generously reads a slash behind a path in both ways: it is nothing to one server, and an empty segment to the next.
func generously(readings []reading) [][]string {
	var ways [][]string
	for _, each := range readings {
		ways = append(ways, each.segments)
		if each.endsInSlash {
			ways = append(ways, append(slices.Clone(each.segments), ""))
		}
	}
	return ways
}

// covers is generous, for some server will be: without regard to case, and a parameter may be empty.
func (route compiledRoute) covers(segments []string) bool {
	if len(segments) < len(route.parts) || !route.isOpen && len(segments) != len(route.parts) {
		return false
	}
	for at, part := range route.parts {
		if part.name == "" && part.folded != folded(segments[at]) {
			return false
		}
	}
	return true
}

// exempts goes to the letter. What is below `/internal/*` includes neither `/internal` nor, since many take it for
// that, `/internal/`.
func (route compiledRoute) exempts(each reading) bool {
	length := len(each.segments)
	isBelow := length > len(route.parts) || len(route.parts) == 0
	isSame := length == len(route.parts) && each.endsInSlash == route.endsInSlash
	if route.isOpen && !isBelow || !route.isOpen && !isSame {
		return false
	}
	for at, part := range route.parts {
		segment := each.segments[at]
		if part.name == "" && part.text != segment || part.name != "" && segment == "" {
			return false
		}
	}
	return true
}

func (route compiledRoute) paramsOf(segments []string) map[string]string {
	params := map[string]string{}
	for at, part := range route.parts {
		if part.name != "" {
			params[part.name] = segments[at]
		}
	}
	return params
}
