package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/batchkit/batchkit-go/batchtest"
)

// The bounds on what a slow client may hold up.
const (
	headerTimeout  = 10 * time.Second
	requestTimeout = time.Minute
	idleTimeout    = 2 * time.Minute
	endTimeout     = 10 * time.Second
	maxHeader      = 64 << 10
)

// advanceTimeout leaves time to say why a clock stands still.
const advanceTimeout = 45 * time.Second

var (
	regionName    = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
	accountNumber = regexp.MustCompile(`^[0-9]{12}$`)
)

// runners are what a container does, whatever its image.
var runners = map[string]batchtest.Runner{
	"succeed": batchtest.Exit(0), "process": batchtest.Process(), "manual": batchtest.Manual(),
}

type serveFlags struct {
	addr, run, virtual, state string
	region, account           string
	pace, duration            time.Duration
	scale                     float64
	capacity                  int
}

func serveCommand() *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Be AWS Batch for any SDK and command line on this machine",
		Long: `Serve starts the embedded AWS Batch over HTTP, on a loopback address only, and prints one line with
its URL when it is ready. Give that URL to any SDK or to the AWS command line:
  AWS_ENDPOINT_URL_BATCH=http://127.0.0.1:4580
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://127.0.0.1:4580
With the second, what jobs wrote can be read from Amazon CloudWatch Logs too.
Signatures are not checked, so any credentials and any region will do. ARNs are those of --region and
--account, and others are not found. The job queue "default" exists from the start;
others are created over the API.
All is kept in memory, and gone at the end, unless --state names a file: what it holds is there again at
the start, and it is replaced as a whole after changes and at the end. Logs are not in it. The file with
".lock" at its end keeps a second service from using it; it may stay and says nothing. A job that was
STARTING or RUNNING has lost its host, and is tried again where its retry strategy says so.
No image is pulled. With --run succeed each container ends at once with exit code 0. With --run process
its command runs as a process of this machine: that is no sandbox, the image counts for nothing, and a
command that relies on its image's ENTRYPOINT needs it spelled out. With --run manual it runs until
  curl -d '{"jobId": "…", "exitCode": 0}' http://127.0.0.1:4580/_batchkit/finish
With --time-scale 3600 an hour passes in a second. With --virtual-clock no time passes but by
  curl -d '{"seconds": 3600}' http://127.0.0.1:4580/_batchkit/advance
which answers when everything due has happened. Processes hold such a clock up while they run.
SIGINT and SIGTERM end it: requests on their way are answered, then the containers are stopped.
A second signal ends it at once.
Exit status: 0 if it was ended by a signal, 2 if it could not start or serve.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.addr, "addr", "127.0.0.1:4580", "loopback address and port to listen on; port 0 takes any that is free")
	f.StringVar(&flags.run, "run", "succeed", "what a container does: succeed, process for its command on this machine, or manual")
	f.DurationVar(&flags.duration, "duration", 0, "time that a container runs, with --run succeed")
	f.DurationVar(&flags.pace, "pace", 0, "time that a job spends in each of SUBMITTED, RUNNABLE and STARTING")
	f.Float64Var(&flags.scale, "time-scale", 1, "seconds that pass on the clock in each second")
	f.StringVar(&flags.virtual, "virtual-clock", "", "have a clock that stands until it is advanced, at a `time` such as 2026-01-01T00:00:00Z, or now")
	f.Lookup("virtual-clock").NoOptDefVal = "now"
	f.IntVar(&flags.capacity, "capacity", 0, "how many jobs of the compute environment \"default\" run at once; 0 means 256")
	f.StringVar(&flags.state, "state", "", "`file` that keeps the state")
	f.StringVar(&flags.region, "region", "us-east-1", "region in ARNs; one that --state holds stays")
	f.StringVar(&flags.account, "account", "123456789012", "account number in ARNs; one that --state holds stays")
	return cmd
}

func runServe(cmd *cobra.Command, flags serveFlags) error {
	opts, err := flags.options()
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(cmd)
	defer stop()
	listener, err := listen(ctx, flags.addr)
	if err != nil {
		return err
	}
	if flags.state != "" {
		held, err := reserve(flags.state)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer held.Close()
	}
	service, err := open(flags.state, opts)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	finish := func() error { service.Close(); return nil }
	if flags.state != "" {
		finish = keeping(ctx, service, flags.state, cmd.ErrOrStderr())
	}
	err = serve(ctx, newServer(withControl(service), cmd.ErrOrStderr()), listener, func() error {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "batchkit: AWS Batch at http://%s\n", listener.Addr())
		return err
	})
	return errors.Join(err, finish())
}

// options returns what the flags mean for the service.
func (f serveFlags) options() ([]batchtest.Option, error) {
	runner, ok := runners[f.run]
	switch {
	case !ok:
		return nil, fmt.Errorf("--run must be succeed, process or manual, found %q", f.run)
	case f.pace < 0:
		return nil, fmt.Errorf("--pace must not be negative, found %s", f.pace)
	case f.duration < 0:
		return nil, fmt.Errorf("--duration must not be negative, found %s", f.duration)
	case f.duration > 0 && f.run != "succeed":
		return nil, fmt.Errorf("--duration goes with --run succeed only, found --run %s", f.run)
	case !regionName.MatchString(f.region):
		return nil, fmt.Errorf("--region must be the name of a region such as eu-west-1, found %q", f.region)
	case !accountNumber.MatchString(f.account):
		return nil, fmt.Errorf("--account must have 12 digits, found %q", f.account)
	case f.capacity < 0:
		return nil, fmt.Errorf("--capacity must not be negative, found %d", f.capacity)
	case !(f.scale > 0) || math.IsInf(f.scale, 1):
		return nil, fmt.Errorf("--time-scale must be above 0, found %g", f.scale)
	case f.scale != 1 && f.virtual != "":
		return nil, errors.New("--time-scale and --virtual-clock exclude each other")
	}
	if f.duration > 0 {
		runner = batchtest.Takes(f.duration, runner)
	}
	opts := []batchtest.Option{
		batchtest.WithFallback(batchtest.Image{Run: runner}),
		batchtest.WithPace(batchtest.Pace{Submitted: f.pace, Runnable: f.pace, Starting: f.pace}),
		batchtest.WithCapacity(f.capacity),
		batchtest.WithRegion(f.region),
		batchtest.WithAccount(f.account),
		batchtest.WithTimeScale(f.scale),
		batchtest.WithoutRequests(), // nobody asks for them here, and clients poll for long
	}
	if f.virtual == "" {
		return opts, nil
	}
	var start time.Time
	if f.virtual != "now" {
		var err error
		if start, err = time.Parse(time.RFC3339, f.virtual); err != nil {
			return nil, fmt.Errorf("--virtual-clock must be now or a time such as 2026-01-01T00:00:00Z, found %q", f.virtual)
		}
	}
	return append(opts, batchtest.WithVirtualClock(start)), nil
}

// withControl adds what is not part of the API of AWS Batch.
func withControl(service *batchtest.Server) http.Handler {
	control := service.Control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/_batchkit/") {
			service.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), advanceTimeout)
		defer cancel()
		control.ServeHTTP(w, r.WithContext(ctx))
	})
}

// newServer returns what stands between the network and the service.
func newServer(service http.Handler, errs io.Writer) *http.Server {
	return &http.Server{
		Handler:           ownOnly(service),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(errs, "batchkit: ", 0),
	}
}

// listen opens a port that only this machine can reach.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr must be a loopback address and a port, such as 127.0.0.1:4580, found %q", addr)
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("--addr must be a loopback address (127.0.0.1, [::1] or localhost), found %q: "+
			"whoever reaches the service can use it without a password", addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without the address, which is said already
		}
		return nil, fmt.Errorf("cannot listen on %s: %w; --addr takes another address, with port 0 any that is free", addr, err)
	}
	return listener, nil
}

// serve answers requests until the context ends, and then those that are on their way. The port is open when ready is
// called. Whoever is not done within the end timeout is cut off.
func serve(ctx context.Context, server *http.Server, listener net.Listener, ready func() error) error {
	defer server.Close()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err := ready(); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := server.Shutdown(rest); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
