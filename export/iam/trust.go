package iam

// Role is a kind of role around AWS Batch, by the service that assumes it.
type Role string

// The kinds of role.
const (
	// JobRole is what the programs in the containers may do:
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html.
	JobRole Role = "job"
	// ExecutionRole is what starting the containers takes: images, secrets, logs. See [ForExecution].
	ExecutionRole Role = "execution"
	// InstanceRole is that of the EC2 instances of a compute environment, in an instance profile:
	// https://docs.aws.amazon.com/batch/latest/userguide/instance_IAM_role.html.
	InstanceRole Role = "instance"
	// ServiceRole is that of AWS Batch itself, for compute environments without the service-linked role:
	// https://docs.aws.amazon.com/batch/latest/userguide/service_IAM_role.html.
	ServiceRole Role = "service"
	// SpotFleetRole is that of compute environments of type SPOT with the strategy BEST_FIT:
	// https://docs.aws.amazon.com/batch/latest/userguide/spot_fleet_IAM_role.html.
	SpotFleetRole Role = "spot-fleet"
	// EventsRole is that of an EventBridge rule that submits jobs:
	// https://docs.aws.amazon.com/batch/latest/userguide/CWE_IAM_role.html.
	EventsRole Role = "events"
	// SchedulerRole is that of an EventBridge Scheduler schedule:
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html.
	SchedulerRole Role = "scheduler"
	// StatesRole is that of a state machine:
	// https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html.
	StatesRole Role = "states"
	// LambdaRole is that of a function that submits jobs.
	LambdaRole Role = "lambda"
)

type principal string

const tasksService principal = "ecs-tasks.amazonaws.com"

// trusted says who assumes a kind of role, for which resources of a service (none: the service is not documented to send
// an aws:SourceArn that could be checked, and a role that is held to one would never be assumed), and by which managed
// policies the service's documentation lets it work.
var trusted = map[Role]struct {
	by      principal
	service string
	sources []string
	managed []string
}{
	JobRole:       {tasksService, "ecs", []string{"*"}, nil},
	ExecutionRole: {tasksService, "", nil, []string{"service-role/AmazonECSTaskExecutionRolePolicy"}},
	InstanceRole:  {"ec2.amazonaws.com", "", nil, []string{"service-role/AmazonEC2ContainerServiceforEC2Role"}},
	// https://docs.aws.amazon.com/batch/latest/userguide/cross-service-confused-deputy-prevention.html
	ServiceRole: {"batch.amazonaws.com", "batch", []string{"compute-environment/*", "job/*"},
		[]string{"service-role/AWSBatchServiceRole"}},
	SpotFleetRole: {"spotfleet.amazonaws.com", "", nil, []string{"service-role/AmazonEC2SpotFleetTaggingRole"}},
	EventsRole:    {"events.amazonaws.com", "events", []string{"rule/*"}, nil},
	SchedulerRole: {"scheduler.amazonaws.com", "scheduler", []string{"schedule-group/*"}, nil},
	StatesRole:    {"states.amazonaws.com", "states", []string{"stateMachine:*"}, nil},
	LambdaRole:    {"lambda.amazonaws.com", "", nil, []string{"service-role/AWSLambdaBasicExecutionRole"}},
}

// Trust returns the trust policy of a role: which service may assume it. Where the service says on whose behalf it acts,
// and the account is known, the policy holds it to that account, so that no other account can make the service use the
// role: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html. An unknown kind of role is trusted by
// nobody: its policy has no statement.
func Trust(role Role, where Where) Policy {
	policy := Policy{Version: Version}
	t, ok := trusted[role]
	if !ok {
		return policy
	}
	statement := Statement{
		Sid: "Assume", Effect: "Allow", Principal: &Principal{string(t.by)}, Action: []string{"sts:AssumeRole"},
	}
	if t.sources != nil && where.Account != "" {
		var arns []string
		for _, source := range t.sources {
			arns = append(arns, where.arn(t.service, source))
		}
		statement.Condition = Condition{"StringEquals": {"aws:SourceAccount": {where.Account}}, "ArnLike": {"aws:SourceArn": arns}}
	}
	policy.Statement = []Statement{statement}
	return policy
}

// ManagedPolicies returns the ARNs of AWS's own policies that the documentation of a kind of role attaches to it. They
// are wider than need be for an execution role, see [ForExecution]; the others have no narrower form that AWS documents.
func ManagedPolicies(role Role, where Where) []string {
	var arns []string
	for _, name := range trusted[role].managed {
		arns = append(arns, "arn:"+where.partition()+":iam::aws:policy/"+name)
	}
	return arns
}

// role returns the ARN of a role that is given by its ARN or its name.
func (w Where) role(name string) string {
	if isARN(name) {
		return name
	}
	return "arn:" + w.partition() + ":iam::" + or(w.Account, "*") + ":role/" + name
}
