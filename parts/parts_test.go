package parts_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchjson"
	"github.com/batchkit/batchkit-go/parts"
	"github.com/batchkit/batchkit-go/validate"
)

const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk-AbCdEf"

// What each part becomes, and that a definition with it is valid.
func TestParts(t *testing.T) {
	t.Parallel()
	tag := map[string]string{"labels": "team"}
	for _, row := range []struct {
		name, reason string
		part         any
		want         string
		fargate      bool
	}{
		{
			"awslogs, zero", "everything is left to the service",
			parts.AWSLogs(parts.AWSLogsOptions{}), `{"logDriver":"awslogs"}`, true,
		},
		{
			"awslogs", "all options but the one that excludes another",
			parts.AWSLogs(parts.AWSLogsOptions{Group: "/acme", Region: "eu-west-1", StreamPrefix: "a", CreateGroup: true, DatetimeFormat: "%H:%M"}),
			`{"logDriver":"awslogs","options":{"awslogs-create-group":"true","awslogs-datetime-format":"%H:%M","awslogs-group":"/acme","awslogs-region":"eu-west-1","awslogs-stream-prefix":"a"}}`, true,
		},
		{
			"awslogs, several lines", "a pattern in place of a format",
			parts.AWSLogs(parts.AWSLogsOptions{MultilinePattern: "^INFO"}),
			`{"logDriver":"awslogs","options":{"awslogs-multiline-pattern":"^INFO"}}`, true,
		},
		{
			"splunk", "the token is a secret and no option",
			parts.Splunk("https://splunk:8088", secret, parts.SplunkOptions{
				Source: "s", SourceType: "t", Index: "i", Format: "raw", InsecureSkipVerify: true, Gzip: true, Tag: "{{.Name}}", More: tag,
			}),
			`{"logDriver":"splunk","options":{"labels":"team","splunk-format":"raw","splunk-gzip":"true","splunk-index":"i","splunk-insecureskipverify":"true","splunk-source":"s","splunk-sourcetype":"t","splunk-url":"https://splunk:8088","tag":"{{.Name}}"},"secretOptions":[{"name":"splunk-token","valueFrom":"` + secret + `"}]}`, true,
		},
		{
			"fluentd", "durations in milliseconds, for a part of a second",
			parts.Fluentd(parts.FluentdOptions{
				Address: "unix:///run/fluent.sock", Tag: "a", Async: true, BufferLimit: 10, RetryWait: 1500 * time.Millisecond,
				MaxRetries: 3, SubSecondPrecision: true, More: tag,
			}),
			`{"logDriver":"fluentd","options":{"fluentd-address":"unix:///run/fluent.sock","fluentd-async":"true","fluentd-buffer-limit":"10","fluentd-max-retries":"3","fluentd-retry-wait":"1500ms","fluentd-sub-second-precision":"true","labels":"team","tag":"a"}}`, false,
		},
		{
			"gelf", "the address is needed", parts.GELF("udp://graylog:12201", parts.GELFOptions{Compression: "none", Tag: "a"}),
			`{"logDriver":"gelf","options":{"gelf-address":"udp://graylog:12201","gelf-compression-type":"none","tag":"a"}}`, false,
		},
		{"journald", "nothing is needed", parts.Journald(parts.JournaldOptions{Tag: "a"}), `{"logDriver":"journald","options":{"tag":"a"}}`, false},
		{
			"syslog", "all options", parts.Syslog(parts.SyslogOptions{Address: "tcp://log:514", Facility: "local0", Format: "rfc5424", Tag: "a"}),
			`{"logDriver":"syslog","options":{"syslog-address":"tcp://log:514","syslog-facility":"local0","syslog-format":"rfc5424","tag":"a"}}`, false,
		},
		{
			"json-file", "sizes in MiB", parts.JSONFile(parts.JSONFileOptions{MaxSize: parts.GiB, MaxFiles: 3, Compress: true}),
			`{"logDriver":"json-file","options":{"compress":"true","max-file":"3","max-size":"1024m"}}`, false,
		},
		{
			"EFS", "by default the traffic is plain", parts.EFS("fs-0123", parts.EFSOptions{RootDirectory: "/data"}),
			`{"fileSystemId":"fs-0123","rootDirectory":"/data"}`, true,
		},
		{
			"EFS with an access point", "it needs encryption", parts.EFS("fs-0123", parts.EFSOptions{AccessPoint: "fsap-1", Port: 2049}),
			`{"fileSystemId":"fs-0123","authorizationConfig":{"accessPointId":"fsap-1"},"transitEncryption":"ENABLED","transitEncryptionPort":2049}`, true,
		},
		{
			"EFS with IAM", "it needs encryption too", parts.EFS("fs-0123", parts.EFSOptions{IAM: true}),
			`{"fileSystemId":"fs-0123","authorizationConfig":{"iam":"ENABLED"},"transitEncryption":"ENABLED"}`, true,
		},
		{
			"S3 Files", "a folder, and a port",
			parts.S3Files("arn:aws:s3files:eu-west-1:123456789012:file-system/fs-1", parts.S3FilesOptions{RootDirectory: "/a", Port: 2049}),
			`{"fileSystemArn":"arn:aws:s3files:eu-west-1:123456789012:file-system/fs-1","rootDirectory":"/a","transitEncryptionPort":2049}`, true,
		},
		{
			"S3 Files with an access point", "it has a root of its own",
			parts.S3Files("arn:aws:s3files:eu-west-1:123456789012:file-system/fs-1", parts.S3FilesOptions{AccessPoint: "arn:x"}),
			`{"fileSystemArn":"arn:aws:s3files:eu-west-1:123456789012:file-system/fs-1","accessPointArn":"arn:x"}`, true,
		},
		{"Linux, zero", "nothing is said", parts.Linux(parts.LinuxOptions{}), `{}`, true},
		{"Linux on Fargate", "the init process is what Fargate knows", parts.Linux(parts.LinuxOptions{Init: true}), `{"initProcessEnabled":true}`, true},
		{
			"Linux on EC2", "swap is both figures, also a zero",
			parts.Linux(parts.LinuxOptions{
				SharedMemory: 2 * parts.GiB, Swap: &parts.Swap{Max: 512, Swappiness: 0},
				Tmpfs:   []types.Tmpfs{parts.Tmpfs("/scratch", parts.GiB, "noexec")},
				Devices: []types.Device{parts.Device("/dev/fuse"), parts.DeviceAt("/dev/sda", "/dev/disk", types.DeviceCgroupPermissionRead)},
			}),
			`{"devices":[{"hostPath":"/dev/fuse"},{"hostPath":"/dev/sda","containerPath":"/dev/disk","permissions":["READ"]}],"maxSwap":512,"sharedMemorySize":2048,"swappiness":0,"tmpfs":[{"containerPath":"/scratch","size":1024,"mountOptions":["noexec"]}]}`, false,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := batchjson.Marshal(row.part)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, string(got)); diff != "" {
				t.Errorf("%s: -want +got\n%s", row.reason, diff)
			}
			if err := validate.JobDefinition(definition(t, row.part, row.fargate)).Err(); err != nil {
				t.Errorf("%s: %v", row.reason, err)
			}
		})
	}
}

