package asltest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
	"time"
)

// entry is a state that was entered.
type entry struct {
	*runner
	name  string
	state *state
	input any
}

func (e *entry) unsupported(what string) error { return &UnsupportedError{State: e.name, What: what} }

// jsonata says which language the state is written in.
func (e *entry) jsonata() bool {
	if e.state.QueryLanguage != "" {
		return e.state.QueryLanguage == "JSONata"
	}
	return e.language == "JSONata"
}

// run runs the state, retries and catchers included, and returns its output and what comes next; nothing at the end.
func (e *entry) run(ctx context.Context) (any, string, error) {
	retried := make([]int, len(e.state.Retry))
	for {
		output, next, err := e.once(ctx)
		var f *fault
		if !errors.As(err, &f) {
			return output, next, err
		}
		k := slices.IndexFunc(e.state.Retry, func(r retrier) bool { return matches(r.ErrorEquals, f.name) })
		if k >= 0 && retried[k] < orDefault(e.state.Retry[k].MaxAttempts, 3) {
			if err := sleep(ctx, e.state.Retry[k].delay(retried[k])); err != nil {
				return nil, "", err
			}
			retried[k]++
			continue
		}
		for _, c := range e.state.Catch {
			if matches(c.ErrorEquals, f.name) {
				output, err := e.caught(c, f)
				return output, c.Next, err
			}
		}
		return nil, "", f
	}
}

func (e *entry) once(ctx context.Context) (any, string, error) {
	if e.state.InputPath != nil {
		return nil, "", e.unsupported("InputPath")
	}
	switch e.state.Type {
	case "Task":
		return e.with(e.task(ctx))
	case "Parallel":
		return e.with(e.parallel(ctx))
	case "Map":
		return e.with(e.items(ctx))
	case "Pass":
		return e.with(e.pass())
	case "Wait":
		if err := sleep(ctx, time.Duration(e.state.Seconds)*time.Second); err != nil {
			return nil, "", err
		}
		return e.input, e.state.Next, nil
	case "Succeed":
		output, err := e.outputPath(e.input)
		return output, "", err
	case "Choice":
		for _, c := range e.state.Choices {
			if holds, err := e.holds(c); holds || err != nil {
				return e.input, c.Next, err
			}
		}
		if e.state.Default == "" {
			return nil, "", &fault{"States.NoChoiceMatched", "no rule of " + e.name + " holds"}
		}
		return e.input, e.state.Default, nil
	case "Fail":
		return nil, "", e.fail()
	}
	return nil, "", e.unsupported("the type " + e.state.Type)
}

// with makes the output of a result.
func (e *entry) with(result any, err error) (any, string, error) {
	if err != nil {
		return nil, "", err
	}
	if e.jsonata() {
		if e.state.Output != nil {
			result, err = e.template(e.state.Output, scope{"result": result})
		}
		return result, e.state.Next, err
	}
	if e.state.ResultSelector != nil {
		if result, err = e.payload(e.state.ResultSelector, result); err != nil {
			return nil, "", err
		}
	}
	output, err := e.place(e.state.ResultPath, result)
	if err == nil {
		output, err = e.outputPath(output)
	}
	return output, e.state.Next, err
}

func (e *entry) outputPath(output any) (any, error) {
	var path string
	if e.state.OutputPath == nil {
		return output, nil
	}
	if json.Unmarshal(e.state.OutputPath, &path) != nil || path == "" {
		return nil, e.unsupported("an OutputPath that is no path")
	}
	return e.path(path, output)
}

// place puts a result into the input, where a ResultPath says.
func (e *entry) place(where json.RawMessage, result any) (any, error) {
	if where == nil {
		return result, nil
	}
	var path *string
	if err := json.Unmarshal(where, &path); err != nil {
		return nil, e.unsupported("the ResultPath " + string(where))
	}
	if path == nil {
		return e.input, nil
	}
	steps, err := parsePath(*path)
	if err != nil || len(steps) > 1 || len(steps) == 1 && steps[0].name == "" {
		return nil, e.unsupported("the ResultPath " + *path)
	}
	if len(steps) == 0 {
		return result, nil
	}
	object, ok := e.input.(map[string]any)
	if !ok {
		return nil, &fault{"States.ResultPathMatchFailure", "the input of " + e.name + " is no object"}
	}
	object = maps.Clone(object)
	object[steps[0].name] = result
	return object, nil
}

