// Command multinode runs multi-node parallel jobs on an embedded AWS Batch: a main node that waits for its workers'
// parts and adds them up, with three workers as the definition says, and with seven as one job asks.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
)

const image = "acme/sum:1"

// sum is the container of every node; main and workers differ in their commands only.
var sum = batchkit.EC2(image).VCPU(2).Memory(512 * batchkit.MiB)

// nodes are a main node and three workers. The ranges of nodes follow from the numbers: 0 and 1 to 3.
var nodes = batchkit.Nodes(
	batchkit.Main(sum.Command("gather")),
	batchkit.Workers(3, sum.Command("part"))).
	InstanceType("c5.large")

var definition = batchkit.Define("sum", nodes).Timeout(10 * time.Minute)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	srv := batchtest.New()
	defer srv.Close()
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(20*time.Millisecond, 100*time.Millisecond))

	job := batchkit.Job("sum", "default", definition)
	for _, step := range []struct {
		title string
		job   batchkit.JobRequest[batchkit.NodeOverrides[batchkit.ContainerOverride]]
	}{
		{"Four nodes, as the definition says", job},
		{"Eight nodes for one job", job.Override(nodes.Override().NumNodes(8))},
	} {
		store, err := os.MkdirTemp("", "multinode-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(store)
		srv.Image(image, batchtest.Image{Run: program(store)})
		fmt.Fprintln(out, "==", step.title)
		if err := show(ctx, out, srv, client, step.job); err != nil {
			return err
		}
	}
	return nil
}

// show runs a job and prints its end and what its main node said.
func show(ctx context.Context, out io.Writer, srv *batchtest.Server, client *batchkit.Client, job batchkit.Request) error {
	wf := batchkit.NewWorkflow("sum")
	wf.Add(job)
	plan, err := wf.Plan()
	if err != nil {
		return err
	}
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	result, err := run.Wait(ctx)
	if err != nil {
		return err
	}
	j := result.Jobs[0]
	fmt.Fprintf(out, "job: %s, %d nodes\n", j.Status, *j.Detail.NodeProperties.NumNodes)
	main, ok := srv.Job(j.ID + "#0")
	if !ok {
		return fmt.Errorf("job %s has no main node", j.ID)
	}
	for _, line := range srv.Log(*main.Container.LogStreamName) {
		fmt.Fprintln(out, "  |", line)
	}
	return nil
}

// program is what is in the image: a worker writes its part into the store, the main node adds the parts up.
func program(store string) batchtest.Runner {
	return batchtest.Func(func(ctx context.Context, c *batchtest.Container) int {
		var err error
		switch c.Command()[0] {
		case "part":
			err = part(store, c)
		default:
			err = gather(ctx, store, c)
		}
		if err != nil {
			fmt.Fprintln(c.Stderr, err)
			return 1
		}
		return 0
	})
}

// part writes the square of the node's index.
func part(store string, c *batchtest.Container) error {
	index, err := strconv.Atoi(c.Env("AWS_BATCH_JOB_NODE_INDEX"))
	if err != nil {
		return err
	}
	// The file appears with its content or not at all.
	temporary := filepath.Join(store, fmt.Sprintf("node-%d.tmp", index))
	if err := os.WriteFile(temporary, []byte(strconv.Itoa(index*index)), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(store, fmt.Sprintf("node-%d.txt", index)))
}

// gather waits for the parts of all other nodes and adds them up.
func gather(ctx context.Context, store string, c *batchtest.Container) error {
	n, err := strconv.Atoi(c.Env("AWS_BATCH_JOB_NUM_NODES"))
	if err != nil {
		return err
	}
	total := 0
	for i := 1; i < n; i++ {
		data, err := await(ctx, filepath.Join(store, fmt.Sprintf("node-%d.txt", i)))
		if err != nil {
			return err
		}
		square, err := strconv.Atoi(string(data))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.Stdout, "node %d has %d\n", i, square)
		total += square
	}
	fmt.Fprintln(c.Stdout, "the sum is", total)
	return nil
}

// await reads a file as soon as it is there.
func await(ctx context.Context, name string) ([]byte, error) {
	for {
		data, err := os.ReadFile(name)
		if !os.IsNotExist(err) {
			return data, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
