package validate

import "github.com/aws/aws-sdk-go-v2/service/batch"

// Option changes what is judged, or tells what the input alone cannot.
type Option func(*settings)

type settings struct {
	definition *batch.RegisterJobDefinitionInput
	strict     bool
	disabled   map[string]bool
	severity   map[string]Severity
	// What WithQueue and WithConsumables tell.
	queues      []Queue
	consumables map[string]int64
	unknown     []unknown
}

// WithDefinition gives the definition that a submission names. Rules that need it are silent without.
func WithDefinition(def *batch.RegisterJobDefinitionInput) Option {
	return func(s *settings) { s.definition = def }
}

// Strict also judges the rules of severity [Info] and those marked [Rule.Uncertain].
func Strict() Option { return func(s *settings) { s.strict = true } }

// Disable leaves out the rules with these ids. An unknown id has no effect.
func Disable(ids ...string) Option {
	return func(s *settings) {
		if s.disabled == nil {
			s.disabled = map[string]bool{}
		}
		for _, id := range ids {
			s.disabled[id] = true
		}
	}
}

// WithSeverity reports findings of the rule with this id under another severity.
// It does not switch on a rule that needs [Strict].
func WithSeverity(id string, severity Severity) Option {
	return func(s *settings) {
		if s.severity == nil {
			s.severity = map[string]Severity{}
		}
		s.severity[id] = severity
	}
}
