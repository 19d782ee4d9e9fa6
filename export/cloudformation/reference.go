package cloudformation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/batchkit/batchkit-go/depgraph"
	"github.com/batchkit/batchkit-go/export"
	"github.com/batchkit/batchkit-go/export/iam"
	"github.com/batchkit/batchkit-go/internal/ordered"
)

// Ref returns a text that stands for a parameter, for what the Ref of a resource returns, or for a pseudo parameter
// such as AWS::Region. It may be a part of a longer text, in any string of an input that goes into a template. As the only
// element of a list, it stands for all elements of a parameter that is a list. No command of a shell can hold such a
// text by chance.
func Ref(id string) string { return "${" + mark + id + "}" }

// Attr returns a text that stands for an attribute of a resource, as [Ref] does for the resource:
//
//	in.ContainerProperties.JobRoleArn = aws.String(cloudformation.Attr("JobRole", "Arn"))
func Attr(id, attribute string) string { return "${" + mark + id + "." + attribute + "}" }

// mark is what tells a reference from a variable of a shell, whose name has no dot.
const mark = "cfn."

var reference = regexp.MustCompile(`\$\{cfn\.([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}`)

var pseudoParameters = []string{
	"AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
	"AWS::StackName", "AWS::URLSuffix",
}

// Here is the place of the stack, for package export/iam: the policies that it writes then hold for any account and
// Region in which the stack is created.
func Here() iam.Where {
	return iam.Where{Partition: Ref("AWS::Partition"), Region: Ref("AWS::Region"), Account: Ref("AWS::AccountId")}
}

// A writer writes one template, and notes what it cannot write.
type writer struct {
	doc       *document
	resources map[string]string // types by id
	params    map[string]bool   // whether the value is a list, by id
	at        string            // the id of what is being written
	refusals  []export.Refusal
	open      []string // paths of the resource that is being written which hold a reference
	needs     depgraph.Graph[string]
}

func newWriter(d *document) *writer {
	w := &writer{doc: d, resources: map[string]string{}, params: map[string]bool{}}
	for _, p := range d.parameters {
		w.declare(p.id)
		w.params[p.id] = isList(p.Type)
	}
	for _, r := range d.resources {
		w.declare(r.id)
		if w.resources[r.id] == "" {
			w.needs.Add(r.id)
		}
		w.resources[r.id] = r.kind
	}
	seen := map[string]bool{}
	for _, o := range d.outputs {
		w.at = outputs + o.id
		w.checkID(o.id)
		if seen[o.id] {
			w.refuse("", "two outputs have this id; give one of them another")
		}
		seen[o.id] = true
	}
	return w
}

var logicalID = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)

// declare checks the id of a parameter or a resource, of which no two may be the same.
func (w *writer) declare(id string) {
	w.at = id
	w.checkID(id)
	if _, taken := w.params[id]; taken || w.resources[id] != "" {
		w.refuse("", "two resources or parameters have this id; give one of them another")
	}
}

func (w *writer) checkID(id string) {
	if !logicalID.MatchString(id) {
		w.refuse("", "a logical id has 1 to 255 letters and digits, and nothing else")
	}
}

// Limits of a template, see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html.
const (
	maxDescription = 1024
	maxParameters  = 200
	maxResources   = 500
	maxOutputs     = 200
	maxBytes       = 1 << 20
)

func (w *writer) checkSize() {
	w.at = ""
	for _, limit := range []struct {
		found, most int
		what        string
	}{
		{len(w.doc.description), maxDescription, "bytes of description"},
		{len(w.doc.parameters), maxParameters, "parameters"},
		{len(w.doc.resources), maxResources, "resources"},
		{len(w.doc.outputs), maxOutputs, "outputs"},
	} {
		if limit.found > limit.most {
			w.refuse("", fmt.Sprintf("a template has at most %d %s, found %d", limit.most, limit.what, limit.found))
		}
	}
	if len(w.doc.resources) == 0 {
		w.refuse("", "a template has at least one resource")
	}
}

// checkCycles refuses resources that wait for each other, which CloudFormation would notice when it is too late.
func (w *writer) checkCycles() {
	_, err := w.needs.Resolve()
	var all *depgraph.ResolveError[string]
	if !errors.As(err, &all) {
		return
	}
	for _, cycle := range all.Cycles {
		w.at = cycle.Path[0]
		w.refuse("", "the resources refer to each other in a circle, so none can be created first: "+
			strings.Join(append(cycle.Path, cycle.Path[0]), ", ")+"; take one of the references away")
	}
}

