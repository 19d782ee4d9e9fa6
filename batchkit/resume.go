package batchkit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// begin makes out which run this is, and what of it exists, by the journal and else by names and tags.
func (s *submission) begin(ctx context.Context, settings submitSettings) error {
	fresh := settings.fresh || settings.run == ""
	doubtful := !fresh
	s.id.run, s.journal = settings.run, settings.journal
	if s.journal != nil {
		past, err := readHistory(ctx, s.journal)
		if err != nil {
			return err
		}
		if past.run != "" {
			if settings.run == "" {
				s.id.run = past.run
			}
			if past.run != s.id.run || past.plan != s.id.plan {
				return &RunMismatchError{Where: "journal " + pathOf(s.journal), RunID: s.id.run, Plan: s.id.plan, FoundRunID: past.run, FoundPlan: past.plan}
			}
			s.recall(past)
			if past.doubtful {
				return s.survey(ctx, past.since)
			}
			return nil
		}
	}
	if s.id.run == "" {
		s.id.run = newRunID(s.plan.Name, time.Now())
	}
	if err := checkRunID(s.id.run); err != nil {
		return err
	}
	begun := []Record{{Kind: RecordBegun, Version: recordVersion, Run: s.id.run, Plan: s.id.plan, At: now()}}
	if fresh {
		begun = append(begun, Record{Kind: RecordSurveyed, At: now()})
	}
	if err := s.note(ctx, begun...); err != nil {
		return err
	}
	if doubtful {
		return s.survey(ctx, time.Now())
	}
	return nil
}

// recall takes over what the journal tells.
func (s *submission) recall(past *history) {
	for i := range s.plan.Steps {
		name := s.plan.Steps[i].Name
		s.ids[i] = past.ids[name]
		if sent, ok := past.sending[name]; ok {
			s.doubts[i] = sent
		}
		if reason, ok := past.cancelled[name]; ok {
			s.cancelled[i] = reason
		}
	}
	s.arns = past.arns
}

// survey looks for all jobs of the run by names and tags, and adopts them. What the journal does not tell of was sent
// before the given time. If some are missing, it looks again when the grace time since then has passed: whoever submitted
// before may have done so a moment ago. What is missing then does not exist. A start that is interrupted while it waits
// and has a journal leaves the next one only the rest to wait for.
//
// For n jobs a look takes n/100 ListJobs calls and as many DescribeJobs calls, and one more for each queue.
func (s *submission) survey(ctx context.Context, before time.Time) error {
	names := make(map[string]int, len(s.plan.Steps))
	var queues []string
	for i := range s.plan.Steps {
		names[s.id.jobName(s.plan.Steps[i].Name)] = i
		if q := *s.plan.Steps[i].Input.JobQueue; !slices.Contains(queues, q) {
			queues = append(queues, q)
		}
	}
	for _, sent := range s.doubts {
		if sent.After(before) {
			before = sent
		}
	}
	shown := s.client.shownBy(before)
	for {
		last := !time.Now().Before(shown)
		if err := s.look(ctx, queues, names); err != nil {
			return err
		}
		if last || !slices.Contains(s.ids, "") {
			break
		}
		if err := sleep(ctx, time.Until(shown)); err != nil {
			return fmt.Errorf("waiting for jobs that may not be visible yet: %w", err)
		}
	}
	clear(s.doubts)
	return s.note(ctx, Record{Kind: RecordSurveyed, At: now()})
}

// look goes through the queues once.
func (s *submission) look(ctx context.Context, queues []string, names map[string]int) error {
	found := map[int][]sighting{}
	seen := map[string]bool{} // a queue may be there twice, by its name and its ARN
	for _, queue := range queues {
		err := s.client.list(ctx, queue, s.id.pattern(), func(d *types.JobDetail) error {
			i, err := s.sighted(d, names)
			if i >= 0 && !seen[*d.JobId] {
				seen[*d.JobId] = true
				found[i] = append(found[i], newSighting(d))
			}
			return err
		})
		if err != nil {
			return s.client.explainQueue(ctx, queue, err)
		}
	}
	var adopted []Record
	for i := range s.ids { // in the order of the plan: what a job waits for is adopted before it
		before := s.ids[i]
		if kept := s.adopt(i, found[i]); kept != "" && before == "" {
			adopted = append(adopted, Record{Kind: RecordSubmitted, Step: s.plan.Steps[i].Name, ID: kept, At: now()})
		}
	}
	for i := range slices.Backward(s.ids) { // else what waits for a duplicate would fail by itself
		if err := s.endOthers(ctx, i, found[i]); err != nil {
			return err
		}
	}
	return s.note(ctx, adopted...)
}
