package core

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/usageflow/go/internal/policy"
)

// tally counts what is reported, until it is.
type tally struct {
	guard      sync.Mutex
	statistics map[string]*statistic
	decisions  map[string]*decided
	samples    []sample
	// sampledAt are the seconds of the last samples, and how many there were.
	sampledAt int64
	sampled   int
	// routes are all that were seen; newRoutes those that are not reported yet.
	routes    map[reportedRoute]bool
	newRoutes []reportedRoute
}

type reportedRoute struct {
	Method string `json:"method"`
	Route  string `json:"route"`
}

type statistic struct {
	Minute        string         `json:"minute"`
	Method        string         `json:"method"`
	Route         *string        `json:"route"`
	CustomerID    *string        `json:"customerId"`
	Requests      int            `json:"requests"`
	Unmetered     int            `json:"unmetered"`
	Statuses      map[string]int `json:"statuses"`
	Latency       map[string]int `json:"latency"`
	RequestBytes  int64          `json:"requestBytes"`
	ResponseBytes int64          `json:"responseBytes"`
}

type decided struct {
	Minute               string           `json:"minute"`
	PolicyID             string           `json:"policyId,omitempty"`
	Pattern              string           `json:"pattern,omitempty"`
	Limit                string           `json:"limit"`
	Mode                 string           `json:"mode"`
	Identity             *policy.Identity `json:"identity"`
	Refused              int              `json:"refused"`
	AllowedWithoutAnswer int              `json:"allowedWithoutAnswer"`
	RefusedWithoutAnswer int              `json:"refusedWithoutAnswer"`
}

type sample struct {
	At            string  `json:"at"`
	Method        string  `json:"method"`
	Route         *string `json:"route"`
	Status        int     `json:"status"`
	DurationMs    float64 `json:"durationMs"`
	RequestBytes  int64   `json:"requestBytes"`
	ResponseBytes int64   `json:"responseBytes"`
	CustomerID    *string `json:"customerId"`
	ClientAddress string  `json:"clientAddress"`
	UserAgent     any     `json:"userAgent"`
	QueryNames    any     `json:"queryNames"`
}

// seen is one request that was answered.
type seen struct {
	request       *http.Request
	at            time.Time
	took          time.Duration
	method        string
	route         string
	status        int
	requestBytes  int64
	responseBytes int64
	customerID    string
	clientAddress string
	unmetered     int
}

const (
	rowsMax        = 2_000 // of each kind, in one report; beyond it callers are not told apart
	rowsKeptMax    = 4_000 // of hours without an answer; what is beyond is not counted
	samplesMax     = 100
	samplesASecond = 5
	routesMax      = 500

	// Of rows of each kind in a report, so that it stays below the 1 MiB that the server takes.
	listBytesMax = 300_000
	// More than that nobody sends: it is what a client says of its body.
	bodyBytesTold = 1_000_000_000_000

	addressLengthMax   = 100
	userAgentLengthMax = 500
	queryNameLengthMax = 100
	queryNamesMax      = 20
)

// methods are told apart. Any other is what a client has made up: each with every route, they would soon be more than are
// told apart of an application.
var methods = []string{
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "PROPFIND", "PROPPATCH",
	"MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "PURGE",
}

const otherMethod = "OTHER"

func newTally() *tally {
	return &tally{
		statistics: map[string]*statistic{}, decisions: map[string]*decided{}, routes: map[reportedRoute]bool{},
	}
}

// add counts a request.
func (tally *tally) add(seen seen) {
	tally.guard.Lock()
	defer tally.guard.Unlock()
	if !slices.Contains(methods, seen.method) {
		seen.method, seen.route = otherMethod, ""
	}
	seen.requestBytes = min(seen.requestBytes, bodyBytesTold)
	if seen.route != "" && !tally.knows(reportedRoute{seen.method, seen.route}) {
		seen.route = ""
	}
	tally.count(seen)
	if second := seen.at.Unix(); second != tally.sampledAt {
		tally.sampledAt, tally.sampled = second, 0
	}
	if tally.sampled < samplesASecond && len(tally.samples) < samplesMax {
		tally.sampled++
		tally.samples = append(tally.samples, sampleOf(seen))
	}
}

// knows is false for one route too many.
func (tally *tally) knows(route reportedRoute) bool {
	if tally.routes[route] {
		return true
	}
	if len(tally.routes) >= routesMax {
		return false
	}
	tally.routes[route] = true
	tally.newRoutes = append(tally.newRoutes, route)
	return true
}

