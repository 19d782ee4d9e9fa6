package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/batchkit/batchkit-go/batchkit"
)

// serving is the service that a script has started.
type serving struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

// startService starts a service on a free port and puts its URL into $URL, host and port into $HOSTPORT: serve [flags]
func startService(ts *testscript.TestScript, negated bool, args []string) {
	s := ts.Value(serving{}).(*serving)
	if negated || s.cmd != nil {
		ts.Fatalf("usage: serve [flags], after the end of the one before")
	}
	s.cmd = exec.Command("batchkit", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	s.cmd.Dir = ts.Getenv("WORK")
	pipe, err := s.cmd.StdoutPipe()
	ts.Check(err)
	s.out = bufio.NewReader(pipe)
	ts.Check(s.cmd.Start())
	cmd := s.cmd
	ts.Defer(func() {
		_ = cmd.Process.Kill() // unless stop has ended it
		_ = cmd.Wait()
	})
	line, err := s.out.ReadString('\n')
	ts.Check(err)
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "batchkit: AWS Batch at ")
	if !ok {
		ts.Fatalf("the service said %q", line)
	}
	ts.Setenv("URL", url)
	ts.Setenv("HOSTPORT", strings.TrimPrefix(url, "http://"))
}

// stopService ends the service with a signal, and fails unless it ends well and has said nothing more: stop INT|TERM
func stopService(ts *testscript.TestScript, negated bool, args []string) {
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}
	s := ts.Value(serving{}).(*serving)
	if negated || len(args) != 1 || signals[args[0]] == nil || s.cmd == nil {
		ts.Fatalf("usage: stop INT|TERM, after serve")
	}
	ts.Check(s.cmd.Process.Signal(signals[args[0]]))
	rest, err := io.ReadAll(s.out)
	ts.Check(err)
	if len(rest) > 0 {
		ts.Fatalf("the service went on to say %q", rest)
	}
	ts.Check(s.cmd.Wait())
	s.cmd = nil
}

// killService ends the service without a word: kill
func killService(ts *testscript.TestScript, negated bool, args []string) {
	s := ts.Value(serving{}).(*serving)
	if negated || len(args) > 0 || s.cmd == nil {
		ts.Fatalf("usage: kill, after serve")
	}
	ts.Check(s.cmd.Process.Kill())
	_ = s.cmd.Wait() // which says that it was killed
	s.cmd = nil
}

// register registers definitions with the service: register FILE…
func register(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) == 0 {
		ts.Fatalf("usage: register FILE…")
	}
	client := batchkit.NewClient(clientOf(ts.Getenv("URL")))
	for _, file := range args {
		def, err := batchkit.FromJSON([]byte(ts.ReadFile(file)))
		ts.Check(err)
		_, err = client.EnsureDefinition(context.Background(), def)
		ts.Check(err)
	}
}

// clientOf returns a client of a service on this machine.
func clientOf(url string) *batch.Client {
	return batch.New(batch.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(url),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}
