package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// foreign returns how a client in another language is started: it has the URL, made-up credentials, and no way to any other.
func foreign(t *testing.T, url string) func(name string, args ...string) []byte {
	t.Helper()
	home := t.TempDir()
	env := append(os.Environ(),
		"AWS_ENDPOINT_URL_BATCH="+url, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS="+url, "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+filepath.Join(home, "config"),
		"AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(home, "credentials"), "AWS_PAGER=", "AWS_DEFAULT_OUTPUT=json",
	)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	return func(name string, args ...string) []byte {
		t.Helper()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = env
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, stderr.String())
		}
		return out
	}
}

const pairOfContainers = `{"taskProperties": [{"containers": [
 {"name": "tool", "image": "acme/tool:1", "essential": false, "command": ["true"],
  "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]},
 {"name": "app", "image": "acme/app:1", "command": ["sh", "-c", "echo hello; echo bye"],
  "dependsOn": [{"containerName": "tool", "condition": "SUCCESS"}],
  "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]}]}]}`

func TestServeAWSCommandLine(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the AWS CLI, which is slow")
	}
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	url, end := startServe(t, "--run", "process")
	start := foreign(t, url)
	aws := func(into any, args ...string) {
		t.Helper()
		if err := json.Unmarshal(start("aws", append([]string{"batch"}, args...)...), into); err != nil {
			t.Fatalf("aws batch %v: %v", args, err)
		}
	}
	var registered struct{ JobDefinitionArn string }
	aws(&registered, "register-job-definition", "--job-definition-name", "pair", "--type", "container", "--ecs-properties", pairOfContainers)
	if want := "arn:aws:batch:us-east-1:123456789012:job-definition/pair:1"; registered.JobDefinitionArn != want {
		t.Errorf("registered %q, want %q", registered.JobDefinitionArn, want)
	}
	var job struct{ JobID string }
	aws(&job, "submit-job", "--job-name", "j", "--job-queue", "default", "--job-definition", "pair")
	var described struct {
		Jobs []struct {
			Status        string
			EcsProperties struct {
				TaskProperties []struct {
					Containers []struct{ LogStreamName string }
				}
			}
		}
	}
	for len(described.Jobs) == 0 || described.Jobs[0].Status != "SUCCEEDED" {
		aws(&described, "describe-jobs", "--jobs", job.JobID)
		if len(described.Jobs) != 1 || described.Jobs[0].Status == "FAILED" {
			t.Fatalf("describe-jobs: %+v", described)
		}
	}
	var listed struct{ JobSummaryList []struct{ JobID string } }
	aws(&listed, "list-jobs", "--job-queue", "default", "--job-status", "SUCCEEDED")
	if len(listed.JobSummaryList) != 1 || listed.JobSummaryList[0].JobID != job.JobID {
		t.Errorf("list-jobs: %+v, want job %s", listed, job.JobID)
	}
	stream := described.Jobs[0].EcsProperties.TaskProperties[0].Containers[1].LogStreamName
	const group = "/aws/batch/job"
	for _, args := range [][]string{
		{"get-log-events", "--log-group-name", group, "--log-stream-name", stream, "--start-from-head"},
		{"filter-log-events", "--log-group-name", group, "--log-stream-name-prefix", "pair/app/", "--filter-pattern", "?hello ?bye"},
	} {
		var out struct{ Events []struct{ Message string } }
		if err := json.Unmarshal(start("aws", append([]string{"logs"}, args...)...), &out); err != nil {
			t.Fatal(err)
		}
		if len(out.Events) != 2 || out.Events[0].Message != "hello" || out.Events[1].Message != "bye" {
			t.Errorf("logs %s: %+v, want both lines", args[0], out)
		}
	}
	if status := end(); status != statusOK {
		t.Errorf("exit status %d, want %d", status, statusOK)
	}
}

func TestServeBoto3(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs Python, which is slow")
	}
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import boto3").Run(); err != nil {
		t.Skipf("python3 with boto3 is not installed: %v", err)
	}
	each(t, []foreignRow{
		{
			"jobs", "a job of two containers, waited for", "testdata/boto3_client.py", nil,
			"SUCCEEDED tool=0 app=0\nj\n400 ClientException\n",
		},
		{
			"logs", "what a job wrote, on a clock that the program moves", "testdata/boto3_logs.py", virtual,
			"SUBMITTED\n2026-01-01T00:03:00Z\nSUCCEEDED 180000\none three two\none three\nTrue\nThe specified log group does not exist.\n",
		},
	}, func(t *testing.T, r foreignRow) { r.run(t, "python3") })
}

// virtual are flags for a job of one attempt to take three minutes of a clock that is moved over HTTP.
var virtual = []string{"--run", "process", "--virtual-clock=2026-01-01T00:00:00Z", "--pace", "1m"}

// All of the API is there for a program that knows nothing but the URL.
func TestServeBoto3EveryOperation(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs Python, which is slow")
	}
	const knows = `import boto3; assert "ListServiceJobs" in boto3.client("batch", region_name="us-east-1").meta.service_model.operation_names`
	if err := exec.CommandContext(t.Context(), "python3", "-c", knows).Run(); err != nil {
		t.Skipf("python3 with a boto3 that knows service jobs is not installed: %v", err)
	}
	const want = `[3, 2, 1]
['default', 'fair']
['default', 'spot']
['fair', 'other']
['licence', 'scratch']
['j2', 'j1', 'j0']
[0, 1]
4
{'shareDecaySeconds': 60}
3
0
True
{}
['FAILED', 'FAILED']
501 NotImplementedException ListServiceJobs is not implemented in batchtest
`
	foreignRow{"every operation", "in pages of one", "testdata/boto3_every.py", []string{"--run", "manual"}, want}.run(t, "python3")
}

// A foreignRow is a program in another language, and what it prints.
type foreignRow struct {
	name, reason, script string
	flags                []string
	want                 string
}

func each(t *testing.T, rows []foreignRow, run func(*testing.T, foreignRow)) {
	t.Helper()
	for _, r := range rows {
		if r.name == "" || r.reason == "" {
			t.Fatalf("row %q needs a name and a reason", r.name)
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			run(t, r)
		})
	}
}

func (r foreignRow) run(t *testing.T, interpreter string) {
	t.Helper()
	url, _ := startServe(t, r.flags...)
	got := string(foreign(t, url)(interpreter, r.script))
	if diff := cmp.Diff(r.want, got); diff != "" {
		t.Errorf("what the client printed: %s (-want +got):\n%s", r.reason, diff)
	}
}

// Nothing is installed unasked: BATCHKIT_NODE_MODULES is a node_modules folder made by
// npm install @aws-sdk/client-batch @aws-sdk/client-cloudwatch-logs.
func TestServeJavaScript(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs Node.js, which is slow")
	}
	modules := os.Getenv("BATCHKIT_NODE_MODULES")
	if modules == "" {
		t.Skip("BATCHKIT_NODE_MODULES does not say where @aws-sdk/client-batch and @aws-sdk/client-cloudwatch-logs are")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not installed")
	}
	script, err := filepath.Abs("testdata/javascript_client.cjs")
	if err != nil {
		t.Fatal(err)
	}
	url, _ := startServe(t, virtual...)
	got := string(foreign(t, url)("env", "NODE_PATH="+modules, "node", script))
	if diff := cmp.Diff("SUCCEEDED tool=0 app=0\nj\ndone\nready\ntrue 400\n", got); diff != "" {
		t.Errorf("what the client printed (-want +got):\n%s", diff)
	}
}
