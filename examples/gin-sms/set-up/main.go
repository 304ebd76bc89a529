// Says to UsageFlow what this API sells and how it is held. What is there already stays: run it as often as you like.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

type object = map[string]any

func main() {
	post("meters", object{"key": "SMS", "name": "Text messages", "unit": "segments"})
	post("plans", object{
		"key": "sms", "name": "SMS", "currency": "USD", "cycle": "month", "basePrice": "5",
		"prices": []object{{"meter": "SMS", "model": "per_unit", "includedUnits": "10", "unitPrice": "0.01"}},
	})
	for _, customer := range []string{"ann", "bob"} {
		post("customers", object{"customerId": customer})
		post("subscriptions", object{"customerId": customer, "plan": "sms"})
	}
	post("control/strategies", object{
		"key": "by-account", "name": "By account", "sources": []object{{"from": "claim", "name": "sub"}},
	})
	post("control/policies", object{
		"key": "messages", "name": "Messages", "application": "sms", "method": "POST", "url": "/v1/messages",
		"strategy": "by-account",
		"limits":   []object{{"name": "messages", "algorithm": "token_bucket", "limit": 20, "window": "1m"}},
		"metering": []object{{"event": "SMS", "quantity": "response.body.segments", "when": []string{"2xx"}}},
	})
	fmt.Println("SMS is on sale: $5.00 a month with 10 segments, then $0.01 each.")
}

func post(what string, body object) {
	url := os.Getenv("USAGEFLOW_URL")
	if url == "" {
		url = "http://127.0.0.1:4400"
	}
	text, _ := json.Marshal(body)
	request, err := http.NewRequest(http.MethodPost, url+"/api/v1/"+what, bytes.NewReader(text))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("x-usageflow-api-key", os.Getenv("USAGEFLOW_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 && answer.StatusCode != http.StatusConflict {
		said, _ := io.ReadAll(answer.Body)
		log.Fatalf("%s: %s", what, said)
	}
}
