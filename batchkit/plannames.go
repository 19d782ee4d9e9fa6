package batchkit

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// maxName is how long the name of a job may be:
// https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html.
const maxName = 128

// namer returns a function that gives names to parts and barriers: in the order of its calls, unlike each other and
// unlike those of the jobs.
func (d *draft) namer() func(*drafted) string {
	taken := map[string]bool{}
	numbers := map[int]int{} // of the barriers so far, by job
	return func(s *drafted) string {
		name := d.jobs[s.job].name()
		if s.barrier {
			numbers[s.job]++
			name = d.barrier.name() + "-" + name + "-" + strconv.Itoa(numbers[s.job])
		} else {
			name += "-part-" + strconv.Itoa(s.part+1)
		}
		free := func(name string) bool {
			_, job := d.index[name]
			return !job && !taken[name]
		}
		unique := fitting(name)
		for n := 2; !free(unique); n++ {
			unique = fitting(name + "-" + strconv.Itoa(n))
		}
		taken[unique] = true
		return unique
	}
}

// fitting cuts a name that is too long, and puts a hash of all of it at its end. The hash is long enough that no two names
// of a hundred thousand become the same.
func fitting(name string) string {
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	hash := "-" + hex.EncodeToString(sum[:8])
	return name[:maxName-len(hash)] + hash
}