// definition is a valid one around a part.
func definition(t *testing.T, part any, fargate bool) *batch.RegisterJobDefinitionInput {
	t.Helper()
	const base = `{"jobDefinitionName":"a","type":"container","containerProperties":{"image":"busybox",
		"jobRoleArn":"arn:aws:iam::123456789012:role/job","executionRoleArn":"arn:aws:iam::123456789012:role/exec",
		"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"2048"}]}}`
	in := &batch.RegisterJobDefinitionInput{}
	if err := batchjson.Unmarshal([]byte(base), in); err != nil {
		t.Fatal(err)
	}
	if fargate {
		in.PlatformCapabilities = []types.PlatformCapability{types.PlatformCapabilityFargate}
	}
	name := "v"
	switch p := part.(type) {
	case types.LogConfiguration:
		in.ContainerProperties.LogConfiguration = &p
	case types.LinuxParameters:
		in.ContainerProperties.LinuxParameters = &p
	case types.EFSVolumeConfiguration:
		in.ContainerProperties.Volumes = []types.Volume{{Name: &name, EfsVolumeConfiguration: &p}}
	case types.S3FilesVolumeConfiguration:
		in.ContainerProperties.Volumes = []types.Volume{{Name: &name, S3filesVolumeConfiguration: &p}}
	default:
		t.Fatalf("a %T is no part", part)
	}
	return in
}

// What is made shares no memory with what it was made of.
func TestPartsAreCopies(t *testing.T) {
	t.Parallel()
	more := map[string]string{"labels": "team"}
	log := parts.Fluentd(parts.FluentdOptions{Tag: "a", More: more})
	if len(more) != 1 {
		t.Errorf("the caller's options were written to: %v", more)
	}
	more["labels"] = "scribbled"
	if log.Options["labels"] != "team" {
		t.Error("the log configuration shares the caller's options")
	}
	tmpfs := []types.Tmpfs{parts.Tmpfs("/a", 1)}
	linux := parts.Linux(parts.LinuxOptions{Tmpfs: tmpfs})
	*tmpfs[0].ContainerPath = "scribbled"
	if *linux.Tmpfs[0].ContainerPath != "/a" {
		t.Error("the Linux parameters share the caller's folders")
	}
}
