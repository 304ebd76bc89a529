package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/usageflow/go"
)

const breath = 50 * time.Millisecond

type asked struct {
	How    string    `json:"how"`
	Tokens []float64 `json:"tokens"`
	Status int       `json:"status"`
	Units  *float64  `json:"units"`
}

func main() {
	usageAPI := usageflow.UsageFlowAPI{}
	usageAPI.Init("")
	app := gin.New()
	if os.Getenv("HOST_ROUTER") == "generous" {
		app.RemoveExtraSlash, app.UseRawPath, app.RedirectFixedPath = true, true, true
	}
	app.Use(gin.Recovery())
	app.Use(usageAPI.RequestInterceptor(
		[]usageflow.Route{{Method: "*", URL: "*"}},
		[]usageflow.Route{{Method: "GET", URL: "/health"}, {Method: "*", URL: "/internal/*"}},
	))
	for _, pattern := range []string{"/", "/health", "/api/users", "/api/users/:id", "/api/:other"} {
		app.GET(pattern, served(pattern))
	}
	app.GET("/internal/*rest", served("/internal/*"))
	app.GET("/files/*path", served("/files/*"))
	app.Group("/a/:b").GET("/c", served("/a/:b/c"))
	app.POST("/v1/models/:model/chat", chat)
	if err := app.Run("127.0.0.1:" + os.Getenv("PORT")); err != nil {
		panic(err)
	}
}

func served(pattern string) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("x-served", pattern)
		c.JSON(http.StatusOK, gin.H{})
	}
}

func chat(c *gin.Context) {
	var asked asked
	if err := c.ShouldBindJSON(&asked); err != nil {
		panic(err)
	}
	if asked.Units != nil {
		metadata := map[string]any{"units": *asked.Units, "customField": "value"}
		c.Set(usageflow.Key, usageflow.Known{Metadata: metadata})
	}
	switch asked.How {
	case "json":
		c.Data(asked.Status, "application/json", []byte(usageOf(asked.Tokens[len(asked.Tokens)-1])))
	case "lines":
		c.Header("Content-Type", "application/x-ndjson")
		for _, each := range asked.Tokens {
			fmt.Fprintln(c.Writer, usageOf(each))
		}
	case "stream":
		sendEvents(c, asked.Tokens)
		fmt.Fprint(c.Writer, "data: [DONE]\n\n")
	case "break":
		sendEvents(c, asked.Tokens)
		panic(http.ErrAbortHandler)
	case "hang":
		sendEvents(c, asked.Tokens)
		for c.Request.Context().Err() == nil {
			fmt.Fprint(c.Writer, ": waits\n\n")
			c.Writer.Flush()
			time.Sleep(breath)
		}
	case "never":
		<-c.Request.Context().Done()
	default:
		panic("broken")
	}
}

func sendEvents(c *gin.Context, tokens []float64) {
	c.Header("Content-Type", "text/event-stream")
	for _, each := range tokens {
		fmt.Fprintf(c.Writer, "data: %s\n\n", usageOf(each))
		c.Writer.Flush()
	}
}

func usageOf(tokens float64) string {
	text, _ := json.Marshal(map[string]any{"usage": map[string]any{"total_tokens": tokens}})
	return string(text)
}
