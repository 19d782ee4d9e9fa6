package batchtest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/batchtest"
)

// ARNs name the partition of the region, as policies and programs expect it.
func TestPartitions(t *testing.T) {
	t.Parallel()
	type row struct{ name, reason, partition string }
	rows := []row{
		{"eu-central-1", "most regions", "aws"},
		{"cn-north-1", "China", "aws-cn"},
		{"us-gov-west-1", "GovCloud", "aws-us-gov"},
		{"us-iso-east-1", "not the one that begins alike", "aws-iso"},
		{"us-isob-east-1", "not the one that begins alike", "aws-iso-b"},
		{"eusc-de-east-1", "the European Sovereign Cloud", "aws-eusc"},
	}
	each(t, rows, func(r row) (string, string) { return r.name, r.reason }, func(t *testing.T, r row) {
		b := start(t, batchtest.WithRegion(r.name), batchtest.WithAccount("111122223333"))
		b.define("app", batchtest.Exit(0))
		prefix := "arn:" + r.partition + ":batch:" + r.name + ":111122223333:"
		id := b.submit("app", func(in *batch.SubmitJobInput) {
			in.JobQueue, in.JobDefinition = aws.String(prefix+"job-queue/default"), aws.String(prefix+"job-definition/app:1")
		})
		d := b.ended(id)
		for want, got := range map[string]*string{
			prefix + "job/" + id: d.JobArn, prefix + "job-queue/default": d.JobQueue, "arn:" + r.partition + ":ecs:" + r.name + ":111122223333:task/": d.Container.TaskArn,
		} {
			if !strings.HasPrefix(aws.ToString(got), want) {
				t.Errorf("%s, want %s: %s", aws.ToString(got), want, r.reason)
			}
		}
		if _, err := b.client.ListTagsForResource(t.Context(), &batch.ListTagsForResourceInput{ResourceArn: d.JobArn}); err != nil {
			t.Error(err)
		}
	})
}
