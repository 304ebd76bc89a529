package usageflow

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

func TestMain(tests *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultErrorWriter = io.Discard
	os.Exit(tests.Run())
}

func statusesOf(handler http.Handler, target, user string) []int {
	var statuses []int
	for range 3 {
		statuses = append(statuses, ask(handler, "GET", target, user).Code)
	}
	return statuses
}

func equal[Value comparable](t *testing.T, what string, got, expected Value) {
	t.Helper()
	if got != expected {
		t.Errorf("%s: got %v, expected %v", what, got, expected)
	}
}

func TestGinServesWhatPassesAndNothingOfWhatIsRefused(t *testing.T) {
	api := anAPI(t, startControlServer(t, twoForEach))
	app := gin.New()
	app.Use(api.RequestInterceptor([]Route{{Method: "*", URL: "*"}}, []Route{{Method: "GET", URL: "/users/health"}}))
	served := 0
	app.GET("/users/:id", func(c *gin.Context) {
		served++
		c.String(http.StatusOK, "of the host")
	})
	passed := ask(app, "GET", "/users/7", "ann")
	equal(t, "answer", passed.Body.String(), "of the host")
	equal(t, "header", passed.Header().Get("RateLimit-Policy"), `"two";q=2;w=3600`)
	equal(t, "second", ask(app, "GET", "/users/8", "ann").Code, 200)
	refused := ask(app, "GET", "/users/9", "ann")
	equal(t, "refused", refused.Code, 429)
	equal(t, "type", refused.Header().Get("Content-Type"), "application/problem+json")
	equal(t, "served", served, 2)
	equal(t, "exempt", ask(app, "GET", "/users/health", "ann").Code, 200)
	equal(t, "nowhere", ask(app, "GET", "/nowhere", "ann").Code, 404)
}

func TestARequestCountsOnceHoweverManyMiddlewaresAreInItsWay(t *testing.T) {
	api := anAPIThatKnows(t, startControlServer(t, twoForEach), "/users/first")
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	app.Group("/users", api.RequestInterceptor(nil, nil)).GET("/:id", func(c *gin.Context) {})
	equal(t, "statuses", fmt.Sprint(statusesOf(app, "/users/1", "ann")), "[200 200 429]")
}

func TestARequestThatTheHostSendsThroughGinAgainCountsOnce(t *testing.T) {
	everywhere := strings.Replace(twoForEach, "/users/:user", "/*", 1)
	api := anAPIThatKnows(t, startControlServer(t, everywhere), "/users/first")
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	app.GET("/users/:id", func(c *gin.Context) {})
	app.GET("/old/:id", func(c *gin.Context) {
		c.Request.URL.Path = "/users/" + c.Param("id")
		app.HandleContext(c)
	})
	equal(t, "statuses", fmt.Sprint(statusesOf(app, "/old/1", "ann")), "[200 200 429]")
}

func TestAPolicyHoldsForTheRouteThatGinHasFound(t *testing.T) {
	config := strings.Replace(twoForEach, "/users/:user", "/files/*", 1)
	api := anAPIThatKnows(t, startControlServer(t, config), "/files/first")
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	app.GET("/files/*path", func(c *gin.Context) {})
	equal(t, "third", statusesOf(app, "/files/a/b/c", "ann")[2], 429)
	for written, route := range map[string]string{"/files/*path": "/files/*", "/users/:id": "/users/:id", "": ""} {
		equal(t, written, routeOf(written), route)
	}
}

func TestClaimsThatTheHostHasSetAreBelieved(t *testing.T) {
	api := anAPI(t, startControlServer(t, twoForEach))
	app := gin.New()
	app.Use(func(c *gin.Context) {
		c.Set(Key, Known{Claims: map[string]any{"sub": c.Query("as")}})
	}, api.RequestInterceptor(nil, nil))
	app.GET("/users/:id", func(c *gin.Context) {})
	equal(t, "ann", statusesOf(app, "/users/1?as=ann", "")[2], 429)
	equal(t, "ben", statusesOf(app, "/users/1?as=ben", "")[1], 200)
}

func TestWhatPanicsInTheHostIsRecoveredByGinWhereverItsRecoveryStands(t *testing.T) {
	api := anAPI(t, startControlServer(t, twoForEach))
	ours, recovery := api.RequestInterceptor(nil, nil), gin.RecoveryWithWriter(io.Discard)
	for user, handlers := range map[string][]gin.HandlerFunc{"ann": {recovery, ours}, "ben": {ours, recovery}} {
		app := gin.New()
		app.Use(handlers...)
		app.GET("/users/:id", func(c *gin.Context) { panic("of the host") })
		equal(t, user, ask(app, "GET", "/users/1", user).Code, 500)
	}
}

// tokensOfEach is what a policy may meter, before its limits.
const tokensOfEach = `"metering": [{ "id": "mrl_1", "event": "AI_TOKEN", "when": ["2xx"],
	"captures": ["/response/body/tokens", "/request/body/model"], "isSummable": false }], "limits"`

