package batchkit_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/eksprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

// subject is a definition by chance, and a job of it.
type subject struct {
	definition interface {
		batchkit.Builder
		Input() *batch.RegisterJobDefinitionInput
	}
	job interface {
		Build() (*batch.SubmitJobInput, error)
		Input() *batch.SubmitJobInput
	}
	// as is batchkit.As for the kind of override that the definition takes.
	as func(batchkit.Definition[batchkit.Overriding]) (*batch.RegisterJobDefinitionInput, bool)
}

// subjects make one of each kind of payload.
var subjects = map[string]func(*testing.T, *chance) subject{
	"container on EC2": func(t *testing.T, c *chance) subject {
		return newSubject(t, c, ec2(t, c), containerOverride(t, c, onECS))
	},
	"container on Fargate": func(t *testing.T, c *chance) subject {
		b := batchkit.Fargate(anImage(c)).VCPU(0.25).Memory(2048).ExecutionRole(anyRole).JobRole(anyRole)
		return newSubject(t, c, chain(t, c, b, onFargate), containerOverride(t, c, onFargate))
	},
	"task on EC2": func(t *testing.T, c *chance) subject {
		task, names := ec2Task(t, c, 1, 2, 3, 4, 10)
		return newSubject(t, c, task, taskOverride(t, c, onECS, names))
	},
	"task on Fargate": func(t *testing.T, c *chance) subject {
		// Containers of 0.25 vCPU and 512 MiB are a size of Fargate when they are so many.
		containers, names := containers(t, c, mostly(c, 3, 1, 2, 4, 8), with(onFargate, arguments{
			"VCPU": rarely(onFargate["VCPU"]), "Memory": rarely(onFargate["Memory"]),
		}))
		task := ecsprops.Fargate(containers...).Volume("v").Volume("w").ExecutionRole(anyRole).TaskRole(anyRole)
		return newSubject(t, c, chain(t, c, task, ofTasks), taskOverride(t, c, with(onFargate, arguments{
			"VCPU": rarely(onFargate["VCPU"]), "Memory": rarely(onFargate["Memory"]),
		}), names))
	},
	"pod": func(t *testing.T, c *chance) subject {
		pod, names, initNames := aPod(t, c, 1, 2, 2, 3, 10)
		return newSubject(t, c, pod, podOverride(t, c, names, initNames))
	},
	"nodes of containers": func(t *testing.T, c *chance) subject {
		return nodesSubject(t, c, ofNodes, ec2(t, c), containerOverride(t, c, onECS))
	},
	"nodes of tasks": func(t *testing.T, c *chance) subject {
		task, names := ec2Task(t, c, 1, 2)
		return nodesSubject(t, c, ofNodes, task, taskOverride(t, c, onECS, names))
	},
	"nodes of pods": func(t *testing.T, c *chance) subject {
		pod, names, initNames := aPod(t, c, 1, 2)
		table := with(ofNodes, arguments{"InstanceType": rarely(ofNodes["InstanceType"])})
		return nodesSubject(t, c, table, pod, podOverride(t, c, names, initNames))
	},
}

const (
	anyRole = "arn:aws:iam::123456789012:role/any"
	steps   = 6 // at most, in one chain
)

func chain[B any](t *testing.T, c *chance, b B, table arguments) B {
	t.Helper()
	return buildertest.Chain(t, c, b, steps, table)
}

func newSubject[O batchkit.Overriding](t *testing.T, c *chance, payload batchkit.Payload[O], override func() O) subject {
	t.Helper()
	def := batchkit.Define(mostly(c, "not good", "one", "two", "three"), payload)
	if !c.Slips() {
		def = def.Param("b", "default")
	}
	def = chain(t, c, def, with(common, arguments{"WithPayload": func(*chance) []any { return []any{payload} }}))
	c.Slip = pick(c, 0, 3) // whatever it was before: most definitions that are accepted come from careful chains
	change := override()
	queue := pick(c, "default", "default", "fair")
	share := one("not good", "share")
	table := with(common, arguments{
		"Array": one(1, 2, 10), "Named": one("-bad", "job", "j2"), "AfterJob": one("0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e", "0a0a0a0a-0b0b-4c0c-8d0d-0e0e0e0e0e0e"), "ShareIdentifier": share,
		"Override": func(*chance) []any { return []any{change} },
	})
	if def.Input().NodeProperties != nil {
		// No document says whether arrays of them are refused. The embedded service refuses them, validation by default does not.
		table["Array"] = func(*chance) []any { return nil }
	}
	job := batchkit.Job(mostly(c, "-bad", "job", "j1"), queue, def)
	switch queue {
	case "fair":
		if job = job.SchedulingPriority(1); !c.Slips() {
			job = job.ShareIdentifier("share")
		}
	default:
		table["ShareIdentifier"] = rarely(share)
	}
	return subject{
		definition: def,
		job:        chain(t, c, job, table),
		as: func(d batchkit.Definition[batchkit.Overriding]) (*batch.RegisterJobDefinitionInput, bool) {
			typed, ok := batchkit.As[O](d)
			return typed.Input(), ok
		},
	}
}

func anImage(c *chance) string { return mostly(c, "", "busybox", "acme/app:1", "acme/app@sha256:00") }

func ec2(t *testing.T, c *chance) batchkit.EC2Container {
	t.Helper()
	return chain(t, c, batchkit.EC2(anImage(c)).VCPU(1).Memory(128).ExecutionRole(anyRole).JobRole(anyRole), onECS)
}

