// TURN URIs as services hand them out.
#include <gtest/gtest.h>

#include "cli/doctor/turn_probe.hpp"

namespace heliograph::cli {
namespace {

TEST(TurnUriTest, SchemeTransportAndPortAreRead) {
  struct Case {
    const char* uri;
    const char* host;
    int port;
    bool is_udp;
    bool is_tls;
    bool is_stun;
  };
  for (const Case& c : {Case{"turn:127.0.0.1:3478?transport=udp", "127.0.0.1", 3478, true, false, false},
                        Case{"turn:a.example?transport=tcp", "a.example", 3478, false, false, false},
                        Case{"turns:a.example?transport=tcp", "a.example", 5349, false, true, false},
                        Case{"turns:a.example:443?transport=udp", "a.example", 443, true, true, false},
                        Case{"turns:a.example", "a.example", 5349, false, true, false},
                        Case{"stun:[::1]:3478", "::1", 3478, true, false, true}}) {
    SCOPED_TRACE(c.uri);
    const auto uri = parse_turn_uri(c.uri);
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->endpoint.host, c.host);
    EXPECT_EQ(uri->endpoint.port, c.port);
    EXPECT_EQ(uri->is_udp, c.is_udp);
    EXPECT_EQ(uri->endpoint.tls, c.is_tls);
    EXPECT_EQ(uri->is_stun_only, c.is_stun);
  }
  for (const char* bad : {"", "turn", "http:a", "turn:"}) EXPECT_FALSE(parse_turn_uri(bad)) << bad;
}

}  // namespace
}  // namespace heliograph::cli
