package core

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// responseRecorder notes the status and the bytes of an answer on their way.
type responseRecorder struct {
	http.ResponseWriter
	// watch is told of the body; nil if nobody asks for it.
	watch  func(http.Header, []byte)
	status int
	bytes  int64
}

func (recorder *responseRecorder) WriteHeader(status int) {
	isFinal := status >= 200 || status == http.StatusSwitchingProtocols
	if recorder.status == 0 && isFinal {
		recorder.status = status
	}
	recorder.ResponseWriter.WriteHeader(status)
}

func (recorder *responseRecorder) Write(chunk []byte) (int, error) {
	recorder.begin()
	length, err := recorder.ResponseWriter.Write(chunk)
	recorder.note(chunk[:length])
	return length, err
}

func (recorder *responseRecorder) WriteString(text string) (int, error) {
	recorder.begin()
	length, err := io.WriteString(recorder.ResponseWriter, text)
	recorder.note([]byte(text[:length]))
	return length, err
}

// ReadFrom keeps what a writer can do better than copying, if it is not to be watched.
func (recorder *responseRecorder) ReadFrom(source io.Reader) (int64, error) {
	if recorder.watch != nil {
		return io.Copy(struct{ io.Writer }{recorder}, source)
	}
	recorder.begin()
	length, err := io.Copy(recorder.ResponseWriter, source)
	recorder.bytes += length
	return length, err
}

// Unwrap is for http.ResponseController.
func (recorder *responseRecorder) Unwrap() http.ResponseWriter {
	return recorder.ResponseWriter
}

func (recorder *responseRecorder) begin() {
	if recorder.status == 0 {
		recorder.status = http.StatusOK
	}
}

func (recorder *responseRecorder) note(chunk []byte) {
	recorder.bytes += int64(len(chunk))
	if recorder.watch != nil {
		recorder.watch(recorder.Header(), chunk)
	}
}

// outcome is of an answer that is through, or that the host has left in the middle.
func (recorder *responseRecorder) outcome(isThrough bool) Outcome {
	status := recorder.status
	switch {
	case status == 0 && isThrough:
		status = http.StatusOK
	case status == 0:
		status = http.StatusInternalServerError
	}
	return Outcome{Status: status, Header: recorder.Header(), Bytes: recorder.bytes}
}

// flusher and hijacker note what answers in other ways than by writing.
type (
	flusher  struct{ recorder *responseRecorder }
	hijacker struct{ recorder *responseRecorder }
)

func (flusher flusher) Flush() {
	flusher.recorder.begin()
	flusher.recorder.ResponseWriter.(http.Flusher).Flush()
}

func (hijacker hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffer, err := hijacker.recorder.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil && hijacker.recorder.status == 0 {
		hijacker.recorder.status = http.StatusSwitchingProtocols
	}
	return connection, buffer, err
}

// withMoreOf is a writer that can do what the one that it stands for can, and nothing else: hosts ask for that. All
// servers of net/http can also tell that a client has gone, in the way of old.
func (recorder *responseRecorder) withMoreOf(writer http.ResponseWriter) http.ResponseWriter {
	_, canFlush := writer.(http.Flusher)
	_, canHijack := writer.(http.Hijacker)
	pusher, canPush := writer.(http.Pusher)
	//lint:ignore SA1019 frameworks ask for it
	closing, canTell := writer.(http.CloseNotifier)
	switch {
	case canFlush && canHijack && canTell:
		return struct {
			*responseRecorder
			flusher
			hijacker
			http.CloseNotifier
		}{recorder, flusher{recorder}, hijacker{recorder}, closing}
	case canFlush && canPush && canTell:
		return struct {
			*responseRecorder
			flusher
			http.Pusher
			http.CloseNotifier
		}{recorder, flusher{recorder}, pusher, closing}
	case canFlush && canHijack:
		return struct {
			*responseRecorder
			flusher
			hijacker
		}{recorder, flusher{recorder}, hijacker{recorder}}
	case canFlush && canPush:
		return struct {
			*responseRecorder
			flusher
			http.Pusher
		}{recorder, flusher{recorder}, pusher}
	case canFlush:
		return struct {
			*responseRecorder
			flusher
		}{recorder, flusher{recorder}}
	case canHijack:
		return struct {
			*responseRecorder
			hijacker
		}{recorder, hijacker{recorder}}
	case canPush:
		return struct {
			*responseRecorder
			http.Pusher
		}{recorder, pusher}
	}
	return recorder
}
