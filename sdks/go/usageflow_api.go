package usageflow

import (
	"context"
	"log"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gin-gonic/gin"

	"github.com/usageflow/go/core"
)

// What the middleware is told.
type (
	// Route is a pattern of requests.
	Route = core.Route
	// RateLimit is how many requests one caller may make.
	RateLimit = core.RateLimit
)

// UsageFlowAPI is the middleware for Gin. Its zero value is ready for Init, and must not be copied after it.
type UsageFlowAPI struct {
	// RateLimits hold whatever is configured, by patterns such as `/api/users` or `POST /api/*`.
	RateLimits map[string]RateLimit
	// BaseURL is like `https://usage.example.com`. Default: the variable USAGEFLOW_URL.
	BaseURL string
	// Application is what this service is called. Default: the variable USAGEFLOW_APPLICATION, or the last part of the
	// path of the main module.
	Application string
	// OnError is told of everything that does not go well. Default: a line in the log, at most one a minute of each code.
	OnError func(*Error)

	agent     atomic.Pointer[core.Agent]
	forgotten sync.Once
}

// Known is what the host knows of a request. Put it into the context of Gin: c.Set(usageflow.Key, usageflow.Known{…}).
type Known struct {
	// Claims are of a token whose signature, issuer and times were checked; to be set before this middleware.
	Claims map[string]any
	// Metadata is kept with what the request is metered as; to be set at any time.
	Metadata map[string]any
}

// Key is where Known stands in the context of Gin.
const Key = "usageflow"

// Init begins to ask what holds. An empty key stands for the variable USAGEFLOW_API_KEY; without any, that is told once and
// everything passes. It panics for a rate limit that it does not understand.
func (api *UsageFlowAPI) Init(apiKey string) {
	before := api.agent.Swap(core.StartAgent(core.AgentOptions{
		APIKey:      apiKey,
		BaseURL:     api.BaseURL,
		Application: api.Application,
		RateLimits:  api.RateLimits,
		OnError:     api.OnError,
		Framework:   "gin",
	}))
	if before != nil {
		go before.Close(context.Background())
	}
}

// RequestInterceptor is for gin.Engine.Use: for the routes but those of the whitelist, which pass unseen; for all without
// any. It panics for a pattern that it does not understand, as Gin does.
func (api *UsageFlowAPI) RequestInterceptor(routes, whitelist []Route) gin.HandlerFunc {
	coverage := core.Cover(routes, whitelist)
	return func(c *gin.Context) {
		agent := api.agent.Load()
		if agent == nil {
			api.forgotten.Do(func() { log.Print("[usageflow] Init was not called: everything passes") })
			return
		}
		if _, isBegun := c.Get(begunBy{api}); isBegun {
			return // by the middleware of a group around this one
		}
		if begun, isBegun := c.Request.Context().Value(begunBy{api}).(*core.Exchange); isBegun {
			c.Set(begunBy{api}, true) // a host that calls HandleContext begins with a context that has forgotten all
			watched(c, c.Writer, begun)
			return
		}
		if exchange := agent.Begin(coverage, arrivalOf(c)); exchange != nil {
			c.Set(begunBy{api}, true)
			c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), begunBy{api}, exchange))
			serve(c, exchange)
		}
	}
}

// begunBy stands in the context of Gin: a request counts once, however many of our middlewares are in its way.
type begunBy struct{ api *UsageFlowAPI }

func serve(c *gin.Context, exchange *core.Exchange) {
	writer := c.Writer // what comes behind us may put another in its place
	isThrough := false // else the host has panicked, which goes on
	defer func() { exchange.End(outcomeOf(c, writer, isThrough)) }()
	exchange.WriteHeader(writer)
	if exchange.Refusal != nil {
		c.Abort()
	} else {
		watched(c, writer, exchange)
	}
	isThrough = true
}

// watched lets the host answer, and shows a metering rule the answer.
func watched(c *gin.Context, writer gin.ResponseWriter, exchange *core.Exchange) {
	if !exchange.ReadsResponse() {
		c.Next()
		return
	}
	c.Writer = &watchedWriter{writer, exchange}
	c.Next()
	c.Writer = writer
}

func outcomeOf(c *gin.Context, writer gin.ResponseWriter, isThrough bool) core.Outcome {
	set, _ := c.Get(Key)
	outcome := core.Outcome{
		Status:   writer.Status(),
		Header:   writer.Header(),
		Bytes:    int64(max(0, writer.Size())),
		Route:    routeOf(c.FullPath()),
		Metadata: knownOf(set).Metadata,
	}
	if !isThrough && !writer.Written() {
		outcome.Status = http.StatusInternalServerError
	}
	return outcome
}

// watchedWriter lets a metering rule read the answer. All else is what it stands for.
type watchedWriter struct {
	gin.ResponseWriter
	exchange *core.Exchange
}

func (watched *watchedWriter) Write(chunk []byte) (int, error) {
	length, err := watched.ResponseWriter.Write(chunk)
	watched.exchange.WatchResponse(watched.Header(), chunk[:length])
	return length, err
}

func (watched *watchedWriter) WriteString(text string) (int, error) {
	length, err := watched.ResponseWriter.WriteString(text)
	watched.exchange.WatchResponse(watched.Header(), []byte(text[:length]))
	return length, err
}

// Unwrap is for http.ResponseController.
func (watched *watchedWriter) Unwrap() http.ResponseWriter {
	return watched.ResponseWriter
}

// Close sends what was measured, and gives back what the server has lent. It takes until the context ends at most, or 5 s where that has no deadline.
func (api *UsageFlowAPI) Close(ctx context.Context) {
	if agent := api.agent.Load(); agent != nil {
		agent.Close(ctx)
	}
}

func arrivalOf(c *gin.Context) core.Arrival {
	arrival := core.Arrival{Request: c.Request, Route: routeOf(c.FullPath()), ClientAddress: c.ClientIP()}
	if set, _ := c.Get(Key); knownOf(set).Claims != nil {
		arrival.Claims = knownOf(set).Claims
	}
	return arrival
}

// routeOf writes a route of Gin as policies do: `/files/*path` is `/files/*`.
func routeOf(fullPath string) string {
	if at := strings.Index(fullPath, "/*"); at >= 0 {
		return fullPath[:at] + "/*"
	}
	return fullPath
}

// knownOf is nothing for what is no Known.
func knownOf(set any) Known {
	known, _ := set.(Known)
	return known
}
