// Package validate judges AWS Batch inputs by the rules of the service, offline and all at once.
//
// It takes the SDK's own structs from any source: [JobDefinition] a RegisterJobDefinition request, [SubmitJob] a
// submission, [Workflow] jobs that depend on each other by name before any of them has an id. Each returns [Findings]:
// every fault with the id of its rule, a severity, the path in the API's JSON spelling, a message that says what must
// hold, what was found and how to mend it, and the document that states the rule.
//
//	findings := validate.JobDefinition(in)
//	if err := findings.Err(); err != nil { // a *validate.InvalidError with all that AWS Batch would refuse
//		return err
//	}
//
// An [Error] is what the service refuses, or a job that can never run. A [Warning] is what it takes and what is almost
// surely wrong. What is only worth knowing, and what the sources disagree about, is judged with [Strict]. A rule may be
// switched off with [Disable] and given another severity with [WithSeverity]. What the input alone cannot tell comes as
// an option; without it the rules that need it are silent.
//
// The catalogue is data: see [Rules]. Ids are stable, so match on them and never on a message. No message holds the
// value of an environment variable, a parameter or a secret, nor a command.
//
// The rules apply inside node ranges too. They judge what is in the input; whether a queue, an image or a role exists
// shows at the service.
package validate
