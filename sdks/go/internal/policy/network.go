package policy

import (
	"fmt"
	"net/netip"
	"strings"
)

const unknownNetwork = "unknown"

// NetworkOf tells whose address it is, as far as an address tells: one of IPv4 itself, the /64 of IPv6 (a
// household has 2^64 addresses, and would have as many limits), and `unknown` for what is none.
func NetworkOf(address string) string {
	if parsed, err := netip.ParseAddr(address); err == nil && parsed.Is4() {
		return address
	}
	withoutZone, _, _ := strings.Cut(address, "%")
	parsed, err := netip.ParseAddr(withoutZone)
	switch {
	case err != nil || parsed.Is4():
		return unknownNetwork
	case parsed.Is4In6():
		return parsed.Unmap().String()
	}
	bytes := parsed.As16()
	group := func(at int) int { return int(bytes[2*at])<<8 | int(bytes[2*at+1]) }
	return fmt.Sprintf("%x:%x:%x:%x::/64", group(0), group(1), group(2), group(3))
}
