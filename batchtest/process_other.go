//go:build !unix

package batchtest

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func stopGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }
func killGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

func exitCode(state *os.ProcessState) int {
	if code := state.ExitCode(); code >= 0 {
		return code
	}
	return exitKilled
}
