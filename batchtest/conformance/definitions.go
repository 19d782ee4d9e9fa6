package conformance

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

func revisions(p *probe) error {
	var arns []string
	for n := int32(1); n <= 2; n++ {
		out, err := p.register(p.definition(p.cfg.Succeed))
		if err != nil {
			return err
		}
		p.expect(aws.ToInt32(out.Revision) == n, "registering for the %d. time made revision %d", n, aws.ToInt32(out.Revision))
		p.expect(aws.ToString(out.JobDefinitionName) == p.prefix, "registered as %q, want %q", aws.ToString(out.JobDefinitionName), p.prefix)
		arn := aws.ToString(out.JobDefinitionArn)
		p.expect(strings.HasPrefix(arn, "arn:") && strings.HasSuffix(arn, fmt.Sprintf(":job-definition/%s:%d", p.prefix, n)), "the ARN of revision %d is %q", n, arn)
		arns = append(arns, arn)
	}
	active, err := p.describe(&batch.DescribeJobDefinitionsInput{JobDefinitionName: aws.String(p.prefix), Status: aws.String("ACTIVE")})
	if err != nil {
		return err
	}
	p.expect(len(active) == 2, "%d revisions are ACTIVE, want 2", len(active))
	if _, err := p.client.DeregisterJobDefinition(p.ctx, &batch.DeregisterJobDefinitionInput{JobDefinition: aws.String(p.prefix + ":1")}); err != nil {
		return err
	}
	both, err := p.describe(&batch.DescribeJobDefinitionsInput{JobDefinitions: arns})
	if err != nil {
		return err
	}
	p.expect(len(both) == 2, "%d definitions found by two ARNs", len(both))
	for _, d := range both {
		want := "ACTIVE"
		if aws.ToInt32(d.Revision) == 1 {
			want = "INACTIVE"
		}
		p.expect(aws.ToString(d.Status) == want, "revision %d is %s after revision 1 was deregistered, want %s", aws.ToInt32(d.Revision), aws.ToString(d.Status), want)
		p.expect(d.ContainerProperties != nil && aws.ToString(d.ContainerProperties.Image) == p.cfg.Image, "revision %d has lost its image", aws.ToInt32(d.Revision))
		p.expect(aws.ToString(d.Type) == "container", "revision %d is of type %q, want container", aws.ToInt32(d.Revision), aws.ToString(d.Type))
	}
	_, err = p.submit(p.submission(p.prefix + ":1"))
	p.refused("a job for a revision that was deregistered", err)
	id, err := p.submit(p.submission(p.prefix))
	if err != nil {
		return fmt.Errorf("a job for a definition by its name alone: %w", err)
	}
	job, err := p.reach(id, types.JobStatus("").Values()...)
	if err != nil {
		return err
	}
	p.expect(aws.ToString(job.JobDefinition) == arns[1], "the name alone means %s, want the newest active revision %s", aws.ToString(job.JobDefinition), arns[1])
	return nil
}

// describe returns all pages of definitions.
func (p *probe) describe(in *batch.DescribeJobDefinitionsInput) (all []types.JobDefinition, err error) {
	for pages := batch.NewDescribeJobDefinitionsPaginator(p.client, in); pages.HasMorePages(); {
		out, err := pages.NextPage(p.ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, out.JobDefinitions...)
	}
	return all, nil
}

func registrationRefused(p *probe) error {
	for _, w := range []struct {
		what string
		edit func(*batch.RegisterJobDefinitionInput)
	}{
		{"a definition with a space in its name", func(in *batch.RegisterJobDefinitionInput) { in.JobDefinitionName = aws.String("a b") }},
		{"a definition without anything to run", func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties = nil }},
		{"a container without resources", func(in *batch.RegisterJobDefinitionInput) { in.ContainerProperties.ResourceRequirements = nil }},
		{"11 attempts", func(in *batch.RegisterJobDefinitionInput) {
			in.RetryStrategy = &types.RetryStrategy{Attempts: aws.Int32(11)}
		}},
		{"a timeout of 59 seconds", func(in *batch.RegisterJobDefinitionInput) {
			in.Timeout = &types.JobTimeout{AttemptDurationSeconds: aws.Int32(59)}
		}},
		{"a mount of a volume that is not there", func(in *batch.RegisterJobDefinitionInput) {
			in.ContainerProperties.MountPoints = []types.MountPoint{{SourceVolume: aws.String("none"), ContainerPath: aws.String("/x")}}
		}},
	} {
		in := p.definition(p.cfg.Succeed)
		w.edit(in)
		_, err := p.register(in)
		p.refused(w.what, err)
	}
	return nil
}
