package batchkit

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

// canonical is what a definition says, as a value for each path. Two definitions that mean the same have the same
// canonical form, whether one comes from a builder and the other from DescribeJobDefinitions: what the service fills in
// and what it drops is left out, and the members of a list that has no order are found by their name.
type canonical map[string]leaf

// leaf is a value. A hidden one is compared and not shown.
type leaf struct {
	text   string
	hidden bool
}

// defaults are the values that mean the same as none, by type and member. The service fills in some of them.
var defaults = map[string]string{
	"ContainerProperties.EnableExecuteCommand":           "false",
	"ContainerProperties.Privileged":                     "false",
	"ContainerProperties.ReadonlyRootFilesystem":         "false",
	"Device.Permissions":                                 `["MKNOD","READ","WRITE"]`,
	"EFSAuthorizationConfig.Iam":                         `"DISABLED"`,
	"EFSVolumeConfiguration.RootDirectory":               `"/"`,
	"EFSVolumeConfiguration.TransitEncryption":           `"DISABLED"`,
	"EcsTaskProperties.EnableExecuteCommand":             "false",
	"EcsTaskProperties.PlatformVersion":                  `"LATEST"`,
	"EksContainerSecurityContext.Privileged":             "false",
	"EksContainerSecurityContext.ReadOnlyRootFilesystem": "false",
	"EksContainerVolumeMount.ReadOnly":                   "false",
	"EksEmptyDir.Medium":                                 `""`,
	"EksPersistentVolumeClaim.ReadOnly":                  "false",
	"EksPodProperties.HostNetwork":                       "true",
	"EksPodProperties.ShareProcessNamespace":             "false",
	"FargatePlatformConfiguration.PlatformVersion":       `"LATEST"`,
	"LinuxParameters.InitProcessEnabled":                 "false",
	"MountPoint.ReadOnly":                                "false",
	"NetworkConfiguration.AssignPublicIp":                `"DISABLED"`,
	"RegisterJobDefinitionInput.PlatformCapabilities":    `["EC2"]`,
	"RegisterJobDefinitionInput.PropagateTags":           "false",
	"RetryStrategy.Attempts":                             "1",
	"RuntimePlatform.CpuArchitecture":                    `"X86_64"`,
	"RuntimePlatform.OperatingSystemFamily":              `"LINUX"`,
	"S3FilesVolumeConfiguration.RootDirectory":           `"/"`,
	"TaskContainerProperties.Essential":                  "true",
	"TaskContainerProperties.Privileged":                 "false",
	"TaskContainerProperties.ReadonlyRootFilesystem":     "false",
}

// keys are the members by which the service tells the elements of a list apart. Such a list has no order.
var keys = map[reflect.Type]string{
	reflect.TypeFor[types.ConsumableResourceRequirement]():   "ConsumableResource",
	reflect.TypeFor[types.Device]():                          "HostPath",
	reflect.TypeFor[types.EksContainer]():                    "Name",
	reflect.TypeFor[types.EksContainerEnvironmentVariable](): "Name",
	reflect.TypeFor[types.EksContainerVolumeMount]():         "MountPath",
	reflect.TypeFor[types.EksVolume]():                       "Name",
	reflect.TypeFor[types.ImagePullSecret]():                 "Name",
	reflect.TypeFor[types.KeyValuePair]():                    "Name",
	reflect.TypeFor[types.MountPoint]():                      "ContainerPath",
	reflect.TypeFor[types.NodeRangeProperty]():               "TargetNodes",
	reflect.TypeFor[types.ResourceRequirement]():             "Type",
	reflect.TypeFor[types.Secret]():                          "Name",
	reflect.TypeFor[types.TaskContainerDependency]():         "ContainerName",
	reflect.TypeFor[types.TaskContainerProperties]():         "Name",
	reflect.TypeFor[types.Tmpfs]():                           "ContainerPath",
	reflect.TypeFor[types.Ulimit]():                          "Name",
	reflect.TypeFor[types.Volume]():                          "Name",
}

// secrets are the members whose values nobody is to see.
var secrets = map[string]bool{
	"EksContainerEnvironmentVariable.Value": true,
	"KeyValuePair.Value":                    true,
	"RegisterJobDefinitionInput.Parameters": true,
	"Secret.ValueFrom":                      true,
}

func canonicalForm(in *batch.RegisterJobDefinitionInput) canonical {
	c := canonical{}
	if in != nil {
		c.object("", reflect.ValueOf(*in))
	}
	return c
}

func (c canonical) equal(other canonical) bool { return maps.Equal(c, other) }

