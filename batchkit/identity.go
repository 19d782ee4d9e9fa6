package batchkit

import (
	"crypto/rand"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// Tags that every job of a run bears beside its own. To submit jobs with tags, a caller needs the permission
// batch:TagResource besides batch:SubmitJob.
const (
	// TagRun holds the id of the run.
	TagRun = "batchkit:run"
	// TagJob holds the name of the step in the plan.
	TagJob = "batchkit:job"
	// TagPlan holds [Plan.Digest].
	TagPlan = "batchkit:plan"
)

const maxRunID = 64

// identity is what the jobs of a run are known by at the service.
type identity struct{ run, plan string }

// RunIDError says that a run id cannot begin the names of jobs.
type RunIDError struct{ RunID string }

// Error says what an id must be.
func (e *RunIDError) Error() string {
	return fmt.Sprintf("run id %q: must be 1 to %d letters, digits, hyphens and underscores, of which the first is a letter or a digit", e.RunID, maxRunID)
}

var (
	runIDs    = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9][A-Za-z0-9_-]{0,%d}$`, maxRunID-1))
	unnamable = regexp.MustCompile(`[^A-Za-z0-9_-]+`)
)

func checkRunID(id string) error {
	if !runIDs.MatchString(id) {
		return &RunIDError{id}
	}
	return nil
}

// newRunID returns an id that nobody else has.
func newRunID(plan string, now time.Time) string {
	suffix := now.UTC().Format("-20060102T150405-") + strings.ToLower(rand.Text()[:10])
	name := strings.Trim(unnamable.ReplaceAllString(plan, "-"), "-_")
	if name == "" {
		name = "run"
	}
	return name[:min(len(name), maxRunID-len(suffix))] + suffix
}

// jobName returns the name that a step has at the service.
func (id identity) jobName(step string) string { return fitting(id.run + "-" + step) }

// pattern matches the names of all jobs of the run, and perhaps of others.
func (id identity) pattern() string { return id.run + "-*" }

// sign gives a submission its name and tags.
func (id identity) sign(in *batch.SubmitJobInput, step string) {
	tags := maps.Clone(in.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	tags[TagRun], tags[TagJob], tags[TagPlan] = id.run, step, id.plan
	in.JobName, in.Tags = aws.String(id.jobName(step)), tags
}

// claims reports whether a job belongs to the run, by its tags.
func (id identity) claims(d *types.JobDetail) (bool, error) {
	if d.Tags[TagRun] != id.run {
		return false, nil
	}
	if plan := d.Tags[TagPlan]; plan != id.plan {
		return false, &RunMismatchError{Where: "job " + aws.ToString(d.JobId), RunID: id.run, Plan: id.plan, FoundRunID: id.run, FoundPlan: plan}
	}
	return true, nil
}

// RunMismatchError says that what is known of a run, in a journal or at the service, is of another run or of another
// plan than the one to submit. A plan that has changed needs a new run id and a new journal.
type RunMismatchError struct {
	// Where it was found: a journal, or a job by its id.
	Where string
	// RunID and Plan are those to submit; the plan is given by its digest.
	RunID, Plan string
	// FoundRunID and FoundPlan are those that were found.
	FoundRunID, FoundPlan string
}

// Error tells both.
func (e *RunMismatchError) Error() string {
	if e.RunID != e.FoundRunID {
		return fmt.Sprintf("%s is of run %q, not of %q", e.Where, e.FoundRunID, e.RunID)
	}
	return fmt.Sprintf("%s is of run %q of another plan, whose digest is %q and not %q: a changed plan is another run", e.Where, e.RunID, e.FoundPlan, e.Plan)
}

// ConflictError says that a job of somebody else has the name that a job of the run must have: it lacks the run's tags.
// With another run id the names differ.
type ConflictError struct {
	// JobName is the name at the service.
	JobName string
	// ID is that of the other job.
	ID string
}

// Error names the job.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("job %s is named %q and lacks the tags of the run: use another run id", e.ID, e.JobName)
}
