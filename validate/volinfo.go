package validate

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// volInfoRules are judged with [Strict] only.
var volInfoRules = []Rule{
	{
		ID: "VOL016", Title: "a volume without a path on the host lives as long as its containers",
		Severity: Info, Platforms: EC2 | MultiNode, Source: apiReference + "API_Host.html",
		reads: []string{"efsVolumeConfiguration", "host", "s3filesVolumeConfiguration"},
		check: onVolume(func(p *pass, _ *task, v *types.Volume) {
			if v.EfsVolumeConfiguration == nil && v.S3filesVolumeConfiguration == nil && (v.Host == nil || str(v.Host.SourcePath) == "") {
				p.fail(at("host", "sourcePath"), "is not set: Docker chooses a path, and the data is lost with the containers")
			}
		}),
	},
}
