package parts_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/ecsprops"
	"github.com/batchkit/batchkit-go/parts"
)

// The same part goes into a container of any kind.
func ExampleAWSLogs() {
	log := parts.AWSLogs(parts.AWSLogsOptions{Group: "/acme/resize", StreamPrefix: "nightly", CreateGroup: true})
	one := batchkit.EC2("acme/resize:1").LogConfiguration(log)
	app := ecsprops.Essential("app", "acme/resize:1").LogConfiguration(log)

	fmt.Println(one.Properties().LogConfiguration.Options["awslogs-group"])
	fmt.Println(app.Properties().LogConfiguration.Options["awslogs-group"])
	// Output:
	// /acme/resize
	// /acme/resize
}

// The token of Splunk is a secret. It does not stand in the definition.
func ExampleSplunk() {
	show(parts.Splunk("https://splunk.example.com:8088",
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk-AbCdEf", parts.SplunkOptions{Index: "batch"}))
	// Output:
	// {"logDriver":"splunk","options":{"splunk-index":"batch","splunk-url":"https://splunk.example.com:8088"},"secretOptions":[{"name":"splunk-token","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk-AbCdEf"}]}
}

// The application writes to the router, and the router to where its output plugin says.
func ExampleFireLens() {
	router := ecsprops.FluentBit("router", "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable", ecsprops.RouterOptions{}).
		VCPU(1).Memory(128)
	app := ecsprops.Essential("app", "acme/app:1").VCPU(1).Memory(512).AfterStart(router).
		LogConfiguration(parts.FireLens(parts.FireLensOptions{
			Output:   "kinesis_firehose",
			Settings: map[string]string{"region": "eu-west-1", "delivery_stream": "logs"},
		}))
	_, err := batchkit.Define("routed", ecsprops.EC2(router, app)).Build()
	fmt.Println(err)
	show(*router.Properties().FirelensConfiguration)
	show(*app.Properties().LogConfiguration)
	// Output:
	// <nil>
	// {"type":"fluentbit","options":{"enable-ecs-log-metadata":"true"}}
	// {"logDriver":"awsfirelens","options":{"Name":"kinesis_firehose","delivery_stream":"logs","region":"eu-west-1"}}
}

// An access point switches the encryption on that it needs.
func ExampleEFS() {
	show(parts.EFS("fs-0123456789abcdef0", parts.EFSOptions{AccessPoint: "fsap-0123456789abcdef0"}))
	// Output:
	// {"fileSystemId":"fs-0123456789abcdef0","authorizationConfig":{"accessPointId":"fsap-0123456789abcdef0"},"transitEncryption":"ENABLED"}
}

// A scratch folder in memory, and a larger /dev/shm.
func ExampleLinux() {
	show(parts.Linux(parts.LinuxOptions{
		Init: true, SharedMemory: 2 * parts.GiB,
		Tmpfs: []types.Tmpfs{parts.Tmpfs("/scratch", 512*parts.MiB, "noexec")},
	}))
	// Output:
	// {"initProcessEnabled":true,"sharedMemorySize":2048,"tmpfs":[{"containerPath":"/scratch","size":512,"mountOptions":["noexec"]}]}
}

// One value of a secret that holds several.
func ExampleSecretKey() {
	fmt.Println(parts.SecretKey("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", "password"))
	// Output: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::
}

func show(part any) {
	json, err := batchjson.Marshal(part)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(json))
}
