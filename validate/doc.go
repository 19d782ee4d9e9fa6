// Package validate judges job definitions, submissions and workflows of AWS
// Batch by the rules of the service, offline and before anything is sent.
//
// [JobDefinition], [SubmitJob] and [Workflow] take the inputs of the AWS SDK,
// whoever made them, and return [Findings]: every fault at once, ordered by
// path, each with the id of its rule, a path in the API's JSON spelling, and a
// message that says what must hold, what was found and how to mend it. A valid
// input has none. [Findings.Err] makes an error of those that matter. Nothing
// panics, whatever the input, and no message shows the value of an environment
// variable, a parameter or a secret.
//
// # Severity
//
// An [Error] is refused by the service, or makes a job that can never run. A
// [Warning] is taken, and almost surely wrong. An [Info] breaks nothing. Where
// public sources are silent or disagree a rule is marked [Rule.Uncertain].
// Infos and uncertain rules are judged with [Strict] only: by default a false
// alarm is worse than a miss. [Disable] and [WithSeverity] change the rest.
//
// # What the input alone does not show
//
// A submission depends on its definition: give that with [WithDefinition]. It
// depends on the queue, and on the consumable resources there are: [WithQueue]
// and [WithConsumables]. Rules that need what is not given are silent.
//
// Templates have values that are not known yet. Name their places with
// [WithUnknown], and no finding depends on what they may turn out to be.
//
// # Rules
//
// [Rules] is the catalogue, [Lookup] finds one rule, and [NotJudgedRules] are the
// ids that no input can be judged by, with the reasons. All are in docs/rules.md
// of the module, each rule with an input that passes and one that fails. An id
// is stable: it keeps its meaning, and one that goes is not used again. Match on
// ids, not on messages. New releases can have new rules, so a build that must
// not change with a release should pin it.
//
// # Other validators
//
// [Register] teaches a go-playground validator the same rules.
//
// All functions may be called by several goroutines at once, on inputs that are
// not changed meanwhile. Options may be used again.
package validate

//go:generate go run ../internal/ruledoc -root ..
