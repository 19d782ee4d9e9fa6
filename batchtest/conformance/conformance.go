package conformance

import (
	"cmp"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
)

// Config says what the checks may use of a service. The zero value is for the
// embedded one.
type Config struct {
	// Queue is the name or the ARN of an enabled job queue that starts jobs.
	// Default "default".
	Queue string
	// Image is the image of all jobs. Default "busybox".
	Image string
	// Succeed, Fail and Last are commands of the image: one that exits with 0,
	// one that exits with 1, and one that runs until it is stopped. Default
	// true, false, and sleep 3600.
	Succeed, Fail, Last []string
	// Definition edits each definition before it is registered, nil not at all:
	// to add the execution role that AWS Fargate needs, for instance. Its type,
	// command and resources are what checks look at, so leave those alone.
	Definition func(*batch.RegisterJobDefinitionInput)
	// Poll is the time between two looks at a job. Default 5 seconds.
	Poll time.Duration
	// Timeout is how long a job may take to come where a check wants it, and the
	// service to show it. Default 15 minutes.
	Timeout time.Duration
}

func (c Config) withDefaults() Config {
	c.Queue, c.Image = cmp.Or(c.Queue, "default"), cmp.Or(c.Image, "busybox")
	for _, d := range []struct {
		command *[]string
		is      []string
	}{{&c.Succeed, []string{"true"}}, {&c.Fail, []string{"false"}}, {&c.Last, []string{"sleep", "3600"}}} {
		if len(*d.command) == 0 {
			*d.command = d.is
		}
	}
	c.Poll, c.Timeout = cmp.Or(c.Poll, 5*time.Second), cmp.Or(c.Timeout, 15*time.Minute)
	return c
}

// A Check is one thing that clients rely on.
type Check struct {
	// Name is unique, in lower case with hyphens.
	Name string
	// Reason says why it matters.
	Reason string

	run func(*probe) error
}

// Checks returns all of them, in the order in which [Run] has them. The slice is
// the caller's.
func Checks() []Check {
	return []Check{
		{"revisions", "a definition is referred to by name, by revision and by ARN, and an old revision stays what it was", revisions},
		{"registration-refused", "a wrong definition must not get as far as a job", registrationRefused},
		{"submission-refused", "a wrong submission must not become a job", submissionRefused},
		{"success", "what a client reads of a job that went well", success},
		{"failure", "what a client reads of a job that failed", failure},
		{"late-failure", "a job may be accepted that cannot be started: who looks at SubmitJob only never hears of it", lateFailure},
		{"overrides", "one definition serves many jobs", overrides},
		{"parameters", "so do parameters", parameters},
		{"retry", "a failed attempt is repeated, and all attempts are kept", retry},
		{"evaluate-on-exit", "an exit code may end the retries", evaluateOnExit},
		{"array", "children have ids, indexes and a summary", arrays},
		{"dependency", "a job starts after the one it depends on", dependency},
		{"failed-dependency", "a job whose dependency failed never runs", failedDependency},
		{"n-to-n", "children wait for children of the same index", nToN},
		{"cancel", "a job that waits is taken back, with the reason given", cancel},
		{"terminate", "a job that runs is ended, with the reason given", terminate},
		{"list", "a job is found by its status and by its name", list},
		{"pages", "a list in pages has each job once", pages},
		{"tags", "tags come back, and change", tags},
		{"unknown", "what is not there is left out, not an error", unknown},
	}
}

// Run returns an error that holds everything in which the service does not behave
// as it should, nil when there is nothing. ctx ends a check early, and is itself
// an error then; what the check made is cleaned up all the same.
func (c Check) Run(ctx context.Context, client *batch.Client, cfg Config) error {
	p := &probe{ctx: ctx, client: client, cfg: cfg.withDefaults(), prefix: "conformance-" + c.Name + "-" + random()}
	err := c.run(p)
	return errors.Join(append(p.wrong, err, p.cleanUp())...)
}

// Run runs each check as a test of its own, one after the other.
func Run(t *testing.T, client *batch.Client, cfg Config) {
	t.Helper()
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) {
			if err := c.Run(t.Context(), client, cfg); err != nil {
				t.Errorf("%s:\n%v", c.Reason, err)
			}
		})
	}
}
