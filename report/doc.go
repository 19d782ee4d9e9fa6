// Package report explains why a run of jobs failed: on one page, for people and
// as data, what failed, in which attempts and containers, with which exit codes
// and reasons, what the containers wrote last, what never started because of it,
// and what to do about causes that are known.
//
// [Collect] needs the [batchkit.Result] of a run that has ended, and looks up
// what that does not have: the children of arrays, the nodes of multi-node jobs,
// and, where it is given CloudWatch Logs, the last lines of each log. What cannot
// be read (a job that the service has forgotten, a log group that does not exist,
// credentials that may not read logs) is named in the report, which is made all
// the same.
//
// [Streams] and [Lines] read the logs of one job, failed or not.
package report
