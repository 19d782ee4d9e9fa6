// Package cloudformation writes what a batch application needs as a CloudFormation template: job definitions, queues,
// compute environments and policies out of inputs of the SDK, with roles, log groups, repositories and schedules around
// them. So the environment of an application is one Go program.
//
// # References
//
// [Ref] and [Attr] return texts that may stand in any string of an input; they become Ref, Fn::GetAtt and Fn::Sub. Where
// the API takes the name of a queue, a compute environment, a scheduling policy, a consumable resource, a role or a log
// group, and the template has a resource of that name, the template refers to it without being told.
//
// # All or nothing
//
// What CloudFormation cannot express is refused, all of it at once, by an [export.Error]: members of the API that the
// resource types lack, references to nothing, values that CloudFormation would drop. The tables behind that are checked
// against the public resource schemas. What AWS Batch would refuse is another matter, see [Template.Check]; but for the
// jobs of schedules, which nobody sees fail.
//
// # Old revisions
//
// Jobs, schedules and workflows may name a revision of a job definition. So former revisions stay active, as far as
// CloudFormation lets them; see [Template.JobDefinition].
package cloudformation
