package source_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/internal/source"
)

func ExampleRead() {
	template := `
Resources:
  Hello:
    Type: AWS::Batch::JobDefinition
    Properties:
      Type: container
      ContainerProperties:
        Image: !Ref Image
        ResourceRequirements:
          - {Type: VCPU, Value: 0.5}
          - {Type: MEMORY, Value: 512}
`
	docs, err := source.Read("template.yaml", []byte(template), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range docs {
		fmt.Println(d.Kind, d.Resource, d.Unknown)
		for _, f := range d.Judge(source.Rules{}) {
			fmt.Printf("line %d: %s %s\n", f.Line, f.Rule, f.Path)
		}
	}
	// Output:
	// cloudformation Hello [containerProperties.image jobDefinitionName]
	// line 10: RR006 containerProperties.resourceRequirements[0].value
}
