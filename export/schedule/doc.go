// Package schedule makes targets of jobs: of a schedule of EventBridge Scheduler ([ForScheduler]) and of a rule of
// EventBridge ([ForRule]).
//
// The two differ in what they carry. A universal target of EventBridge Scheduler carries the whole SubmitJob request. A
// rule has a member for the name, the definition, the size of an array and the number of attempts, takes parameters and
// some overrides out of its input, and has no place for anything else. What a target cannot carry is refused with a
// [*validate.InvalidError] that names each member, why, and what to do instead; no target is made with a part missing.
//
// The targets are plain structs whose JSON is that of the APIs CreateSchedule and PutTargets, and whose members are
// spelled as in the SDK's packages scheduler and eventbridge, of which this package needs neither.
//
// Both services deliver at least once, and SubmitJob has no client token: a schedule may submit a job twice. Jobs that
// must not run twice have to find that out by themselves. The role a target needs is in package iam:
// [github.com/batchkit/batchkit-go/export/iam.Trigger].
package schedule
