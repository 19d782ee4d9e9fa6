package batchtest

import (
	"encoding/hex"
	"hash/fnv"
	"math/rand/v2"
)

// ids makes ids that look random and are the same in each run. Each kind has a
// source of its own, so that a request more does not change the ids of jobs.
type ids struct {
	jobs, requests *rand.PCG
}

func newIDs(seed uint64) ids { return ids{newSource(seed, 1), newSource(seed, 3)} }

func newSource(seed, kind uint64) *rand.PCG { return rand.NewPCG(seed, kind) }

func random(from *rand.PCG) (id [16]byte) {
	for i := 0; i < len(id); i += 8 {
		for n, word := i, from.Uint64(); n < i+8; n, word = n+1, word>>8 {
			id[n] = byte(word)
		}
	}
	return id
}

// uuid returns an id in the form of a random UUID.
func uuid(from *rand.PCG) string {
	id := random(from)
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	var b [36]byte
	hex.Encode(b[:], id[:4])
	hex.Encode(b[9:], id[4:6])
	hex.Encode(b[14:], id[6:8])
	hex.Encode(b[19:], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// environmentID returns the UUID of a compute environment. It follows from the
// name, so it need not be kept.
func (s *Server) environmentID(name string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.arn(kindEnvironment, name))) // which never fails
	return uuid(newSource(s.settings.seed, h.Sum64()))
}

// taskID returns the id of an attempt's task, in the form that Amazon ECS gives
// to tasks. It is the same whenever it is asked for, so it need not be kept.
func (s *Server) taskID(j *job, number int) string {
	id := random(newSource(s.settings.seed<<32^uint64(j.work.serial)<<8|1<<63, uint64(j.index+1)<<16|uint64(number)))
	return hex.EncodeToString(id[:])
}
