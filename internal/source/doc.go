// Package source finds what is to be judged in files: definitions and
// submissions of AWS Batch jobs, as JSON or YAML of the API, in CloudFormation
// templates, and in the output of "terraform show -json".
//
// [Read] takes the text of one file and returns a [Document] for each
// definition or submission in it; [Document.Judge] applies the rules to one.
// [Run] does both for the arguments of a command: files, folders, standard input.
//
// # One tree for all
//
// JSON and YAML are read into one kind of tree, that of package tree, whose nodes
// know their line and column. What CloudFormation and Terraform spell in their
// own way is rewritten to the spelling of the API on that tree, which goes to
// batchjson as JSON. A path that a rule reports leads back through the tree to
// a place in the file.
//
// # What is not known yet
//
// Intrinsic functions of CloudFormation, strings with ${…} in them, and what
// Terraform knows only after the apply are left out of the input. Their paths
// go to validate, which is silent where they matter.
//
// # Members and types
//
// A member that the API does not have, and a value of another type than the
// API wants, are findings of the rule JD021: every client of the service
// refuses such a request before it is sent. In the JSON strings of Terraform an
// unknown member is a warning, for the provider drops it. All else that is
// wrong with a text (syntax, nesting, a member that occurs twice, bad Unicode)
// makes it unreadable: there is no telling what is meant.
//
// # State machines
//
// [Run] also finds the state machines of Step Functions, in files of their own and in CloudFormation templates, and gives
// them to whoever can judge them ([Options.Analyse]), with the definitions that stand in the same file.
//
// Package tree bounds how large a file may be.
package source
