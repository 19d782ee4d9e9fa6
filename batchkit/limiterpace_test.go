package batchkit

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var paceSeeds = flag.Int("pace.seeds", 12, "how many simulations of each scene of the pace are run")

func steady(rate float64) func(float64) float64 { return func(float64) float64 { return rate } }

func step(before, after, at float64) func(float64) float64 {
	return func(t float64) float64 {
		if t < at {
			return before
		}
		return after
	}
}

func oneOf[T any](rng *rand.Rand, values ...T) T { return values[rng.IntN(len(values))] }

// How long the submission takes beside the ideal, and how much is refused, over services and networks of many kinds.
// The bounds hold for each single seed; the log has the distributions.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, reason   string
		scene          func(*simulation, *rand.Rand)
		ratio, refused float64 // at the most; a ratio of 0 is not judged
		mostly         float64 // the ratio in nine of ten, where it is far less
	}{
		{
			name: "known", reason: "the usual case costs next to nothing",
			scene: func(*simulation, *rand.Rand) {},
			ratio: 1.01, refused: 0.002,
		},
		{
			name: "known, counted by the second", reason: "not every service has a bucket",
			scene: func(s *simulation, _ *rand.Rand) { s.service.window = true },
			ratio: 1.10, refused: 0.015,
		},
		{
			name: "known, next to nothing saved up", reason: "a bucket of one or two calls refuses whatever comes unevenly, so time is lost",
			scene: func(s *simulation, rng *rand.Rand) {
				s.service.burst, s.jitter, s.latency = oneOf(rng, 1.0, 2), 0.1, 0.005+0.015*rng.Float64()
			},
			ratio: 2.20, refused: 0.02,
		},
		{
			name: "one at a time", reason: "a program that is slower than the limit is not slowed down further",
			scene: func(s *simulation, _ *rand.Rand) { s.callers = 1 },
			ratio: 1.03, refused: 0.01,
		},
		{
			name: "known and high, late timers", reason: "what a timer is late by is made up for",
			scene: func(s *simulation, rng *rand.Rand) {
				s.service.rate, s.service.burst = steady(1000), 2000
				s.pace, s.jobs, s.callers, s.latency, s.lag = newPace(1000, 1000), 20000, 64, 0.005+0.035*rng.Float64(), 0.002
			},
			ratio: 1.02, refused: 0.002,
		},
		{
			name: "a tenth", reason: "an account may have far less than the documented limit left",
			scene: func(s *simulation, _ *rand.Rand) { s.service.rate = steady(5) },
			ratio: 1.02, refused: 0.03,
		},
		{
			name: "lower", reason: "the limit is less than half of what is assumed",
			scene: func(s *simulation, _ *rand.Rand) { s.service.rate = steady(20) },
			ratio: 1.06, refused: 0.025,
		},
		{
			name: "a little lower", reason: "small errors are harder to see",
			scene: func(s *simulation, rng *rand.Rand) { s.service.rate = steady(40 + 9*rng.Float64()) },
			ratio: 1.03, refused: 0.02,
		},
		{
			name: "lower, counted by the second", reason: "the same without a bucket",
			scene: func(s *simulation, _ *rand.Rand) { s.service.rate, s.service.window = steady(20), true },
			ratio: 1.12, refused: 0.035,
		},
		{
			name: "higher", reason: "who allows to probe gets a raised limit",
			scene: func(s *simulation, rng *rand.Rand) {
				s.service.rate, s.service.burst = steady(500), oneOf(rng, 25.0, 50, 100, 500)
				s.pace, s.jobs, s.callers = newPace(50, 1000), 20000, 64
			},
			ratio: 1.05, refused: 0.02,
		},
		{
			name: "twice as high", reason: "probing neither stops too early nor overshoots",
			scene: func(s *simulation, rng *rand.Rand) {
				s.service.rate, s.service.burst = steady(120), oneOf(rng, 25.0, 50, 100, 200)
				s.pace, s.jobs, s.callers = newPace(50, 1000), 5000, 64
			},
			ratio: 1.06, refused: 0.035,
		},
		{
			name: "twice as high, little saved up", reason: "the bucket is empty before the first answer can tell",
			scene: func(s *simulation, _ *rand.Rand) {
				s.service.rate, s.service.burst = steady(120), 10
				s.pace, s.jobs, s.callers = newPace(50, 1000), 5000, 64
			},
			ratio: 1.06, refused: 0.025,
		},
		{
			name: "drops", reason: "the limit changes midway",
			scene: func(s *simulation, _ *rand.Rand) { s.service.rate = step(50, 20, 20) },
			ratio: 1.07, refused: 0.02,
		},
		{
			name: "rises", reason: "and the other way round",
			scene: func(s *simulation, _ *rand.Rand) { s.service.rate = step(20, 50, 50) },
			ratio: 1.09, refused: 0.02,
		},
		{
			name: "shared, coming and going", reason: "another program takes half of it, now and then",
			scene: func(s *simulation, rng *rand.Rand) {
				period, rate := 10+30*rng.Float64(), 10+20*rng.Float64()
				s.jobs = 4000
				s.service.others = func(t float64) float64 { return rate * math.Round(math.Mod(t/period, 1)) }
			},
			ratio: 1.25, mostly: 1.08, refused: 0.03,
		},
		{
			name: "shared, up and down", reason: "another program takes a varying part",
			scene: func(s *simulation, rng *rand.Rand) {
				period, rate := 10+30*rng.Float64(), 10+20*rng.Float64()
				s.jobs = 4000
				s.service.others = func(t float64) float64 { return rate * (1 + math.Sin(2*math.Pi*t/period)) / 2 }
			},
			ratio: 1.15, mostly: 1.05, refused: 0.03,
		},
		{
			name: "shared, at random", reason: "nothing tells when another program comes, and for how long: what was not seen to be free is lost",
			scene: func(s *simulation, rng *rand.Rand) {
				mean := 3 + 20*rng.Float64()
				var turns []float64
				for t := 0.0; t < 1000; t += mean * rng.ExpFloat64() {
					turns = append(turns, t)
				}
				s.jobs = 4000
				s.service.others = func(t float64) float64 {
					n, _ := slices.BinarySearch(turns, t)
					return float64(30 * (n % 2))
				}
			},
			ratio: 1.40, mostly: 1.20, refused: 0.03,
		},
		{
			name: "outage", reason: "a minute in which all is refused neither storms nor is felt for long",
			scene: func(s *simulation, _ *rand.Rand) {
				s.service.rate = func(t float64) float64 {
					if t > 10 && t < 70 {
						return 0
					}
					return 50
				}
			},
			ratio: 1.15, refused: 0.05,
		},
		{
			name: "idle", reason: "what was saved up meanwhile is used, and says nothing about the rate",
			scene: func(s *simulation, rng *rand.Rand) {
				s.idle = func(done int) float64 {
					if done%200 == 0 {
						return 10
					}
					return 0
				}
			},
			refused: 0.03,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var ratios, shares []float64
			for seed := range *paceSeeds {
				rng := rand.New(rand.NewPCG(uint64(seed), 1))
				s := &simulation{
					pace: newPace(SubmitRate, SubmitRate), jobs: 2000, rng: rng,
					service: service{rate: steady(SubmitRate), burst: oneOf(rng, 5.0, 10, 25, 50, 100)},
					callers: oneOf(rng, 8, 16, 32, 64), latency: 0.005 + 0.075*rng.Float64(), jitter: 0.3,
				}
				row.scene(s, rng)
				seconds, share := s.run()
				ideal := max(s.service.ideal(s.jobs), float64(s.jobs)*s.latency/float64(s.callers))
				ratios, shares = append(ratios, seconds/ideal), append(shares, share)
				if (row.ratio > 0 && seconds/ideal > row.ratio) || share > row.refused {
					t.Errorf("seed %d: %.3f times the ideal, %.2f %% refused, want at most %.2f and %.1f %%: %s",
						seed, seconds/ideal, 100*share, row.ratio, 100*row.refused, row.reason)
				}
			}
			slices.Sort(ratios)
			slices.Sort(shares)
			last, half, most := len(ratios)-1, len(ratios)/2, len(ratios)*9/10
			if row.mostly > 0 && ratios[most] > row.mostly {
				t.Errorf("nine in ten take up to %.3f times the ideal, want at most %.2f: %s", ratios[most], row.mostly, row.reason)
			}
			t.Logf("times the ideal: half %.3f, nine in ten %.3f, all %.3f; refused: %.2f %%, %.2f %%, %.2f %%",
				ratios[half], ratios[most], ratios[last], 100*shares[half], 100*shares[most], 100*shares[last])
		})
	}
}
