package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchjson"
)

// jdStrictRules are judged with [Strict] only.
var jdStrictRules = []Rule{
	{
		// The service measures its own writing of the request, which can be longer than this one.
		ID: "JD018", Title: "a definition keeps clear of the limit of 24 KiB",
		Severity: Warning, Platforms: All, Source: serviceLimits, Uncertain: true,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			const near = maxDefinitionBytes * 9 / 10
			if n, err := batchjson.Size(in); err == nil && n > near && n <= maxDefinitionBytes {
				p.fail(here, "should keep clear of %d bytes as JSON, found %d: the service may count a few more, move long commands and data into the image or into Amazon S3", maxDefinitionBytes, n)
			}
		}),
	},
}
