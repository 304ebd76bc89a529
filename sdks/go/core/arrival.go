package core

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/usageflow/go/internal/policy"
)

const bodyBytesMax = 1 << 20

// target is what was asked for, as it was written: what decodes it may read it in another way than the host.
func (arrival *Arrival) target() string {
	if arrival.Request.RequestURI != "" {
		return arrival.Request.RequestURI
	}
	return arrival.Request.URL.RequestURI()
}

// coveredBy are the routes that cover the path in any reading, or the framework's name for its route.
func (arrival *Arrival) coveredBy(table policy.RouteTable) []policy.RouteMatch {
	covering := table.Covering(arrival.Request.Method, arrival.target())
	if arrival.Route == "" {
		return covering
	}
	for _, each := range table.Covering(arrival.Request.Method, arrival.Route) {
		isSame := func(other policy.RouteMatch) bool { return other.Route == each.Route }
		if !slices.ContainsFunc(covering, isSame) {
			covering = append(covering, each)
		}
	}
	return covering
}

// bodyOf reads a body of JSON up to 1 MiB, and leaves the request as if nobody had. Nil for any other.
func bodyOf(request *http.Request) any {
	if request.Body == nil || !isJSON(request.Header.Get("Content-Type")) {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(request.Body, bodyBytesMax+1))
	request.Body = readAgain{io.MultiReader(bytes.NewReader(text), failing{err}, request.Body), request.Body}
	var body any
	if err != nil || len(text) > bodyBytesMax || json.Unmarshal(text, &body) != nil {
		return nil
	}
	return body
}

// readAgain is a body of which something was read before.
type readAgain struct {
	io.Reader
	io.Closer
}

// failing ends with the error that reading ended with; without one it is empty.
type failing struct{ err error }

func (failing failing) Read([]byte) (int, error) {
	if failing.err != nil {
		return 0, failing.err
	}
	return 0, io.EOF
}

func isJSON(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// peerAddress is whose connection it is. Headers are not asked: anybody can send them.
func peerAddress(request *http.Request) string {
	host, _, err := net.SplitHostPort(request.RemoteAddr)
	if err != nil {
		return request.RemoteAddr
	}
	return host
}
