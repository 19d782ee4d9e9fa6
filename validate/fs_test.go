package validate_test

import "testing"

func TestFairShare(t *testing.T) {
	t.Parallel()
	const (
		share    = "submission.shareIdentifier"
		priority = "submission.schedulingPriorityOverride"
	)
	runFindings(t, []findingsTest{
		{
			name: "priority of zero in the submission", reason: "it is one", on: "submit-container-ec2",
			set: map[string]string{share: `"a"`, priority: `0`},
		},
		{
			name: "priority of zero in the definition", reason: "it is one", on: "submit-container-ec2",
			set: map[string]string{share: `"a"`, "definition.schedulingPriority": `0`},
		},
		{
			name: "no priority known", reason: "the definition may have one", on: "submit",
			set: map[string]string{share: `"a"`},
		},
		{
			name: "no fair share", reason: "a queue that refuses the share wants no priority for it", on: "submit-container-ec2",
			set: map[string]string{share: `"a"`, "queue": `{"fairShare":false}`}, want: []string{"FS002 shareIdentifier"},
		},
		{
			name: "share without a name", reason: "it is given, and empty", on: "submit",
			set: map[string]string{share: `""`}, want: []string{"FS004 shareIdentifier"},
		},
		{
			name: "asterisk alone", reason: "something has to come before it", on: "submit",
			set: map[string]string{share: `"*"`}, want: []string{"FS004 shareIdentifier"},
		},
		{
			name: "asterisk inside", reason: "it may stand at the end only", on: "submit",
			set: map[string]string{share: `"a*b"`}, want: []string{"FS004 shareIdentifier"},
		},
		{
			name: "longest share", reason: "255 characters", on: "submit",
			set: map[string]string{share: `{"$repeat":"a","times":255}`},
		},
		{
			name: "longer share", reason: "one more", on: "submit",
			set: map[string]string{share: `{"$repeat":"a","times":256}`}, want: []string{"FS004 shareIdentifier"},
		},
	})
}
