package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/usageflow/go"
)

func main() {
	app := gin.New()
	app.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, reason any) {
		c.AbortWithStatusJSON(500, gin.H{"error": fmt.Sprint(reason)})
	}))
	var api usageflow.UsageFlowAPI
	if os.Getenv("BARE") == "" {
		limit := usageflow.RateLimit{Limit: 1_000_000, Window: "1h", Algorithm: "token_bucket"}
		api.RateLimits = map[string]usageflow.RateLimit{"/limited/*": limit}
		api.OnError = tell
		api.Init("")
		app.Use(api.RequestInterceptor([]usageflow.Route{{Method: "*", URL: "*"}}, nil))
	}
	routes(app)
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: app}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	closed := make(chan struct{})
	go func() {
		<-ended
		atOnce, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		_ = server.Shutdown(atOnce)
		api.Close(context.Background())
		close(closed)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		panic(err)
	}
	<-closed
}

func tell(err *usageflow.Error) {
	told, _ := json.Marshal(map[string]any{"kind": err.Kind, "code": err.Code, "count": err.Count})
	fmt.Println(string(told))
}

func routes(app *gin.Engine) {
	plain := func(c *gin.Context) { c.JSON(200, gin.H{"id": c.Param("id")}) }
	app.GET("/summed/:id", plain)
	app.GET("/limited/:id", plain)
	app.GET("/free/:id", plain)
	app.POST("/each/:id", func(c *gin.Context) {
		var asked struct{ Model string }
		if c.BindJSON(&asked) == nil {
			c.JSON(200, gin.H{"model": asked.Model, "tokens": 3})
		}
	})
	app.GET("/work", func(c *gin.Context) {
		time.Sleep(time.Millisecond)
		c.JSON(200, gin.H{"ok": true})
	})
	app.GET("/shapes/json", func(c *gin.Context) {
		c.JSON(200, gin.H{"tokens": 7, "text": strings.Repeat("x", 10_000)})
	})
	app.GET("/shapes/stream", func(c *gin.Context) {
		for part := range 5 {
			write(c, fmt.Sprintf("part %d\n", part), 50*time.Millisecond)
		}
	})
	app.GET("/shapes/events", func(c *gin.Context) {
		c.Header("Content-Type", "text/event-stream")
		for event := range 5 {
			write(c, fmt.Sprintf("data: {\"tokens\":%d}\n\n", event), 50*time.Millisecond)
		}
	})
	app.POST("/shapes/upload", func(c *gin.Context) {
		hash := sha256.New()
		_, _ = io.Copy(hash, c.Request.Body)
		c.String(200, "%x", hash.Sum(nil))
	})
	app.GET("/shapes/empty", func(c *gin.Context) { c.Status(204) })
	app.GET("/shapes/throws", func(*gin.Context) { panic("broken") })
	app.GET("/endless", func(c *gin.Context) {
		for part := 0; c.Request.Context().Err() == nil; part++ {
			write(c, fmt.Sprintf("%-1000d", part), 10*time.Millisecond)
		}
	})
	app.GET("/cut", func(c *gin.Context) {
		write(c, "half", 50*time.Millisecond)
		panic(http.ErrAbortHandler)
	})
}

func write(c *gin.Context, text string, pause time.Duration) {
	_, _ = c.Writer.WriteString(text)
	c.Writer.Flush()
	time.Sleep(pause)
}
