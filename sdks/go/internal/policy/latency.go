package policy

import (
	"math"
	"math/bits"
)

const (
	// bucketsPerDoubling has none wider than a 32nd of what it holds; below 64 µs each is one microsecond.
	bucketsPerDoubling = 32
	bucketBits         = 6
)

// BucketOf tells in which bucket a latency in microseconds counts. Longer than 71 minutes is that long; less than
// nothing, as of a clock that was set, is 0.
func BucketOf(latencyUs int64) int {
	us := uint64(min(math.MaxUint32, max(0, latencyUs)))
	shift := max(0, bits.Len64(us)-bucketBits)
	return bucketsPerDoubling*shift + int(us>>shift)
}
