package core

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
)

// Options of a client. All have defaults; APIKey and BaseURL those of the environment.
type Options struct {
	// APIKey has the scope `usage:write`. Default: the variable USAGEFLOW_API_KEY.
	APIKey string
	// BaseURL is like `https://usage.example.com`. Default: the variable USAGEFLOW_URL.
	BaseURL string
	// FlushEvery is how long usage is gathered before it is sent. Default: a second.
	FlushEvery time.Duration
	// BatchEventsMax: sent as soon as so many events wait; also the most in one request. Default and limit 1,000.
	BatchEventsMax int
	// Timeout is how long an answer may take, all of it. Default: 5 s.
	Timeout time.Duration
	// QueueEventsMax bounds what waits. Default 10,000. What is tracked beyond is dropped and counted.
	QueueEventsMax int
	// QueueBytesMax bounds it too. Default 16 MiB.
	QueueBytesMax int
	// OnError is told of everything that does not go well, in order, on a goroutine of its own: it delays nobody, and
	// what it panics with harms nobody. Default: a line in the log, at most one a minute of each code.
	OnError func(*Error)
	// Clock is what time it is: for a test environment whose clock was moved. Default: the machine's.
	Clock func() time.Time
}

type config struct {
	apiKey         string
	baseURL        string
	flushEvery     time.Duration
	batchEventsMax int
	timeout        time.Duration
	queueEventsMax int
	queueBytesMax  int
	onError        func(*Error)
	clock          func() time.Time
}

const (
	eventsPath         = "/api/v1/events"
	batchEventsLimit   = 1_000 // what the server takes at once
	queueEventsDefault = 10_000
	queueBytesDefault  = 16 << 20
	flushEveryDefault  = time.Second
	answerTimeout      = 5 * time.Second
)

var apiKeyShape = regexp.MustCompile(`^[\x21-\x7e]+$`)

// readOptions puts in what the environment says, and the defaults.
func readOptions(options Options) (config, *Error) {
	read := config{
		apiKey:         firstOf(options.APIKey, os.Getenv("USAGEFLOW_API_KEY")),
		flushEvery:     options.FlushEvery,
		batchEventsMax: options.BatchEventsMax,
		timeout:        options.Timeout,
		queueEventsMax: options.QueueEventsMax,
		queueBytesMax:  options.QueueBytesMax,
		onError:        options.OnError,
		clock:          options.Clock,
	}
	if read.onError == nil {
		read.onError = warnNowAndThen()
	}
	if read.clock == nil {
		read.clock = time.Now
	}
	baseURL, err := readBaseURL(firstOf(options.BaseURL, os.Getenv("USAGEFLOW_URL")))
	read.baseURL = baseURL
	return read, firstError(
		checkAPIKey(read.apiKey),
		err,
		within("FlushEvery", &read.flushEvery, flushEveryDefault, math.MaxInt64),
		within("BatchEventsMax", &read.batchEventsMax, batchEventsLimit, batchEventsLimit),
		within("Timeout", &read.timeout, answerTimeout, math.MaxInt64),
		within("QueueEventsMax", &read.queueEventsMax, queueEventsDefault, math.MaxInt),
		within("QueueBytesMax", &read.queueBytesMax, queueBytesDefault, math.MaxInt),
	)
}

// checkAPIKey refuses a key that a header cannot carry: it would show up in the message of what carries headers.
func checkAPIKey(apiKey string) *Error {
	switch {
	case apiKey == "":
		return configError("Give an APIKey, or set USAGEFLOW_API_KEY.")
	case !apiKeyShape.MatchString(apiKey):
		return configError("The APIKey has characters that no key has.")
	}
	return nil
}

func readBaseURL(given string) (string, *Error) {
	if given == "" {
		return "", configError("Give a BaseURL, or set USAGEFLOW_URL.")
	}
	parsed, err := url.Parse(given)
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https":
		return "", configError("The BaseURL must begin with http:// or https://, and name a host.")
	case parsed.User != nil || strings.ContainsAny(given, "?#"):
		return "", configError("The BaseURL must have no user, password, query or fragment.")
	}
	return strings.TrimRight(parsed.String(), "/"), nil
}

// within puts the default in for nothing, and refuses what is not from 1 to `most`.
func within[N int | time.Duration](name string, value *N, byDefault, most N) *Error {
	if *value == 0 {
		*value = byDefault
	}
	if *value < 1 || *value > most {
		return configError(fmt.Sprintf("%s must be from 1 to %d.", name, int64(most)))
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func firstError(errs ...*Error) *Error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