// object takes in the members of a struct.
func (c canonical) object(path string, v reflect.Value) {
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.IsExported() {
			c.value(under(path, spelling(field.Name)), v.Type().Name()+"."+field.Name, v.FieldByIndex(field.Index))
		}
	}
}

// value takes in the value of a member.
func (c canonical) value(path, member string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Type() == reflect.TypeFor[*types.EksEmptyDir]() {
			c[path] = leaf{text: "{}"} // to be there is what it says
		}
		c.value(path, member, v.Elem())
	case reflect.Struct:
		c.object(path, v)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			c.put(path, member, words(member, v))
			return
		}
		c.list(path, v)
	case reflect.Map:
		c.strings(path, member, v)
	case reflect.String:
		// What is no pointer is an enum, and the empty one is absent.
		if v.Type() == reflect.TypeFor[string]() || v.Len() > 0 {
			c.put(path, member, strconv.Quote(normal(member, v.String())))
		}
	default:
		c.put(path, member, fmt.Sprint(v.Interface()))
	}
}

// list takes in the structs of a list.
func (c canonical) list(path string, v reflect.Value) {
	seen := map[string]int{}
	for i := range v.Len() {
		element := v.Index(i)
		if kv, ok := element.Interface().(types.KeyValuePair); ok && (kv.Value == nil || *kv.Value == "") {
			continue // the service drops it
		}
		key := keyOf(element)
		if key == "" {
			key = strconv.Itoa(i)
		}
		at := entry(path, key)
		if seen[key]++; seen[key] > 1 {
			at += "#" + strconv.Itoa(seen[key])
		}
		if value, member, ok := pairValue(element); ok {
			c.value(at, member, value)
			continue
		}
		c.object(at, element)
	}
}

// strings takes in a map.
func (c canonical) strings(path, member string, v reflect.Value) {
	for entries := v.MapRange(); entries.Next(); {
		key, text := entries.Key().String(), strconv.Quote(fmt.Sprint(entries.Value().Interface()))
		if member == "RegisterJobDefinitionInput.Tags" && strings.HasPrefix(key, "aws:") {
			continue // the service's own, which nobody can ask for
		}
		c[entry(path, key)] = leaf{text: text, hidden: secrets[member] || strings.HasSuffix(member, ".Options") && sounds(key)}
	}
}

func (c canonical) put(path, member, text string) {
	if text != "" && defaults[member] != text {
		c[path] = leaf{text: text, hidden: secrets[member]}
	}
}

// keyOf returns the name of an element of a list, empty if it has none.
func keyOf(element reflect.Value) string {
	name, ok := keys[element.Type()]
	if !ok {
		return ""
	}
	v := reflect.Indirect(element.FieldByName(name))
	if !v.IsValid() {
		return ""
	}
	return v.String()
}

// pairValue returns the second member of an element that has two, one of which is its name.
func pairValue(element reflect.Value) (value reflect.Value, member string, ok bool) {
	typ := element.Type()
	key := keys[typ]
	if key == "" || keyOf(element) == "" {
		return reflect.Value{}, "", false
	}
	for _, field := range reflect.VisibleFields(typ) {
		switch {
		case !field.IsExported() || field.Name == key:
		case ok:
			return reflect.Value{}, "", false
		default:
			value, member, ok = element.FieldByIndex(field.Index), typ.Name()+"."+field.Name, true
		}
	}
	return value, member, ok
}

// words writes a list of strings, empty for an empty one.
func words(member string, v reflect.Value) string {
	if v.Len() == 0 {
		return ""
	}
	quoted := make([]string, v.Len())
	for i := range quoted {
		quoted[i] = strconv.Quote(v.Index(i).String())
	}
	if member == "Device.Permissions" {
		slices.Sort(quoted)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// normal writes in one way what the service reads in several.
func normal(member, text string) string {
	switch member {
	case "ResourceRequirement.Value":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
	case "EvaluateOnExit.Action":
		return strings.ToUpper(text)
	}
	return text
}

// sounds reports whether the name of an option sounds like that of a secret.
func sounds(option string) bool {
	option = strings.ToLower(option)
	for _, word := range []string{"token", "password", "secret", "key", "credential"} {
		if strings.Contains(option, word) {
			return true
		}
	}
	return false
}

// spelling is the API's name of a member.
func spelling(field string) string {
	r := []rune(field)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}

// entry is the path of an element that has a name. No two names give the same.
func entry(path, name string) string {
	if name == "" || strings.ContainsAny(name, `[]"#`) {
		name = strconv.Quote(name)
	}
	return path + "[" + name + "]"
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