func TestAStreamFlowsAndAConnectionCanBeTakenOver(t *testing.T) {
	streamsAndGivesUp(t, twoForEach)
}

func TestAStreamFlowsAndAConnectionCanBeTakenOverWhereTheAnswerIsRead(t *testing.T) {
	config := strings.Replace(twoForEach, `"limits"`, tokensOfEach, 1)
	streamsAndGivesUp(t, strings.Replace(config, "/users/:user", "*", 1))
}

func streamsAndGivesUp(t *testing.T, config string) {
	t.Helper()
	api := anAPI(t, startControlServer(t, config))
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	next := make(chan bool)
	app.GET("/stream", func(c *gin.Context) {
		left := 2
		c.Stream(func(writer io.Writer) bool {
			c.SSEvent("message", "one of two")
			left--
			if left > 0 {
				c.Writer.Flush()
				<-next
			}
			return left > 0
		})
	})
	app.GET("/raw", func(c *gin.Context) {
		connection, _, err := c.Writer.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, "HTTP/1.1 299 Taken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	listening := httptest.NewServer(app)
	defer listening.Close()

	response, err := http.Get(listening.URL + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, 10)
	if _, err := io.ReadFull(response.Body, first); err != nil {
		t.Fatal(err)
	}
	close(next) // what was read came before the end
	rest, _ := io.ReadAll(response.Body)
	equal(t, "events", strings.Count(string(first)+string(rest), "one of two"), 2)

	raw, err := http.Get(listening.URL + "/raw")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Body.Close()
	equal(t, "status", raw.StatusCode, 299)
}

func TestWithoutInitEverythingPassesAndThatIsToldOnce(t *testing.T) {
	var lines bytes.Buffer
	log.SetOutput(&lines)
	defer log.SetOutput(os.Stderr)
	api := UsageFlowAPI{}
	app := gin.New()
	app.Use(api.RequestInterceptor(nil, nil))
	app.GET("/users/:id", func(c *gin.Context) {})
	equal(t, "third", statusesOf(app, "/users/1", "ann")[2], 200)
	equal(t, "lines", strings.Count(lines.String(), "Init was not called"), 1)
}

func TestWhoUsesThePackageCoreDoesNotGetGin(t *testing.T) {
	dependencies, err := exec.Command("go", "list", "-deps", "./core").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dependency := range strings.Fields(string(dependencies)) {
		isOurs := strings.HasPrefix(dependency, "github.com/usageflow/go/")
		if strings.Contains(strings.Split(dependency, "/")[0], ".") && !isOurs {
			t.Errorf("it depends on %s", dependency)
		}
	}
}

func TestWhatGinAnswersIsMeteredAndReportedByItsRoute(t *testing.T) {
	config := strings.Replace(twoForEach, `"limits"`, tokensOfEach, 1)
	server := startControlServer(t, config)
	api := anAPI(t, server)
	app := gin.New()
	app.Use(gin.RecoveryWithWriter(io.Discard), api.RequestInterceptor(nil, nil))
	app.POST("/users/:id", func(c *gin.Context) {
		var asked struct{ Model string }
		if err := c.ShouldBindJSON(&asked); err != nil {
			t.Error(err)
		}
		c.Set(Key, Known{Metadata: map[string]any{"plan": "pro"}})
		c.JSON(http.StatusOK, gin.H{"tokens": 42, "model": asked.Model})
	})
	app.GET("/users/:id", func(c *gin.Context) { panic("of the host") })
	request := httptest.NewRequest("POST", "/users/7", strings.NewReader(`{"model":"large"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-User", "ann")
	recorder := httptest.NewRecorder()
	app.ServeHTTP(recorder, request)
	equal(t, "answer", recorder.Body.String(), `{"model":"large","tokens":42}`)
	equal(t, "panic", ask(app, "GET", "/users/8", "ben").Code, 500)
	equal(t, "nowhere", ask(app, "GET", "/nowhere", "ben").Code, 404)
	api.Close(context.Background())

	var sent string
	for _, used := range server.items("/api/v1/control/usage", "usage") {
		if used["customerId"] == "ann" {
			sent += fmt.Sprint(used["route"], used["fields"], used["metadata"])
		}
	}
	equal(t, "usage", sent, "/users/:idmap[/request/body/model:large /response/body/tokens:42] map[plan:pro]")
	counts := map[string]float64{}
	for _, row := range server.items("/api/v1/control/reports", "statistics") {
		for status, count := range row["statuses"].(map[string]any) {
			counts[fmt.Sprint(row["route"], " ", status)] += count.(float64)
		}
	}
	equal(t, "ok", counts["/users/:id 200"], 1)
	equal(t, "panicked", counts["/users/:id 500"], 1)
	if counts["<nil> 404"] < 1 {
		t.Errorf("of 404 it reports %v", counts)
	}
	agents := ""
	for _, report := range server.told["/api/v1/control/reports"] {
		agents = fmt.Sprint(report["agent"])
	}
	if !strings.HasPrefix(agents, "gin/") {
		t.Errorf("it calls itself %s", agents)
	}
}
