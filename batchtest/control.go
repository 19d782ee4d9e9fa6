package batchtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"
)

// Control returns a handler for programs in other languages, with what this
// package has and the API of AWS Batch has not. Bodies are JSON.
//
//	GET  /_batchkit/clock                                   the time on the clock
//	POST /_batchkit/advance {"seconds": 3600}               see [Server.Advance]
//	POST /_batchkit/finish  {"jobId": "…", "exitCode": 0}   see [Server.Finish]
//
// All of them answer {"now": "2026-01-01T00:00:00Z", "virtual": true}, or
// {"error": "…"} with status 400 for a request that is wrong, 404 for one that
// is none of these and for a job that is not there, 409 for a clock that is not
// virtual and a job that has ended, and 503 when containers were at work until
// the request's context was done, or the server is closed.
//
// Whoever reaches the handler can use it: keep it on loopback, and away from web
// pages.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_batchkit/clock", func(w http.ResponseWriter, _ *http.Request) { s.control(w, nil) })
	mux.HandleFunc("POST /_batchkit/advance", func(w http.ResponseWriter, r *http.Request) { s.control(w, s.controlAdvance(w, r)) })
	mux.HandleFunc("POST /_batchkit/finish", func(w http.ResponseWriter, r *http.Request) { s.control(w, s.controlFinish(w, r)) })
	mux.HandleFunc("/_batchkit/", func(w http.ResponseWriter, r *http.Request) {
		s.control(w, fmt.Errorf("%w: %s %s is none of GET /_batchkit/clock, POST /_batchkit/advance and POST /_batchkit/finish", errNoControl, r.Method, r.URL.Path))
	})
	return mux
}

// errNoControl says that the control handler has nothing there.
var errNoControl = errors.New("batchtest: no such request")

// errControl says that a request to the control handler is wrong.
var errControl = errors.New("batchtest: wrong request")

// control answers a request with what it led to.
func (s *Server) control(w http.ResponseWriter, err error) {
	_, virtual := s.clock.(*virtualClock)
	var answer any = struct {
		Now     time.Time `json:"now"`
		Virtual bool      `json:"virtual"`
	}{s.Now().UTC(), virtual}
	status := http.StatusOK
	if err != nil {
		answer = map[string]string{"error": err.Error()}
	}
	switch {
	case err == nil:
	case errors.Is(err, errControl):
		status = http.StatusBadRequest
	case errors.Is(err, ErrUnknownJob), errors.Is(err, errNoControl):
		status = http.StatusNotFound
	case errors.Is(err, ErrNotVirtual), errors.Is(err, ErrEnded):
		status = http.StatusConflict
	default:
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that has gone needs no answer
}

func (s *Server) controlAdvance(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Seconds *float64 `json:"seconds"`
	}
	if err := controlInput(w, r, &in); err != nil {
		return err
	}
	const most = math.MaxInt64 / float64(time.Second)
	if in.Seconds == nil || !(*in.Seconds >= 0 && *in.Seconds < most) {
		return fmt.Errorf("%w: seconds must be a number from 0 to %.0f", errControl, most)
	}
	return s.Advance(r.Context(), time.Duration(*in.Seconds*float64(time.Second)))
}

func (s *Server) controlFinish(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		JobID    string `json:"jobId"`
		ExitCode *int32 `json:"exitCode"`
	}
	if err := controlInput(w, r, &in); err != nil {
		return err
	}
	if in.JobID == "" || in.ExitCode == nil {
		return fmt.Errorf("%w: jobId and exitCode must be given", errControl)
	}
	return s.Finish(in.JobID, int(*in.ExitCode))
}

// controlInput reads the one JSON value of a body.
func controlInput(w http.ResponseWriter, r *http.Request, in any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return fmt.Errorf("%w: %w", errControl, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", errControl)
	}
	return nil
}
