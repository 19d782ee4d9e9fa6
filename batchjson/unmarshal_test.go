package batchjson_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/batchkit/batchkit-go/batchjson"
)

// at is a problem as the tables below write it: without message and offset,
// which tests of their own look at.
func at(kind batchjson.Kind, path string, line, column int, nearest ...string) batchjson.Problem {
	return batchjson.Problem{Kind: kind, Path: path, Line: line, Column: column, Nearest: strings.Join(nearest, "")}
}

// problems returns the list in err, nil if there is none.
func problems(t *testing.T, err error) []batchjson.Problem {
	t.Helper()
	if err == nil {
		return nil
	}
	var list *batchjson.Error
	if !errors.As(err, &list) {
		t.Fatalf("error %v is no *Error", err)
	}
	if len(list.Problems) == 0 {
		t.Fatal("an *Error without problems")
	}
	return list.Problems
}

func TestUnmarshalBadDocuments(t *testing.T) {
	t.Parallel()
	const (
		deps = "ecsProperties.taskProperties[0].containers[1].dependsOn[0].condition"
		env  = "containerProperties.environment"
	)
	tests := []struct {
		name   string
		reason string
		data   string
		opts   []batchjson.Option
		want   []batchjson.Problem
	}{{
		name:   "deep path",
		reason: "the path goes through lists and has the spelling of the API",
		data:   "{\"ecsProperties\":{\"taskProperties\":[{\"containers\":[{},\n{\"dependsOn\":[{\"condition\":5}]}]}]}}",
		want:   []batchjson.Problem{at(batchjson.WrongType, deps, 2, 28)},
	}, {
		name:   "several at once",
		reason: "a mistake does not hide those behind it, nor one inside another member",
		data:   "{\"jobDefinitionName\": 7,\n \"typ\": \"container\",\n \"containerProperties\": {\"vcpus\": \"1\", \"image\": true,\n  \"environment\": [{\"name\": 1}, {\"nam\": \"x\"}]},\n \"timeout\": 60}",
		want: []batchjson.Problem{
			at(batchjson.WrongType, "jobDefinitionName", 1, 23),
			at(batchjson.UnknownMember, "typ", 2, 2, "type"),
			at(batchjson.WrongType, "containerProperties.vcpus", 3, 35),
			at(batchjson.WrongType, "containerProperties.image", 3, 49),
			at(batchjson.WrongType, env+"[0].name", 4, 28),
			at(batchjson.UnknownMember, env+"[1].nam", 4, 33, "name"),
			at(batchjson.WrongType, "timeout", 5, 13),
		},
	}, {
		name:   "wrong case",
		reason: "names are case-sensitive, as the service has them",
		data:   `{"JobDefinitionName":"a","RETRYSTRATEGY":{},"job_definition_name":"b"}`,
		want: []batchjson.Problem{
			at(batchjson.UnknownMember, "JobDefinitionName", 1, 2, "jobDefinitionName"),
			at(batchjson.UnknownMember, "RETRYSTRATEGY", 1, 26, "retryStrategy"),
			at(batchjson.UnknownMember, "job_definition_name", 1, 45, "jobDefinitionName"),
		},
	}, {
		name:   "far name",
		reason: "a guess that is not near would mislead",
		data:   `{"colour":"red","":1,"x":2,"` + strings.Repeat("tags", 100) + `":3}`,
		want: []batchjson.Problem{
			at(batchjson.UnknownMember, "colour", 1, 2),
			at(batchjson.UnknownMember, `[""]`, 1, 17),
			at(batchjson.UnknownMember, "x", 1, 22),
			at(batchjson.UnknownMember, strings.Repeat("tags", 32)[:128]+"…", 1, 28),
		},
	}, {
		name:   "unknown ignored",
		reason: "the service skips what it does not know, but other rules stay",
		data:   `{"JobDefinitionName":{"a":[1,{"b":null}]},"containerProperties":{"imagee":1,"image":1}}`,
		opts:   []batchjson.Option{batchjson.IgnoreUnknown()},
		want:   []batchjson.Problem{at(batchjson.WrongType, "containerProperties.image", 1, 85)},
	}, {
		name:   "unknown ignored, bad syntax inside",
		reason: "skipping is no licence for bad JSON, and the path says where",
		data:   `{"x":{"a":[1,}}`,
		opts:   []batchjson.Option{batchjson.IgnoreUnknown()},
		want:   []batchjson.Problem{at(batchjson.Syntax, "x", 1, 14)},
	}, {
		name:   "duplicates",
		reason: "two values for one name: which one counts must not be left to chance",
		data:   `{"type":"container","type":"multinode","tags":{"a":"1","a":"2","b":1,"b":"3"},"timeout":null,"timeout":{}}`,
		want: []batchjson.Problem{
			at(batchjson.DuplicateMember, "type", 1, 21),
			at(batchjson.DuplicateMember, "tags.a", 1, 56),
			at(batchjson.WrongType, "tags.b", 1, 68),
			at(batchjson.DuplicateMember, "tags.b", 1, 70),
			at(batchjson.DuplicateMember, "timeout", 1, 94),
		},
	}, {
		name:   "null",
		reason: "a member may be null, an element or entry may not: it would be sent as something else",
		data:   `{"type":null,"containerProperties":{"command":["a",null],"environment":[null]},"tags":{"k":null}}`,
		want: []batchjson.Problem{
			at(batchjson.WrongType, "containerProperties.command[1]", 1, 52),
			at(batchjson.WrongType, env+"[0]", 1, 73),
			at(batchjson.WrongType, "tags.k", 1, 92),
		},
	}, {
		name:   "map keys in paths",
		reason: "a key with a dot must not look like two steps",
		data:   `{"tags":{"a.b":1,"aws-x_1":2,"":3,"say \"hi\"":4,"é":5}}`,
		want: []batchjson.Problem{
			at(batchjson.WrongType, `tags["a.b"]`, 1, 16),
			at(batchjson.WrongType, `tags.aws-x_1`, 1, 28),
			at(batchjson.WrongType, `tags[""]`, 1, 33),
			at(batchjson.WrongType, `tags["say \"hi\""]`, 1, 48),
			at(batchjson.WrongType, `tags["é"]`, 1, 54),
		},
	}, {
		name:   "columns count code points",
		reason: "an editor shows characters, not bytes",
		data:   "{\r\n\t\"jobDefinitionName\": \"grüße 🚀\", \"type\": 1}",
		want:   []batchjson.Problem{at(batchjson.WrongType, "type", 2, 42)},
	}, {
		name:   "whole numbers",
		reason: "the value counts and not its spelling; nothing is rounded",
		data: `{"schedulingPriority":1.5,"retryStrategy":{"attempts":1e-1},"timeout":{"attemptDurationSeconds":6e1},` +
			`"containerProperties":{"vcpus":10.0,"memory":-0.0,"linuxParameters":{"maxSwap":0e99999999999,"swappiness":100e-99999999999}}}`,
		want: []batchjson.Problem{
			at(batchjson.WrongType, "schedulingPriority", 1, 23),
			at(batchjson.WrongType, "retryStrategy.attempts", 1, 55),
			at(batchjson.WrongType, "containerProperties.linuxParameters.swappiness", 1, 208),
		},
	}, {
		name:   "out of range",
		reason: "the SDK would cut the number off without a word",
		data: `{"schedulingPriority":2147483648,"retryStrategy":{"attempts":-2147483649},"timeout":{"attemptDurationSeconds":1e99999999999},` +
			`"containerProperties":{"vcpus":2147483647,"memory":-2147483648,"linuxParameters":{"maxSwap":99999999999999999999}}}`,
		want: []batchjson.Problem{
			at(batchjson.OutOfRange, "schedulingPriority", 1, 23),
			at(batchjson.OutOfRange, "retryStrategy.attempts", 1, 62),
			at(batchjson.OutOfRange, "timeout.attemptDurationSeconds", 1, 111),
			at(batchjson.OutOfRange, "containerProperties.linuxParameters.maxSwap", 1, 218),
		},
	}, {
		name:   "containers of the wrong kind",
		reason: "the classic slips: a command as text, an environment as an object",
		data:   `{"containerProperties":{"command":"echo hi","environment":{"A":"b"},"privileged":"true","readonlyRootFilesystem":0}}`,
		want: []batchjson.Problem{
			at(batchjson.WrongType, "containerProperties.command", 1, 35),
			at(batchjson.WrongType, env, 1, 59),
			at(batchjson.WrongType, "containerProperties.privileged", 1, 82),
			at(batchjson.WrongType, "containerProperties.readonlyRootFilesystem", 1, 114),
		},
	}, {
		name:   "no unicode",
		reason: "a string that cannot be kept as it is must not change in silence",
		data:   "{\"jobDefinitionName\":\"a\xffb\",\"type\":\"\\ud800\\u0041\",\"tags\":{\"\xc3\":\"1\",\"x\":\"\\udc00\"},\"parameters\":{\"n\":\"\\u0000\\ud83d\\ude80\"}}",
		want: []batchjson.Problem{
			at(batchjson.InvalidUnicode, "jobDefinitionName", 1, 22),
			at(batchjson.InvalidUnicode, "type", 1, 35),
			at(batchjson.InvalidUnicode, "tags[\"\ufffd\"]", 1, 58),
			at(batchjson.InvalidUnicode, "tags.x", 1, 70),
		},
	}, {
		name:   "problem before bad syntax",
		reason: "what was found before the reading stopped is reported too",
		data:   "{\"typ\":1,\n\"tags\":{\"a\":\"b\"\n",
		want: []batchjson.Problem{
			at(batchjson.UnknownMember, "typ", 1, 2, "type"),
			at(batchjson.Syntax, "tags", 3, 1),
		},
	}, {
		name:   "value behind the document",
		reason: "two documents in one are a mistake of joining files",
		data:   "{\"typ\":1}\n\n  {}",
		want: []batchjson.Problem{
			at(batchjson.UnknownMember, "typ", 1, 2, "type"),
			at(batchjson.TrailingData, "", 3, 3),
		},
	}, {
		name:   "other value than an object",
		reason: "the document as a whole has an empty path",
		data:   ` [{}]`,
		want:   []batchjson.Problem{at(batchjson.WrongType, "", 1, 2)},
	}, {
		name:   "null document",
		reason: "an absent document is no empty one",
		data:   `null`,
		want:   []batchjson.Problem{at(batchjson.WrongType, "", 1, 1)},
	}, {
		name:   "deepest allowed",
		reason: "MaxDepth counts the outermost object",
		data:   `{"x":` + strings.Repeat("[", batchjson.MaxDepth-1) + strings.Repeat("]", batchjson.MaxDepth-1) + `}`,
		opts:   []batchjson.Option{batchjson.IgnoreUnknown()},
	}, {
		name:   "too deep",
		reason: "one level more ends the reading at the bracket",
		data:   `{"x":` + strings.Repeat("[", batchjson.MaxDepth) + strings.Repeat("]", batchjson.MaxDepth) + `}`,
		opts:   []batchjson.Option{batchjson.IgnoreUnknown()},
		want:   []batchjson.Problem{at(batchjson.TooDeep, "x", 1, 5+batchjson.MaxDepth)},
	}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			var in batch.RegisterJobDefinitionInput
			got := problems(t, batchjson.Unmarshal([]byte(test.data), &in, test.opts...))
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(batchjson.Problem{}, "Message", "Offset")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, p := range got {
				if p.Message == "" {
					t.Errorf("%s has no message", p.Path)
				}
				if before := test.data[:p.Offset]; strings.Count(before, "\n")+1 != p.Line {
					t.Errorf("offset %d is not in line %d", p.Offset, p.Line)
				}
			}
		})
	}
}

