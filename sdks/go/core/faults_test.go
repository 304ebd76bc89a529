package core

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

const trackForMax = 4 * time.Second // thirty calls; whoever waited for answers would take longer

func TestAFaultNeitherHoldsNorHurtsTheHostAndEveryEventIsThereOnceWhenItIsOver(t *testing.T) {
	for _, fault := range unanswered {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			server := startFakeServer(t)
			client, told := aClient(t, server.url, func(options *Options) { options.Timeout = 400 * time.Millisecond })
			server.setFault(fault)

			begun := time.Now()
			trackMany(client, 30)
			if took := time.Since(begun); took > trackForMax {
				t.Errorf("Track took %s", took)
			}
			eventually(t, "a report", func() bool { return len(told.list()) > 0 })
			stats := client.Stats()
			equal(t, "kept", []int{stats.Produced, stats.Delivered, stats.Queued}, []int{30, 0, 30})
			equal(t, "kind", told.list()[0].Kind, KindUnavailable)

			server.setFault(none)
			// The time for answers is short, and the machine may be busy.
			eventually(t, "the end of it", func() bool { return client.Flush(until(waitFor)).Queued == 0 })
			stats = client.Stats()
			equal(t, "delivered", []int{stats.Produced, stats.Delivered, stats.Dropped}, []int{30, 30, 0})
			equal(t, "stored", server.amounts(), onceEach(30))
		})
	}
}

func TestWhereNoServerIsWhatCannotBeSentIsKeptAndCountedAtTheEnd(t *testing.T) {
	trusted := httptest.NewTLSServer(http.NotFoundHandler())
	defer trusted.Close()
	plain := startFakeServer(t)
	for name, url := range map[string]string{
		"no server":                        "http://127.0.0.1:1",
		"no such host":                     "http://nowhere.invalid",
		"a server that does not speak TLS": "https" + plain.url[len("http"):],
		"a certificate of nobody's":        trusted.URL,
	} {
		t.Run(name, func(t *testing.T) {
			client, told := aClient(t, url, nil)
			trackMany(client, 30)
			eventually(t, "a report", func() bool { return len(told.list()) > 0 })
			equal(t, "queued", client.Stats().Queued, 30)
			stats := client.Close(until(50 * time.Millisecond))
			equal(t, "left", []int{stats.Produced, stats.Queued, stats.Dropped}, []int{30, 0, 30})
			last := told.list()[len(told.list())-1]
			equal(t, "told", []any{last.Kind, last.Count}, []any{KindDropped, 30})
		})
	}
}

func TestAnAnswerOf100MBIsNotRead(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	server.setFault(endless)
	trackMany(client, 1)
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	if written := server.written.Load(); written > 50<<20 {
		t.Errorf("%d bytes were read or wait in between", written)
	}
}

func TestAServerThatAsksToBeLeftAloneForASecondIs(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	server.setFault(later)
	trackMany(client, 3)
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	server.setFault(none)
	equal(t, "delivered", client.Flush(until(waitFor)).Delivered, 3)
	asked := server.asked()
	if waited := asked[1].at.Sub(asked[0].at); waited < time.Second {
		t.Errorf("asked again after %s", waited)
	}
}

func TestAServerThatAsksToBeLeftAloneForAnHourIsNotAskedAgainNotEvenAtTheEnd(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	server.setFault(muchLater)
	trackMany(client, 3)
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	client.Flush(until(300 * time.Millisecond))
	client.Close(until(100 * time.Millisecond))
	equal(t, "requests", len(server.asked()), 1)
}

func TestWhatTakesSmallRequestsOnlyGetsSmallRequests(t *testing.T) {
	server := startFakeServer(t)
	server.setFault(tooLarge)
	client, _ := aClient(t, server.url, nil)
	trackMany(client, 30)
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Delivered, stats.Refused}, []int{30, 0})
	equal(t, "stored", server.amounts(), onceEach(30))
}

func TestOfEventsThatAreSentAgainAfterALostAnswerTheServerSaysThatItHasThem(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	server.setFault(lostAfter)
	trackMany(client, 5)
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	server.setFault(none)
	stats := client.Flush(until(waitFor))
	equal(t, "counted", []int{stats.Delivered, stats.Duplicates}, []int{5, 5})
}

func TestARedirectIsNotFollowed(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, func(options *Options) { options.FlushEvery = time.Hour })
	server.setFault(elsewhere)
	trackMany(client, 1)
	<-client.run()
	eventually(t, "a report", func() bool { return len(told.list()) > 0 })
	equal(t, "requests", len(server.asked()), 1)
}

func TestOfAServerThatFailsFiveTimesRunningItAsksNoMoreThanOneEventAsAProbe(t *testing.T) {
	server := startFakeServer(t)
	client, told := aClient(t, server.url, nil)
	server.setFault(broken)
	trackMany(client, 20)
	eventually(t, "five failures", func() bool { return len(told.list()) == 5 })
	server.setFault(none)
	equal(t, "circuit", client.Stats().Circuit, CircuitOpen)
	equal(t, "circuit after", client.Flush(until(waitFor)).Circuit, CircuitClosed)
	sizes := server.sizes()
	equal(t, "events of each request", sizes[len(sizes)-2:], []int{1, 19})
}
