package usageflow_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/gin-gonic/gin"

	usageflow "github.com/usageflow/go"
	"github.com/usageflow/go/core"
)

func ExampleUsageFlowAPI() {
	app := gin.New()

	usageAPI := usageflow.UsageFlowAPI{}
	usageAPI.Init("YOUR_API_KEY")
	defer usageAPI.Close(context.Background())

	routes := []usageflow.Route{
		{Method: "*", URL: "*"},
	}
	whitelist := []usageflow.Route{
		{Method: "GET", URL: "/api/health"},
	}
	app.Use(usageAPI.RequestInterceptor(routes, whitelist))

	app.GET("/api/users/:id", func(c *gin.Context) { c.JSON(200, gin.H{"id": c.Param("id")}) })
	log.Fatal(app.Run(":8080"))
}

func ExampleUsageFlowAPI_rateLimits() {
	usageAPI := usageflow.UsageFlowAPI{
		RateLimits: map[string]usageflow.RateLimit{"/api/users": {Limit: 1000, Window: "1h"}},
	}
	usageAPI.Init("YOUR_API_KEY")
}

func ExampleClient_blueprints() {
	client, err := usageflow.NewClient(usageflow.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(context.Background())
	answer, err := http.Post("https://llm.example.com/v1/messages", "application/json", strings.NewReader(`{"stream":true}`))
	if err != nil {
		log.Fatal(err)
	}
	body := core.TrackLLMStream(client, usageflow.Event{Name: "AI_TOKEN", CustomerID: "user_123"}, answer.Body)
	defer body.Close()
	_, _ = io.Copy(os.Stdout, body)
}

func ExampleNewClient() {
	client, err := usageflow.NewClient(usageflow.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(context.Background())
	client.Track(usageflow.Event{Name: "AI_TOKEN", CustomerID: "user_123", Amount: usageflow.Int(1500)})
}
