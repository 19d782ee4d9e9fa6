package asl

import "time"

// Options say how a plan becomes a state machine. The zero value is a good one.
type Options struct {
	// Language is the query language. Default, and what anything but [JSONata] means: JSONPath.
	Language Language
	// Native submits all jobs at once, with dependsOn between them, and then watches them: AWS Batch keeps the order, and
	// a job starts as soon as those that it waits for have succeeded. By default the structure of the machine keeps the
	// order, and jobs are submitted when their turn has come. A plan with gates cannot be native.
	Native bool
	// KeepGoing lets jobs run that do not wait for a failed one, as AWS Batch itself does, and fails the execution in the
	// end. By default the first failure ends the execution; then a .sync job that runs is terminated by Step Functions, and
	// a job submitted through the SDK integration goes on unwatched. A plan with gates always keeps going.
	KeepGoing bool
	// Poll is how long to wait between two looks at a job; parts of a second are rounded up. Default, and what zero or less
	// means: a minute. A look takes nine events of the 25,000 that an execution may have, so a minute allows 46 hours of
	// looks at one job after another: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.
	Poll time.Duration
	// Timeout ends an execution that takes longer. Default: nothing does, for as long as Step Functions allows, a year.
	Timeout time.Duration
	// Definitions maps names of definitions of the plan to what is submitted in their place: name:revision or an ARN, as
	// registering them gave. Default: the name, which means the newest active revision.
	Definitions map[string]string
	// Partition is that of the ARNs of the integrations, such as aws-cn. Default: aws.
	Partition string
}

// Language is a query language of the Amazon States Language.
type Language string

// The query languages. The zero value is JSONPath.
const (
	JSONPath Language = "JSONPath"
	JSONata  Language = "JSONata"
)

const defaultPoll = time.Minute

func (o *Options) poll() int {
	if o.Poll <= 0 {
		return int(defaultPoll / time.Second)
	}
	return int((o.Poll + time.Second - 1) / time.Second)
}

func (o *Options) resource(name string) string {
	partition := o.Partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":states:::" + name
}
