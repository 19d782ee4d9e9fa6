package ecsprops

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// conversion turns the JSON of a task definition of ECS into that of a task of AWS Batch, and notes what it leaves out.
type conversion struct{ left []Leftover }

// reasons are for members that AWS Batch has not, by name. The others have the plain reason.
var reasons = map[string]string{
	"capabilities":              "AWS Batch cannot change the kernel's capabilities; privileged grants all of them on EC2",
	"configuredAtLaunch":        "AWS Batch attaches no volumes at launch",
	"credentialSpecs":           "AWS Batch has no Active Directory credentials",
	"disableNetworking":         "AWS Batch cannot switch networking off",
	"dnsSearchDomains":          "AWS Batch sets DNS by itself",
	"dnsServers":                "AWS Batch sets DNS by itself",
	"dockerLabels":              "AWS Batch has no labels; use tags of the job definition",
	"dockerVolumeConfiguration": "AWS Batch has volumes of the host, Amazon EFS and Amazon S3 Files only",
	"entryPoint":                "AWS Batch has no entry point: put it before the command where the image has none of its own, or into the image",
	"environmentFiles":          "AWS Batch reads no environment files: write the variables out",
	"extraHosts":                "AWS Batch sets no host names",
	"fsxWindowsFileServerVolumeConfiguration": "AWS Batch has volumes of the host, Amazon EFS and Amazon S3 Files only",
	"healthCheck":           "AWS Batch has no health checks, nor the condition HEALTHY",
	"hostname":              "AWS Batch sets the host name by itself",
	"inferenceAccelerators": "AWS Batch has no Elastic Inference",
	"interactive":           "AWS Batch jobs have no standard input",
	"links":                 "AWS Batch has no links between containers",
	"networkMode":           "AWS Batch chooses the network by itself",
	"placementConstraints":  "AWS Batch places jobs by its queues and compute environments",
	"portMappings":          "AWS Batch maps no ports",
	"proxyConfiguration":    "AWS Batch has no service mesh",
	"pseudoTerminal":        "AWS Batch jobs have no terminal",
	"restartPolicy":         "AWS Batch restarts no container; use the retry strategy of the job definition",
	"systemControls":        "AWS Batch sets no kernel parameters",
	"volumesFrom":           "AWS Batch has no volumesFrom: declare a volume and mount it in both containers",
	"workingDirectory":      "AWS Batch cannot change the working directory: the image or the command must",
}

// unreadable is the reason for a member that this package reads by itself and that ECS would not take.
const unreadable = "Amazon ECS would not take it like this"

// renamed are the members that have another name in AWS Batch.
var renamed = map[string]string{"containerDefinitions": "containers"}

func (c *conversion) leave(path, reason string) {
	c.left = append(c.left, Leftover{path, reason})
}

// take removes a member and returns its value, nil if it is not there.
func (c *conversion) take(object map[string]any, name string) any {
	v := object[name]
	delete(object, name)
	return v
}

// task returns the task. The object is used up.
func (c *conversion) task(definition map[string]any) any {
	cpu, hasCPU := c.figure(definition, "cpu", "", "vcpu")
	memory, hasMemory := c.figure(definition, "memory", "", "gb")
	containers, _ := definition["containerDefinitions"].([]any)
	var noCPU, noMemory []map[string]any
	for i, element := range containers {
		container, ok := element.(map[string]any)
		if !ok {
			continue // reading will say so
		}
		path := at("containerDefinitions", i)
		cpu -= c.cpu(container, path, &noCPU)
		memory -= c.memory(container, path, &noMemory)
		c.conditions(container, path)
		c.gpus(container, path)
	}
	c.rest("cpu", "VCPU", cpu/1024, "vCPU", hasCPU, noCPU)
	c.rest("memory", "MEMORY", memory, "MiB", hasMemory, noMemory)
	return c.fit("", definition, reflect.TypeFor[types.EcsTaskProperties]())
}

// cpu turns 1,024 CPU units into a virtual CPU. ECS takes 0 for none.
func (c *conversion) cpu(container map[string]any, path string, without *[]map[string]any) float64 {
	n, _ := c.figure(container, "cpu", path, "")
	if n == 0 {
		*without = append(*without, container)
		return 0
	}
	require(container, "VCPU", n/1024)
	return n
}

