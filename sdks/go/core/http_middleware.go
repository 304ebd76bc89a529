package core

import (
	"context"
	"net/http"
)

// Middleware holds the requests of an http.Handler against what is configured. Put it before all other handlers, but behind
// the one that checks tokens, if a strategy reads claims.
func (agent *Agent) Middleware(routes, whitelist []Route) func(http.Handler) http.Handler {
	coverage := Cover(routes, whitelist)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			exchange := agent.beginHTTP(coverage, request)
			if exchange == nil {
				next.ServeHTTP(writer, request)
				return
			}
			exchange.WriteHeader(writer)
			if exchange.Refusal == nil {
				next.ServeHTTP(writer, request)
			}
		})
	}
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

type claimsKey struct{}

// WithClaims hands on the claims of a token whose signature, issuer and times were checked: strategies may read the
// customer from them.
func WithClaims(ctx context.Context, claims map[string]any) context.Context {
	return context.WithValue(ctx, claimsKey{}, claims)
}
