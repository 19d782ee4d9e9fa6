package validate

// The reasons that several ids share.
const (
	whereRead    = "shows where JSON is read: package batchjson refuses a member that the API does not know"
	ofService    = "tells how the service behaves: no input is right or wrong by it"
	countsNoJobs = "is a limit of the account: one input does not show what else is there"
)

var notJudgedJD = []NotJudged{
	{"JD013", "a definition without platformCapabilities is one for EC2", "covered by FG014, FG015 and FG016: their messages name platformCapabilities"},
	{"JD019", "every registration makes a new revision", ofService},
	{"JD020", "a deregistered definition takes no jobs, and is deleted after 180 days", "needs the state of the account: not decidable offline"},
	{"JD021", "members that the API does not know are ignored", whereRead},
}

var notJudgedCP = []NotJudged{
	{"CP004", "a command holds strings and no null", "cannot be broken in Go: package batchjson refuses a null where JSON is read"},
	{"CP019", "a privileged container is refused on Fargate and on Windows", "covered by FG003: AWS Batch runs Windows on Fargate only"},
}

var notJudgedRR = []NotJudged{
	{"RR021", "VCPU and MEMORY belong into the requirements of a task's container", "sources contradict: the reference of the type has GPU alone, what is deployed has all three, and RR001 and RR002 ask for them"},
}

var notJudgedFG = []NotJudged{
	{"FG009", "initProcessEnabled is the one Linux parameter that Fargate takes", "forbids nothing: FG004 to FG008 are the members that Fargate refuses"},
	{"FG027", "startTimeout and stopTimeout are at most 120 seconds on Fargate", "covered by ECS019 and ECS020"},
	{"FG032", "a definition with features of EC2 alone is not for Fargate", "covered by FG002 to FG010 and RR010, each at its own member"},
}

var notJudgedECS = []NotJudged{
	{"ECS017", "a non-essential container that never ends is stopped with the last essential one", ofService},
	{"ECS028", "network, platform version, runtime platform and ephemeral storage of a task are for Fargate", "covered by FG014 to FG017"},
	{"ECS029", "the role of a task is called taskRoleArn, not jobRoleArn", whereRead},
	{"ECS030", "a task's container has no vcpus, memory, instanceType and volumes", whereRead},
	{"ECS031", "a mount point of a task's container names a volume of the task", "covered by CP011"},
	{"ECS033", "containers of one task share the ports of the host", "not decidable offline: which ports a program opens is not in the definition"},
	{"ECS034", "containers start in the order of their dependencies", ofService},
}

var notJudgedVOL = []NotJudged{
	{"VOL018", "there are no volumes of Amazon FSx, Amazon EBS or Docker", whereRead},
}

var notJudgedRTY = []NotJudged{
	{"RTY015", "the reasons with which attempts end", ofService},
}

var notJudgedTMO = []NotJudged{
	{"TMO003", "a timeout on Fargate is at most 14 days", "covered by FG028"},
}

var notJudgedQTA = []NotJudged{
	{"QTA001", "50 job queues", countsNoJobs},
	{"QTA002", "50 compute environments, 5 of one EKS cluster, 3 of one queue", countsNoJobs},
	{"QTA003", "20 dependencies of a job", "feeds DEP001"},
	{"QTA004", "24 KiB of a definition", "feeds JD017 and JD018"},
	{"QTA005", "30 KiB of a submission", "feeds SUB008"},
	{"QTA006", "10,000 children of an array", "feeds ARR001"},
	{"QTA007", "1,000,000 jobs in SUBMITTED", countsNoJobs},
	{"QTA008", "50 submissions a second", countsNoJobs},
	{"QTA009", "other calls are throttled at a rate that is not published", ofService},
	{"QTA010", "100 ids in a call of DescribeJobs", "is about another request than those judged here"},
	{"QTA011", "100 definitions on a page of DescribeJobDefinitions", "is about another request than those judged here"},
	{"QTA012", "1,000 jobs on a page of ListJobs", "is about another request than those judged here"},
	{"QTA013", "a finished job is kept for at least 7 days", ofService},
	{"QTA014", "a deregistered definition is kept for 180 days", ofService},
	{"QTA015", "50,000 consumable resources, 5 of one job", "feeds CR001, as to the jobs"},
	{"QTA016", "500 active share identifiers of a queue", countsNoJobs},
	{"QTA017", "1,000 nodes, 5 ranges and 1 instance type of a multi-node job", "feeds the rules MNP001, MNP003 and MNP011"},
	{"QTA018", "10 containers of a task or pod, and 10 init containers", "feeds ECS002, EKS001 and EKS002"},
	{"QTA019", "50 service environments", "is about another request than those judged here"},
	{"QTA020", "the calls and sizes of service jobs", "is about another request than those judged here"},
	{"QTA021", "8,192 characters of the overrides of a task", "feeds SUB009"},
	{"QTA022", "6 vCPUs on Fargate by default", "feeds RR020"},
}