func containerOverride(t *testing.T, c *chance, table arguments) func() batchkit.ContainerOverride {
	return func() batchkit.ContainerOverride { return chain(t, c, batchkit.Override(), table) }
}

// containers are those of a task: each may wait for some that were made before it.
func containers(t *testing.T, c *chance, n int, table arguments) (all []ecsprops.Container, names []string) {
	t.Helper()
	var helpers []ecsprops.NonEssentialContainer
	for i := range n {
		name := mostly(c, "c0", fmt.Sprint("c", i))
		after := func(*chance) []any { return nil }
		own := with(table, inTasks)
		own["AfterStart"], own["AfterComplete"], own["AfterSuccess"] = after, after, after
		if len(all) > 0 {
			own["AfterStart"] = func(c *chance) []any { return []any{pick(c, all...)} }
		}
		if len(helpers) > 0 {
			own["AfterComplete"] = func(c *chance) []any { return []any{pick(c, helpers...)} }
			own["AfterSuccess"] = own["AfterComplete"]
		}
		names = append(names, name)
		if i < n-1 && c.IntN(2) == 0 || c.Slips() {
			b := chain(t, c, ecsprops.NonEssential(name, anImage(c)).VCPU(0.25).Memory(512), own)
			helpers, all = append(helpers, b), append(all, b)
			continue
		}
		all = append(all, chain(t, c, ecsprops.Essential(name, anImage(c)).VCPU(0.25).Memory(512), own))
	}
	return all, names
}

func ec2Task(t *testing.T, c *chance, sizes ...int) (ecsprops.EC2Task, []string) {
	t.Helper()
	list, names := containers(t, c, mostly(c, 11, sizes...), onECS)
	for i, b := range list { // whole numbers of CPUs
		switch b := b.(type) {
		case ecsprops.EssentialContainer:
			list[i] = b.VCPU(1)
		case ecsprops.NonEssentialContainer:
			list[i] = b.VCPU(1)
		}
	}
	task := ecsprops.EC2(list...).Volume("v").Volume("w").ExecutionRole(anyRole).TaskRole(anyRole)
	return chain(t, c, task, ofTasks), names
}

func taskOverride(t *testing.T, c *chance, table arguments, names []string) func() ecsprops.Overrides {
	return func() ecsprops.Overrides {
		var list []ecsprops.ContainerOverride
		for _, name := range names {
			if c.IntN(3) == 0 {
				list = append(list, chain(t, c, ecsprops.For(mostly(c, "nobody", name)), table))
			}
		}
		return chain(t, c, ecsprops.Override(list...), nil)
	}
}

func aPod(t *testing.T, c *chance, sizes ...int) (pod eksprops.JobPod, names, initNames []string) {
	t.Helper()
	var list []eksprops.AppContainer
	for i := range mostly(c, 11, sizes...) {
		name := mostly(c, "Not good", fmt.Sprint("app", i))
		names = append(names, name)
		list = append(list, chain(t, c, eksprops.App(name, anImage(c)).CPU(1).Memory(128), inPods))
	}
	pod = eksprops.Pod(list[0], list[1:]...).EmptyDir("v").EmptyDirUpTo("w", 64)
	for i := range mostly(c, 12, sizes...) - 1 {
		name := mostly(c, "app0", fmt.Sprint("init", i))
		initNames = append(initNames, name)
		pod = pod.Init(chain(t, c, eksprops.Init(name, anImage(c)).CPU(1).Memory(128), inPods))
	}
	return chain(t, c, pod, with(ofPods, arguments{"Init": func(*chance) []any { return []any{} }})), names, initNames
}

func podOverride(t *testing.T, c *chance, names, initNames []string) func() eksprops.Overrides {
	changes := func(names []string) (list []eksprops.ContainerOverride) {
		for _, name := range names {
			if c.IntN(3) == 0 {
				list = append(list, chain(t, c, eksprops.For(mostly(c, "nobody", name)), inPods))
			}
		}
		return list
	}
	return func() eksprops.Overrides {
		override := eksprops.Override(changes(names)...).Init(changes(initNames)...)
		return chain(t, c, override, with(ofPods, arguments{"Init": func(*chance) []any { return []any{} }}))
	}
}

// nodesSubject has one to five groups of nodes, all of the same payload.
func nodesSubject[O batchkit.NodeChange, P batchkit.NodePayload[O]](
	t *testing.T, c *chance, table arguments, payload P, change func() O,
) subject {
	t.Helper()
	groups := []string{"main"}
	total := mostly(c, 0, 1, 2, 3)
	main := chain(t, c, batchkit.MainAmong("main", total, payload), table)
	var more []batchkit.NodeGroup[O]
	for i := range mostly(c, 5, 0, 1, 1, 2, 4) {
		groups = append(groups, fmt.Sprint("group", i))
		n := mostly(c, 0, 1, 2, 5)
		total += n
		more = append(more, chain(t, c, batchkit.Group(groups[i+1], n, payload), table))
	}
	nodes := chain(t, c, batchkit.Nodes(main, more...), with(table, arguments{"MainNode": one(total, 0, total-1)}))
	group := func(c *chance) string { return mostly(c, "nobody", groups...) }
	table = with(table, arguments{
		"For":                func(c *chance) []any { return []any{group(c), change()} },
		"ConsumableResource": func(c *chance) []any { return append([]any{group(c)}, consumable(c)...) },
		"NumNodes":           one(0, total, total+1, total+10),
	})
	return newSubject(t, c, nodes, func() batchkit.NodeOverrides[O] { return chain(t, c, nodes.Override(), table) })
}
