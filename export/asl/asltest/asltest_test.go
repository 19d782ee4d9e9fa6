package asltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/batchkit/batchkit-go/batchtest"
	"github.com/batchkit/batchkit-go/export/asl/asltest"
)

func machine(states string) string { return `{"StartAt":"a","States":{` + states + `}}` }

func jsonata(states string) string {
	return `{"QueryLanguage":"JSONata","StartAt":"a","States":{` + states + `}}`
}

// pass is a machine of one Pass with the given members.
func pass(members string) string { return machine(`"a":{"Type":"Pass","End":true,` + members + `}`) }

func output(expression string) string {
	text, err := json.Marshal(expression)
	if err != nil {
		panic(err)
	}
	return jsonata(`"a":{"Type":"Pass","End":true,"Output":` + string(text) + `}`)
}

const data = `{"n":{"list":[{"k":"x"},{"k":"y"},{}],"s":"t"}}`

func TestData(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, reason, machine, want string }{
		{"path", "names and indexes", pass(`"Parameters":{"a.$":"$.n.list[1].k","b":{"c.$":"$['n'].s"},"d":"$.n"}`), `{"a":"y","b":{"c":"t"},"d":"$.n"}`},
		{"wildcard", "what there is, in a list", pass(`"Parameters":{"a.$":"$.n.list[*].k","b.$":"$.n.none[*].k"}`), `{"a":["x","y"],"b":[]}`},
		{"result path", "beside the input", pass(`"Result":1,"ResultPath":"$.r","OutputPath":"$.r"`), `1`},
		{"null", "nowhere", pass(`"Result":1,"ResultPath":null`), data},
		{"functions", "those that the exporter needs", pass(`"Parameters":{"a.$":"States.Format('{}-{}', $.n.s, States.Hash('a, (b)', 'MD5'))","b.$":"States.Array(1, $.n.s)","c.$":"States.JsonToString($.n.list[0])","d.$":"States.StringToJson('[1]')"}`),
			`{"a":"t-985d40b411cae373a583e246797bc7f6","b":[1,"t"],"c":"{\"k\":\"x\"}","d":[1]}`},
		{"choice", "rules in their order", machine(`"a":{"Type":"Choice","Choices":[{"Variable":"$.none","IsPresent":true,"Next":"no"},{"Not":{"Variable":"$.n.s","StringEquals":"u"},"Next":"b"}],"Default":"no"},
			"no":{"Type":"Fail","Error":"No"},"b":{"Type":"Succeed"}`), data},
		{"parallel", "a result for each branch", machine(`"a":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"b","States":{"b":{"Type":"Pass","Result":1,"End":true}}},{"StartAt":"c","States":{"c":{"Type":"Pass","Result":2,"End":true}}}]}`), `[1,2]`},
		{"map", "a result for each item", machine(`"a":{"Type":"Map","End":true,"ItemsPath":"$.n.list[*].k","ItemProcessor":{"StartAt":"b","States":{"b":{"Type":"Pass","Parameters":{"v.$":"$"},"End":true}}}}`), `[{"v":"x"},{"v":"y"}]`},
		{"jsonata path", "a list is mapped, and a list of one is the value", output(`{% {"a": $states.input.n.list.k, "b": $states.input.n.list[0].k, "c": [$states.input.n.none]} %}`), `{"a":["x","y"],"b":"x","c":[]}`},
		{"jsonata operators", "with their precedence", output(`{% $exists($states.input.n.none) or $states.input.n.s & 'u' = "tu" and $not(false) %}`), `true`},
		{"jsonata functions", "those that the exporter needs", output(`{% $merge([$states.input.n.list[0], {"h": $hash("a, (b)", "MD5"), "s": $string([1])}]) %}`), `{"h":"985d40b411cae373a583e246797bc7f6","k":"x","s":"[1]"}`},
		{"jsonata template", "text that is none stays", jsonata(`"a":{"Type":"Pass","End":true,"Output":{"a":["{% 1 %}","{%"]}}`), `{"a":[1,"{%"]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var input any
			if err := json.Unmarshal([]byte(data), &input); err != nil {
				t.Fatal(err)
			}
			e, err := asltest.Run(t.Context(), nil, test.machine, input)
			if err != nil || !e.Succeeded() {
				t.Fatal(e, err)
			}
			got, err := json.Marshal(e.Output)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("%s: -want +got\n%s", test.reason, diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, reason, machine, err, cause string }{
		{"fail", "its own words", machine(`"a":{"Type":"Fail","Error":"E","Cause":"c"}`), "E", "c"},
		{"paths", "words out of the input", machine(`"a":{"Type":"Fail","ErrorPath":"$.n.s","CausePath":"States.Format('{}!', $.n.s)"}`), "t", "t!"},
		{"jsonata", "words of an expression", jsonata(`"a":{"Type":"Fail","Error":"E","Cause":"{% $states.input.n.s %}"}`), "E", "t"},
		{"nothing", "a path to nothing", pass(`"Parameters":{"a.$":"$.none"}`), "States.ParameterPathFailure", ""},
		{"jsonata nothing", "an expression of nothing", output(`{% $states.input.none %}`), "States.QueryEvaluationError", ""},
		{"no choice", "no rule holds", machine(`"a":{"Type":"Choice","Choices":[{"Variable":"$.n.s","StringEquals":"u","Next":"a"}]}`), "States.NoChoiceMatched", ""},
		{"no state", "a name of nothing", machine(`"a":{"Type":"Pass","Next":"b"}`), "States.Runtime", "b"},
		{"caught", "a catcher that goes on", machine(`"a":{"Type":"Parallel","Branches":[{"StartAt":"b","States":{"b":{"Type":"Fail","Error":"E"}}}],"Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Next":"c"}],"End":true},
			"c":{"Type":"Fail","ErrorPath":"$.e.Error","Cause":"after"}`), "E", "after"},
		{"spelling", "a request that the API does not have", machine(`"a":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:batch:submitJob","Parameters":{"jobName":"a"},"End":true}`), "States.Runtime", "jobName"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var input any
			if err := json.Unmarshal([]byte(data), &input); err != nil {
				t.Fatal(err)
			}
			e, err := asltest.Run(t.Context(), batchtest.Start(t).Client(), test.machine, input)
			if err != nil {
				t.Fatal(err)
			}
			if e.Error != test.err || !strings.Contains(strings.ToLower(e.Cause), strings.ToLower(test.cause)) {
				t.Errorf("%s: %s: %s", test.reason, e.Error, e.Cause)
			}
		})
	}
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, reason, machine, state string }{
		{"language", "a language of its own", `{"QueryLanguage":"SQL"}`, ""},
		{"type", "a type of its own", machine(`"a":{"Type":"Loop"}`), "a"},
		{"resource", "another service", machine(`"a":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage"}`), "a"},
		{"filter", "a path with a filter", pass(`"Parameters":{"a.$":"$.n[?(@.k)]"}`), "a"},
		{"function", "a function that the exporter does not need", pass(`"Parameters":{"a.$":"States.UUID()"}`), "a"},
		{"input path", "a member that is not needed", pass(`"InputPath":"$.n"`), "a"},
		{"deep result", "a place within a place", pass(`"ResultPath":"$.a.b"`), "a"},
		{"rule", "a comparison of numbers is refused when it is read", machine(`"a":{"Type":"Choice","Choices":[{"Variable":"$.n.s","Next":"a"}]}`), "a"},
		{"lambda", "a function that nobody gave", machine(`"a":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"}}`), "a"},
		{"jsonata function", "one that is not known", output(`{% $sum([1]) %}`), "a"},
		{"jsonata operator", "one that is not known", output(`{% 1 + 1 %}`), "a"},
		{"jsonata open", "an expression without an end", output(`{% (1 %}`), "a"},
		{"jsonata lambda", "a function in the expression", output(`{% function($x){$x}(1) %}`), "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var input any
			if err := json.Unmarshal([]byte(data), &input); err != nil {
				t.Fatal(err)
			}
			_, err := asltest.Run(t.Context(), nil, test.machine, input)
			var unsupported *asltest.UnsupportedError
			if !errors.As(err, &unsupported) || unsupported.State != test.state {
				t.Errorf("%s: %v", test.reason, err)
			}
		})
	}
	if _, err := asltest.Run(t.Context(), nil, `{"Loop":1}`, nil); err == nil {
		t.Error("a member that no state machine has")
	}
}

