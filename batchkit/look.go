package batchkit

import "context"

// Look looks at all jobs once, and returns what is known of each now, in the order of the plan, without waiting for any
// to end. It takes a DescribeJobs call for each hundred jobs. A job that the service does not show has no Status; that it
// is lost is said by [Run.Wait] only, which gives it time to appear. The result is never nil; the error is that of a call
// that failed, or of ctx.
func (r *Run) Look(ctx context.Context) (*Result, error) {
	w := r.watch()
	w.report = func(Event) bool { return true }
	_, err := w.look(ctx, w.due())
	return w.result(), err
}
