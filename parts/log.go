package parts

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/size"
)

// Memory is an amount of memory in MiB. An untyped number counts MiB; see [MiB] and [GiB].
type Memory = size.Memory

// The units of memory: 512*parts.MiB, 2*parts.GiB.
const (
	MiB = size.MiB
	GiB = size.GiB
)

// AWSLogsOptions are what the log driver awslogs may be told. The zero value writes to the group /aws/batch/job.
// See https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html.
type AWSLogsOptions struct {
	// Group is the log group. Default: /aws/batch/job.
	Group string
	// Region is the Region of the group. Default: that of the job.
	Region string
	// StreamPrefix begins the names of the log streams. Default: the name of the job definition.
	StreamPrefix string
	// CreateGroup makes the group if it is not there. The execution role needs logs:CreateLogGroup for it.
	CreateGroup bool
	// DatetimeFormat tells where a message of several lines begins, in the notation of strftime.
	// It excludes MultilinePattern.
	DatetimeFormat string
	// MultilinePattern is a regular expression that tells where a message of several lines begins.
	MultilinePattern string
}

// AWSLogs sends the log to Amazon CloudWatch Logs. EC2 and Fargate have it.
func AWSLogs(o AWSLogsOptions) types.LogConfiguration {
	l := driver(types.LogDriverAwslogs, nil)
	l.set("awslogs-group", o.Group)
	l.set("awslogs-region", o.Region)
	l.set("awslogs-stream-prefix", o.StreamPrefix)
	l.flag("awslogs-create-group", o.CreateGroup)
	l.set("awslogs-datetime-format", o.DatetimeFormat)
	l.set("awslogs-multiline-pattern", o.MultilinePattern)
	return l.configuration()
}

// SplunkOptions are what the log driver splunk may be told.
// See https://docs.docker.com/engine/logging/drivers/splunk/.
type SplunkOptions struct {
	// Source, SourceType and Index are those of the events. Default: Splunk's own.
	Source, SourceType, Index string
	// Format is inline, json or raw. Default: inline.
	Format string
	// InsecureSkipVerify takes whatever certificate the server shows.
	InsecureSkipVerify bool
	// Gzip compresses what is sent.
	Gzip bool
	// Tag is the template of the messages' tag. Default: the container's short id.
	Tag string
	// More are options by their own name.
	More map[string]string
}

// Splunk sends the log to an HTTP Event Collector of Splunk, at a URL such as https://splunk.example.com:8088. EC2 and
// Fargate have it. The token is a secret: the ARN of a Secrets Manager secret, or the ARN or name of a Systems Manager
// parameter. The execution role must be allowed to read it.
func Splunk(url, tokenFrom string, o SplunkOptions) types.LogConfiguration {
	l := driver(types.LogDriverSplunk, o.More)
	l.set("splunk-url", url)
	l.secret("splunk-token", tokenFrom)
	l.set("splunk-source", o.Source)
	l.set("splunk-sourcetype", o.SourceType)
	l.set("splunk-index", o.Index)
	l.set("splunk-format", o.Format)
	l.flag("splunk-insecureskipverify", o.InsecureSkipVerify)
	l.flag("splunk-gzip", o.Gzip)
	l.set("tag", o.Tag)
	return l.configuration()
}

// FluentdOptions are what the log driver fluentd may be told.
// See https://docs.docker.com/engine/logging/drivers/fluentd/.
type FluentdOptions struct {
	// Address is host:port, tcp://host:port or unix:///path, as the instance sees it. Default: localhost:24224.
	Address string
	// Tag is the template of the messages' tag. Default: the container's short id.
	Tag string
	// Async starts the container also when the collector cannot be reached, and sends in the background.
	Async bool
	// BufferLimit is how many messages are kept while the collector cannot be reached. Default: 1,048,576.
	BufferLimit int
	// RetryWait is the time before the first new try to connect, in whole milliseconds. Default: a second.
	RetryWait time.Duration
	// MaxRetries bounds the tries. Default: no bound to speak of.
	MaxRetries int
	// SubSecondPrecision writes the time in nanoseconds.
	SubSecondPrecision bool
	// More are options by their own name.
	More map[string]string
}

// Fluentd sends the log to a fluentd, or a Fluent Bit with a forward input, that runs on the instance. EC2 only; the
// instance must list the driver in ECS_AVAILABLE_LOGGING_DRIVERS, or the job waits for ever. For a router inside the
// task, on either platform, there is [FireLens].
func Fluentd(o FluentdOptions) types.LogConfiguration {
	l := driver(types.LogDriverFluentd, o.More)
	l.set("fluentd-address", o.Address)
	l.flag("fluentd-async", o.Async)
	l.number("fluentd-buffer-limit", o.BufferLimit)
	l.duration("fluentd-retry-wait", o.RetryWait)
	l.number("fluentd-max-retries", o.MaxRetries)
	l.flag("fluentd-sub-second-precision", o.SubSecondPrecision)
	l.set("tag", o.Tag)
	return l.configuration()
}

// GELFOptions are what the log driver gelf may be told.
// See https://docs.docker.com/engine/logging/drivers/gelf/.
type GELFOptions struct {
	// Compression is gzip, zlib or none, for UDP only. Default: gzip.
	Compression string
	// Tag is the template of the messages' tag. Default: the container's short id.
	Tag string
	// More are options by their own name.
	More map[string]string
}

