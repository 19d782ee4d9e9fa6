package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/batchkit/batchkit-go/batchtest"
)

// pipes is a network of pipes, whose deadlines keep the time of a bubble.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.connections <- server
	return client
}

// A client that is too slow is cut off, while the service runs and when it ends.
func TestServeSlowClients(t *testing.T) {
	t.Parallel()
	const request = "POST /v1/describejobqueues HTTP/1.1\r\nHost: localhost\r\n"
	tests := []struct {
		name, reason, sent string
		signal             time.Duration // when the service is told to end; the client goes on saying nothing
		want               time.Duration // when the client is cut off
	}{
		{"header", "half a header holds a connection", request, time.Hour, headerTimeout},
		{"body", "so does half a body", request + "Content-Length: 2\r\n\r\n{", time.Hour, requestTimeout},
		{"idle", "and a connection that is kept for later", request + "Content-Length: 2\r\n\r\n{}", time.Hour, idleTimeout},
		{"end", "the end waits for a request, but not for ever", request + "Content-Length: 2\r\n\r\n{", time.Second, time.Second + endTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				time.AfterFunc(tt.signal, cancel)
				network := &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}
				server := newServer(batchtest.Start(t), io.Discard)
				served := make(chan error, 1)
				go func() { served <- serve(ctx, server, network, func() error { return nil }) }()
				began := time.Now()
				client := network.dial()
				defer client.Close()
				go io.Copy(client, strings.NewReader(tt.sent))
				_, err := io.Copy(io.Discard, client)
				if got := time.Since(began); err != nil || got != tt.want {
					t.Errorf("cut off after %s (%v), want %s: %s", got, err, tt.want, tt.reason)
				}
				cancel()
				if err := <-served; err != nil {
					t.Errorf("the service ended with %v", err)
				}
			})
		})
	}
}
