package batchtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
)

// Process returns a Runner that runs the image's entry point with the
// container's command as a process of this machine, found over PATH. Of a pod,
// command replaces the image's Entrypoint and Cmd, and args replace its Cmd.
//
// The process has the container's environment and PATH, nothing else of the
// program's. Its working folder is that of the container (see [Container.Path]
// of "/"). Arguments that are a path at or below a mount point become the path
// of the real folder; nothing else is translated, so that a process sees the
// real machine everywhere but there. It is no sandbox.
//
// To stop, the process and those it started get SIGTERM, and are killed after
// the stop timeout. When it ends by itself those it started are killed at once,
// as with a container's first process. The exit code is that of the process, 128+n
// when signal n killed it, 143 when it was stopped before it could start, and 127
// when it could not be started, with the reason in the log.
// On systems other than Unix, stopping kills at once.
func Process() Runner { return Func(runProcess) }

func runProcess(ctx context.Context, c *Container) int {
	args := c.argv()
	if len(args) == 0 {
		fmt.Fprintln(c.Stderr, "batchtest: no command to run: give one in the job definition, or an Entrypoint or a Cmd in the Image")
		return exitNotFound
	}
	program := args[0] // as the container knows it
	for i, arg := range args {
		if path, ok := c.mounted(arg); ok {
			args[i] = path
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, c.Environ()...)
	cmd.Dir = c.Path("/")
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	cmd.WaitDelay = c.spec.stopTimeout
	ownGroup(cmd)
	cmd.Cancel = func() error {
		if errors.Is(context.Cause(ctx), ErrClosed) {
			return killGroup(cmd)
		}
		return stopGroup(cmd)
	}
	if err := cmd.Start(); err != nil && ctx.Err() != nil {
		return exitTerminated // before it could start
	} else if err != nil {
		var path *fs.PathError
		var search *exec.Error
		switch { // both repeat the path, as it is on this machine
		case errors.As(err, &path):
			err = path.Err
		case errors.As(err, &search):
			err = search.Err
		}
		fmt.Fprintf(c.Stderr, "batchtest: cannot run %s: %v\n", program, err)
		return exitNotFound
	}
	// A server that closes does not wait for a stop timeout to pass.
	release := context.AfterFunc(c.task.server.ctx, func() { _ = killGroup(cmd) })
	defer release()
	state, err := cmd.Process.Wait()
	// What it left behind ends with its container, and lets go of the output, for
	// the end of which Wait waits.
	_ = killGroup(cmd)
	_ = cmd.Wait()
	if err != nil {
		fmt.Fprintln(c.Stderr, "batchtest:", err)
		return exitNotFound
	}
	return exitCode(state)
}
