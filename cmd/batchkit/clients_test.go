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
		"AWS_ENDPOINT_URL_BATCH="+url, "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
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
 {"name": "app", "image": "acme/app:1", "command": ["sh", "-c", "exit 0"],
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
	var described struct{ Jobs []struct{ Status string } }
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
	url, _ := startServe(t)
	got := string(foreign(t, url)("python3", "testdata/boto3_client.py"))
	want := "SUCCEEDED tool=0 app=0\nj\n400 ClientException\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the client printed (-want +got):\n%s", diff)
	}
}
