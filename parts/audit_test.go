package parts_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/internal/buildertest"
	"github.com/batchkit/batchkit-go/parts"
)

// Each member of each options struct changes what is made, also the one that is added tomorrow.
func TestEveryOptionCounts(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]any{
		"AWSLogs":  parts.AWSLogs,
		"Splunk":   func(o parts.SplunkOptions) any { return parts.Splunk("url", "token", o) },
		"Fluentd":  parts.Fluentd,
		"GELF":     func(o parts.GELFOptions) any { return parts.GELF("address", o) },
		"Journald": parts.Journald,
		"Syslog":   parts.Syslog,
		"JSONFile": parts.JSONFile,
		"FireLens": func(o parts.FireLensOptions) any {
			if o.Fluentd {
				o.Output = "stdout" // which it is about
			}
			return parts.FireLens(o)
		},
		"EFS":     func(o parts.EFSOptions) any { return parts.EFS("fs-1", o) },
		"S3Files": func(o parts.S3FilesOptions) any { return parts.S3Files("arn", o) },
		"Linux":   parts.Linux,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := reflect.ValueOf(make)
			zero := reflect.New(f.Type().In(0)).Elem()
			for i := range zero.NumField() {
				options := reflect.New(zero.Type()).Elem()
				fill(t, options.Field(i))
				if cmp.Equal(f.Call([]reflect.Value{zero})[0].Interface(), f.Call([]reflect.Value{options})[0].Interface(), buildertest.Ignore) {
					t.Errorf("%s has no effect", zero.Type().Field(i).Name)
				}
			}
		})
	}
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case string:
		v.SetString("x")
	case bool:
		v.SetBool(true)
	case int, parts.Memory, time.Duration:
		v.SetInt(int64(time.Second))
	case map[string]string:
		v.Set(reflect.ValueOf(map[string]string{"k": "v"}))
	case *parts.Swap:
		v.Set(reflect.ValueOf(&parts.Swap{}))
	case []types.Tmpfs:
		v.Set(reflect.ValueOf([]types.Tmpfs{parts.Tmpfs("/a", 1)}))
	case []types.Device:
		v.Set(reflect.ValueOf([]types.Device{parts.Device("/d")}))
	default:
		t.Fatalf("no value for a %v", v.Type())
	}
}
