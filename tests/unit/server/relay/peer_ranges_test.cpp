// Which addresses the denied ranges cover, read as coturn reads them: IPv4 as a number, IPv6 byte by byte.
#include "server/relay/peer_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string>

namespace heliograph::server::relay {
namespace {

using boost::asio::ip::make_address;

bool covers(std::string_view range, const boost::asio::ip::address& address) {
  const auto dash = range.find('-');
  const auto low = make_address(std::string(range.substr(0, dash)));
  const auto high = dash == std::string_view::npos ? low : make_address(std::string(range.substr(dash + 1)));
  EXPECT_EQ(low.is_v4(), high.is_v4()) << range;
  EXPECT_LE(low, high) << range;
  if (address.is_v4() != low.is_v4()) return false;
  if (address.is_v4()) return low <= address && address <= high;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto byte = address.to_v6().to_bytes()[i];
    if (byte < low.to_v6().to_bytes()[i] || byte > high.to_v6().to_bytes()[i]) return false;
  }
  return true;
}

bool is_denied(const std::string& address, bool is_development) {
  const auto ranges = denied_peer_ranges(is_development);
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](std::string_view range) { return covers(range, make_address(address)); });
}

TEST(PeerRangesTest, InsideAddressesAreDeniedInEveryFormThatIpv6HasForThem) {
  for (const char* inside : {"127.0.0.1",
                             "127.255.255.254",
                             "10.0.0.1",
                             "172.31.0.1",
                             "192.168.1.1",
                             "100.64.0.1",
                             "169.254.169.254",
                             "0.0.0.0",
                             "0.1.2.3",
                             "100.100.100.200",
                             "168.63.129.16",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::1",
                             "::127.0.0.1",
                             "::169.254.169.254",
                             "::ffff:127.0.0.1",
                             "::ffff:169.254.169.254",
                             "::ffff:8.8.8.8",
                             "64:ff9b::7f00:1",
                             "64:ff9b:1::7f00:1",
                             "2002:7f00:1::",
                             "2001::1",
                             "fe80::1",
                             "fec0::1",
                             "fc00::1",
                             "fd00:ec2::254",
                             "ff02::1",
                             "100::1",
                             "2001:db8::1"})
    EXPECT_TRUE(is_denied(inside, false)) << inside;
}

TEST(PeerRangesTest, DevelopmentReachesItsOwnMachineAndNetworkButNoMetadata) {
  for (const char* own : {"127.0.0.1", "192.168.1.1", "10.0.0.1", "::1", "fd12::1"})
    EXPECT_FALSE(is_denied(own, true)) << own;
  for (const char* never : {"169.254.169.254", "0.0.0.0", "::127.0.0.1", "::ffff:127.0.0.1", "fe80::1", "224.0.0.1"})
    EXPECT_TRUE(is_denied(never, true)) << never;
}

TEST(PeerRangesTest, PublicAddressesAreNot) {
  for (const char* outside : {"8.8.8.8", "1.1.1.1", "99.255.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111",
                              "2a00:1450::1", "2003::1"})
    EXPECT_FALSE(is_denied(outside, false)) << outside;
}

}  // namespace
}  // namespace heliograph::server::relay
