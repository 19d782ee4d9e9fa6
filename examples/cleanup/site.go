package main

import (
	"context"
	"sync"

	"github.com/batchkit/batchkit-go/batchtest"
)

// site is an embedded AWS Batch, and the databases that its jobs make.
type site struct {
	*batchtest.Server
	stuck   bool
	loading chan struct{} // closed when the first part is being loaded

	mu   sync.Mutex
	open int
}

func newSite(fails, stuck bool) *site {
	s := &site{Server: batchtest.New(), stuck: stuck, loading: make(chan struct{})}
	begin := sync.OnceFunc(func() { close(s.loading) })
	s.Image("acme/create:1", batchtest.Image{Run: s.change(1)})
	s.Image("acme/load:1", batchtest.Image{Run: batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		begin()
		if stuck {
			<-ctx.Done() // until it has to stop
			return 143
		}
		if fails && c.Env("AWS_BATCH_JOB_ARRAY_INDEX") == "1" {
			return 1
		}
		return 0
	})})
	s.Image("acme/report:1", batchtest.Image{})
	s.Image("acme/alert:1", batchtest.Image{})
	s.Image("acme/drop:1", batchtest.Image{Run: s.change(-1)})
	return s
}

// change is a container that makes or drops a database.
func (s *site) change(by int) batchtest.Runner {
	return batchtest.Func(func(context.Context, *batchtest.Container) int {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open += by
		return 0
	})
}

func (s *site) databases() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}
