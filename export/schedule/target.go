package schedule

// Delivery says how a target is reached. Its zero value is not enough: a role is needed.
type Delivery struct {
	// RoleARN is the role that the service assumes to submit the job: an ARN, or a reference of package cloudformation
	// or terraform that stands for one. Required.
	RoleARN string
	// DeadLetterARN is the ARN of a standard queue of Amazon SQS for deliveries that were given up. Empty means that they
	// are lost. Somebody has to allow sqs:SendMessage on it: for a schedule the role,
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html, for a rule the policy of the
	// queue, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html.
	DeadLetterARN string
	// MaxAge is for how many seconds a delivery is tried, 60 to 86400. Zero means the service's default, 86400.
	MaxAge int32
	// Retries is how often a failed delivery is tried again, 0 to 185. Nil means the service's default, 185. A delivery
	// whose answer was lost may have submitted a job, so trying again may submit a second one.
	Retries *int32
}

// SchedulerTarget is the member Target of CreateSchedule:
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html.
type SchedulerTarget struct {
	// Arn is that of the universal target for SubmitJob.
	Arn string `json:"Arn"`
	// RoleArn is the role that submits.
	RoleArn string `json:"RoleArn"`
	// Input is the SubmitJob request as JSON, with names that begin with a capital.
	Input string `json:"Input"`
	// DeadLetterConfig and RetryPolicy are nil for the service's defaults.
	DeadLetterConfig *DeadLetterConfig `json:"DeadLetterConfig,omitempty"`
	RetryPolicy      *RetryPolicy      `json:"RetryPolicy,omitempty"`
}

// RuleTarget is an element of the member Targets of PutTargets:
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html.
type RuleTarget struct {
	// Id names the target within its rule: 1 to 64 letters, digits, dots, hyphens and underscores.
	Id string `json:"Id"` //nolint:revive // the API's spelling
	// Arn is that of the job queue.
	Arn string `json:"Arn"`
	// RoleArn is the role that submits.
	RoleArn string `json:"RoleArn"`
	// BatchParameters are what a rule says about the job.
	BatchParameters BatchParameters `json:"BatchParameters"`
	// Input is a JSON object with the members Parameters, ContainerOverrides and DependsOn as the job has them. It is "{}"
	// where it has none: without an input the job would get the event.
	Input string `json:"Input"`
	// DeadLetterConfig and RetryPolicy are nil for the service's defaults.
	DeadLetterConfig *DeadLetterConfig `json:"DeadLetterConfig,omitempty"`
	RetryPolicy      *RetryPolicy      `json:"RetryPolicy,omitempty"`
}

// BatchParameters are the members of a rule's target that only a job queue has:
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_BatchParameters.html.
type BatchParameters struct {
	// JobDefinition is a name, name:revision or an ARN.
	JobDefinition string `json:"JobDefinition"`
	// JobName is the name of each job.
	JobName string `json:"JobName"`
	// ArrayProperties is nil for a job that is no array.
	ArrayProperties *ArrayProperties `json:"ArrayProperties,omitempty"`
	// RetryStrategy is nil where that of the definition counts.
	RetryStrategy *RetryStrategy `json:"RetryStrategy,omitempty"`
}

// ArrayProperties makes the job an array.
type ArrayProperties struct {
	// Size is the number of children, 2 to 10,000.
	Size int32 `json:"Size"`
}

// RetryStrategy replaces the definition's, without its rules.
type RetryStrategy struct {
	// Attempts is 1 to 10.
	Attempts int32 `json:"Attempts"`
}

// DeadLetterConfig says where deliveries go that were given up.
type DeadLetterConfig struct {
	// Arn is that of an Amazon SQS queue.
	Arn string `json:"Arn"`
}

// RetryPolicy says for how long and how often a delivery is tried. Nil members mean the service's defaults.
type RetryPolicy struct {
	// MaximumEventAgeInSeconds is 60 to 86400.
	MaximumEventAgeInSeconds *int32 `json:"MaximumEventAgeInSeconds,omitempty"`
	// MaximumRetryAttempts is 0 to 185.
	MaximumRetryAttempts *int32 `json:"MaximumRetryAttempts,omitempty"`
}

func (d Delivery) deadLetters() *DeadLetterConfig {
	if d.DeadLetterARN == "" {
		return nil
	}
	return &DeadLetterConfig{Arn: d.DeadLetterARN}
}

func (d Delivery) retries() *RetryPolicy {
	if d.MaxAge == 0 && d.Retries == nil {
		return nil
	}
	p := &RetryPolicy{MaximumRetryAttempts: d.Retries}
	if d.MaxAge != 0 {
		p.MaximumEventAgeInSeconds = &d.MaxAge
	}
	return p
}
