package core

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// Middleware holds the requests of an http.Handler against what is configured. Put it before all other handlers, but behind
// the one that checks tokens, if a strategy reads claims.
func (agent *Agent) Middleware(routes, whitelist []Route) func(http.Handler) http.Handler {
	coverage := Cover(routes, whitelist)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			if agent.hasBegun(request) {
				next.ServeHTTP(writer, request)
				return
			}
			exchange := agent.beginHTTP(coverage, request)
			if exchange == nil {
				next.ServeHTTP(writer, request)
				return
			}
			exchange.serve(writer, request, next)
		})
	}
}

// hasBegun tells whether another of our middlewares is around this one: a request counts once.
func (agent *Agent) hasBegun(request *http.Request) bool {
	notes, ok := request.Context().Value(notesKey{}).(*notes)
	return ok && notes.agent == agent
}

func (exchange *Exchange) serve(writer http.ResponseWriter, request *http.Request, next http.Handler) {
	recorder := &responseRecorder{ResponseWriter: writer, watch: exchange.watcher()}
	exchange.WriteHeader(recorder)
	if exchange.Refusal != nil {
		exchange.End(recorder.outcome(true))
		return
	}
	notes := &notes{agent: exchange.agent}
	request = request.WithContext(context.WithValue(request.Context(), notesKey{}, notes))
	isThrough := false // else the host has panicked, which goes on
	defer func() {
		outcome := recorder.outcome(isThrough)
		outcome.Route, outcome.Metadata = routeOf(request.Pattern), notes.all()
		exchange.End(outcome)
	}()
	next.ServeHTTP(recorder.withMoreOf(writer), request)
	isThrough = true
}

// watcher is nil where nobody asks for the body.
func (exchange *Exchange) watcher() func(http.Header, []byte) {
	if exchange.Refusal != nil || !exchange.ReadsResponse() {
		return nil
	}
	return exchange.WatchResponse
}

var (
	patternRest  = regexp.MustCompile(`\{[^{}]*\.\.\.\}$`)
	patternParam = regexp.MustCompile(`\{([^{}.$]+)\}`)
)

// routeOf writes a pattern of http.ServeMux as policies do: `GET /users/{id}` is `/users/:id`, and `/files/{path...}` and
// `/files/` are `/files/*`. Empty for none.
func routeOf(pattern string) string {
	at := strings.IndexByte(pattern, '/')
	if at < 0 {
		return ""
	}
	route := patternParam.ReplaceAllString(patternRest.ReplaceAllString(pattern[at:], "*"), ":$1")
	if exact, isExact := strings.CutSuffix(route, "{$}"); isExact {
		return exact
	}
	if strings.HasSuffix(route, "/") {
		return route + "*"
	}
	return route
}

// beginHTTP is Begin for a request of which net/http is all that knows.
func (agent *Agent) beginHTTP(coverage *Coverage, request *http.Request) *Exchange {
	arrival := Arrival{Request: request, Claims: request.Context().Value(claimsKey{})}
	if !agent.isOff {
		agent.unharmed(func() { arrival.ClientAddress = agent.clientAddress(request) })
	}
	return agent.Begin(coverage, arrival)
}

// WriteHeader writes the headers of limits, and of a refusal all of the answer.
func (exchange *Exchange) WriteHeader(writer http.ResponseWriter) {
	for name, values := range exchange.Header {
		writer.Header()[name] = values
	}
	if exchange.Refusal == nil {
		return
	}
	writer.Header().Set("Content-Type", "application/problem+json")
	writer.WriteHeader(exchange.Refusal.Status)
	_, _ = writer.Write(exchange.Refusal.Body)
}

type (
	claimsKey struct{}
	notesKey  struct{}
)

// notes are what the host puts beside a request while it answers.
type notes struct {
	agent    *Agent
	guard    sync.Mutex
	metadata map[string]any
}

// SetMetadata puts something beside the request of this context, which is kept with what it is metered as.
func SetMetadata(ctx context.Context, name string, value any) {
	if notes, ok := ctx.Value(notesKey{}).(*notes); ok {
		notes.guard.Lock()
		defer notes.guard.Unlock()
		if notes.metadata == nil {
			notes.metadata = map[string]any{}
		}
		notes.metadata[name] = value
	}
}

func (notes *notes) all() map[string]any {
	notes.guard.Lock()
	defer notes.guard.Unlock()
	return maps.Clone(notes.metadata)
}

// WithClaims hands on the claims of a token whose signature, issuer and times were checked: strategies may read the
// customer from them.
func WithClaims(ctx context.Context, claims map[string]any) context.Context {
	return context.WithValue(ctx, claimsKey{}, claims)
}
