package core

import (
	"os"
	"testing"
	"time"
)

func TestTheRealServerTakesEveryEventOnce(t *testing.T) {
	url, apiKey := os.Getenv("USAGEFLOW_TEST_URL"), os.Getenv("USAGEFLOW_TEST_KEY")
	if url == "" || apiKey == "" {
		t.Skip("No server: USAGEFLOW_TEST_URL is the address of one, USAGEFLOW_TEST_KEY a key with the scope usage:write.")
	}
	client, told := aClient(t, url, func(options *Options) { options.APIKey = apiKey })
	event := Event{Name: "API_CALL", CustomerID: "sdk_go", Amount: Float(0.5), IdempotencyKey: newKey(), Timestamp: time.Now()}
	event.Metadata = map[string]any{"region": "😀", "id": int64(1234567890123456789)}
	first, err := client.Send(until(waitFor), event)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "status", first.Status, "recorded")
	repeat, err := client.Send(until(waitFor), event)
	equal(t, "error", err, nil)
	equal(t, "repeat", repeat, Result{Status: "duplicate", EventID: first.EventID, IdempotencyKey: event.IdempotencyKey})

	trackMany(client, 1_500)
	client.Track(Event{Name: "API_CALL", CustomerID: "sdk_go", Timestamp: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)})
	deep := any(1)
	for range 20 {
		deep = map[string]any{"a": deep}
	}
	client.Track(Event{Name: "API_CALL", CustomerID: "sdk_go", Metadata: map[string]any{"deep": deep}})
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Produced, stats.Delivered, stats.Refused}, []int{1_504, 1_502, 2})
	eventually(t, "the reports", func() bool { return len(told.list()) == 2 })
}
