// The special-purpose registries of IANA (RFC 6890), as ranges. Not among them: "::", which coturn 4.6.1 reads as every
// address, those of IPv4 included; it refuses that peer by itself. An IPv6 address is within a range for coturn when
// each of its 16 bytes lies between those of the two ends (addr_less_eq in its ns_turn_ioaddr.c), hence four for ::/96.
#include "server/relay/peer_ranges.hpp"

#include <array>

namespace heliograph::server::relay {
namespace {

constexpr std::array<std::string_view, 23> kNever = {
    "0.0.0.0-0.255.255.255",        // This network; 0.0.0.0 means loopback to a kernel.
    "169.254.0.0-169.254.255.255",  // Link-local, and the clouds' metadata services.
    "192.0.0.0-192.0.0.255",        // Protocol assignments; some clouds' metadata too.
    "192.0.2.0-192.0.2.255",        // Documentation.
    "192.88.99.0-192.88.99.255",    // 6to4 relays.
    "198.18.0.0-198.19.255.255",    // Benchmarks.
    "198.51.100.0-198.51.100.255",  // Documentation.
    "203.0.113.0-203.0.113.255",    // Documentation.
    "224.0.0.0-255.255.255.255",    // Multicast, reserved, broadcast.
    "100.100.100.200",              // A cloud's metadata, within shared address space.
    "168.63.129.16",                // A cloud's host agent, on a public address.
    "::100:0-::ffff:ffff",          // IPv4 in the form of old (RFC 4291, 2.5.5.1), but for ::1.
    "::1:0-::ffff:ffff",
    "::100-::ffff:ffff",
    "::2-::ffff:ffff",
    "::ffff:0:0-::ffff:ffff:ffff",                        // IPv4 in disguise, which these ranges would not see through.
    "64:ff9b::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff",       // NAT64: likewise.
    "100::-100::ffff:ffff:ffff:ffff",                     // Discard.
    "2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",      // Teredo and other assignments.
    "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",  // Documentation.
    "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",     // 6to4: IPv4 in disguise.
    "fe80::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",     // Link-local, and the site-local of old.
    "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",     // Multicast.
};

constexpr std::array<std::string_view, 7> kNotFromOutside = {
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "172.16.0.0-172.31.255.255",
    "192.168.0.0-192.168.255.255",
    "::1",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

}  // namespace

std::vector<std::string_view> denied_peer_ranges(bool is_development) {
  std::vector<std::string_view> ranges(kNever.begin(), kNever.end());
  if (!is_development) ranges.insert(ranges.end(), kNotFromOutside.begin(), kNotFromOutside.end());
  return ranges;
}

}  // namespace heliograph::server::relay
