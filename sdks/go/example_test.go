package usageflow_test

import (
	"context"
	"log"

	"github.com/gin-gonic/gin"

	usageflow "github.com/usageflow/go"
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

func ExampleNewClient() {
	client, err := usageflow.NewClient(usageflow.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close(context.Background())
	client.Track(usageflow.Event{Name: "AI_TOKEN", CustomerID: "user_123", Amount: usageflow.Int(1500)})
}
