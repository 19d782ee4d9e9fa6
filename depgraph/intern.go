package depgraph

import (
	"hash/maphash"
	"slices"
)

// seed is one for the whole process: ids never depend on it, only their place
// in the table does.
var seed = maphash.MakeSeed()

// interner numbers distinct keys 0, 1, 2… in the order they are first seen.
//
// It is an open-addressing table of ids and not a map[K]int32, because a map
// would store every key a second time: about 52 bytes a string key at a
// million keys against 17 here, slower to grow and dearer to clone.
type interner[K comparable] struct {
	keys  []K    // by id
	slots []slot // length is a power of two, or zero; at most 3/4 in use
}

// slot keeps a part of the hash so that growing need not hash keys again, and
// so that a probe looks only at keys that almost surely match.
type slot struct {
	hash uint32
	ref  int32 // id+1; 0 is free
}

// intern returns the id of k, giving it the next one if it is new.
func (t *interner[K]) intern(k K) int32 {
	if 4*(len(t.keys)+1) > 3*len(t.slots) {
		t.grow(2 * len(t.slots))
	}
	h := hash(k)
	s := &t.slots[t.probe(h, k)]
	if s.ref == 0 {
		t.keys = append(t.keys, k)
		*s = slot{hash: h, ref: int32(len(t.keys))}
	}
	return s.ref - 1
}

// find returns the id of k, if it has one.
func (t *interner[K]) find(k K) (int32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	ref := t.slots[t.probe(hash(k), k)].ref
	return ref - 1, ref != 0
}

// lookup returns the keys of ids, nil for none.
func (t *interner[K]) lookup(ids []int32) []K {
	if len(ids) == 0 {
		return nil
	}
	keys := make([]K, len(ids))
	for i, id := range ids {
		keys[i] = t.keys[id]
	}
	return keys
}

// clone shares no memory that a later intern on either side would change.
func (t *interner[K]) clone() interner[K] {
	return interner[K]{keys: slices.Clip(t.keys), slots: slices.Clone(t.slots)}
}

// probe returns the slot that holds k, or else the free one where k belongs.
// The table always has a free slot, so the search ends.
func (t *interner[K]) probe(h uint32, k K) int {
	mask := len(t.slots) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s.ref == 0 || s.hash == h && t.keys[s.ref-1] == k {
			return i
		}
	}
}

// reserve makes room for that many more keys.
func (t *interner[K]) reserve(more int) {
	t.keys = slices.Grow(t.keys, more)
	size := max(16, len(t.slots))
	for 4*(len(t.keys)+more) > 3*size {
		size *= 2
	}
	if size > len(t.slots) && more > 0 {
		t.grow(size)
	}
}

// grow moves the table to one of at least size slots, a power of two or zero.
func (t *interner[K]) grow(size int) {
	old := t.slots
	t.slots = make([]slot, max(16, size))
	mask := len(t.slots) - 1
	for _, s := range old {
		if s.ref == 0 {
			continue
		}
		i := int(s.hash) & mask
		for t.slots[i].ref != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

func hash[K comparable](k K) uint32 { return uint32(maphash.Comparable(seed, k)) }
