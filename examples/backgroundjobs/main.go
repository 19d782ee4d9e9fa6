// Command backgroundjobs keeps the definitions of dozens of background jobs of one application. They are forks of one
// base, and differ in size, role and the way of their log: through the fluentd of the host, or through a FireLens router
// beside them. It checks that the largest job fits the instances there are, says when the cluster must grow, and
// registers what has changed, on an embedded AWS Batch.
package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/ecsprops"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	srv := batchtest.New()
	defer srv.Close()
	srv.Image(appImage, batchtest.Image{Run: batchtest.Exit(0)})
	srv.Image(routerImage, batchtest.Image{Run: batchtest.Func(func(ctx context.Context, _ *batchtest.Container) int {
		<-ctx.Done() // a router runs until the task ends
		return 0
	})})
	client := batchkit.NewClient(srv.Client(), batchkit.WithPollInterval(10*time.Millisecond, 100*time.Millisecond))

	inputs, err := build()
	if err != nil {
		return err
	}
	if err := capacity(out, inputs); err != nil {
		return err
	}
	if err := deploy(ctx, out, client); err != nil {
		return err
	}
	return nightly(ctx, out, client)
}

// build makes the request of every definition, each checked by the rules of the service.
func build() (map[string]*batch.RegisterJobDefinitionInput, error) {
	inputs := map[string]*batch.RegisterJobDefinitionInput{}
	for team, list := range jobs {
		for _, job := range list {
			in, err := definition(team, job).Build()
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", job.name, team, err)
			}
			inputs[*in.JobDefinitionName] = in
		}
	}
	return inputs, nil
}

// capacity prints where each job fits, and the share of an instance type at which a cluster of it must grow.
func capacity(out io.Writer, inputs map[string]*batch.RegisterJobDefinitionInput) error {
	reservations := map[string]size{}
	for name, in := range inputs {
		r, err := reservation(in)
		if err != nil {
			return err
		}
		reservations[name] = r
	}
	if err := fit(reservations, instances); err != nil {
		return err
	}
	fmt.Fprintf(out, "== %d definitions\n", len(inputs))
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		r := reservations[name]
		smallest, _ := home(r, instances)
		fmt.Fprintf(out, "%-28s %4v vCPU %6d MiB  %-11s %s\n", name, r.vcpus, r.memory, smallest.name, logs(inputs[name]))
	}
	l := largest(reservations)
	fmt.Fprintf(out, "\n== The largest reservations: %v vCPU, %d MiB\n", l.vcpus, l.memory)
	for _, i := range instances {
		if _, ok := home(l, []instance{i}); !ok {
			fmt.Fprintf(out, "%-11s is too small for them\n", i.name)
			continue
		}
		vcpus, memory := threshold(l, usable(i))
		fmt.Fprintf(out, "%-11s grow when %.1f%% of the virtual CPUs or %.1f%% of the memory are reserved\n", i.name, 100*vcpus, 100*memory)
	}
	return nil
}

// logs says which way the log of a job goes.
func logs(in *batch.RegisterJobDefinitionInput) string {
	if in.ContainerProperties != nil {
		return string(in.ContainerProperties.LogConfiguration.LogDriver)
	}
	return string(in.EcsProperties.TaskProperties[0].Containers[1].LogConfiguration.LogDriver)
}

// deploy registers all definitions, and again after one has changed: the others keep their revision.
func deploy(ctx context.Context, out io.Writer, client *batchkit.Client) error {
	fmt.Fprintln(out, "\n== Two deployments")
	changed := jobs["billing"][2]
	changed.memory *= 2
	for n, replace := range []map[string]background{nil, {changed.name: changed}} {
		registered, kept := 0, 0
		for _, team := range slices.Sorted(maps.Keys(jobs)) {
			for _, job := range jobs[team] {
				if other, ok := replace[job.name]; ok {
					job = other
				}
				ensured, err := client.EnsureDefinition(ctx, definition(team, job), batchkit.KeepRevisions(3))
				if err != nil {
					return err
				}
				if !ensured.Registered {
					kept++
					continue
				}
				registered++
				for _, change := range ensured.Changes {
					fmt.Fprintf(out, "%s-%s: %v\n", team, job.name, change)
				}
			}
		}
		fmt.Fprintf(out, "deployment %d: %d registered, %d unchanged\n", n+1, registered, kept)
	}
	return nil
}

// nightly runs one job of each kind, by the name of its definition.
func nightly(ctx context.Context, out io.Writer, client *batchkit.Client) error {
	fmt.Fprintln(out, "\n== A night")
	wf := batchkit.NewWorkflow("night")
	payments := wf.Add(batchkit.Job("payments", "default", batchkit.ECSRef("billing-collect-payments")).
		Override(ecsprops.Override(ecsprops.For("app").Env("DAY", "2026-11-20"))))
	wf.Add(batchkit.Job("invoices", "default", batchkit.ContainerRef("billing-invoices")).
		Override(batchkit.Override().Env("DAY", "2026-11-20")), batchkit.After(payments))
	plan, err := wf.Plan()
	if err != nil {
		return err
	}
	run, err := client.Submit(ctx, plan)
	if err != nil {
		return err
	}
	result, err := run.Wait(ctx)
	for _, job := range result.Jobs {
		fmt.Fprintln(out, job.Name, job.Status)
	}
	return err
}