// GELF sends the log to Graylog or another endpoint of that format, at udp://host:port or tcp://host:port. EC2 only; see
// [Fluentd] for what the instance needs.
func GELF(address string, o GELFOptions) types.LogConfiguration {
	l := driver(types.LogDriverGelf, o.More)
	l.set("gelf-address", address)
	l.set("gelf-compression-type", o.Compression)
	l.set("tag", o.Tag)
	return l.configuration()
}

// JournaldOptions are what the log driver journald may be told.
// See https://docs.docker.com/engine/logging/drivers/journald/.
type JournaldOptions struct {
	// Tag is the template of CONTAINER_TAG. Default: the container's short id.
	Tag string
	// More are options by their own name.
	More map[string]string
}

// Journald sends the log to the instance's systemd journal. EC2 only; see [Fluentd] for what the instance needs.
func Journald(o JournaldOptions) types.LogConfiguration {
	l := driver(types.LogDriverJournald, o.More)
	l.set("tag", o.Tag)
	return l.configuration()
}

// SyslogOptions are what the log driver syslog may be told.
// See https://docs.docker.com/engine/logging/drivers/syslog/.
type SyslogOptions struct {
	// Address is udp://host:port, tcp://host:port, tcp+tls://host:port or unix:///path. Default: the instance's own.
	Address string
	// Facility is a name or number of a syslog facility. Default: daemon.
	Facility string
	// Format is rfc3164, rfc5424 or rfc5424micro. Default: that of the instance's own syslog.
	Format string
	// Tag is the template of the messages' tag. Default: the container's short id.
	Tag string
	// More are options by their own name.
	More map[string]string
}

// Syslog sends the log to a syslog server. EC2 only; see [Fluentd] for what the instance needs.
func Syslog(o SyslogOptions) types.LogConfiguration {
	l := driver(types.LogDriverSyslog, o.More)
	l.set("syslog-address", o.Address)
	l.set("syslog-facility", o.Facility)
	l.set("syslog-format", o.Format)
	l.set("tag", o.Tag)
	return l.configuration()
}

// JSONFileOptions are what the log driver json-file may be told. The zero value lets the file grow without bound.
// See https://docs.docker.com/engine/logging/drivers/json-file/.
type JSONFileOptions struct {
	// MaxSize is the size at which a new file is begun, in MiB. Default: no bound.
	MaxSize Memory
	// MaxFiles is how many files are kept; it needs MaxSize. Default: 1.
	MaxFiles int
	// Compress packs the older files.
	Compress bool
	// More are options by their own name.
	More map[string]string
}

// JSONFile keeps the log in files on the instance. EC2 only; see [Fluentd] for what the instance needs.
func JSONFile(o JSONFileOptions) types.LogConfiguration {
	l := driver(types.LogDriverJsonFile, o.More)
	if o.MaxSize != 0 {
		l.set("max-size", strconv.Itoa(int(o.MaxSize))+"m")
	}
	l.number("max-file", o.MaxFiles)
	l.flag("compress", o.Compress)
	return l.configuration()
}

// FireLensOptions are what the log driver awsfirelens may be told.
// See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html.
type FireLensOptions struct {
	// Output is the output plugin of the router, such as cloudwatch_logs or kinesis_firehose: its Name in Fluent Bit, its
	// @type in fluentd. Default: what the router's own configuration says.
	Output string
	// Fluentd says that the router is a fluentd, so that Output becomes @type.
	Fluentd bool
	// Settings are the settings of the output plugin, by their own name, such as region or log_group_name.
	Settings map[string]string
	// Secrets are settings whose value is a secret: by name, the ARN of a Secrets Manager secret, or the ARN or name of a
	// Systems Manager parameter. The execution role must be allowed to read them.
	Secrets map[string]string
	// BufferLimit is how many lines are kept in memory, below 536,870,912. Default: 1,048,576.
	BufferLimit int
}

// FireLens sends the log to the log router of the task, another of its containers; see ecsprops.FluentBit. EC2 and
// Fargate have it.
func FireLens(o FireLensOptions) types.LogConfiguration {
	l := driver(types.LogDriverAwsfirelens, o.Settings)
	output := "Name"
	if o.Fluentd {
		output = "@type"
	}
	l.set(output, o.Output)
	l.number("log-driver-buffer-limit", o.BufferLimit)
	for _, name := range slices.Sorted(maps.Keys(o.Secrets)) {
		l.secret(name, o.Secrets[name])
	}
	return l.configuration()
}

// logDriver is a log configuration in the making.
type logDriver types.LogConfiguration

func driver(name types.LogDriver, more map[string]string) *logDriver {
	return &logDriver{LogDriver: name, Options: maps.Clone(more)}
}

func (l *logDriver) configuration() types.LogConfiguration { return types.LogConfiguration(*l) }

func (l *logDriver) set(option, value string) {
	if value == "" {
		return
	}
	if l.Options == nil {
		l.Options = map[string]string{}
	}
	l.Options[option] = value
}

func (l *logDriver) flag(option string, on bool) {
	if on {
		l.set(option, "true")
	}
}

func (l *logDriver) number(option string, n int) {
	if n != 0 {
		l.set(option, strconv.Itoa(n))
	}
}

// duration writes whole milliseconds, as Docker reads them: 1500ms.
func (l *logDriver) duration(option string, d time.Duration) {
	if d != 0 {
		l.set(option, strconv.FormatInt(d.Milliseconds(), 10)+"ms")
	}
}

func (l *logDriver) secret(option, from string) {
	if from != "" {
		l.SecretOptions = append(l.SecretOptions, types.Secret{Name: &option, ValueFrom: &from})
	}
}
