package batchtest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

func TestContentType(t *testing.T) {
	t.Parallel()
	s := batchtest.Start(t)
	type row struct {
		name, reason, contentType, body string
		status                          int
	}
	rows := []row{
		{"json", "as the SDKs send it", "application/json", "{}", 200},
		{"charset", "a parameter changes nothing", "Application/JSON; charset=utf-8", "{}", 200},
		{"none", "nothing else could be meant", "", "{}", 200},
		{"form", "curl -d says so when it is told nothing", "application/x-www-form-urlencoded", "{}", 415},
		{"another protocol", "AWS Batch has restJson1", "application/x-amz-json-1.1", "{}", 415},
		{"no type", "a type has a slash", "application json;;", "{}", 415},
		{"no body", "there is nothing of that type", "text/plain", "", 400},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		t.Parallel()
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/describejobqueues", strings.NewReader(r.body))
		req.Header.Set("Content-Type", r.contentType)
		if r.contentType == "" {
			req.Header.Del("Content-Type")
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != r.status || (w.Code == 415) != (w.Header().Get("X-Amzn-Errortype") == "UnsupportedMediaTypeException") {
			t.Errorf("%d %s, want %d: %s", w.Code, w.Body, r.status, r.reason)
		}
	})
}

// endless is a body without an end, which counts what is read of it.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.n += len(p)
	return len(p), nil
}

func TestEndlessBody(t *testing.T) {
	t.Parallel()
	for _, length := range []int64{-1, 0, 1 << 40} { // what the client says
		s := batchtest.Start(t)
		body := &endless{}
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/v1/submitjob", body)
		req.ContentLength = length
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != http.StatusRequestEntityTooLarge || body.n > 1<<20+1 {
			t.Errorf("length %d: %d after %d bytes, want 413 after no more than a MiB", length, w.Code, body.n)
		}
	}
}

// dialled connects to a server without an HTTP client between.
func dialled(t *testing.T, server *httptest.Server) *net.TCPConn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func post(path, body string, length int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: batch\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, length, body)
}

// A client that sends half a request and no more, one that hangs up in the middle
// and one that closes its side only must not disturb the others.
func TestHalfRequests(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(batchtest.Start(t))
	t.Cleanup(server.Close)
	const path = "/v1/describejobqueues"
	answer := func(c net.Conn) (int, string) {
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		return resp.StatusCode, resp.Header.Get("X-Amzn-Errortype")
	}
	send := func(text string) *net.TCPConn {
		c := dialled(t, server)
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		return c
	}
	slow := send(post(path, "{", 2))
	gone := send(post(path, "{", 100))
	_ = gone.Close()
	half := send(post(path, "{", 100))
	_ = half.CloseWrite()
	if status, code := answer(half); status != 400 || code != "SerializationException" {
		t.Errorf("a request without its end: %d %s, want SerializationException", status, code)
	}
	whole := send(post(path, "{}", 2))
	_ = whole.CloseWrite()
	if status, _ := answer(whole); status != 200 {
		t.Errorf("a client that only listens: %d, want 200", status)
	}
	if status, _ := answer(send(post(path, "{}", 2))); status != 200 {
		t.Errorf("while another client is slow: %d, want 200", status)
	}
	if _, err := io.WriteString(slow, "}"); err != nil {
		t.Fatal(err)
	}
	if status, _ := answer(slow); status != 200 {
		t.Errorf("the slow client: %d, want 200", status)
	}
}

// A client that gives up while its request is held up leaves nothing behind.
func TestCancelledRequest(t *testing.T) {
	t.Parallel()
	s := batchtest.Start(t)
	held, freed := make(chan struct{}), make(chan struct{})
	s.Intercept(func(ctx context.Context, _ *batchtest.Request) batchtest.Action {
		close(held)
		<-ctx.Done()
		close(freed)
		return batchtest.Action{}
	}, batchtest.Keep())
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-held
		cancel()
	}()
	req, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/v1/describejobqueues", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Error("an answer to a request that was cancelled")
	}
	<-freed
}

// open returns how many descriptors of files this process has, and 0 where the
// system does not say. It opens a port first: the runtime keeps what it watches
// all of them with.
func open() int {
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		l.Close()
	}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// settled has the test fail when goroutines or descriptors are left behind. Both
// go away a little after the call that ends them.
func settled(t *testing.T, goroutines, descriptors int) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 5000 {
		if runtime.NumGoroutine() <= goroutines && open() <= descriptors {
			return
		}
		<-tick.C
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines and %d descriptors, want %d and %d as before:\n%s",
		runtime.NumGoroutine(), open(), goroutines, descriptors, stacks[:runtime.Stack(stacks, true)])
}

// It is not parallel, as are the others that count goroutines: these are the
// process's.
func TestManyConnections(t *testing.T) {
	connections := 10_000
	if testing.Short() {
		connections = 500
	}
	goroutines, descriptors := runtime.NumGoroutine(), open()
	s := batchtest.New()
	server := httptest.NewServer(s)
	texts := []string{
		"", "\x16\x03\x01 no HTTP at all\r\n\r\n", "POST /v1/describejobs HTTP/1.1\r\n", post("/v1/describejobs", `{"jobs":`, 1000),
		post("/v1/describejobqueues", "{}", 2), post("/v1/submitjob", `{"jobName":`, 11), post("/nowhere", "{}", 2),
	}
	var clients sync.WaitGroup
	for first := range 4 {
		clients.Go(func() {
			for i := first; i < connections; i += 4 {
				c, err := net.Dial("tcp", server.Listener.Addr().String())
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(c, texts[i%len(texts)]) // the server may have hung up
				if i%2 == 0 {
					_ = c.(*net.TCPConn).SetLinger(0) // reset instead of a farewell
				}
				_ = c.Close()
			}
		})
	}
	clients.Wait()
	resp, err := server.Client().Post(server.URL+"/v1/describejobqueues", "application/json", strings.NewReader("{}"))
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("after %d connections: %v", connections, err)
	} else {
		resp.Body.Close()
	}
	server.Close()
	s.Close()
	settled(t, goroutines, descriptors)
}

// Clients that ask while the server closes get an answer or ServerException.
func TestCloseWhileAsked(t *testing.T) {
	goroutines, descriptors := runtime.NumGoroutine(), open()
	b := &bench{tb: t, Server: batchtest.New()}
	b.client = b.Client(func(o *batch.Options) { o.RetryMaxAttempts = 1 })
	b.define("app", block)
	server := httptest.NewServer(b.Server)
	remote := b.Client(func(o *batch.Options) {
		o.RetryMaxAttempts, o.HTTPClient, o.BaseEndpoint = 1, server.Client(), aws.String(server.URL)
	})
	const each = 200
	var clients sync.WaitGroup
	half := make(chan struct{}, 8)
	for i := range cap(half) {
		client := []*batch.Client{b.client, remote}[i%2]
		clients.Go(func() {
			for n := range each {
				if n == each/4 {
					half <- struct{}{}
				}
				_, err := client.SubmitJob(context.Background(), &batch.SubmitJobInput{JobName: aws.String("j"), JobQueue: aws.String("default"), JobDefinition: aws.String("app")})
				if c, _ := code(err); err != nil && c != "ServerException" {
					t.Errorf("while the server closes: %v, want an answer or ServerException", err)
				}
			}
		})
	}
	<-half // others are still asking
	b.Close()
	clients.Wait()
	if _, err := b.client.DescribeJobQueues(context.Background(), &batch.DescribeJobQueuesInput{}); err == nil {
		t.Error("an answer from a server that was closed")
	}
	server.Close()
	settled(t, goroutines, descriptors)
}
