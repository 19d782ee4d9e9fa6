package validate

import (
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// check is what a rule does. Its type says which things of the walk it is shown; the current path leads to them.
type check interface{ register(*hooks, *Rule) }

type (
	// onDefinition sees a definition as a whole.
	onDefinition func(*pass, *batch.RegisterJobDefinitionInput)
	// onNodeProperties sees nodeProperties, the path leading to them.
	onNodeProperties func(*pass, *types.NodeProperties)
	// onRetry, onTimeout: of a definition and of a submission.
	onRetry   func(*pass, *types.RetryStrategy)
	onTimeout func(*pass, *types.JobTimeout)
	// onExit sees each entry of evaluateOnExit, the path leading to it.
	onExit func(*pass, *types.EvaluateOnExit)
	// onTags sees the tags of a definition and those of a submission, and onTag each of them, the path leading to them all.
	onTags func(*pass, map[string]string)
	onTag  func(p *pass, key, value string)
	// onTask sees each ECS task, written as containerProperties or as ecsProperties, also inside node ranges.
	onTask func(*pass, *task)
	// onContainer sees each container of each ECS task.
	onContainer func(*pass, *container)
	// onEdge sees each dependency of a container on another, the path leading to it.
	onEdge func(*pass, *edge)
	// onLinux sees the Linux parameters of each container, the path leading to them.
	onLinux func(*pass, *types.LinuxParameters)
	// onLog sees each container that has a log configuration, the path leading to that.
	onLog func(*pass, *container)
	// onVolume sees each volume of each ECS task.
	onVolume func(*pass, *task, *types.Volume)
	// onEFS sees each volume in Amazon EFS, the path leading to its configuration.
	onEFS func(*pass, *task, *types.EFSVolumeConfiguration)
	// onResources sees the resource requirements of a container, and those of an override.
	onResources func(*pass, *resources)
	// onVCPUs, onMemory, onGPUs see each of those requirements whose value is a number, and onNoNumber the index of
	// each whose value is none. The path leads to them all.
	onVCPUs    func(*pass, *resources, figure)
	onMemory   func(*pass, *resources, figure)
	onGPUs     func(*pass, *resources, figure)
	onNoNumber func(p *pass, r *resources, index int)
	// onEnvironment sees the environment of a container, of a pod's too, and that of an override.
	onEnvironment func(*pass, []types.KeyValuePair)
	// onPod sees each pod of Amazon EKS, also inside node ranges.
	onPod func(*pass, *pod)
	// onPodContainer sees each container and each init container of each pod.
	onPodContainer func(*pass, *podContainer)
	// onPodResources sees the resources of a container of a pod, and those of an override.
	onPodResources func(*pass, *types.EksContainerResourceRequirements)
	// onMetadata sees the metadata of a pod, and that of an override.
	onMetadata func(*pass, *types.EksMetadata)
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
	definition   list[onDefinition]
	nodes        list[onNodeProperties]
	retry        list[onRetry]
	exit         list[onExit]
	timeout      list[onTimeout]
	tags         list[onTags]
	tag          list[onTag]
	task         list[onTask]
	container    list[onContainer]
	with         [memberCount]list[onContainer] // of the containers that have the member
	edge         list[onEdge]
	linux        list[onLinux]
	log          list[onLog]
	volume       list[onVolume]
	efs          list[onEFS]
	resources    list[onResources]
	vcpus        list[onVCPUs]
	memory       list[onMemory]
	gpus         list[onGPUs]
	noNumber     list[onNoNumber]
	environment  list[onEnvironment]
	pod          list[onPod]
	podContainer list[onPodContainer]
	podResources list[onPodResources]
	metadata     list[onMetadata]
	submission   list[onSubmission]
	override     list[onOverride]
	workflow     list[onWorkflow]
}

func (f onDefinition) register(h *hooks, r *Rule)     { h.definition.add(r, f) }
func (f onNodeProperties) register(h *hooks, r *Rule) { h.nodes.add(r, f) }
func (f onRetry) register(h *hooks, r *Rule)          { h.retry.add(r, f) }
func (f onExit) register(h *hooks, r *Rule)           { h.exit.add(r, f) }
func (f onTimeout) register(h *hooks, r *Rule)        { h.timeout.add(r, f) }
func (f onTags) register(h *hooks, r *Rule)           { h.tags.add(r, f) }
func (f onTag) register(h *hooks, r *Rule)            { h.tag.add(r, f) }
func (f onTask) register(h *hooks, r *Rule)           { h.task.add(r, f) }
func (f onContainer) register(h *hooks, r *Rule)      { h.container.add(r, f) }
func (f onEdge) register(h *hooks, r *Rule)           { h.edge.add(r, f) }
func (f onLinux) register(h *hooks, r *Rule)          { h.linux.add(r, f) }
func (f onLog) register(h *hooks, r *Rule)            { h.log.add(r, f) }
func (f onVolume) register(h *hooks, r *Rule)         { h.volume.add(r, f) }
func (f onEFS) register(h *hooks, r *Rule)            { h.efs.add(r, f) }
func (f onResources) register(h *hooks, r *Rule)      { h.resources.add(r, f) }
func (f onVCPUs) register(h *hooks, r *Rule)          { h.vcpus.add(r, f) }
func (f onMemory) register(h *hooks, r *Rule)         { h.memory.add(r, f) }
func (f onGPUs) register(h *hooks, r *Rule)           { h.gpus.add(r, f) }
func (f onNoNumber) register(h *hooks, r *Rule)       { h.noNumber.add(r, f) }
func (f onEnvironment) register(h *hooks, r *Rule)    { h.environment.add(r, f) }
func (f onPod) register(h *hooks, r *Rule)            { h.pod.add(r, f) }
func (f onPodContainer) register(h *hooks, r *Rule)   { h.podContainer.add(r, f) }
func (f onPodResources) register(h *hooks, r *Rule)   { h.podResources.add(r, f) }
func (f onMetadata) register(h *hooks, r *Rule)       { h.metadata.add(r, f) }
func (f onSubmission) register(h *hooks, r *Rule)     { h.submission.add(r, f) }
func (f onOverride) register(h *hooks, r *Rule)       { h.override.add(r, f) }
func (f onWorkflow) register(h *hooks, r *Rule)       { h.workflow.add(r, f) }

// checks is the catalogue, sorted into what its rules see.
var checks = func() *hooks {
	h := &hooks{}
	for i := range catalogue {
		catalogue[i].check.register(h, &catalogue[i])
	}
	return h
}()

// list are the hooks of one kind.
type list[F any] struct {
	all []hook[F]
	// judged are those for each set of platforms, first by default and then with Strict, made when first asked for.
	judged [2][All + 1]atomic.Pointer[[]hook[F]]
}

func (l *list[F]) add(r *Rule, run F) { l.all = append(l.all, hook[F]{r, run}) }

// on returns the hooks whose rules hold on every platform that the thing at hand may run on, and are to be judged.
// No platforms are those of a thing that has none of its own.
func (l *list[F]) on(platforms Platforms, p *pass) []hook[F] {
	made := &l.judged[0][platforms]
	if p.strict {
		made = &l.judged[1][platforms]
	}
	hs := made.Load()
	if hs == nil {
		kept := without(l.all, func(r *Rule) bool { return platforms&^r.Platforms != 0 || !p.strict && !r.byDefault() })
		hs = &kept
		made.Store(hs)
	}
	if p.disabled != nil {
		return without(*hs, func(r *Rule) bool { return p.disabled[r.ID] })
	}
	return *hs
}

func without[F any](hs []hook[F], drop func(*Rule) bool) []hook[F] {
	return slices.DeleteFunc(slices.Clone(hs), func(h hook[F]) bool { return drop(h.rule) })
}

// each runs hooks, as in each(p, checks.task.on(t.platform, p), func(f onTask) { f(p, t) }).
func each[F any](p *pass, hs []hook[F], run func(F)) {
	for i := range hs {
		p.rule = hs[i].rule
		run(hs[i].run)
	}
}

// several makes one rule of checks that see different things.
type several []check

func (s several) register(h *hooks, r *Rule) {
	for _, c := range s {
		c.register(h, r)
	}
}
