package validate

// The limits of the service that more than one rule needs, from serviceLimits unless said otherwise.
const (
	maxDependencies = 20
	minArraySize    = 2
	maxArraySize    = 10000
	// maxContainers is per task: apiReference + "API_EcsTaskProperties.html".
	maxContainers = 10
	// maxDefinitionBytes and maxSubmissionBytes are of the request as serialised.
	maxDefinitionBytes = 24 * 1024
	maxSubmissionBytes = 30 * 1024
)
