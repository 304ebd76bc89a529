package main
import (
"github.com/gin-gonic/gin"
"github.com/usageflow/go"
)
func main() {
app := gin.New()
usageAPI := usageflow.UsageFlowAPI{}
usageAPI.Init("YOUR_API_KEY")
routes := []usageflow.Route{
{Method: "*", URL: "*"},
}
whitelist := []usageflow.Route{
{Method: "GET", URL: "/api/health"},
}
// Apply middleware
app.Use(usageAPI.RequestInterceptor(routes, whitelist))
}
