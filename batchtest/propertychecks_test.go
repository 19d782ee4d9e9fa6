package batchtest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// legal are the changes of status that the user guide allows, written down
// apart from the machine that is tested.
var legal = map[string]map[string]string{
	"plain": {
		"": "SUBMITTED", "SUBMITTED": "PENDING RUNNABLE FAILED", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED",
		"STARTING": "RUNNING RUNNABLE FAILED", "RUNNING": "SUCCEEDED RUNNABLE FAILED",
	},
	"parent": {"": "SUBMITTED", "SUBMITTED": "PENDING", "PENDING": "SUCCEEDED FAILED"},
	"child": {
		"": "PENDING", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED",
		"STARTING": "RUNNING RUNNABLE FAILED", "RUNNING": "SUCCEEDED RUNNABLE FAILED",
	},
	"node": {
		"": "PENDING", "PENDING": "RUNNABLE FAILED", "RUNNABLE": "STARTING FAILED", "STARTING": "RUNNING FAILED",
		"RUNNING": "SUCCEEDED FAILED", "SUCCEEDED": "RUNNABLE", "FAILED": "RUNNABLE", // with its job, for a retry
	},
}

func (b *bench) checkHistory(kind, id string) {
	b.tb.Helper()
	h := b.History(id)
	last := types.JobStatus("")
	for _, s := range h {
		allowed := slices.Contains(strings.Fields(legal[kind][string(s.From)]), string(s.To))
		if !allowed || s.From != last {
			b.tb.Errorf("%s %s: %s to %s after %s", kind, id, s.From, s.To, last)
		}
		last = s.To
	}
	if last != types.JobStatusSucceeded && last != types.JobStatusFailed {
		b.tb.Errorf("%s %s: rests in %s", kind, id, last)
	}
}

// check says that a job that has ended did so by the rules.
func (w *workload) check(j *workJob, seen *changes) {
	w.tb.Helper()
	look := func(kind, id string) {
		w.checkHistory(kind, id)
		seen.add(kind, w.History(id))
	}
	if j.size == 0 {
		look("plain", j.id)
		w.checkAttempts(j, j.id)
		w.checkDependencies(j.id, j.after)
		if j.nodes() {
			w.checkNodes(j.id, look)
		}
		return
	}
	look("parent", j.id)
	w.checkSummary(j.id, j.size)
	first := time.Time{} // when a child was RUNNABLE
	for i := range j.size {
		id := fmt.Sprint(j.id, ":", i)
		look("child", id)
		w.checkAttempts(j, id)
		on := slices.Clone(j.after)
		for _, other := range j.each {
			on = append(on, fmt.Sprint(other, ":", i))
		}
		if j.sequential && i > 0 {
			on = append(on, fmt.Sprint(j.id, ":", i-1))
		}
		w.checkDependencies(id, on)
		for _, s := range w.History(id) {
			if s.To == types.JobStatusRunnable && (first.IsZero() || s.At.Before(first)) {
				first = s.At
			}
		}
	}
	if pended := w.History(j.id)[1].At; !first.IsZero() && !pended.Equal(first) {
		w.tb.Errorf("%s became PENDING at %s, and its first child RUNNABLE at %s", j.id, pended, first)
	}
}

// checkAttempts says that a job has an attempt for each time it was STARTING,
// that each was worth another one but the last, which was not, and that none ran
// for longer than it may.
func (w *workload) checkAttempts(j *workJob, id string) {
	w.tb.Helper()
	d, _ := w.Job(id)
	reasons := attemptReasons(&d)
	began, up := 0, time.Time{}
	for _, s := range w.History(id) {
		if s.To == types.JobStatusStarting {
			began++
		}
		if s.From == types.JobStatusRunning && s.At.Sub(up) > j.timeout {
			w.tb.Errorf("%s ran for %s, but its timeout is %s", id, s.At.Sub(up), j.timeout)
		}
		up = s.At
	}
	if began != len(reasons) || began > j.attempts {
		w.tb.Errorf("%s was STARTING %d times and has %d attempts, of at most %d", id, began, len(reasons), j.attempts)
	}
	worth := func(reason string) bool { return !j.lossOnly || strings.HasPrefix(reason, "Host EC2") }
	for i, reason := range reasons {
		if last := i == len(reasons)-1; !last && !worth(reason) {
			w.tb.Errorf("%s was tried again after %q", id, reason)
		}
	}
	why := aws.ToString(d.StatusReason)
	ended := slices.Contains([]string{workCanceled, workTerminated, timedOut, dependencyFailed}, why)
	if d.Status == types.JobStatusFailed && !ended && began < j.attempts && worth(why) {
		w.tb.Errorf("%s was not tried again after %q, although it had %d of %d attempts", id, why, began, j.attempts)
	}
}

