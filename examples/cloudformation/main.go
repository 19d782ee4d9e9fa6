// Command cloudformation prints a template with all that a nightly report needs: a repository, a log group, roles that
// may do no more than they have to, a compute environment and a queue on AWS Fargate, a job definition of two
// containers, and the schedule that submits it.
//
//	go run ./examples/cloudformation > report.yaml
//	aws cloudformation deploy --template-file report.yaml --stack-name report --capabilities CAPABILITY_IAM \
//	    --parameter-overrides Subnets=subnet-1,subnet-2 SecurityGroups=sg-1 Tag=2.1
//
// The schedule calls SubmitJob itself, so it can override the containers of a multi-container job, which the targets of
// EventBridge rules cannot.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/export/cloudformation"
	"github.com/batchkit/batchkit-go/export/iam"
	"github.com/batchkit/batchkit-go/parts"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	submit, trigger, err := nightly()
	if err != nil {
		return err
	}
	template := environment(report().Input(), submit, trigger)
	for _, checked := range template.Check() {
		if err := checked.Err(); err != nil {
			return fmt.Errorf("%s: %w", checked.Resource, err)
		}
	}
	text, err := template.YAML()
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// The names by which the resources know each other. The template turns them into references.
const (
	logGroup       = "/batch/report"
	fleet          = "report-fleet"
	queue          = "report-queue"
	definitionName = "report"
)

// report makes a report while a proxy next to it reaches the database. Both images are in the repository.
func report() batchkit.Definition[ecsprops.Overrides] {
	image := cloudformation.Attr("Images", "RepositoryUri")
	tag := cloudformation.Ref("Tag")
	logs := func(prefix string) parts.AWSLogsOptions {
		return parts.AWSLogsOptions{Group: logGroup, StreamPrefix: prefix}
	}
	proxy := ecsprops.NonEssential("proxy", image+":proxy-"+tag).
		VCPU(0.25).Memory(512).LogConfiguration(parts.AWSLogs(logs("proxy")))
	writer := ecsprops.Essential("writer", image+":writer-"+tag).
		VCPU(0.75).Memory(1536).AfterStart(proxy).
		Command("sh", "-c", `write-report --day "${REPORT_DAY:-yesterday}"`). // a variable of the shell, and stays one
		LogConfiguration(parts.AWSLogs(logs("writer")))

	return batchkit.Define(definitionName, ecsprops.Fargate(proxy, writer).
		ExecutionRole(cloudformation.Attr("ExecutionRole", "Arn")).
		TaskRole(cloudformation.Attr("JobRole", "Arn")))
}

// nightly is the job that the schedule submits, with the policy that submitting it takes.
func nightly() (*batch.SubmitJobInput, iam.Policy, error) {
	job := batchkit.Job("nightly", queue, batchkit.ECSRef(definitionName))
	plan, err := job.Plan()
	if err != nil {
		return nil, iam.Policy{}, err
	}
	policy, _, err := iam.ForPlan(plan, cloudformation.Here(), iam.Trigger)
	if err != nil {
		return nil, iam.Policy{}, err
	}
	submit, err := job.Build()
	return submit, policy, err
}
