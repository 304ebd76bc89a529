package core

import (
	"fmt"
	"net/http"
	"os"
	"path"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/usageflow/go/internal/policy"
)

// AgentOptions say where an agent asks what holds. All have defaults.
type AgentOptions struct {
	// APIKey has the scope `control:report`. Default: the variable USAGEFLOW_API_KEY. Without one everything passes.
	APIKey string
	// BaseURL is like `https://usage.example.com`. Default: the variable USAGEFLOW_URL. Without one everything passes.
	BaseURL string
	// Application is what this service is called. Default: the variable USAGEFLOW_APPLICATION, or the last part of the
	// path of the main module.
	Application string
	// RateLimits hold whatever is configured, by patterns such as `/api/users` or `POST /api/*`.
	RateLimits map[string]RateLimit
	// ClientAddress is whose request it is, for who stands behind a proxy that he trusts. Default: whose connection it is.
	ClientAddress func(*http.Request) string
	// Framework is what the server is told of where the agent stands, like `gin`. Default: `net-http`.
	Framework string
	// OnError is told of everything that does not go well, in order, on a goroutine of its own: it delays nobody, and
	// what it panics with harms nobody. Default: a line in the log, at most one a minute of each code.
	OnError func(*Error)
}

// Route is a pattern of requests.
type Route struct {
	// Method is `*` for any.
	Method string
	// URL is `*` for any; `/api/*` for all below, however deep; `/api/users/:id`, where `:id` is one segment.
	URL string
}

// RateLimit is how many requests one caller may make.
type RateLimit struct {
	Limit int64
	// Window is a length of time such as `30s`, `15m`, `1h` or `1d`.
	Window string
	// Algorithm is `fixed_window`, the default, `token_bucket` or `sliding_window`.
	Algorithm string
}

const (
	agentCallTimeout     = 2 * time.Second // of what a request may wait for, which waits for less
	applicationLengthMax = 100
	applicationByDefault = "default"
	codedDeadline        = 50 * time.Millisecond
)

// readAgentOptions puts in what the environment says, and the defaults.
func readAgentOptions(options AgentOptions) (config, string, *Error) {
	config, err := readOptions(Options{APIKey: options.APIKey, BaseURL: options.BaseURL, OnError: options.OnError})
	application := firstOf(options.Application, os.Getenv("USAGEFLOW_APPLICATION"), moduleName(), applicationByDefault)
	return config, takenName(application), firstError(err)
}

// takenName is as much of a name as the server takes: whatever it does not take it would refuse with every call.
func takenName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), "\x00", "\ufffd")
	units := 0
	for at, char := range name {
		before := units
		units += utf16.RuneLen(char)
		if before == applicationLengthMax {
			return name[:at]
		}
		if units > applicationLengthMax { // half a character at the cut, as everywhere
			return name[:at] + "\ufffd"
		}
	}
	return name
}

var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

// moduleName is empty for what was not built as a module.
func moduleName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Path == "" {
		return ""
	}
	return path.Base(majorVersion.ReplaceAllString(info.Main.Path, ""))
}

// codedLimits reads the limits that stand in the code of the host. It panics with what is wrong with one.
func codedLimits(limits map[string]RateLimit) []codedLimit {
	var coded []codedLimit
	for pattern, given := range limits {
		method, url, hasMethod := strings.Cut(pattern, " ")
		if !hasMethod {
			method, url = "*", pattern
		}
		table, err := policy.CompileRoutes([]policy.Route{{Method: method, URL: url}})
		stopIf(err)
		rate, err := policy.ParseRateLimit(policy.RateLimitOptions{
			Limit: given.Limit, Window: given.Window, Algorithm: policy.Algorithm(given.Algorithm),
		})
		if err != nil {
			err = fmt.Errorf("the rate limit of %q: %w", pattern, err)
		}
		stopIf(err)
		coded = append(coded, codedLimit{table, newCodedLimit(pattern, given.Window, rate)})
	}
	return coded
}

// tableOf reads the routes of a middleware. It panics with what is wrong with one.
func tableOf(routes []Route) policy.RouteTable {
	var asked []policy.Route
	for _, route := range routes {
		asked = append(asked, policy.Route{Method: route.Method, URL: route.URL})
	}
	table, err := policy.CompileRoutes(asked)
	stopIf(err)
	return table
}

// stopIf stops a host where it is put together, as http.ServeMux and Gin do for patterns that make no sense: later nobody
// would notice what does not hold.
func stopIf(err error) {
	if err != nil {
		panic(configError("usageflow: " + err.Error()))
	}
}
