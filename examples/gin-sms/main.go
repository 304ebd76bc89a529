// Sends text messages. Of metering, limits and billing it knows the lines that are marked.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/usageflow/go" // (1)
)

// customers are, in your service, a table of keys, or what issues your tokens.
var customers = map[string]string{"demo-key-of-ann": "ann", "demo-key-of-bob": "bob"}

// segmentLength is how many characters a network takes at a time.
const segmentLength = 160

type message struct {
	To   string `json:"to" binding:"required,e164"`
	Text string `json:"text" binding:"required"`
}

func main() {
	usageAPI := usageflow.UsageFlowAPI{Application: "sms"} // (2)
	usageAPI.Init("")                                      // reads USAGEFLOW_URL and USAGEFLOW_API_KEY
	app := gin.Default()
	_ = app.SetTrustedProxies(nil)
	v1 := app.Group("/v1", authenticate, usageAPI.RequestInterceptor(nil, nil)) // (3)
	v1.POST("/messages", send)
	app.GET("/health", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"ok": true}) })

	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: app}
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		<-stopping.Done()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	usageAPI.Close(context.Background()) // (5) sends what was measured in the last second
}

// authenticate stands before the middleware of UsageFlow: who is calling is what was checked here.
func authenticate(c *gin.Context) {
	customer, isKnown := customers[strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer ")]
	if !isKnown {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "Send Authorization: Bearer, and your key."})
		return
	}
	c.Set(usageflow.Key, usageflow.Known{Claims: map[string]any{"sub": customer}}) // (4)
}

func send(c *gin.Context) {
	var message message
	if err := c.ShouldBindJSON(&message); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	segments := (utf8.RuneCountInString(message.Text) + segmentLength - 1) / segmentLength
	c.JSON(http.StatusAccepted, gin.H{"to": message.To, "segments": segments}) // the policy bills response.body.segments
}
