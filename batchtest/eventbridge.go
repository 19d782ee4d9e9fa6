package batchtest

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/batchkit/batchkit-go/batchjson"
)

// WithEventBridge has the server tell of its jobs as AWS Batch tells Amazon EventBridge. put is called with each event, the
// whole JSON document that a target of a rule gets:
//
//   - Batch Job State Change, whenever a job or a child of an array has changed its status, but not when it is submitted
//     (https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html);
//   - Batch Job Queue Blocked, when the first job of a queue cannot be placed
//     (https://docs.aws.amazon.com/batch/latest/userguide/batch-job-queue-blocked-events.html).
//
// The detail is the job as DescribeJobs shows it at that moment, with the tag resourceArn besides. Nodes of multi-node
// parallel jobs have no events here; whether they have at AWS is not documented. Events come one after another, once each,
// in the order in which things happened, and shortly after they did; put may use the server, and holds up nothing but the
// next event. EventBridge promises less: what a program must bear it may be given, by a put that repeats, delays,
// drops or shuffles. By default there are no events.
func WithEventBridge(put func(event []byte)) Option { return func(s *settings) { s.put = put } }

// bridge holds the events that are still to be put.
type bridge struct {
	queue [][]byte
	count uint64
	busy  bool // somebody is putting them
}

const (
	eventStateChange = "Batch Job State Change"
	eventBlocked     = "Batch Job Queue Blocked"
)

// emit tells of a job as it is now. The caller holds mu.
func (s *Server) emit(kind string, j *job) {
	if s.settings.put != nil && !s.closed && !j.isNode() {
		s.enqueue(kind, j)
	}
}

// enqueue makes an event. It is apart from emit because its frame is large: the
// stack of every goroutine that comes by would have to grow for it.
func (s *Server) enqueue(kind string, j *job) {
	detail := s.detail(j)
	arn := *detail.JobArn
	tags := map[string]string{"resourceArn": arn}
	maps.Copy(tags, detail.Tags)
	detail.Tags = tags
	raw, err := batchjson.Marshal(&detail)
	if err != nil { // which no job is
		return
	}
	resources := []string{arn}
	if kind == eventBlocked {
		resources = append(resources, *detail.JobQueue)
	}
	s.bridge.count++
	event, err := json.Marshal(struct {
		Version    string          `json:"version"`
		ID         string          `json:"id"`
		DetailType string          `json:"detail-type"`
		Source     string          `json:"source"`
		Account    string          `json:"account"`
		Time       string          `json:"time"`
		Region     string          `json:"region"`
		Resources  []string        `json:"resources"`
		Detail     json.RawMessage `json:"detail"`
	}{
		Version: "0", ID: uuid(newSource(s.settings.seed, 1<<63+s.bridge.count)), DetailType: kind, Source: "aws.batch",
		Account: s.settings.account, Time: s.Now().UTC().Format(time.RFC3339), Region: s.settings.region,
		Resources: resources, Detail: raw,
	})
	if err != nil {
		return
	}
	s.bridge.queue = append(s.bridge.queue, event)
	if !s.bridge.busy {
		s.bridge.busy = true
		s.running.Go(s.putEvents)
	}
}

// putEvents puts events until there are none.
func (s *Server) putEvents() {
	for {
		s.mu.Lock()
		events := s.bridge.queue
		s.bridge.queue = nil
		s.bridge.busy = len(events) > 0
		s.mu.Unlock()
		if len(events) == 0 {
			return
		}
		for _, event := range events {
			s.settings.put(event)
		}
	}
}
