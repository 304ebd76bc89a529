package core

import "time"

// ended is a piece of work that is through.
type ended struct {
	status string
	took   time.Duration
}

const (
	statusSucceeded = "succeeded"
	statusFailed    = "failed"
)

// timeEvent is the event of a piece of work: how long it took.
func timeEvent(event Event, unit TimeUnit, ended ended) (Event, *Error) {
	amount, failure := timeAmount(ended.took, unit)
	return withFound(event, found{amount: amount, metadata: map[string]any{"status": ended.status}}), failure
}

// jobEvent is the event of a run of a job: 1, once for each job and status.
func jobEvent(event Event, jobID string, ended ended) (Event, *Error) {
	key := event.Name + ":" + jobID + ":" + ended.status
	if jobID == "" || !keyShape.MatchString(key) {
		return Event{}, invalidEvent("jobID", "must be printable ASCII that is with the name and the status at most 255 characters")
	}
	durationMs := (ended.took + time.Millisecond/2).Milliseconds()
	return withFound(event, found{"1", map[string]any{"status": ended.status, "durationMs": durationMs}, key}), nil
}

// TrackTime does the work and tracks how long it took, by a clock that nobody sets. It returns the error of the work, and
// panics as it does.
func TrackTime(client *Client, event Event, unit TimeUnit, work func() error) error {
	return timed(work, func(ended ended) { client.trackMade(timeEvent(event, unit, ended)) })
}

// TrackJob runs a job and tracks the run with its status and duration. A job that is run again counts once for each
// status: bill those that succeeded. It returns the error of the work, and panics as it does.
func TrackJob(client *Client, event Event, jobID string, work func() error) error {
	return timed(work, func(ended ended) { client.trackMade(jobEvent(event, jobID, ended)) })
}

func timed(work func() error, end func(ended)) error {
	begun := time.Now()
	status := statusFailed
	defer func() { end(ended{status, time.Since(begun)}) }()
	err := work()
	if err == nil {
		status = statusSucceeded
	}
	return err
}
