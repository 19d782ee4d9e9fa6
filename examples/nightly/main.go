// Command nightly is a Lambda function that submits 10,000 jobs with different parameters, and goes on where it stopped
// when its time was over. In Lambda it is that function; elsewhere it invokes it itself, against an embedded AWS Batch:
// first with a journal, on a file system that outlives the function, then with none.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
)

func main() {
	if err := start(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func start(ctx context.Context) error {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		return run(ctx, os.Stdout, 10_000)
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	h := &Handler{client: batchkit.NewClient(batch.NewFromConfig(cfg)), reserve: 10 * time.Second}
	if folder := os.Getenv("JOURNAL_FOLDER"); folder != "" { // on Amazon EFS, say
		h.journal = journalIn(folder)
	}
	lambda.StartWithOptions(h.Handle, lambda.WithContext(ctx))
	return nil
}

// journalIn opens the journals of a folder, one for each run.
func journalIn(folder string) func(string) (*batchkit.FileJournal, error) {
	return func(run string) (*batchkit.FileJournal, error) {
		return batchkit.OpenJournal(filepath.Join(folder, run+".journal"))
	}
}

// run invokes the function as Lambda would, twice for each night: the first time its time is over half-way.
func run(ctx context.Context, out io.Writer, tenants int) error {
	folder, err := os.MkdirTemp("", "nightly-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	for _, night := range []struct {
		title, date string
		journal     func(string) (*batchkit.FileJournal, error)
	}{
		{"a journal that outlives the function", "2026-11-20", journalIn(folder)},
		{"no journal: by names and tags alone", "2026-11-21", nil},
	} {
		fmt.Fprintf(out, "== %d reports, %s\n", tenants, night.title)
		if err := simulate(ctx, out, event(night.date, tenants), night.journal); err != nil {
			return fmt.Errorf("%s: %w", night.title, err)
		}
		fmt.Fprintln(out)
	}
	return nil
}

func event(date string, tenants int) Event {
	e := Event{Date: date}
	for i := range tenants {
		e.Tenants = append(e.Tenants, fmt.Sprintf("tenant%05d", i))
	}
	return e
}
