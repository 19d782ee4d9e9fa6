// Package terraform writes job definitions, queues, compute environments and scheduling policies as a configuration of
// Terraform in its JSON syntax (a file whose name ends in .tf.json), for the provider hashicorp/aws in version 6 or later.
//
// # All or nothing
//
// What the provider lacks, drops or replaces by another value is refused, all of it at once, by an [export.Error]. So a
// plan of the configuration shows what was handed in. The texts container_properties, ecs_properties and node_properties
// are decoded by the provider with its own version of the SDK; one that is older than a member leaves that member out,
// which only its release notes can tell.
//
// # Texts
//
// Terraform fills in ${…} and %{…} in every string of a configuration. They are escaped, so the variables of a shell
// stay what they are; [Expr] is for expressions of Terraform. The resources of consumable resources, service
// environments and quota shares do not exist in the provider.
package terraform
