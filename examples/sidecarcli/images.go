package main

import (
	"os"
	"path/filepath"

	"github.com/batchkit/batchkit-go/batchtest"
)

// cli stands for the AWS CLI: without arguments it prints its usage and exits with 252, as that does.
const cli = `#!/bin/sh
if [ $# -eq 0 ]; then
  echo "usage: aws [options] <command> <subcommand> [parameters]" >&2
  exit 252
fi
echo "2026-11-20 09:00:00 acme-reports (asked with: aws $*)"
`

// addImages says what the images hold and do. Both containers run as local processes.
func addImages(srv *batchtest.Server) (cleanup func(), err error) {
	root, err := os.MkdirTemp("", "sidecarcli-")
	if err != nil {
		return nil, err
	}
	cleanup = func() { os.RemoveAll(root) }
	bin := filepath.Join(root, filepath.FromSlash(toolCommand))
	if err := os.MkdirAll(filepath.Dir(bin), 0o755); err != nil {
		cleanup()
		return nil, err
	}
	if err := os.WriteFile(bin, []byte(cli), 0o755); err != nil {
		cleanup()
		return nil, err
	}
	image := batchtest.Image{Run: batchtest.Process(), Files: os.DirFS(root), Entrypoint: []string{toolCommand}}
	srv.Image(toolImage, image)
	image.Volumes = []string{toolPath}
	srv.Image(toolImageWithVolume, image)
	srv.Image(appImage, batchtest.Image{Run: batchtest.Process()})
	return cleanup, nil
}
