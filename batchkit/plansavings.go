package batchkit

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/internal/edit"
)

// leastSaving is the number of jobs from which on an array of them is worth a thought.
const leastSaving = 10

// savings finds the jobs that could be arrays: those that differ only in what a child of an array can look up by its
// index, that wait for the same, and that the same jobs wait for.
func (d *draft) savings() []Saving {
	if len(d.jobs) < leastSaving {
		return nil
	}
	followers := d.followers()
	groups := map[string]int{}
	var all []Saving
	for _, i := range d.sequence {
		n := &d.jobs[i]
		if n.input.ArrayProperties != nil || n.input.NodeOverrides != nil || n.from.definition != nil && n.from.definition.NodeProperties != nil {
			continue
		}
		key := d.alike(i, followers[i])
		k, ok := groups[key]
		if !ok {
			k = len(all)
			groups[key] = k
			all = append(all, Saving{})
		}
		all[k].Jobs = append(all[k].Jobs, n.name())
	}
	var out []Saving
	for _, s := range all {
		if len(s.Jobs) >= leastSaving {
			s.Calls = len(cut(len(s.Jobs), maxArray))
			out = append(out, s)
		}
	}
	return out
}

// followers returns the jobs that wait for each job.
func (d *draft) followers() [][]int {
	out := make([][]int, len(d.jobs))
	for i := range d.jobs {
		for _, w := range d.waits[i] {
			out[w.on] = append(out[w.on], i)
		}
		for _, g := range d.gated[i] {
			on := d.index[g.On]
			out[on] = append(out[on], i)
		}
	}
	return out
}

// alike returns a text that is the same for jobs that could be children of one array.
func (d *draft) alike(job int, followers []int) string {
	in := withoutIndexed(d.jobs[job].input)
	text, err := batchjson.Marshal(&in)
	if err != nil { // not for a type of the SDK
		text = nil
	}
	number := func(separator byte, n int) { text = strconv.AppendInt(append(text, separator), int64(n), 10) }
	number('=', d.definition[job])
	for _, w := range d.waits[job] {
		number('<', w.on)
		text = append(text, w.kind...)
	}
	for _, g := range d.gated[job] {
		text = append(strconv.AppendQuote(append(text, '|'), g.On+" "+g.Condition), g.When...)
	}
	for _, f := range followers {
		number('>', f)
	}
	return string(text)
}

// withoutIndexed is a submission without its name, parameters, environment and commands.
func withoutIndexed(of *batch.SubmitJobInput) batch.SubmitJobInput {
	in := *of
	in.JobName, in.Parameters = nil, nil
	if o := in.ContainerOverrides; o != nil {
		rest := *o
		rest.Command, rest.Environment = nil, nil
		in.ContainerOverrides = &rest
	}
	if in.EcsPropertiesOverride != nil {
		in.EcsPropertiesOverride = edit.Clone(in.EcsPropertiesOverride)
		for _, task := range in.EcsPropertiesOverride.TaskProperties {
			for i := range task.Containers {
				task.Containers[i].Command, task.Containers[i].Environment = nil, nil
			}
		}
	}
	if in.EksPropertiesOverride != nil && in.EksPropertiesOverride.PodProperties != nil {
		in.EksPropertiesOverride = edit.Clone(in.EksPropertiesOverride)
		pod := in.EksPropertiesOverride.PodProperties
		for _, list := range [][]types.EksContainerOverride{pod.InitContainers, pod.Containers} {
			for i := range list {
				list[i].Args, list[i].Command, list[i].Env = nil, nil, nil
			}
		}
	}
	return in
}
