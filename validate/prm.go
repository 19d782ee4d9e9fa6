package validate

import (
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

const definitionParameters = userGuide + "job_definition_parameters.html"

// prmRules are the rules of parameters, which take the place of Ref::name in commands. What a message names is never a value.
var prmRules = []Rule{
	{
		ID: "PRM001", Title: "each Ref::name of a command has a value, from the submission or from the definition",
		Severity: Error, Platforms: All, Source: definitionParameters,
		Service: "Unable to substitute value. No parameter found for reference X",
		reads:   commandMembers,
		check: onSubmission(func(p *pass, s *submission) {
			eachCommand(s, func(words []string) {
				for _, word := range words {
					name, ok := reference(word)
					if !ok {
						continue
					}
					if _, ok := s.parameter(name); !ok {
						p.fail(at("parameters", name), "must be set, because a command refers to it and the definition has no default: give a value here, an environment variable of that name does not count").saying(name)
					}
				}
			})
		}),
	},
	{
		ID: "PRM002", Title: "a Ref::name without a default needs a value at every submission",
		Severity: Info, Platforms: All, Source: definitionParameters,
		reads: commandMembers,
		check: onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
			s := unsubmittedOf(in)
			eachCommand(&s, func(words []string) {
				for _, word := range words {
					name, ok := reference(word)
					if !ok {
						continue
					}
					if _, ok := s.parameter(name); !ok {
						p.fail(at("parameters", name), "has no default, and a command refers to it: every submission must give a value")
					}
				}
			})
		}),
	},
	{
		// A definition without any command gets it, and its references, at submission.
		ID: "PRM003", Title: "each parameter is used by a Ref::name of a command",
		Severity: Warning, Platforms: All, Source: definitionParameters,
		reads: commandMembers,
		check: several{
			onDefinition(func(p *pass, in *batch.RegisterJobDefinitionInput) {
				s := unsubmittedOf(in)
				unused(p, &s, in.Parameters)
			}),
			onSubmission(func(p *pass, s *submission) { unused(p, s, s.in.Parameters) }),
		},
	},
	{
		ID: "PRM004", Title: "a Ref::name stands in a command, not in the environment",
		Severity: Warning, Platforms: All, Source: definitionParameters,
		check: onEnvironment(func(p *pass, env []types.KeyValuePair) {
			for i := range env {
				if refers(str(env[i].Value)) {
					p.fail(at(i, "value"), "must not hold Ref::, which is replaced in commands only: pass the parameter as an argument, or give the value in an override of the environment")
				}
			}
		}),
	},
	{
		// The documents have samples with whole words only.
		ID: "PRM005", Title: "a Ref::name is a whole word of a command",
		Severity: Warning, Platforms: All, Source: definitionParameters, Uncertain: true,
		check: several{
			onContainer(func(p *pass, c *container) { partOfWord(p, "command", c.command) }),
			onPodContainer(func(p *pass, c *podContainer) {
				partOfWord(p, "command", c.Command)
				partOfWord(p, "args", c.Args)
			}),
			onOverride(func(p *pass, o *override) { partOfWord(p, "command", o.command) }),
			onSubmission(func(p *pass, s *submission) {
				eachPodOverride(p, s, func(o *types.EksPodPropertiesOverride, _ *types.EksPodProperties) {
					partOfPodWord(p, "containers", o.Containers)
					partOfPodWord(p, "initContainers", o.InitContainers)
				})
			}),
		},
	},
}

var notJudgedPRM = []NotJudged{
	{"PRM006", "the values of parameters are strings", "cannot be broken in Go: package batchjson refuses other values where JSON is read"},
}

// unused reports the parameters that no command refers to, when there is a command.
func unused(p *pass, s *submission, parameters map[string]string) {
	for name := range parameters {
		commands, used := false, false
		eachCommand(s, func(words []string) {
			commands = commands || len(words) > 0
			used = used || refersTo(words, name)
		})
		if commands && !used {
			p.fail(at("parameters", name), "is used by no command: write Ref:: and the name as an argument, or remove the parameter")
		}
	}
}

func partOfWord(p *pass, member string, words []string) {
	for i, word := range words {
		if _, whole := reference(word); !whole && refers(word) {
			p.fail(at(member, i), "should have Ref::name as a word of its own: no document says that a part of a word is replaced")
		}
	}
}

func partOfPodWord(p *pass, member string, list []types.EksContainerOverride) {
	for i := range list {
		p.enterAt(member, i)
		partOfWord(p, "command", list[i].Command)
		partOfWord(p, "args", list[i].Args)
		p.leave(2)
	}
}