// Status reasons of AWS Batch.
const (
	timedOut         = "Job attempt duration exceeded timeout"
	dependencyFailed = "Dependent Job failed"
)

func attemptReasons(d *types.JobDetail) (reasons []string) {
	for _, a := range d.Attempts {
		reasons = append(reasons, aws.ToString(a.StatusReason))
	}
	for _, a := range d.EksAttempts {
		reasons = append(reasons, aws.ToString(a.StatusReason))
	}
	return reasons
}

// checkDependencies says that a job started after those it waits for, if all of
// them succeeded, and not at all if one failed.
func (w *workload) checkDependencies(id string, on []string) {
	w.tb.Helper()
	job, _ := w.Job(id)
	broken := false
	for _, dep := range on {
		d, _ := w.Job(dep)
		broken = broken || d.Status == types.JobStatusFailed
		for _, s := range w.History(id) {
			if s.To == types.JobStatusRunnable && (d.Status != types.JobStatusSucceeded || s.At.UnixMilli() < *d.StoppedAt) {
				w.tb.Errorf("%s was RUNNABLE although it depends on %s, which then was not SUCCEEDED", id, dep)
			}
		}
	}
	why := aws.ToString(job.StatusReason)
	if called := why == workCanceled || why == workTerminated; !called && broken != (why == dependencyFailed) {
		w.tb.Errorf("%s is %s because of %q, but that a dependency failed is %v", id, job.Status, why, broken)
	}
}

// checkSummary says that an array that has ended counts each child once, as
// succeeded or failed, and did what its children did.
func (w *workload) checkSummary(id string, size int) {
	w.tb.Helper()
	d, _ := w.Job(id)
	all := d.ArrayProperties.StatusSummary
	sum := int32(0)
	for _, n := range all {
		sum += n
	}
	if ended := all["SUCCEEDED"] + all["FAILED"]; int(ended) != size || sum != ended {
		w.tb.Errorf("%s: summary %v of %d children", id, all, size)
	}
	if (d.Status == types.JobStatusSucceeded) != (all["FAILED"] == 0) {
		w.tb.Errorf("%s is %s, with the summary %v", id, d.Status, all)
	}
}

// checkNodes says that nodes started after the main one ran, that none outlived
// the job, and that the job ended as the main node did, unless it was terminated
// after that.
func (w *workload) checkNodes(id string, look func(kind, id string)) {
	w.tb.Helper()
	job, _ := w.Job(id)
	h := w.History(id)
	var ups []time.Time // when the job became RUNNING
	for _, s := range h {
		if s.To == types.JobStatusRunning {
			ups = append(ups, s.At)
		}
	}
	for n := range workloadNodes {
		node := fmt.Sprint(id, "#", n)
		look("node", node)
		d, _ := w.Job(node)
		begun := 0
		for _, s := range w.History(node) {
			switch {
			case s.At.After(h[len(h)-1].At):
				w.tb.Errorf("%s: %s after the job had ended", node, s.To)
			case s.To == types.JobStatusStarting && !*d.NodeDetails.IsMainNode:
				if begun >= len(ups) || s.At.Before(ups[begun]) {
					w.tb.Errorf("%s: started although the main node did not run", node)
				}
				begun++
			}
		}
		if *d.NodeDetails.IsMainNode && d.Status != job.Status && aws.ToString(job.StatusReason) != workTerminated {
			w.tb.Errorf("%s is %s, but its job is %s", node, d.Status, job.Status)
		}
	}
}
