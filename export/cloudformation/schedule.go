package cloudformation

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"

	"github.com/batchkit/batchkit-go/export/schedule"
	"github.com/batchkit/batchkit-go/internal/edit"
	"github.com/batchkit/batchkit-go/internal/ordered"
	"github.com/batchkit/batchkit-go/validate"
)

const (
	schedulerSchedule = "AWS::Scheduler::Schedule"
	maxFlexible       = 1440
)

// A Schedule submits a job at certain times, by way of Amazon EventBridge Scheduler. Its target is SubmitJob itself, so
// it carries every member of a submission, overrides of multi-container jobs as well. See
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html.
type Schedule struct {
	// Name is the name of the schedule. Empty: CloudFormation makes one up.
	Name string
	// Group is the name of the group of schedules that it belongs to. Empty: the default group.
	Group string
	// Description says what the schedule is for; empty for none.
	Description string
	// Expression is when, and required: cron(0 3 * * ? *), rate(6 hours) or at(2030-01-02T03:04:05). See
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html.
	Expression string
	// Timezone is that of the expression, such as Europe/Zurich. Empty: UTC.
	Timezone string
	// FlexibleMinutes is by how much a run may be late, 1 to 1440. Zero: not at all. See
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html.
	FlexibleMinutes int
	// Delivery is how the job is submitted. Its role may call batch:SubmitJob and is mostly Attr of one in the template.
	Delivery schedule.Delivery
	// Submit is the job. A queue and a definition that the template has by that name are referred to; the definition in
	// the revision of the stack. It travels as JSON, so what a parameter in it stands for must not hold quotes.
	Submit *batch.SubmitJobInput
	// Disabled creates the schedule without starting it.
	Disabled bool
}

// Schedule adds a schedule. A job that AWS Batch would refuse is refused here, by the rules of package validate and for
// the definition of the template: nobody would see it fail at night.
func (t Template) Schedule(id string, s Schedule, set ...Setting) Template {
	s.Submit = edit.Clone(s.Submit)
	return t.add(resource{id: id, kind: schedulerSchedule, name: s.Name, properties: func(w *writer) ordered.Object {
		out := ordered.Object{}.With("Name", w.text("Name", s.Name)).With("GroupName", w.text("GroupName", s.Group))
		out = out.With("Description", w.text("Description", s.Description))
		if s.Expression == "" {
			w.refuse("", "a schedule has an expression that says when, and there is none; set Expression")
		}
		if s.FlexibleMinutes < 0 || s.FlexibleMinutes > maxFlexible {
			w.refuse("", fmt.Sprintf("a schedule may be late by at most %d minutes, found %d", maxFlexible, s.FlexibleMinutes))
		}
		out = out.With("ScheduleExpression", w.text("ScheduleExpression", s.Expression))
		out = out.With("ScheduleExpressionTimezone", w.text("ScheduleExpressionTimezone", s.Timezone))
		window := ordered.Object{{Name: "Mode", Value: "OFF"}}
		if s.FlexibleMinutes > 0 {
			window = ordered.Object{{Name: "Mode", Value: "FLEXIBLE"}, {Name: "MaximumWindowInMinutes", Value: int64(s.FlexibleMinutes)}}
		}
		out = out.With("FlexibleTimeWindow", window)
		if s.Disabled {
			out = out.With("State", "DISABLED")
		}
		return out.With("Target", w.target(s))
	}}, set)
}

func (w *writer) target(s Schedule) any {
	if s.Submit == nil {
		w.refuse("", "a schedule has a job to submit, and there is none; set Submit")
		return nil
	}
	in := *s.Submit
	in.JobQueue, in.JobDefinition = w.referringTo("jobQueue", in.JobQueue), w.referringTo("jobDefinition", in.JobDefinition)
	var opts []validate.Option
	for _, r := range w.doc.resources {
		if to := aws.ToString(in.JobDefinition); r.definition != nil && (to == Attr(r.id, "JobDefinitionArn") || to == Ref(r.id)) {
			opts = append(opts, validate.WithDefinition(r.definition))
		}
	}
	target, _, err := schedule.ForScheduler(&in, s.Delivery, append(opts, validate.WithUnknown(references(&in)...))...)
	if invalid := (*validate.InvalidError)(nil); errors.As(err, &invalid) {
		for _, f := range invalid.Findings {
			w.refuse(f.Path, f.Message)
		}
		return nil
	}
	target.Arn = "arn:" + Ref("AWS::Partition") + ":scheduler:::aws-sdk:batch:submitJob"
	return w.document("Target", target)
}

func (w *writer) referringTo(member string, name *string) *string {
	if name == nil {
		return nil
	}
	return aws.String(w.referring(ordered.Path{Name: member}, *name))
}

// references returns the paths of an input that hold a reference, whose values are not known yet.
func references(in any) (paths []string) {
	ordered.Encoder{
		Member: func(at ordered.Path, _ reflect.Value) (string, bool) { return at.Name, true },
		String: func(at ordered.Path, s string) any {
			if reference.MatchString(s) {
				paths = append(paths, at.Exact)
			}
			return s
		},
	}.Encode(in)
	return paths
}
