package ecsprops

import "github.com/aws/aws-sdk-go-v2/service/batch/types"

// RouterOptions are what a log router may be told. The zero value routes by what the containers' log configurations
// say, and adds the names of cluster, task and container to each message.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html.
type RouterOptions struct {
	// ConfigFile is the absolute path, in the router's image, of a configuration to include.
	ConfigFile string
	// ConfigObject is the ARN of a configuration to include that is an object of Amazon S3. The task role must be allowed to
	// read it. EC2 only. ConfigFile goes before it.
	ConfigObject string
	// PlainMessages leaves the names of cluster, task and container out.
	PlainMessages bool
}

// FluentBit returns a container that routes the logs of the others with Fluent Bit, for instance with the image
// public.ecr.aws/aws-observability/aws-for-fluent-bit:stable. It is not essential, so it does not decide how the job
// ends. The others write to it with the log configuration of parts.FireLens.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html.
func FluentBit(name, image string, o RouterOptions) NonEssentialContainer {
	return NonEssential(name, image).FirelensConfiguration(types.FirelensConfigurationTypeFluentbit, o.options())
}

// Fluentd returns a container that routes the logs of the others with fluentd. For the rest see [FluentBit].
func Fluentd(name, image string, o RouterOptions) NonEssentialContainer {
	return NonEssential(name, image).FirelensConfiguration(types.FirelensConfigurationTypeFluentd, o.options())
}

func (o RouterOptions) options() map[string]string {
	options := map[string]string{"enable-ecs-log-metadata": "true"}
	if o.PlainMessages {
		options["enable-ecs-log-metadata"] = "false"
	}
	switch {
	case o.ConfigFile != "":
		options["config-file-type"], options["config-file-value"] = "file", o.ConfigFile
	case o.ConfigObject != "":
		options["config-file-type"], options["config-file-value"] = "s3", o.ConfigObject
	}
	return options
}
