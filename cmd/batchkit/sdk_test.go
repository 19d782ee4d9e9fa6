package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// TestNewClients is not parallel: its rows set the environment, from which TestMain has removed all credentials.
func TestNewClients(t *testing.T) {
	type found struct{ Region, Key, Batch, Logs string }
	tests := []struct {
		name, reason, endpoint string
		env                    map[string]string
		want                   found
	}{
		{
			"local", "an emulator looks at no credentials, so nobody is asked for any", "http://127.0.0.1:4580",
			map[string]string{"AWS_REGION": "eu-west-1"},
			found{"us-east-1", "local", "http://127.0.0.1:4580", "http://127.0.0.1:4580"},
		},
		{
			"local by name", "localhost is this machine too", "http://LocalHost:4580", nil,
			found{"us-east-1", "local", "http://LocalHost:4580", "http://LocalHost:4580"},
		},
		{
			"local over IPv6", "so is ::1", "http://[::1]:4580", nil,
			found{"us-east-1", "local", "http://[::1]:4580", "http://[::1]:4580"},
		},
		{
			"local with credentials", "an emulator may tell accounts apart by the key, and a tunnel leads to the service",
			"http://127.0.0.1:4580", map[string]string{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"},
			found{"eu-west-1", "AKIDENV", "http://127.0.0.1:4580", "http://127.0.0.1:4580"},
		},
		{
			"elsewhere", "another machine wants real credentials", "https://batch.example.com",
			map[string]string{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"},
			found{"eu-west-1", "AKIDENV", "https://batch.example.com", "https://batch.example.com"},
		},
		{
			"the service", "without the flag all is as the SDK finds it", "",
			map[string]string{
				"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1",
				"AWS_ENDPOINT_URL_BATCH": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://127.0.0.1:2",
			},
			found{"eu-west-1", "AKIDENV", "http://127.0.0.1:1", "http://127.0.0.1:2"},
		},
		{
			"the flag first", "it is for both services, whatever the environment says", "http://127.0.0.1:4580",
			map[string]string{"AWS_ENDPOINT_URL_BATCH": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "http://127.0.0.1:2"},
			found{"us-east-1", "local", "http://127.0.0.1:4580", "http://127.0.0.1:4580"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "" || tt.reason == "" {
				t.Fatal("each row needs a name and a reason")
			}
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			client, logs, err := newClients(t.Context(), tt.endpoint)
			if err != nil {
				t.Fatal(err)
			}
			o := client.Options()
			credentials, err := o.Credentials.Retrieve(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := found{o.Region, credentials.AccessKeyID, aws.ToString(o.BaseEndpoint), aws.ToString(logs.Options().BaseEndpoint)}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
		})
	}
}

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		want         bool
	}{
		{"127.0.0.1", "the usual address", true},
		{"127.9.9.9", "all of 127/8 is this machine", true},
		{"::1", "IPv6", true},
		{"::ffff:127.0.0.1", "IPv4 in IPv6", true},
		{"localhost", "the only name that always means this machine", true},
		{"", "an empty host means every interface", false},
		{"0.0.0.0", "so does this", false},
		{"::", "and this", false},
		{"192.168.0.1", "a private address is not loopback", false},
		{"127.0.0.1.example.com", "a name that only looks like it", false},
		{"localhost.example.com", "likewise", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.reason == "" {
				t.Fatal("each row needs a reason")
			}
			if got := isLoopback(tt.name); got != tt.want {
				t.Errorf("got %t: %s", got, tt.reason)
			}
		})
	}
}
