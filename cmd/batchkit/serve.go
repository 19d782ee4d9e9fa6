package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
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

// runners are what a container does, whatever its image.
var runners = map[string]batchtest.Runner{"succeed": batchtest.Exit(0), "process": batchtest.Process()}

type serveFlags struct {
	addr, run string
	pace      time.Duration
}

func serveCommand() *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Be AWS Batch for any SDK and command line on this machine",
		Long: `Serve starts the embedded AWS Batch over HTTP, on a loopback address only, and prints one line with
its URL when it is ready. Give that URL to any SDK or to the AWS command line:
  AWS_ENDPOINT_URL_BATCH=http://127.0.0.1:4580
Signatures are not checked, so any credentials will do. The job queue "default" exists from the start;
others are created over the API. All is kept in memory, and gone at the end.
No image is pulled. With --run succeed each container ends at once with exit code 0. With --run process
its command runs as a process of this machine: that is no sandbox, the image counts for nothing, and a
command that relies on its image's ENTRYPOINT needs it spelled out.
SIGINT and SIGTERM end it: requests on their way are answered, then the containers are stopped.
A second signal ends it at once.
Exit status: 0 if it was ended by a signal, 2 if it could not start or serve.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.addr, "addr", "127.0.0.1:4580", "loopback address and port to listen on; port 0 takes any that is free")
	f.StringVar(&flags.run, "run", "succeed", "what a container does: succeed, or process for its command on this machine")
	f.DurationVar(&flags.pace, "pace", 0, "time that a job spends in each of SUBMITTED, RUNNABLE and STARTING")
	return cmd
}

func runServe(cmd *cobra.Command, flags serveFlags) error {
	runner, ok := runners[flags.run]
	if !ok {
		return fmt.Errorf("--run must be succeed or process, found %q", flags.run)
	}
	if flags.pace < 0 {
		return fmt.Errorf("--pace must not be negative, found %s", flags.pace)
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal is not caught
	listener, err := listen(ctx, flags.addr)
	if err != nil {
		return err
	}
	service := batchtest.New(
		batchtest.WithFallback(batchtest.Image{Run: runner}),
		batchtest.WithPace(batchtest.Pace{Submitted: flags.pace, Runnable: flags.pace, Starting: flags.pace}),
		batchtest.WithoutRequests(), // nobody asks for them here, and clients poll for long
	)
	defer service.Close()
	return serve(ctx, newServer(service, cmd.ErrOrStderr()), listener, func() error {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "batchkit: AWS Batch at http://%s\n", listener.Addr())
		return err
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