// A retrier waits longer each time, up to its bound, and gives up after its attempts.
func TestRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, calls := time.Now(), 0
		e, err := asltest.Run(t.Context(), nil, machine(`"a":{"Type":"Task","Resource":"f","End":true,
			"Retry":[{"ErrorEquals":["Other"]},{"ErrorEquals":["States.ALL"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":4,"MaxDelaySeconds":20}]}`), nil,
			asltest.WithFunction("f", func(context.Context, json.RawMessage) (json.RawMessage, error) {
				calls++
				return nil, errors.New("no")
			}))
		if err != nil || e.Cause != "no" || calls != 5 || time.Since(start) != (2+6+18+20)*time.Second {
			t.Errorf("%v %v after %d calls in %s", e, err, calls, time.Since(start))
		}
	})
}

// Whatever the text, it is judged without a panic.
func FuzzRun(f *testing.F) {
	f.Add(`{"StartAt":"a","States":{"a":{"Type":"Pass","Parameters":{"b.$":"States.Format('{}', $[0]['x'])"},"End":true}}}`)
	f.Add(`{"QueryLanguage":"JSONata","StartAt":"a","States":{"a":{"Type":"Choice","Choices":[{"Condition":"{% [$states.input][0] = 'x' %}","Next":"a"}]}}}`)
	f.Add(`{"StartAt":"a","States":{"a":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob","Parameters":{"JobName":[]},"End":true}}}`)
	srv := batchtest.New()
	f.Cleanup(srv.Close)
	client := srv.Client()
	f.Fuzz(func(t *testing.T, definition string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if e, err := asltest.Run(ctx, client, definition, nil); (e == nil) == (err == nil) {
			t.Errorf("%v %v", e, err)
		}
	})
}
