package core

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"
)

// waitFor is for what comes, however busy the machine is.
const waitFor = time.Minute

var apiCall = Event{Name: "API_CALL", CustomerID: "user_123"}

// listen is the address of a server that ends with the test, however long its answers take.
func listen(t *testing.T, handler http.Handler) string {
	t.Helper()
	listening := httptest.NewServer(handler)
	t.Cleanup(func() {
		listening.CloseClientConnections()
		listening.Close()
	})
	return listening.URL
}

// reports are all that a client told.
type reports struct {
	guard sync.Mutex
	all   []*Error
}

func (reports *reports) add(err *Error) {
	reports.guard.Lock()
	defer reports.guard.Unlock()
	reports.all = append(reports.all, err)
}

func (reports *reports) list() []*Error {
	reports.guard.Lock()
	defer reports.guard.Unlock()
	return append([]*Error(nil), reports.all...)
}

func (reports *reports) codes() []string {
	var codes []string
	for _, err := range reports.list() {
		codes = append(codes, err.Code)
	}
	return codes
}

// aClient sends to the server until the test has ended.
func aClient(t *testing.T, url string, change func(*Options)) (*Client, *reports) {
	t.Helper()
	told := &reports{}
	options := Options{
		APIKey: "uf_test_secret", BaseURL: url, FlushEvery: 20 * time.Millisecond, Timeout: waitFor, OnError: told.add,
	}
	if change != nil {
		change(&options)
	}
	client, err := NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(until(time.Millisecond)) })
	return client, told
}

// until is a context that ends after so long, by itself.
func until(timeout time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	context.AfterFunc(ctx, cancel)
	return ctx
}

// trackMany tracks events of the amounts 1, 2, … `count`, so that each can be told apart.
func trackMany(client *Client, count int) {
	for amount := 1; amount <= count; amount++ {
		event := apiCall
		event.Amount = Int(int64(amount))
		client.Track(event)
	}
}

// onceEach has each of the amounts 1, 2, … `count`, once.
func onceEach(count int) map[string]int {
	amounts := map[string]int{}
	for amount := 1; amount <= count; amount++ {
		amounts[strconv.Itoa(amount)] = 1
	}
	return amounts
}

// exact tells whether nothing is forgotten and nothing invented.
func (stats Stats) exact() bool {
	return stats.Produced == stats.Delivered+stats.Queued+stats.Refused+stats.Dropped
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(waitFor); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never came: %s", what)
		}
	}
}

func equal(t *testing.T, what string, got, expected any) {
	t.Helper()
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%s: got %+v, expected %+v", what, got, expected)
	}
}