func TestUnmarshalSyntax(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		reason  string
		data    string
		offset  int64
		message string
	}{
		{"empty", "nothing is no document", "", 0, "expected a value, found the end of the document"},
		{"white space", "no more is white space", " \n ", 3, "expected a value, found the end of the document"},
		{"byte order mark", "invisible in an editor, so it must be named", "\ufeff{}", 0, "expected a value, found a byte order mark"},
		{"zero byte", "JSON has no place for it", "{\x00}", 1, "expected a member name in double quotes, found a control character"},
		{"single quotes", "Python and YAML habits", `{'type':1}`, 1, "expected a member name in double quotes, found a single quote"},
		{"comment", "JSON has no comments", "{} // x", 3, "expected the end of the document, found a character that has no meaning here"},
		{"trailing comma in object", "the most frequent slip", `{"type":"a",}`, 12, "the ',' before '}' is one too many"},
		{"trailing comma in list", "the most frequent slip", `{"platformCapabilities":["EC2", ]}`, 32, "the ',' before ']' is one too many"},
		{"missing comma", "the second most frequent slip", `{"type":"a" "tags":{}}`, 12, "expected ',' or '}', found '\"'"},
		{"missing colon", "the member has a name only", `{"type" "a"}`, 8, "expected ':' after the member name, found '\"'"},
		{"missing value", "a template left a hole", `{"type":}`, 8, "expected a value, found '}'"},
		{"bare word", "it may be a secret, so it is not repeated", `{"type":hunter2}`, 8, "expected a value, found a letter"},
		{"broken literal", "the message names the word that was begun", `{"propagateTags":tru}`, 20, "expected the rest of true, found '}'"},
		{"leading zero", "octal numbers are not JSON", `{"schedulingPriority":01}`, 23, "expected ',' or '}', found a digit"},
		{"plus sign", "a sign is written for negative numbers only", `{"schedulingPriority":+1}`, 22, "expected a value, found a character that has no meaning here"},
		{"bare minus", "a sign is no number", `{"schedulingPriority":-}`, 23, "expected a digit, found '}'"},
		{"no digit behind the point", "JavaScript takes it, JSON does not", `{"schedulingPriority":1.}`, 24, "expected a digit, found '}'"},
		{"no digit in the exponent", "the number is cut off", `{"schedulingPriority":1e+}`, 25, "expected a digit, found '}'"},
		{"open string", "the file is cut off", `{"type":"a`, 10, "expected the closing quote of the string, found the end of the document"},
		{"open string with escape", "strings with escapes are read by code of their own", `{"type":"\n`, 11, "expected the closing quote of the string, found the end of the document"},
		{"raw line feed", "a text of several lines was pasted", "{\"type\":\"a\n\"}", 10, `a control character in a string must be escaped, such as \n or \u0000`},
		{"raw zero behind an escape", "strings with escapes are read by code of their own", "{\"type\":\"\\n\x00\"}", 11, `a control character in a string must be escaped, such as \n or \u0000`},
		{"unknown escape", "a Windows path or a regular expression was pasted", `{"type":"\x"}`, 10, `expected one of "\/bfnrtu after the backslash, found a letter`},
		{"short escape", "four digits are wanted", `{"type":"\u12"}`, 13, `expected four hexadecimal digits after \u, found '"'`},
		{"short second escape", "the second half of a pair is read by code of its own", `{"type":"\ud800\u1"}`, 18, `expected four hexadecimal digits after \u, found '"'`},
		{"wrong bracket", "brackets must pair", `{"tags":{]}`, 9, "expected a member name in double quotes, found ']'"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			var in batch.RegisterJobDefinitionInput
			got := problems(t, batchjson.Unmarshal([]byte(test.data), &in))
			if len(got) != 1 {
				t.Fatalf("got %v, want one problem", got)
			}
			if got[0].Offset != test.offset || got[0].Message != test.message {
				t.Errorf("got  %d %s\nwant %d %s", got[0].Offset, got[0].Message, test.offset, test.message)
			}
		})
	}
}

