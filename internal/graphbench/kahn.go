package graphbench

// kahn is the floor: one map of the right size, arrays of the right size, no
// checks. It says whether there is a cycle by what is left over, which may be
// far more than the cycle.
func kahn() Library {
	return Library{
		Name:  "kahn",
		Limit: million,
		Order: func(in Input) ([]string, error) {
			queue, _ := kahnQueue(in)
			if len(queue) < len(in.Names) {
				return nil, ErrCycle
			}
			names := make([]string, len(queue))
			for i, id := range queue {
				names[i] = in.Names[id]
			}
			return names, nil
		},
		Cycle: func(in Input) ([]string, error) {
			_, waiting := kahnQueue(in)
			var left []string
			for id, w := range waiting {
				if w > 0 {
					left = append(left, in.Names[id])
				}
			}
			return left, nil
		},
	}
}

func kahnQueue(in Input) (queue, waiting []int32) {
	n, edges := len(in.Names), in.Edges()
	ids := make(map[string]int32, n)
	for i, name := range in.Names {
		ids[name] = int32(i)
	}
	from, on := make([]int32, 0, edges), make([]int32, 0, edges)
	start := make([]int32, n+2)
	waiting = make([]int32, n)
	for i, deps := range in.Deps {
		waiting[i] = int32(len(deps))
		for _, dep := range deps {
			d := ids[dep]
			from, on = append(from, int32(i)), append(on, d)
			start[d+2]++
		}
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	to := make([]int32, edges)
	for i, d := range on {
		to[start[d+1]] = from[i]
		start[d+1]++
	}
	queue = make([]int32, 0, n)
	for i, w := range waiting {
		if w == 0 {
			queue = append(queue, int32(i))
		}
	}
	for done := 0; done < len(queue); done++ {
		id := queue[done]
		for _, d := range to[start[id]:start[id+1]] {
			if waiting[d]--; waiting[d] == 0 {
				queue = append(queue, d)
			}
		}
	}
	return queue, waiting
}