func (w *writer) refuse(path, message string) {
	w.refusals = append(w.refusals, export.Refusal{Resource: w.at, Path: path, Message: message})
}

// known reports whether something can be referred to, and refuses it otherwise.
func (w *writer) known(id, path string) bool {
	if w.resources[id] != "" {
		if w.resources[w.at] != "" { // not an output
			w.needs.Depend(w.at, id)
		}
		return true
	}
	if _, ok := w.params[id]; ok || slices.Contains(pseudoParameters, id) {
		return true
	}
	w.refuse(path, fmt.Sprintf("refers to %q, and the template has no resource or parameter of this id", id))
	return false
}

// text writes a text: as it is, or as the intrinsic function that fills in the references in it.
func (w *writer) text(path, s string) any {
	found := reference.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return s
	}
	w.open = append(w.open, path)
	var sub strings.Builder
	last := 0
	for _, m := range found {
		id, attribute := s[m[2]:m[3]], ""
		if m[4] >= 0 {
			attribute = s[m[4]:m[5]]
		}
		if w.known(id, path) && attribute != "" && w.resources[id] == "" {
			w.refuse(path, fmt.Sprintf("refers to an attribute of %q, which is no resource", id))
		}
		if len(s) == m[1]-m[0] {
			return intrinsic(id, attribute)
		}
		sub.WriteString(literal(s[last:m[0]]))
		sub.WriteString("${" + id)
		if attribute != "" {
			sub.WriteString("." + attribute)
		}
		sub.WriteString("}")
		last = m[1]
	}
	sub.WriteString(literal(s[last:]))
	return ordered.Object{{Name: "Fn::Sub", Value: sub.String()}}
}

// literal keeps Fn::Sub from filling in what is no reference.
func literal(s string) string { return strings.ReplaceAll(s, "${", "${!") }

func intrinsic(id, attribute string) ordered.Object {
	if attribute == "" {
		return ordered.Object{{Name: "Ref", Value: id}}
	}
	return ordered.Object{{Name: "Fn::GetAtt", Value: []any{id, attribute}}}
}

// isList reports whether the values of a type of parameters are lists.
func isList(kind string) bool {
	return kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") || strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<List<")
}

// spread puts a list that is a parameter in the place of the list that it is the only element of.
func (w *writer) spread(v any) any {
	switch v := v.(type) {
	case ordered.Object:
		for i := range v {
			v[i].Value = w.spread(v[i].Value)
		}
	case []any:
		for i := range v {
			v[i] = w.spread(v[i])
			ref, ok := v[i].(ordered.Object)
			if !ok || len(ref) != 1 || ref[0].Name != "Ref" {
				continue
			}
			if id, ok := ref[0].Value.(string); ok && w.params[id] {
				if len(v) == 1 {
					return ref
				}
				w.refuse("", fmt.Sprintf("the parameter %q is a list, and stands among other elements of one; give it alone", id))
			}
		}
	}
	return v
}

// A target of references by name: where the API takes a name, and the template has a resource of that name, the
// template says so, and CloudFormation creates them in the right order.
type named struct {
	kind string
	// attribute is the one to refer to; empty for Ref.
	attribute string
}

// byName are the members that may hold the name of another resource.
var byName = map[string]named{
	"computeEnvironment":  {computeEnvironment, "ComputeEnvironmentArn"},
	"serviceEnvironment":  {serviceEnvironment, "ServiceEnvironmentArn"},
	"schedulingPolicyArn": {schedulingPolicy, "Arn"},
	"jobQueue":            {jobQueue, "JobQueueArn"},
	"jobDefinition":       {jobDefinition, "JobDefinitionArn"},
	"consumableResource":  {consumableResource, "ConsumableResourceArn"},
	"jobRoleArn":          {role, "Arn"},
	"taskRoleArn":         {role, "Arn"},
	"executionRoleArn":    {role, "Arn"},
	"serviceRole":         {role, "Arn"},
	"spotIamFleetRole":    {role, "Arn"},
}

// logGroupOption is the option of the awslogs driver that names a log group.
const logGroupOption = "awslogs-group"

// referring replaces the name of another resource of the template by a reference to it.
func (w *writer) referring(at ordered.Path, s string) string {
	to, ok := byName[at.Name]
	if at.Name == "options" && at.Key == logGroupOption {
		to, ok = named{logGroup, ""}, true
	}
	if !ok || s == "" {
		return s
	}
	for _, r := range w.doc.resources {
		if r.kind == to.kind && r.name == s {
			if to.attribute == "" {
				return Ref(r.id)
			}
			return Attr(r.id, to.attribute)
		}
	}
	return s
}