func (e *entry) caught(c catcher, f *fault) (any, error) {
	said := map[string]any{"Error": f.name, "Cause": f.cause}
	if !e.jsonata() {
		return e.place(c.ResultPath, said)
	}
	if c.Output == nil {
		return said, nil
	}
	return e.template(c.Output, scope{"errorOutput": said})
}

func (e *entry) pass() (any, error) {
	switch {
	case e.jsonata():
		return e.input, nil
	case e.state.Result != nil:
		return e.state.Result, nil
	case e.state.Parameters != nil:
		return e.payload(e.state.Parameters, e.input)
	}
	return e.input, nil
}

func (e *entry) fail() error {
	f := &fault{e.state.Error, e.state.Cause}
	for path, text := range map[string]*string{e.state.ErrorPath: &f.name, e.state.CausePath: &f.cause} {
		if path == "" {
			continue
		}
		v, err := e.expression(path, e.input)
		if err != nil {
			return err
		}
		s, ok := v.(string)
		if !ok {
			return &fault{"States.Runtime", path + " is no text"}
		}
		*text = s
	}
	if e.jsonata() {
		v, err := e.template(f.cause, nil)
		if s, ok := v.(string); ok {
			f.cause = s
		}
		if err != nil {
			return err
		}
	}
	return f
}

// parallel runs the branches at the same time. The first that fails stops the others.
func (e *entry) parallel(ctx context.Context) (any, error) {
	input, err := e.arguments()
	if err != nil {
		return nil, err
	}
	return e.together(ctx, len(e.state.Branches), func(ctx context.Context, i int) (any, error) {
		b := e.state.Branches[i]
		return e.branch(ctx, b.StartAt, b.States, input)
	})
}

// items runs the processor for each item, all at the same time.
func (e *entry) items(ctx context.Context) (any, error) {
	p := e.state.ItemProcessor
	if p == nil {
		p = e.state.Iterator
	}
	if p == nil || e.jsonata() || p.ProcessorConfig["Mode"] == "DISTRIBUTED" || e.state.ItemSelector != nil {
		return nil, e.unsupported("a Map that is distributed, selects, or is in JSONata")
	}
	path := e.state.ItemsPath
	if path == "" {
		path = "$"
	}
	v, err := e.path(path, e.input)
	if err != nil {
		return nil, err
	}
	items, ok := v.([]any)
	if !ok {
		return nil, &fault{"States.Runtime", path + " is no list"}
	}
	return e.together(ctx, len(items), func(ctx context.Context, i int) (any, error) {
		return e.branch(ctx, p.StartAt, p.States, items[i])
	})
}

func (e *entry) together(ctx context.Context, n int, run func(context.Context, int) (any, error)) (any, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make([]any, n)
	var (
		wait  sync.WaitGroup
		once  sync.Once
		first error
	)
	for i := range n {
		wait.Go(func() {
			result, err := run(ctx, i)
			results[i] = result
			if err != nil {
				once.Do(func() { first = err; cancel() })
			}
		})
	}
	wait.Wait()
	if first != nil {
		return nil, first
	}
	return results, nil
}

func (r *retrier) delay(retried int) time.Duration {
	rate := 2.0
	if r.BackoffRate != nil {
		rate = *r.BackoffRate
	}
	seconds := float64(orDefault(r.IntervalSeconds, 1)) * math.Pow(rate, float64(retried))
	if r.MaxDelaySeconds != nil {
		seconds = min(seconds, float64(*r.MaxDelaySeconds))
	}
	return time.Duration(seconds * float64(time.Second))
}

func orDefault(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}

// matches says whether a list of error names has the name. States.TaskFailed stands for all but States.Timeout.
func matches(names []string, name string) bool {
	for _, n := range names {
		if n == name || n == "States.ALL" && name != "States.Runtime" ||
			n == "States.TaskFailed" && name != "States.Timeout" && name != "States.Runtime" {
			return true
		}
	}
	return false
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
