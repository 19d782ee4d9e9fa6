package graph

import (
	"cmp"
	"slices"
)

// The sizes of an SVG, in pixels.
const (
	boxHeight    = 28
	barrierSize  = 18
	rowGap       = 12
	columnGap    = 70
	bendHeight   = 4 // what an arrow takes up that passes a column
	margin       = 20
	charWidth    = 7.2 // of the font, about
	boxPadding   = 12
	minBox       = 60
	orderSweeps  = 8
	placeSweeps  = 6
	maxBends     = 50_000 // beyond them arrows go straight, under the boxes in their way
	longestLabel = 48     // in characters; the whole name is in the tooltip
)

// A vertex is a node, or a bend of an arrow that passes a column.
type vertex struct {
	node         int // -1 for a bend
	column, row  int
	height       float64
	y            float64 // of the middle
	before, next []int   // vertices in the columns beside
}

// A layout has a column for each wave.
type layout struct {
	vertices []vertex
	columns  [][]int
	lines    [][]int // the vertices of each edge, from its first to its last
}

// arrange gives every node a place, so that few arrows cross and none goes through a box.
func arrange(d drawing) layout {
	l := layout{vertices: make([]vertex, len(d.nodes)), lines: make([][]int, len(d.edges))}
	for i, n := range d.nodes {
		height := float64(boxHeight)
		if n.barrier {
			height = barrierSize
		}
		l.add(i, vertex{node: i, column: n.wave, height: height})
	}
	bends := 0
	for _, e := range d.edges {
		bends += max(d.nodes[e.to].wave-d.nodes[e.from].wave-1, 0)
	}
	for i, e := range d.edges {
		line := []int{e.from}
		if bends <= maxBends {
			for column := d.nodes[e.from].wave + 1; column < d.nodes[e.to].wave; column++ {
				l.vertices = append(l.vertices, vertex{})
				l.add(len(l.vertices)-1, vertex{node: -1, column: column, height: bendHeight})
				line = append(line, len(l.vertices)-1)
			}
		}
		line = append(line, e.to)
		for k := 1; k < len(line); k++ {
			a, b := &l.vertices[line[k-1]], &l.vertices[line[k]]
			a.next, b.before = append(a.next, line[k]), append(b.before, line[k-1])
		}
		l.lines[i] = line
	}
	l.order()
	l.place()
	return l
}

func (l *layout) add(i int, v vertex) {
	for len(l.columns) <= v.column {
		l.columns = append(l.columns, nil)
	}
	v.row = len(l.columns[v.column])
	l.columns[v.column] = append(l.columns[v.column], i)
	l.vertices[i] = v
}

// order sorts each column by where its neighbours are, forth and back: the barycentre method for few crossings.
func (l *layout) order() {
	for sweep := range orderSweeps {
		forth := sweep%2 == 0
		for k := range l.columns {
			column := l.columns[k]
			if !forth {
				column = l.columns[len(l.columns)-1-k]
			}
			weight := make(map[int]float64, len(column))
			for _, i := range column {
				weight[i] = l.mean(i, forth, func(v *vertex) float64 { return float64(v.row) }, float64(l.vertices[i].row))
			}
			slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(weight[a], weight[b]) })
			for row, i := range column {
				l.vertices[i].row = row
			}
		}
	}
}

// mean is that of the neighbours on one side, or else what is given.
func (l *layout) mean(i int, before bool, of func(*vertex) float64, otherwise float64) float64 {
	neighbours := l.vertices[i].next
	if before {
		neighbours = l.vertices[i].before
	}
	if len(neighbours) == 0 {
		return otherwise
	}
	sum := 0.0
	for _, n := range neighbours {
		sum += of(&l.vertices[n])
	}
	return sum / float64(len(neighbours))
}

// place moves what is in a column towards its neighbours, as far as the others of the column leave room.
func (l *layout) place() {
	for _, column := range l.columns {
		y := 0.0
		for _, i := range column {
			v := &l.vertices[i]
			v.y = y + v.height/2
			y += v.height + rowGap
		}
		for _, i := range column { // the middles of all columns are level
			l.vertices[i].y -= (y - rowGap) / 2
		}
	}
	for sweep := range placeSweeps {
		forth := sweep%2 == 0
		for k := range l.columns {
			column := l.columns[k]
			if !forth {
				column = l.columns[len(l.columns)-1-k]
			}
			l.pull(column, forth)
		}
	}
}

// pull moves the vertices of a column to where they want to be, and shares out what overlaps: those that touch move as a
// block whose middle is where the block wants to be.
func (l *layout) pull(column []int, forth bool) {
	type block struct {
		first, count int
		top          float64 // of the first
		height, want float64 // want is the sum of the tops that its vertices would give the block
	}
	var blocks []block
	for k, i := range column {
		v := &l.vertices[i]
		wish := l.mean(i, forth, func(n *vertex) float64 { return n.y }, v.y) - v.height/2
		b := block{first: k, count: 1, top: wish, height: v.height + rowGap, want: wish}
		for len(blocks) > 0 {
			last := &blocks[len(blocks)-1]
			if last.top+last.height <= b.top {
				break
			}
			last.want += b.want - float64(b.count)*last.height
			last.count += b.count
			last.height += b.height
			last.top = last.want / float64(last.count)
			b = *last
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		y := b.top
		for _, i := range column[b.first : b.first+b.count] {
			v := &l.vertices[i]
			v.y = y + v.height/2
			y += v.height + rowGap
		}
	}
}
