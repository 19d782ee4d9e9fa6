// Package iam writes the IAM policies that a program of AWS Batch needs, and no wider ones: what it may call for the jobs
// of a plan ([ForPlan]), what starting its containers takes ([ForExecution]), and who may assume the roles around them
// ([Trust]).
//
// A [Policy] is plain data whose JSON is the policy document; the same input always gives the same document. Nothing is
// sent, and nothing is looked up in an account.
//
// Where a policy must say more than the plan does, because AWS Batch knows no resource for a call or because an id does
// not exist yet, a finding of severity info says where and why. Its ids are constants of this package. What each call
// needs is taken from the Service Authorization Reference:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html.
package iam
