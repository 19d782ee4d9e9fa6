package ecsprops

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"

	"github.com/batchkit/batchkit-go/batchjson"
)

// FromECS is what [FromECSTaskDefinition] makes of a task definition of Amazon ECS.
type FromECS struct {
	// Family is the name of the task definition; a good name for the job definition.
	Family string
	// Fargate says that the task definition requires Fargate, and not EC2 as well.
	Fargate bool
	// Task is what AWS Batch has a member for. Nothing is checked.
	Task types.EcsTaskProperties
	// Tags are those of the task definition. In AWS Batch they belong to the job definition.
	Tags map[string]string
	// Left are the members that found no place in Task, in the order of their paths.
	Left []Leftover
}

// Leftover is a member of a task definition for which AWS Batch has none, or none of the same meaning.
type Leftover struct {
	// Path leads to it in the task definition: containerDefinitions[0].healthCheck.
	Path string
	// Reason says why it was left, and what to do about it where there is something to do.
	Reason string
}

// String writes path and reason.
func (l Leftover) String() string { return l.Path + ": " + l.Reason }

// EC2Task returns the task as a builder for EC2 instances.
func (f *FromECS) EC2Task() EC2Task { return EC2From(f.Task) }

// FargateTask returns the task as a builder for Fargate.
func (f *FromECS) FargateTask() FargateTask { return FargateFrom(f.Task) }

// FromECSTaskDefinition reads the JSON of a task definition of Amazon ECS, the input of RegisterTaskDefinition or the
// output of DescribeTaskDefinition, and returns the same task for AWS Batch, with a list of what it has no member for:
// nothing is dropped without being named. The error says that the text is no such JSON.
//
// CPU units and memory become the resourceRequirements of the containers, because AWS Batch has no figure for the whole
// task; a single container without figures gets what the task has left.
// See https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html.
func FromECSTaskDefinition(data []byte) (*FromECS, error) {
	definition, err := readObject(data)
	if err != nil {
		return nil, fmt.Errorf("ecsprops: reading an ECS task definition: %w", err)
	}
	if inner, ok := definition["taskDefinition"].(map[string]any); ok {
		if tags, ok := definition["tags"]; ok {
			inner["tags"] = tags
		}
		definition = inner
	}
	c := &conversion{}
	out := &FromECS{Family: c.family(definition), Fargate: c.fargate(definition), Tags: c.tags(definition)}
	task := c.task(definition)
	text, err := json.Marshal(task)
	if err != nil {
		return nil, fmt.Errorf("ecsprops: reading an ECS task definition: %w", err)
	}
	// What is left has the members of the API, but perhaps not their types.
	if err := batchjson.Unmarshal(text, &out.Task); err != nil {
		return nil, fmt.Errorf("ecsprops: reading an ECS task definition: %w", err)
	}
	out.Left = c.sorted()
	return out, nil
}

func readObject(data []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	if object == nil {
		return nil, fmt.Errorf("an object must be there, found null")
	}
	if d.More() {
		return nil, fmt.Errorf("nothing may follow the object")
	}
	return object, nil
}

func (c *conversion) family(definition map[string]any) string {
	v := c.take(definition, "family")
	family, ok := v.(string)
	if !ok && v != nil {
		c.leave("family", unreadable)
	}
	return family
}

func (c *conversion) fargate(definition map[string]any) bool {
	fargate, ec2 := false, false
	for i, platform := range c.list(definition, "requiresCompatibilities") {
		switch platform {
		case "FARGATE":
			fargate = true
		case "EC2":
			ec2 = true
		default:
			c.leave(at("requiresCompatibilities", i), "AWS Batch runs tasks on EC2 and Fargate")
		}
	}
	return fargate && !ec2
}

func (c *conversion) tags(definition map[string]any) map[string]string {
	var tags map[string]string
	for i, element := range c.list(definition, "tags") {
		tag, _ := element.(map[string]any)
		key, hasKey := tag["key"].(string)
		value, hasValue := tag["value"].(string)
		if !hasKey || !hasValue && tag["value"] != nil {
			c.leave(at("tags", i), unreadable)
			continue
		}
		if tags == nil {
			tags = map[string]string{}
		}
		tags[key] = value
	}
	return tags
}

func (c *conversion) list(definition map[string]any, name string) []any {
	v := c.take(definition, name)
	list, ok := v.([]any)
	if !ok && v != nil {
		c.leave(name, unreadable)
	}
	return list
}
