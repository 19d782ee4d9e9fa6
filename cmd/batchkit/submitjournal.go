package main

import (
	"context"
	"iter"
	"sync"

	"github.com/batchkit/batchkit-go/batchkit"
)

// shownJournal lets a view see how a submission goes on, and keeps its records if there is where.
type shownJournal struct {
	kept *batchkit.FileJournal // nil if nothing is kept
	view view
	jobs int

	mu        sync.Mutex
	submitted map[string]bool
}

// Path is that of the file, for errors.
func (j *shownJournal) Path() string {
	if j.kept == nil {
		return ""
	}
	return j.kept.Path()
}

// Records returns those of earlier starts.
func (j *shownJournal) Records(ctx context.Context) iter.Seq2[batchkit.Record, error] {
	return func(yield func(batchkit.Record, error) bool) {
		if j.kept == nil {
			return
		}
		for r, err := range j.kept.Records(ctx) {
			if err == nil {
				j.show(r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// Append keeps records.
func (j *shownJournal) Append(ctx context.Context, records ...batchkit.Record) error {
	if j.kept != nil {
		if err := j.kept.Append(ctx, records...); err != nil {
			return err
		}
	}
	j.show(records...)
	return nil
}

func (j *shownJournal) show(records ...batchkit.Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range records {
		switch r.Kind {
		case batchkit.RecordBegun:
			j.submitted = map[string]bool{}
			j.view.begun(r.Run, j.jobs)
		case batchkit.RecordSubmitted:
			if !j.submitted[r.Step] {
				j.submitted[r.Step] = true
				j.view.submitted(len(j.submitted))
			}
		}
	}
}
