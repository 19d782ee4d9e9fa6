package batchkit

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// track is what events have told of a job so far, whatever their order.
type track struct {
	moment
	detail   types.JobDetail  // of the latest event; zero for an array about which none came
	children map[int]moment   // of an array, those heard of
	counts   map[string]int32 // of those, by their status
	others   map[string]int32 // of children not heard of, as the parent says; what is missing is PENDING
	floor    map[string]int32 // of all that have ended, as the parent says
	blocked  int              // the child whose reason stands for the parent, noChild for none
	reason   string
	came     time.Time // when the latest event came in
}

// moment is a point in the life of a job.
type moment struct {
	progress int
	at       time.Time
	status   types.JobStatus
	reason   string
}

// life is the states in the order in which a job passes them; it ends with one of the last two.
var life = []types.JobStatus{
	types.JobStatusSubmitted, types.JobStatusPending, types.JobStatusRunnable, types.JobStatusStarting, types.JobStatusRunning,
	types.JobStatusSucceeded, types.JobStatusFailed,
}

// ends and before are the two parts of life.
var before, ends = life[:5], life[5:]

// ended is the progress of jobs that have.
const ended = 1 << 30

// newMoment is that of a detail. Events come in any order and their time has seconds only, but jobs go one way: through
// the states of an attempt, attempt by attempt, to their end.
func newMoment(d *types.JobDetail, at time.Time) moment {
	m := moment{progress: attempts(d)<<4 | slices.Index(life, d.Status), at: at, status: d.Status, reason: aws.ToString(d.StatusReason)}
	if slices.Contains(ends, d.Status) {
		m.progress = ended
	}
	return m
}

// follows reports whether m tells something that was not so at another moment.
func (m moment) follows(o moment) bool {
	if m.progress != o.progress {
		return m.progress > o.progress
	}
	return m.progress != ended && m.reason != o.reason && !m.at.Before(o.at)
}

// take takes an event in, and reports whether it was news.
func (t *track) take(e *jobEvent) bool {
	m := newMoment(&e.detail, e.at)
	if e.child != noChild {
		return t.takeChild(e.child, m)
	}
	raised := t.takeSummary(e.detail.ArrayProperties)
	if !m.follows(t.moment) {
		return raised
	}
	t.moment, t.detail = m, e.detail
	return true
}

func (t *track) takeChild(index int, m moment) bool {
	old, known := t.children[index]
	if known && !m.follows(old) {
		return false
	}
	if t.children == nil {
		t.children, t.counts = map[int]moment{}, map[string]int32{}
	}
	if known {
		t.counts[string(old.status)]--
	} else {
		t.introduce(m.status)
	}
	t.counts[string(m.status)]++
	t.children[index] = m
	switch waits := m.status == types.JobStatusRunnable && m.reason != ""; {
	case waits:
		t.blocked, t.reason = index, m.reason
	case t.blocked == index:
		t.blocked, t.reason = noChild, ""
	}
	return true
}

// introduce has a child that is heard of for the first time be no longer among the others: as one that was in an earlier
// state, the latest there is, or else in this one, or in any.
func (t *track) introduce(status types.JobStatus) {
	at := min(slices.Index(life, status), len(before))
	order := slices.Clone(life)
	slices.Reverse(order[:at])
	for _, was := range order {
		if t.others[string(was)] > 0 {
			t.others[string(was)]--
			return
		}
	}
}

// takeSummary takes in how the parent counts its children, and reports whether more have ended than was known.
func (t *track) takeSummary(a *types.ArrayPropertiesDetail) (news bool) {
	if a == nil || a.Size == nil || len(a.StatusSummary) == 0 {
		return false
	}
	left := *a.Size - int32(len(t.children))
	t.others = map[string]int32{}
	for _, status := range slices.Backward(life) {
		n := a.StatusSummary[string(status)]
		if k := min(left, n-t.counts[string(status)]); k > 0 {
			t.others[string(status)] = k
			left -= k
		}
		if slices.Contains(ends, status) && n > t.floor[string(status)] {
			if t.floor == nil {
				t.floor = map[string]int32{}
			}
			t.floor[string(status)] = n
			news = news || n > t.counts[string(status)]
		}
	}
	return news
}

// snapshot is the job as far as events tell. The size of an array is that of the plan, unless the parent has told.
func (t *track) snapshot(id string, size int32) types.JobDetail {
	d := t.detail
	d.JobId = aws.String(id)
	if d.ArrayProperties != nil && d.ArrayProperties.Size != nil {
		size = *d.ArrayProperties.Size
	}
	if size == 0 {
		return d
	}
	if d.Status == "" { // a child is under way, so the parent is PENDING, although its own event has not come
		d.Status = types.JobStatusPending
	}
	if d.StatusReason == nil && t.progress != ended && t.reason != "" {
		d.StatusReason = aws.String(t.reason)
	}
	d.ArrayProperties = &types.ArrayPropertiesDetail{Size: aws.Int32(size), StatusSummary: t.summary(size)}
	return d
}

// summary counts the children of an array, as the service would. As many have ended as the parent says, whatever their own
// events said last.
func (t *track) summary(size int32) map[string]int32 {
	n := maps.Clone(t.counts)
	if n == nil {
		n = map[string]int32{}
	}
	for status, count := range t.others {
		n[status] += count
	}
	left := size
	for _, count := range n {
		left -= count
	}
	n[string(types.JobStatusPending)] += max(left, 0)
	for _, end := range ends {
		missing := t.floor[string(end)] - n[string(end)]
		if t.status == types.JobStatusSucceeded && end == t.status {
			missing = size - n[string(end)]
		}
		for _, from := range slices.Backward(before) {
			if k := min(missing, n[string(from)]); k > 0 {
				n[string(from)] -= k
				n[string(end)] += k
				missing -= k
			}
		}
	}
	maps.DeleteFunc(n, func(_ string, count int32) bool { return count == 0 })
	return n
}
