package batchkit

import (
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// feedMemory is how long a [Feed] keeps what it heard of jobs that nobody watches.
const feedMemory = 10 * time.Minute

// Feed takes the events of Amazon EventBridge about jobs, and gives them to all who watch runs by [From]. Make one with
// [NewFeed] before jobs are submitted, give it to every run, and have whatever receives the events call [Feed.Put]: a
// consumer of an SQS queue that is the target of a rule, or an HTTP endpoint. A rule for it matches
//
//	{"source": ["aws.batch"], "detail-type": ["Batch Job State Change", "Batch Job Queue Blocked"]}
//
// and may match fewer, for instance only the statuses SUCCEEDED and FAILED.
//
// Events may come twice, late and in any order: a feed knows in which order jobs pass their states, and lets nobody see
// one go back. What it has heard of a job that nobody watches it forgets after ten minutes. It is safe for concurrent use.
type Feed struct {
	mu       sync.Mutex
	tracks   map[string]*track      // by the id of the job; nil before the first event
	audience map[*listener]struct{} // nil before the first listener
	swept    time.Time
}

// NewFeed returns a feed that has heard nothing, as the zero Feed has.
func NewFeed() *Feed {
	return &Feed{}
}

// Put takes an event: the JSON document that EventBridge delivers to a target, without an input transformer. Events that
// are not about jobs of AWS Batch, and those about nodes, are ignored. An event that is damaged is an [*EventError], and
// will not get better by being put again.
func (f *Feed) Put(event []byte) error {
	e, err := parseEvent(event)
	if e == nil {
		return err
	}
	f.take(e)
	return nil
}

// take has all who listen know of an event that is news.
func (f *Feed) take(e *jobEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	f.sweep(now)
	t := f.tracks[e.id]
	if t == nil {
		if f.tracks == nil {
			f.tracks = map[string]*track{}
		}
		t = &track{blocked: noChild}
		f.tracks[e.id] = t
	}
	t.came = now
	if !t.take(e) {
		return
	}
	for l := range f.audience {
		l.tell(e.id, t, e.at)
	}
}

// sweep forgets, now and then, what nobody has wanted to know for long. The caller holds mu.
func (f *Feed) sweep(now time.Time) {
	if now.Sub(f.swept) < feedMemory/4 {
		return
	}
	f.swept = now
	for id, t := range f.tracks {
		if now.Sub(t.came) > feedMemory && !f.followed(id) {
			delete(f.tracks, id)
		}
	}
}

func (f *Feed) followed(id string) bool {
	for l := range f.audience {
		if _, ok := l.jobs[id]; ok {
			return true
		}
	}
	return false
}

// listener is a watcher that follows jobs. Its fields are guarded by the feed's mu.
type listener struct {
	feed  *Feed
	jobs  map[string]int32 // the sizes of arrays by id, 0 for other jobs
	queue []news
	wake  chan struct{} // has room for one
}

// news is what a job has become.
type news struct {
	id     string
	at     time.Time
	detail types.JobDetail
}

func (f *Feed) listen() *listener {
	l := &listener{feed: f, jobs: map[string]int32{}, wake: make(chan struct{}, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.audience == nil {
		f.audience = map[*listener]struct{}{}
	}
	f.audience[l] = struct{}{}
	return l
}

func (l *listener) leave() {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	delete(l.feed.audience, l)
}

// follow has the listener hear of a job, beginning with what is known of it.
func (l *listener) follow(id string, size int32) {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	l.jobs[id] = size
	if t := l.feed.tracks[id]; t != nil {
		l.tell(id, t, t.at)
	}
}

// tell is called with the feed's mu held.
func (l *listener) tell(id string, t *track, at time.Time) {
	size, ok := l.jobs[id]
	if !ok {
		return
	}
	l.queue = append(l.queue, news{id: id, at: at, detail: t.snapshot(id, size)})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// next returns what there is to hear, nil for nothing.
func (l *listener) next() []news {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	queue := l.queue
	l.queue = nil
	return queue
}
