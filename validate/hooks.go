package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// check is what a rule does. Its type says which things of the walk it is shown; the current path leads to them.
type check interface{ register(*hooks, *Rule) }

type (
	// onDefinition sees a definition as a whole.
	onDefinition func(*pass, *batch.RegisterJobDefinitionInput)
	// onRetry, onTimeout: of a definition and of a submission.
	onRetry   func(*pass, *types.RetryStrategy)
	onTimeout func(*pass, *types.JobTimeout)
	// onTask sees each ECS task, written as containerProperties or as ecsProperties, also inside node ranges.
	onTask func(*pass, *task)
	// onContainer sees each container of each ECS task.
	onContainer func(*pass, *container)
	// onVolume sees each volume of each ECS task.
	onVolume func(*pass, *task, *types.Volume)
	// onResources sees the resource requirements of a container, and those of an override.
	onResources func(*pass, *resources)
	// onEnvironment sees the environment of a container, and that of an override.
	onEnvironment func(*pass, []types.KeyValuePair)
	// onSubmission sees a submission as a whole.
	onSubmission func(*pass, *submission)
	// onOverride sees what a submission changes in one ECS container.
	onOverride func(*pass, *override)
	// onWorkflow sees all jobs of a workflow together.
	onWorkflow func(*pass, []Job)
)

// hook is one rule's check of one kind.
type hook[F any] struct {
	rule *Rule
	run  F
}

// hooks are the checks of the catalogue by what they see.
type hooks struct {
	definition  []hook[onDefinition]
	retry       []hook[onRetry]
	timeout     []hook[onTimeout]
	task        []hook[onTask]
	container   []hook[onContainer]
	volume      []hook[onVolume]
	resources   []hook[onResources]
	environment []hook[onEnvironment]
	submission  []hook[onSubmission]
	override    []hook[onOverride]
	workflow    []hook[onWorkflow]
}

func (f onDefinition) register(h *hooks, r *Rule) {
	h.definition = append(h.definition, hook[onDefinition]{r, f})
}
func (f onRetry) register(h *hooks, r *Rule)   { h.retry = append(h.retry, hook[onRetry]{r, f}) }
func (f onTimeout) register(h *hooks, r *Rule) { h.timeout = append(h.timeout, hook[onTimeout]{r, f}) }
func (f onTask) register(h *hooks, r *Rule)    { h.task = append(h.task, hook[onTask]{r, f}) }
func (f onContainer) register(h *hooks, r *Rule) {
	h.container = append(h.container, hook[onContainer]{r, f})
}
func (f onVolume) register(h *hooks, r *Rule) { h.volume = append(h.volume, hook[onVolume]{r, f}) }
func (f onResources) register(h *hooks, r *Rule) {
	h.resources = append(h.resources, hook[onResources]{r, f})
}
func (f onEnvironment) register(h *hooks, r *Rule) {
	h.environment = append(h.environment, hook[onEnvironment]{r, f})
}
func (f onSubmission) register(h *hooks, r *Rule) {
	h.submission = append(h.submission, hook[onSubmission]{r, f})
}
func (f onOverride) register(h *hooks, r *Rule) {
	h.override = append(h.override, hook[onOverride]{r, f})
}
func (f onWorkflow) register(h *hooks, r *Rule) {
	h.workflow = append(h.workflow, hook[onWorkflow]{r, f})
}

// checks is the catalogue, sorted into what its rules see.
var checks = func() *hooks {
	h := &hooks{}
	for i := range catalogue {
		catalogue[i].check.register(h, &catalogue[i])
	}
	return h
}()

// each runs the hooks whose rules are to be judged.
func each[F any](p *pass, hs []hook[F], run func(F)) {
	for i := range hs {
		if p.judges(hs[i].rule) {
			p.rule = hs[i].rule
			run(hs[i].run)
		}
	}
}

// eachOn runs the hooks whose rules hold on every platform that the thing at hand may run on.
func eachOn[F any](p *pass, platforms Platforms, hs []hook[F], run func(F)) {
	for i := range hs {
		if platforms&^hs[i].rule.Platforms == 0 && p.judges(hs[i].rule) {
			p.rule = hs[i].rule
			run(hs[i].run)
		}
	}
}

// several makes one rule of checks that see different things.
type several []check

func (s several) register(h *hooks, r *Rule) {
	for _, c := range s {
		c.register(h, r)
	}
}