func TestUnmarshalKeepsTheGoodRest(t *testing.T) {
	t.Parallel()
	const data = `{"jobName":"a","jobQueue":1,"dependsOn":[{"jobId":"x"},7,{"jobId":2,"type":"N_TO_N"}],
		"parameters":{"p":"1","q":2},"containerOverrides":{"vcpus":"1","command":["a",1,"c"]},"timeout":[],"tags":{}}`
	in := &batch.SubmitJobInput{JobQueue: aws.String("from before"), ShareIdentifier: aws.String("from before")}
	got := problems(t, batchjson.Unmarshal([]byte(data), in))
	if len(got) != 7 {
		t.Errorf("got %d problems, want 7: %v", len(got), got)
	}
	want := &batch.SubmitJobInput{
		JobName:            aws.String("a"),
		DependsOn:          []types.JobDependency{{JobId: aws.String("x")}, {}, {Type: types.ArrayJobDependencyNToN}},
		Parameters:         map[string]string{"p": "1", "q": ""},
		ContainerOverrides: &types.ContainerOverrides{Command: []string{"a", "", "c"}},
		Tags:               map[string]string{},
	}
	if diff := cmp.Diff(want, in, sdkValues); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestUnmarshalFirstDuplicateCounts(t *testing.T) {
	t.Parallel()
	var in batch.SubmitJobInput
	got := problems(t, batchjson.Unmarshal([]byte(`{"jobName":"a","jobName":"b","tags":{"k":"1","k":"2"}}`), &in))
	if len(got) != 2 || *in.JobName != "a" || in.Tags["k"] != "1" {
		t.Errorf("got %v, %s, %v", got, *in.JobName, in.Tags)
	}
}

// A problem must be fit for a log, so no value may be in its text, whatever
// the mistake.
func TestProblemsHoldNoValues(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, data := range []string{
		`{"containerProperties":{"environment":"hunter2"}}`,
		`{"containerProperties":{"environment":[{"value":hunter2}]}}`,
		`{"containerProperties":{"environment":[{"value":'hunter2'}]}}`,
		`{"containerProperties":{"environment":[{"value":"hunter2\q"}]}}`,
		"{\"containerProperties\":{\"environment\":[{\"value\":\"hunter2\xff\"}]}}",
		"{\"containerProperties\":{\"environment\":[{\"value\":\"hunter2",
		`{"containerProperties":{"environment":[{"valu":"hunter2"}]}}`,
		`{"containerProperties":{"environment":[{"value":"x","value":"hunter2"}]}}`,
		`{"schedulingPriority":"hunter2","parameters":{"p":["hunter2"]}} hunter2`,
	} {
		var in batch.RegisterJobDefinitionInput
		err := batchjson.Unmarshal([]byte(data), &in)
		if err == nil {
			t.Errorf("%s: no problem", data)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the text tells the secret: %v", data, err)
		}
	}
	var in batch.RegisterJobDefinitionInput
	err := batchjson.Unmarshal([]byte(`{"schedulingPriority":424242424242,"type":424242.5,"timeout":{"attemptDurationSeconds":424242.5}}`), &in)
	if err == nil || strings.Contains(err.Error(), "4242") {
		t.Errorf("the text tells a number: %v", err)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	var in batch.SubmitJobInput
	err := batchjson.Unmarshal([]byte(`{"JobName":1}`), &in)
	want := `batchjson: 1:2: JobName: the API has no member of this name here; did you mean jobName?`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}

	err = batchjson.Unmarshal([]byte(`{"dependsOn":[`+strings.Repeat("1,", 29)+`1]}`), &in)
	list := problems(t, err)
	if len(list) != 30 {
		t.Errorf("got %d problems, want all 30", len(list))
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 22 || lines[0] != "batchjson: 30 problems:" || lines[21] != "  and 10 more" {
		t.Errorf("the text is not cut to 20 problems:\n%v", err)
	}
	var first batchjson.Problem
	if !errors.As(err, &first) || first != list[0] || !errors.Is(err, list[29]) {
		t.Error("the problems cannot be reached through Unwrap")
	}
}

func TestUnmarshalWantsAPointerToAStruct(t *testing.T) {
	t.Parallel()
	text := ""
	var none *batch.SubmitJobInput
	for _, v := range []any{nil, batch.SubmitJobInput{}, none, &text, &struct{ F func() }{}, &struct{ M map[int]string }{}} {
		if err := batchjson.Unmarshal([]byte("{}"), v); !errors.Is(err, batchjson.ErrType) {
			t.Errorf("%T: got %v, want ErrType", v, err)
		}
	}
}

func TestUnmarshalFloats(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		reason string
		data   string
		want   float32
		kind   batchjson.Kind
	}{
		{"number", "exponents are fine", `{"weightFactor":-25e-2}`, -0.25, ""},
		{"infinity", "the SDK reads these words", `{"weightFactor":"Infinity"}`, float32(math.Inf(1)), ""},
		{"negative infinity", "the SDK reads these words", `{"weightFactor":"-Infinity"}`, float32(math.Inf(-1)), ""},
		{"too great", "it fits 64 bits, but the member has 32", `{"weightFactor":1e39}`, 0, batchjson.OutOfRange},
		{"number in quotes", "nothing is converted", `{"weightFactor":"1"}`, 0, batchjson.WrongType},
		{"boolean", "nothing is converted", `{"weightFactor":true}`, 0, batchjson.WrongType},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "" || test.reason == "" {
				t.Fatal("a row needs a name and a reason")
			}
			var got types.ShareAttributes
			list := problems(t, batchjson.Unmarshal([]byte(test.data), &got))
			if test.kind != "" {
				if len(list) != 1 || list[0].Kind != test.kind || got.WeightFactor != nil {
					t.Errorf("got %v, %v, want one problem of kind %s and no value", list, got.WeightFactor, test.kind)
				}
				return
			}
			if len(list) != 0 || got.WeightFactor == nil || *got.WeightFactor != test.want {
				t.Errorf("got %v, %v, want %v", list, got.WeightFactor, test.want)
			}
		})
	}
}
