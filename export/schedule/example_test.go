package schedule_test

import (
	"fmt"

	"github.com/batchkit/batchkit-go/batchkit"
	"github.com/batchkit/batchkit-go/export/schedule"
)

// A job of several containers goes to EventBridge Scheduler whole; a rule says what it would lose.
func Example() {
	job := batchkit.Job("nightly", "night", batchkit.ECSRef("report:7")).Param("day", "today").Tag("team", "a").Input()
	role := schedule.Delivery{RoleARN: "arn:aws:iam::123456789012:role/scheduler"}

	target, _, err := schedule.ForScheduler(job, role)
	fmt.Println(target.Arn, target.Input, err)

	_, _, err = schedule.ForRule(job, "nightly", role)
	fmt.Println(err)
	// Output:
	// arn:aws:scheduler:::aws-sdk:batch:submitJob {"JobDefinition":"report:7","JobName":"nightly","JobQueue":"night","Parameters":{"day":"today"},"Tags":{"team":"a"}} <nil>
	// 2 errors:
	//   tags: a rule's target has no place for it; tag the definition, or use a schedule, whose universal target carries the whole request, or a Lambda function. (SCH001)
	//   jobQueue: a rule's target is the ARN of the queue; give that in place of its name. (SCH002)
}
