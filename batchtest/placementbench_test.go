package batchtest_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchtest"
)

// BenchmarkPlacement runs an array of 10,000 children where placing has more to
// choose from, and reports what a child costs as a multiple of what it costs in
// the compute environment "default".
func BenchmarkPlacement(b *testing.B) {
	const children = 10_000
	fair := func(in *batch.SubmitJobInput) {
		in.JobQueue, in.ShareIdentifier, in.SchedulingPriorityOverride = aws.String("fair"), aws.String("a"), aws.Int32(0)
	}
	for _, bm := range []struct {
		name, definition string
		edit             func(*batch.SubmitJobInput)
	}{
		{"instances", "app", to("instances")},
		{"fargate", "fargate", to("fargate")},
		{"fair", "fargate", fair},
	} {
		b.Run(bm.name, func(b *testing.B) {
			s := start(b)
			s.define("app", batchtest.Exit(0))
			s.define("fargate", batchtest.Exit(0), onFargate)
			s.on(instances("instances", 256, types.CRAllocationStrategyBestFitProgressive, "optimal"))
			in := managed("fargate", types.CRTypeFargate)
			in.ComputeResources.MaxvCpus = aws.Int32(256)
			s.on(in)
			s.fairQueue("fair", 256, nil)
			var here, there time.Duration
			for b.Loop() {
				began := time.Now()
				s.ended(s.submit(bm.definition, bm.edit, size(children)))
				there += time.Since(began)
				began = time.Now()
				s.ended(s.submit("app", size(children)))
				here += time.Since(began)
			}
			b.ReportMetric(float64(there)/float64(here), "x-default")
		})
	}
}
