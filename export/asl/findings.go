package asl

import "github.com/batchkit/batchkit-go/validate"

// The ids of the findings, which are stable. Those of [Export]:
const (
	// Condition: a gate asks a Go function, which a state machine cannot. An error.
	Condition = "ASL001"
	// GateInUnit: a gate stands among jobs that must be submitted together. An error.
	GateInUnit = "ASL002"
	// TooManyTags: there is no room for the tags by which a run is found. An error.
	TooManyTags = "ASL003"
	// TooLarge: the definition has more than 1 MiB. An error.
	TooLarge = "ASL004"
	// EmptyPlan: a plan without jobs makes no state machine. An error.
	EmptyPlan = "ASL005"
	// UnknownStep: a step waits for one that is not in the plan, or has no input, no queue or no definition. An error.
	UnknownStep = "ASL006"
	// StrongerOrder: some jobs wait for more than the plan makes them. An info; see [Options.Native].
	StrongerOrder = "ASL007"
	// BadName: the name of a step cannot be a part of a job's name, or differs from another one in case only, so that
	// ListJobs would take one job for the other. An error.
	BadName = "ASL008"
	// Evaluated: the key of a map, such as the parameters, ends in .$, which Step Functions would take for an expression. An
	// error.
	Evaluated = "ASL009"
)

// The ids of the findings of [Analyse], beside the rules of package validate on what is submitted. The trap itself has
// the ids of those rules: OVR001 for ecsProperties, OVR002 for eksProperties, OVR003 for nodeProperties.
const (
	// NotASL: the document is no state machine. An error.
	NotASL = "ASL010"
	// NotTaken: the integration does not take a member. An error.
	NotTaken = "ASL011"
	// BadMember: a member of a request is not spelled or not typed as the integration has it. An error.
	BadMember = "ASL012"
	// RetriedSubmission: a retrier repeats a submission whose outcome may be unknown, so that the job may run twice. A
	// warning.
	RetriedSubmission = "ASL013"
)

const (
	connectBatch = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html"
	quotas       = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
	sdkDocs      = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html"
)

// maxDefinition is the greatest length of a definition:
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html.
const maxDefinition = 1 << 20

func finding(rule string, severity validate.Severity, path, message, source string) validate.Finding {
	return validate.Finding{Rule: rule, Severity: severity, Path: path, Message: message, Source: source}
}

// Rules are the rules that findings with ids of this package are about, ordered by id: those of [Export] when a plan
// cannot become a machine, those of [Analyse] when a machine is wrong. The slice is the caller's.
func Rules() []validate.Rule {
	rule := func(id string, severity validate.Severity, source, title string) validate.Rule {
		return validate.Rule{ID: id, Title: title, Severity: severity, Platforms: validate.All, Source: source}
	}
	return []validate.Rule{
		rule(Condition, validate.Error, connectBatch, "a workflow with a condition that is a Go function is no state machine"),
		rule(GateInUnit, validate.Error, connectBatch, "a gate does not stand among jobs that are submitted together"),
		rule(TooManyTags, validate.Error, connectBatch, "a job has room for the tags by which a run is found"),
		rule(TooLarge, validate.Error, quotas, "a definition has at most 1 MiB"),
		rule(EmptyPlan, validate.Error, connectBatch, "a plan has a job"),
		rule(UnknownStep, validate.Error, connectBatch, "a step has an input with queue and definition, and waits for steps of the plan only"),
		rule(StrongerOrder, validate.Info, connectBatch, "an order that is made of sequences and parallel branches is kept exactly"),
		rule(BadName, validate.Error, connectBatch, "the name of a step can be a part of a job's, and differs from others in more than case"),
		rule(Evaluated, validate.Error, connectBatch, "no key of a map, such as the parameters, ends in .$"),
		rule(NotASL, validate.Error, connectBatch, "a state machine is an object with states that are objects"),
		rule(NotTaken, validate.Error, connectBatch, "batch:submitJob is given no member but those that it takes"),
		rule(BadMember, validate.Error, sdkDocs, "each member of a request is spelled with a capital and has its type"),
		rule(RetriedSubmission, validate.Warning, connectBatch, "a submission whose outcome is not known is not repeated blindly"),
	}
}
