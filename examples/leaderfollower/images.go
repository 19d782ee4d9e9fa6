package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/batchkit/batchkit-go/batchtest"
)

// addImages says what the containers of the three images do. On the real service this is what is in the images.
func addImages(srv *batchtest.Server) {
	srv.Image(fetchImage, batchtest.Image{Run: command(fetchCatalogue)})
	srv.Image(leaderImage, batchtest.Image{Run: command(lead)})
	srv.Image(followerImage, batchtest.Image{Run: command(follow)})
}

// command is a program of a container: an error goes to its log and gives exit code 1.
func command(program func(context.Context, *batchtest.Container) error) batchtest.Func {
	return func(ctx context.Context, c *batchtest.Container) int {
		if err := program(ctx, c); err != nil {
			fmt.Fprintln(c.Stderr, err)
			return 1
		}
		return 0
	}
}

// fetchCatalogue writes as many lines as it is told into a file of the shared volume.
func fetchCatalogue(ctx context.Context, c *batchtest.Container) error {
	file, lines := c.Command()[1], c.Command()[2]
	n, err := strconv.Atoi(lines)
	if err != nil {
		return fmt.Errorf("the number of lines: %w", err)
	}
	if err := work(ctx, 207*time.Millisecond); err != nil {
		return err
	}
	var catalogue strings.Builder
	for i := range n {
		fmt.Fprintf(&catalogue, "report-%02d\n", i+1)
	}
	return os.WriteFile(c.Path(file), []byte(catalogue.String()), 0o600)
}

// lead turns the catalogue into the list of work, in the store that all jobs can reach: S3 on the real service.
func lead(ctx context.Context, c *batchtest.Container) error {
	catalogue, err := os.ReadFile(c.Path(c.Command()[1]))
	if err != nil {
		return err
	}
	if err := work(ctx, 311*time.Millisecond); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Env("STORE"), "work.txt"), catalogue, 0o600)
}

// follow takes the line of its index and writes a result.
func follow(ctx context.Context, c *batchtest.Container) error {
	index, err := strconv.Atoi(c.Env("AWS_BATCH_JOB_ARRAY_INDEX"))
	if err != nil {
		return fmt.Errorf("not the child of an array: %w", err)
	}
	list, err := os.ReadFile(filepath.Join(c.Env("STORE"), "work.txt"))
	if err != nil {
		return err
	}
	lines := strings.Fields(string(list))
	if index >= len(lines) {
		return fmt.Errorf("no line %d in a list of %d", index, len(lines))
	}
	if err := work(ctx, time.Duration(300+100*(index%4))*time.Millisecond); err != nil {
		return err
	}
	result := filepath.Join(c.Env("STORE"), fmt.Sprintf("result-%02d.txt", index))
	return os.WriteFile(result, []byte(lines[index]+" done\n"), 0o600)
}

// work takes a while, unless the container is stopped.
func work(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
