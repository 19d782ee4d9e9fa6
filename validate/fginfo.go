package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// fgInfoRules are judged with [Strict] only.
var fgInfoRules = []Rule{
	{
		ID: "FG029", Title: "a Fargate task without a public address reaches its image by other ways",
		Severity: Info, Platforms: Fargate, Source: userGuide + "fargate.html",
		check: onTask(func(p *pass, t *task) {
			if t.network == nil || t.network.AssignPublicIp == "" || t.network.AssignPublicIp == types.AssignPublicIpDisabled {
				p.fail(at("networkConfiguration", "assignPublicIp"), "is not ENABLED: the subnet needs a NAT gateway or endpoints, or the image cannot be pulled")
			}
		}),
	},
}
