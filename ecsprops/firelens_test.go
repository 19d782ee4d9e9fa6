package ecsprops_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/internal/buildertest"
)

func TestRouters(t *testing.T) {
	t.Parallel()
	const metadata = "enable-ecs-log-metadata"
	for _, row := range []struct {
		name, reason string
		router       ecsprops.NonEssentialContainer
		want         types.FirelensConfiguration
	}{
		{
			"Fluent Bit", "the names of cluster, task and container help to find a message",
			ecsprops.FluentBit("r", "i", ecsprops.RouterOptions{}),
			types.FirelensConfiguration{Type: types.FirelensConfigurationTypeFluentbit, Options: map[string]string{metadata: "true"}},
		},
		{
			"fluentd", "the messages as they are",
			ecsprops.Fluentd("r", "i", ecsprops.RouterOptions{PlainMessages: true}),
			types.FirelensConfiguration{Type: types.FirelensConfigurationTypeFluentd, Options: map[string]string{metadata: "false"}},
		},
		{
			"object", "a configuration in Amazon S3",
			ecsprops.FluentBit("r", "i", ecsprops.RouterOptions{ConfigObject: "arn:aws:s3:::b/c.conf"}),
			types.FirelensConfiguration{Type: types.FirelensConfigurationTypeFluentbit, Options: map[string]string{
				metadata: "true", "config-file-type": "s3", "config-file-value": "arn:aws:s3:::b/c.conf",
			}},
		},
		{
			"both", "there is room for one, and the file goes before",
			ecsprops.FluentBit("r", "i", ecsprops.RouterOptions{ConfigObject: "arn:aws:s3:::b/c.conf", ConfigFile: "/c.conf"}),
			types.FirelensConfiguration{Type: types.FirelensConfigurationTypeFluentbit, Options: map[string]string{
				metadata: "true", "config-file-type": "file", "config-file-value": "/c.conf",
			}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := row.router.Properties()
			if diff := cmp.Diff(&row.want, p.FirelensConfiguration, buildertest.Ignore); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
			if *p.Name != "r" || *p.Image != "i" || *p.Essential {
				t.Errorf("got %+v", p)
			}
		})
	}
}