// memory takes the hard limit, or where there is none the soft one, which AWS Batch does not know.
func (c *conversion) memory(container map[string]any, path string, without *[]map[string]any) float64 {
	n, hard := c.figure(container, "memory", path, "")
	soft, reserved := c.figure(container, "memoryReservation", path, "")
	switch {
	case hard && reserved:
		c.leave(path+".memoryReservation", "AWS Batch has one figure for memory, and the hard limit became it")
	case reserved:
		c.leave(path+".memoryReservation", "AWS Batch has one figure for memory, and this became the hard limit")
		n = soft
	case !hard:
		*without = append(*without, container)
		return 0
	}
	require(container, "MEMORY", n)
	return n
}

// figure takes a number, or the text of one. A large unit is 1,024 small ones: 1 vCPU, 2 GB.
func (c *conversion) figure(object map[string]any, name, path, unit string) (n float64, ok bool) {
	v := c.take(object, name)
	if v == nil {
		return 0, false
	}
	text, factor := strings.ToLower(fmt.Sprint(v)), 1.0
	if unit != "" && strings.HasSuffix(text, unit) {
		text, factor = strings.TrimSpace(strings.TrimSuffix(text, unit)), 1024
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		c.leave(under(path, name), unreadable)
		return 0, false
	}
	return n * factor, true
}

// rest gives the one container without a figure what the others leave of the task's.
func (c *conversion) rest(member, resource string, left float64, unit string, given bool, without []map[string]any) {
	switch {
	case !given || len(without) == 0 && left == 0:
	case len(without) == 1 && left > 0:
		require(without[0], resource, left)
	case left > 0:
		c.leave(member, fmt.Sprintf("AWS Batch has no figure for the task: give the containers %s %s more", number(left), unit))
	default:
		c.leave(member, fmt.Sprintf("AWS Batch has no figure for the task: the containers ask for %s %s more than it has", number(-left), unit))
	}
}

func require(container map[string]any, resource string, n float64) {
	list, _ := container["resourceRequirements"].([]any)
	container["resourceRequirements"] = append(list, map[string]any{"type": resource, "value": number(n)})
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// conditions leaves out dependencies that AWS Batch does not know. ECS may leave out essential, which is then true, and
// so does AWS Batch.
func (c *conversion) conditions(container map[string]any, path string) {
	list, _ := container["dependsOn"].([]any)
	var kept []any
	for i, element := range list {
		dependency, _ := element.(map[string]any)
		if condition := dependency["condition"]; condition == "HEALTHY" {
			c.leave(at(path+".dependsOn", i), "AWS Batch has no condition HEALTHY, only START, COMPLETE and SUCCESS: let the command wait by itself")
			continue
		}
		kept = append(kept, element)
	}
	if len(kept) < len(list) {
		container["dependsOn"] = kept
	}
	if len(kept) == 0 {
		delete(container, "dependsOn")
	}
}

// gpus leaves out the resources that AWS Batch does not know.
func (c *conversion) gpus(container map[string]any, path string) {
	list, _ := container["resourceRequirements"].([]any)
	var kept []any
	for i, element := range list {
		requirement, _ := element.(map[string]any)
		if kind := requirement["type"]; kind == "InferenceAccelerator" {
			c.leave(at(path+".resourceRequirements", i), reasons["inferenceAccelerators"])
			continue
		}
		kept = append(kept, element)
	}
	if list != nil {
		container["resourceRequirements"] = kept
	}
}

// fit returns the value without the members that its type in the SDK has not. Null is left out, as the API does.
func (c *conversion) fit(path string, value any, typ reflect.Type) any {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch v := value.(type) {
	case map[string]any:
		if typ.Kind() != reflect.Struct {
			return v
		}
		out := map[string]any{}
		for name, member := range v {
			to := cmp.Or(renamed[name], name)
			field, ok := typ.FieldByName(strings.ToUpper(to[:min(1, len(to))]) + to[min(1, len(to)):])
			switch at := under(path, name); {
			case member == nil:
			case !ok || !field.IsExported():
				c.leave(at, cmp.Or(reasons[name], "AWS Batch has no such member"))
			default:
				out[to] = c.fit(at, member, field.Type)
			}
		}
		return out
	case []any:
		if typ.Kind() != reflect.Slice {
			return v
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = c.fit(at(path, i), v[i], typ.Elem())
		}
		return out
	}
	return value
}

func (c *conversion) sorted() []Leftover {
	slices.SortFunc(c.left, func(a, b Leftover) int { return cmp.Compare(a.Path, b.Path) })
	return slices.Compact(c.left)
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
