package batchtest

import "encoding/binary"

// pack writes a record as a row of varints: an array may have 10,000 children,
// and all of them can be described for as long as the server lives. The caller
// holds mu.
func (s *Server) pack(r *record) string {
	b := binary.AppendUvarint(s.packing[:0], uint64(len(r.history)))
	before := int64(0)
	for _, h := range r.history {
		b = binary.AppendVarint(b, h.at-before)
		b = append(b, byte(h.to))
		b = binary.AppendUvarint(b, uint64(h.reason))
		before = h.at
	}
	created := r.createdAt()
	for _, a := range r.attempts {
		b = binary.AppendUvarint(b, uint64(a.number))
		b = binary.AppendVarint(b, since(created, a.started))
		b = binary.AppendVarint(b, since(created, a.stopped))
		b = binary.AppendUvarint(b, uint64(s.reasons.number(a.reason)))
		b = binary.AppendUvarint(b, uint64(len(a.endings)))
		for _, e := range a.endings {
			code := int64(e.code) << 1
			if e.exited {
				code |= 1
			}
			b = binary.AppendVarint(b, code)
			b = binary.AppendUvarint(b, uint64(s.reasons.number(e.reason)))
		}
	}
	s.packing = b
	return string(b)
}

// unpack reads what pack wrote. The caller holds mu.
func (s *Server) unpack(packed string) (r record) {
	u := unpacker{rest: []byte(packed)}
	at, steps := int64(0), u.number()
	r.history = make([]step, 0, steps)
	for range steps {
		at += u.signed()
		h := step{at: at, to: status(u.rest[0])}
		u.rest = u.rest[1:]
		h.reason = reason(u.number())
		r.history = append(r.history, h)
	}
	created := r.createdAt()
	for len(u.rest) > 0 {
		a := attempt{number: int(u.number()), started: until(created, u.signed()), stopped: until(created, u.signed())}
		a.reason = s.reasons.text(reason(u.number()))
		for range u.number() {
			code := u.signed()
			a.endings = append(a.endings, ending{code: int32(code >> 1), exited: code&1 != 0, reason: s.reasons.text(reason(u.number()))})
		}
		r.attempts = append(r.attempts, a)
	}
	return r
}

// since returns the distance of two times, one more than it is so that 0 stays
// free for never. A clock that was set back makes it negative.
func since(created, at int64) int64 {
	switch {
	case at == 0:
		return 0
	case at < created:
		return at - created
	}
	return at - created + 1
}

// until undoes since.
func until(created, distance int64) int64 {
	switch {
	case distance == 0:
		return 0
	case distance < 0:
		return created + distance
	}
	return created + distance - 1
}

// An unpacker reads numbers off the front of what pack wrote.
type unpacker struct{ rest []byte }

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	u.rest = u.rest[size:]
	return n
}

func (u *unpacker) signed() int64 {
	n, size := binary.Varint(u.rest)
	u.rest = u.rest[size:]
	return n
}
