package validate

// The public documents that the rules come from.
const (
	apiReference   = "https://docs.aws.amazon.com/batch/latest/APIReference/"
	userGuide      = "https://docs.aws.amazon.com/batch/latest/userguide/"
	ecsGuide       = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
	ecsReference   = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"
	cdkPreflight   = "https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/batch/"
	gitHub         = "https://github.com/"
	serviceLimits  = userGuide + "service_limits.html"
	multiContainer = userGuide + "multi-container-jobs.html"
)
