package core

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// answer is what the server said to a request.
type answer struct {
	kind answerKind
	// results has one for each event.
	results []eventResult
	// code and message are the server's, if it gave some.
	code    string
	message string
	// status is 0 if there was no answer.
	status int
	// asked is for how long the server asked to be left alone.
	asked time.Duration
}

type answerKind int

const (
	// isUnknown: nothing is known, and the same may be sent again.
	isUnknown answerKind = iota
	// hasResults: one for each event.
	hasResults
	// isRejected: the request as it stands, of which nothing was stored.
	isRejected
)

// eventResult is what became of one event of a request; the code and the message are of one that is refused.
type eventResult struct {
	status  string
	eventID string
	code    string
	message string
}

const (
	noAnswerCode    = "client.no_answer"
	statusRecorded  = "recorded"
	statusDuplicate = "duplicate"
	statusRefused   = "refused"

	answerBytesMax   = 4 << 20 // a thousand refusals take a tenth of it
	headerBytesMax   = 64 << 10
	codeLengthMax    = 100
	messageLengthMax = 500
)

var (
	// contentCodes are what the server says of what was sent. Any other complaint is about how it came there, and usage
	// is not given up for that.
	contentCodes = regexp.MustCompile(`^(?:json|usage)\.|^request\.too_large$`)
	secondsShape = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// serverCall sends events to the server. The key stays in closures: nothing that can be printed holds it.
type serverCall struct {
	client    *http.Client
	baseURL   string
	timeout   time.Duration
	authorize func(http.Header)
	// hide takes the key out of a text: whatever answers may repeat what it was sent, and messages end up in logs.
	hide func(string) string
}

func newServerCall(config config) *serverCall {
	apiKey := config.apiKey
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: headerBytesMax,
		IdleConnTimeout:        time.Minute,
	}
	return &serverCall{
		client: &http.Client{
			Transport: transport,
			// A redirect is not followed: whoever answers there was not given the key.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		baseURL:   config.baseURL,
		timeout:   config.timeout,
		authorize: func(header http.Header) { header.Set("x-usageflow-api-key", apiKey) },
		hide:      func(text string) string { return strings.ReplaceAll(text, apiKey, "(key)") },
	}
}

// request is one call of the server.
type request struct {
	method string
	// path stands below the address of the server.
	path   string
	body   []byte
	header http.Header
	// timeout is for all of the call, the reading of the answer too.
	timeout  time.Duration
	bytesMax int
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	text   []byte
}

// do makes one request. Where there is no answer, the reason is why.
func (call *serverCall) do(ctx context.Context, asked request) (given reply, reason string) {
	ctx, cancel := context.WithTimeout(ctx, asked.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, asked.method, call.baseURL+asked.path, bytes.NewReader(asked.body))
	if err != nil {
		return reply{}, "The request could not be made."
	}
	for name, values := range asked.header {
		request.Header[name] = values
	}
	if len(asked.body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	call.authorize(request.Header)
	response, err := call.client.Do(request)
	if err != nil {
		return reply{}, reasonOf(ctx, err, asked.timeout)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, int64(asked.bytesMax)+1))
	switch {
	case err != nil:
		return reply{}, reasonOf(ctx, err, asked.timeout)
	case len(text) > asked.bytesMax:
		return reply{}, "The answer is longer than any that makes sense."
	}
	return reply{response.StatusCode, response.Header, text}, ""
}

// postEach sends a body with so many entries, on each of which the server has a word.
func (call *serverCall) postEach(ctx context.Context, path string, body []byte, count int) answer {
	given, reason := call.do(ctx, request{
		method: http.MethodPost, path: path, body: body, timeout: call.timeout, bytesMax: answerBytesMax,
	})
	if reason != "" {
		return noAnswer(reason)
	}
	return call.read(given, count)
}

// close lets go of connections.
func (call *serverCall) close() {
	call.client.CloseIdleConnections()
}

// answerBody is as much of an answer as is read.
type answerBody struct {
	Results []struct {
		Status  string     `json:"status"`
		EventID string     `json:"eventId"`
		Error   *errorBody `json:"error"`
	} `json:"results"`
	Error *errorBody `json:"error"`
}

type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (call *serverCall) read(given reply, count int) answer {
	var body answerBody
	if json.Unmarshal(given.text, &body) != nil {
		body = answerBody{}
	}
	status := given.status
	read := answer{status: status, code: noAnswerCode, message: fmt.Sprintf("The answer is %d.", status)}
	if status == http.StatusOK {
		read.message = "The answer makes no sense."
		if read.results = call.resultsOf(body, count); read.results != nil {
			read.kind = hasResults
			return read
		}
	} else if said := body.Error; said != nil && said.Code != "" {
		read.code, read.message = call.told(*said)
	}
	isVerdict := (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) &&
		contentCodes.MatchString(read.code)
	switch {
	case isVerdict:
		read.kind = isRejected
	case status == http.StatusRequestEntityTooLarge:
		// This comes from what stands before the server, and means the same: not all at once.
		read.kind = isRejected
		if body.Error == nil {
			read.code, read.message = "client.too_large", "What stands before the server takes no request of this size."
		}
	}
	read.asked = retryAfter(given.header)
	return read
}

// resultsOf is nil for results that make no sense.
func (call *serverCall) resultsOf(body answerBody, count int) []eventResult {
	if len(body.Results) != count {
		return nil
	}
	results := make([]eventResult, 0, count)
	for _, given := range body.Results {
		result := eventResult{status: given.Status, eventID: given.EventID}
		switch {
		case given.Status == statusRecorded, given.Status == statusDuplicate:
		case given.Status == statusRefused && given.Error != nil:
			result.code, result.message = call.told(*given.Error)
		default:
			return nil
		}
		results = append(results, result)
	}
	return results
}

func (call *serverCall) told(said errorBody) (code, message string) {
	return start(call.hide(said.Code), codeLengthMax), start(call.hide(said.Message), messageLengthMax)
}

// start cuts a text, and never through a character.
func start(text string, bytesMax int) string {
	if len(text) <= bytesMax {
		return text
	}
	return strings.ToValidUTF8(text[:bytesMax], "")
}

// retryAfter reads seconds, or an instant by the server's own clock.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if secondsShape.MatchString(text) {
		seconds, _ := strconv.Atoi(text)
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(text)
	now, clockErr := http.ParseTime(header.Get("Date"))
	if err != nil || clockErr != nil {
		return 0
	}
	return max(0, until.Sub(now))
}

func noAnswer(reason string) answer {
	return answer{code: noAnswerCode, message: reason}
}

// reasonOf is in our own words, for the words of others may hold what was sent.
func reasonOf(ctx context.Context, err error, timeout time.Duration) string {
	if ctx.Err() != nil {
		return fmt.Sprintf("There was no answer within %s, or it was not waited for any longer.", timeout)
	}
	why := ""
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		why = " (" + errno.Error() + ")"
	} else if notFound := new(net.DNSError); errors.As(err, &notFound) {
		why = " (no such host)"
	} else if untrusted := new(tls.CertificateVerificationError); errors.As(err, &untrusted) {
		why = " (its certificate is not trusted)"
	}
	return "The server could not be reached, or the connection was cut" + why + "."
}