func (tally *tally) count(seen seen) {
	row := tally.rowOf(seen)
	if row == nil {
		return
	}
	row.Requests++
	row.Unmetered += seen.unmetered
	row.Statuses[strconv.Itoa(seen.status)]++
	row.Latency[strconv.Itoa(policy.BucketOf(seen.took.Microseconds()))]++
	row.RequestBytes = min(row.RequestBytes+seen.requestBytes, bodyBytesTold)
	row.ResponseBytes = min(row.ResponseBytes+seen.responseBytes, bodyBytesTold)
}

// rowOf is nil for one row too many.
func (tally *tally) rowOf(seen seen) *statistic {
	if row, ok := tally.statistics[seen.key()]; ok {
		return row
	}
	if len(tally.statistics) >= rowsMax {
		seen.customerID = ""
	}
	row, ok := tally.statistics[seen.key()]
	if !ok && len(tally.statistics) < rowsKeptMax {
		row = &statistic{
			Minute: minuteOf(seen.at), Method: seen.method, Route: orNull(seen.route), CustomerID: orNull(seen.customerID),
			Statuses: map[string]int{}, Latency: map[string]int{},
		}
		tally.statistics[seen.key()] = row
	}
	return row
}

func (seen seen) key() string {
	return fmt.Sprintf("%s %q %q %q", minuteOf(seen.at), seen.method, seen.route, seen.customerID)
}

// decide counts what became of a request at a limit or a block.
func (tally *tally) decide(at time.Time, given decided) {
	tally.guard.Lock()
	defer tally.guard.Unlock()
	given.Minute = minuteOf(at)
	if _, ok := tally.decisions[given.key()]; !ok && len(tally.decisions) >= rowsMax {
		given.Identity = nil
	}
	key := given.key()
	row, ok := tally.decisions[key]
	if !ok && len(tally.decisions) < rowsKeptMax {
		row = &decided{
			Minute: given.Minute, PolicyID: given.PolicyID, Pattern: given.Pattern, Limit: given.Limit, Mode: given.Mode,
			Identity: given.Identity,
		}
		tally.decisions[key] = row
	}
	if row != nil {
		row.Refused += given.Refused
		row.AllowedWithoutAnswer += given.AllowedWithoutAnswer
		row.RefusedWithoutAnswer += given.RefusedWithoutAnswer
	}
}

func (given decided) key() string {
	whose := ""
	if given.Identity != nil {
		whose = given.Identity.Key()
	}
	return fmt.Sprintf("%s %q %q %q %s %s", given.Minute, given.PolicyID, given.Pattern, given.Limit, given.Mode, whose)
}

// sampleOf leaves out what looks like a secret, wherever a client has put it, and what is so long that a strange request
// would have the report on all others refused.
func sampleOf(seen seen) sample {
	fields := map[string]any{"queryNames": shortNames(policy.QueryNames(seen.request.URL.RawQuery))}
	if userAgent := seen.request.UserAgent(); userAgent != "" && !policy.IsLonger(userAgent, userAgentLengthMax) {
		fields["userAgent"] = userAgent
	}
	kept := policy.Redact(fields, policy.CollectedFields).Metadata
	names := kept["queryNames"]
	if names == nil {
		names = []string{}
	}
	return sample{
		At: textOfTime(seen.at), Method: seen.method, Route: orNull(seen.route), Status: seen.status,
		DurationMs:   float64(seen.took.Microseconds()) / 1_000,
		RequestBytes: seen.requestBytes, ResponseBytes: seen.responseBytes,
		CustomerID: orNull(seen.customerID), ClientAddress: seen.clientAddress[:min(len(seen.clientAddress), addressLengthMax)],
		UserAgent: kept["userAgent"], QueryNames: names,
	}
}

// taken takes out rows that have room together.
func taken[Row any](rows map[string]*Row) []*Row {
	list, size := []*Row{}, 0
	for key, row := range rows {
		text, _ := json.Marshal(row) // texts and numbers always can be
		size += len(text)
		if len(list) == rowsMax || size > listBytesMax && len(list) > 0 {
			break
		}
		delete(rows, key)
		list = append(list, row)
	}
	return list
}

func shortNames(names []string) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return policy.IsLonger(name, queryNameLengthMax) })
	return names[:min(len(names), queryNamesMax)]
}

func minuteOf(at time.Time) string {
	return textOfTime(at.Truncate(time.Minute))
}

func textOfTime(at time.Time) string {
	return at.UTC().Format(timestampLayout)
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
