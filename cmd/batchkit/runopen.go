package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/batchkit/batchkit-go/batchkit"
)

// runFlags are those of all commands about a run.
type runFlags struct {
	endpoint string
	queues   []string
	output   string
}

func (r *runFlags) endpointFlag(f *pflag.FlagSet) {
	f.StringVar(&r.endpoint, "endpoint-url", "", "URL of AWS Batch and of CloudWatch Logs, found by the AWS SDK if not given")
}

func (r *runFlags) outputFlag(f *pflag.FlagSet) {
	f.StringVarP(&r.output, "output", "o", "text", "form of the output: text or json")
}

// register adds the flags of the commands that look for a run.
func (r *runFlags) register(f *pflag.FlagSet) {
	r.endpointFlag(f)
	r.outputFlag(f)
	f.StringSliceVar(&r.queues, "queue", nil, "job queue to look for the run in, all if not given; may be given several times")
}

func (r *runFlags) check() error {
	if r.output != "text" && r.output != "json" {
		return fmt.Errorf("--output must be text or json, found %q", r.output)
	}
	return nil
}

// whereHelp is for the help of the commands that talk to AWS Batch.
const whereHelp = `Configuration and credentials are those that the AWS SDKs find; AWS_ENDPOINT_URL_BATCH and
AWS_ENDPOINT_URL_CLOUDWATCH_LOGS name other services. With --endpoint-url on a loopback address and no
credentials in the environment, made-up ones are used, and none are looked for.`

// runHelp is for the help of the commands that look for a run.
const runHelp = `RUN is the id that submit has printed. The run is found by the names and tags of its jobs, from anywhere,
as long as AWS Batch shows them: it forgets jobs some days after their end.

` + whereHelp

// services are those that a command talks to.
type services struct {
	batch *batch.Client
	logs  *cloudwatchlogs.Client
}

// connect returns the services and the means to keep runs, within a context that ends with the first signal.
func (r *runFlags) connect(ctx context.Context, opts ...batchkit.ClientOption) (services, *batchkit.Client, error) {
	api, logs, err := newClients(ctx, r.endpoint)
	if err != nil {
		return services{}, nil, err
	}
	return services{batch: api, logs: logs}, batchkit.NewClient(api, opts...), nil
}

// openPatience is how long a run may be looked for in silence. A call that the network fails is made again for two minutes.
const openPatience = 10 * time.Second

// open finds a run.
func (r *runFlags) open(ctx context.Context, errs io.Writer, id string, opts ...batchkit.ClientOption) (services, *batchkit.Run, error) {
	if err := r.check(); err != nil {
		return services{}, nil, err
	}
	services, client, err := r.connect(ctx, opts...)
	if err != nil {
		return services, nil, err
	}
	said := make(chan struct{})
	slow := time.AfterFunc(openPatience, func() {
		defer close(said)
		fmt.Fprintf(errs, "batchkit: still looking for run %s: it has many jobs, or AWS Batch does not answer\n", id)
	})
	run, err := client.Open(ctx, id, r.queues...)
	if !slow.Stop() {
		<-said
	}
	var unknown *batchkit.UnknownRunError
	switch {
	case err != nil && ctx.Err() != nil:
		err = errors.New("interrupted while looking for the run")
	case errors.As(err, &unknown):
		err = fmt.Errorf("%w: look at the id, the account and the Region; AWS Batch forgets jobs some days after their end", err)
	}
	return services, run, err
}

// untilSignal is the command's context, which also ends with a signal. A second signal ends the program at once.
func untilSignal(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
