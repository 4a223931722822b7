// What requests, refusals, signatures and closes are counted as.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/metrics/auth_meter.hpp"
#include "server/metrics/close_meter.hpp"
#include "server/metrics/request_meter.hpp"

namespace heliograph::server::metrics {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const RequestMeter& meter) {
  Exposition out;
  meter.expose(out);
  return out.text();
}

TEST(RequestMeterTest, EveryRequestHasOneOfAFewNames) {
  struct Case {
    const char* method;
    const char* target;
    const char* name;
  };
  const Case cases[] = {
      {"POST", "/describeSignalingChannel", "DescribeSignalingChannel"},
      {"POST", "/v1/get-ice-server-config?x=1", "GetIceServerConfig"},
      {"POST", "/nothing/that/is/there", "unknown"},
      {"DELETE", "/TagResource", "unknown"},
      {"GET", "/", "file"},
      {"HEAD", "/no/such/file", "file"},
      {"GET", "/readyz", "health"},
      {"GET", "/metrics", "metrics"},
      {"OPTIONS", "/TagResource", "preflight"},
      {"POST", "/", "sts"},
      {"POST", "/_heliograph/v1/join", "console"},
      {"POST", "/_heliograph/v1/admin/reload", "admin"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.target);
    RequestMeter meter;
    net::HttpRequest request;
    request.method = c.method;
    request.target = c.target;

    meter.on_answered(RequestMeter::kind_of(request), 200, milliseconds(1));

    EXPECT_THAT(text_of(meter), HasSubstr("heliograph_http_requests_total{operation=\"" + std::string(c.name) +
                                          "\",status=\"200\"} 1\n"));
  }
}

TEST(RequestMeterTest, EveryOperationHasARowOfItsOwn) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const std::string name(to_string(static_cast<Operation>(i)));
    SCOPED_TRACE(name);
    RequestMeter meter;
    ASSERT_LT(i, RequestMeter::kind_of(Area::kConsole));

    meter.on_answered(i, 200, milliseconds(1));

    EXPECT_THAT(text_of(meter), HasSubstr("heliograph_http_requests_total{operation=\"" + name + "\""));
  }
}

TEST(RequestMeterTest, StatusesAndErrorTypesThatNobodyExpectsAreOthers) {
  RequestMeter meter;
  meter.on_answered(RequestMeter::kind_of(Area::kUnreadable), 418, {});
  meter.on_handshake_refused("ChannelNameInAnErrorType");
  meter.on_handshake_refused("AccessDeniedException");
  meter.on_handshake_accepted();

  const std::string text = text_of(meter);

  EXPECT_THAT(text, HasSubstr("{operation=\"unreadable\",status=\"other\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("heliograph_handshake_refusals_total{error=\"other\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("heliograph_handshake_refusals_total{error=\"AccessDeniedException\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("heliograph_handshakes_total{result=\"accepted\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("heliograph_handshakes_total{result=\"refused\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("ChannelNameInAnErrorType")));
}

TEST(AuthMeterTest, UnforeseenReasonsAreOthers) {
  AuthMeter meter;
  meter.count(Errc::kSignatureExpired);
  meter.count(Errc::kInternalFailure);

  for (std::size_t i = 0; i < AuthMeter::kReasons.size(); ++i) {
    SCOPED_TRACE(AuthMeter::kReasons[i].name);
    const bool is_counted = AuthMeter::kReasons[i].name == "expired" || AuthMeter::kReasons[i].name == "other";
    EXPECT_EQ(meter.get(i), is_counted ? 1U : 0U);
  }
}

TEST(CloseMeterTest, ClosesAreThoseOfWhoeverClosedFirst) {
  CloseMeter meter;
  meter.count({.peer_code = 1006, .why = Errc::kSlowPeer});
  meter.count({.peer_code = 1000, .why = Errc::kClosed});
  meter.count({.peer_code = 3999, .why = Errc::kClosed});
  CloseCounts counts;

  meter.add_to(counts);

  EXPECT_EQ(counts.by_service[7], 1U);  // 1008
  EXPECT_EQ(counts.by_peer[0], 1U);     // 1000
  EXPECT_EQ(counts.by_peer.back(), 1U);
  EXPECT_EQ(kCloseCodes[7], 1008);
}

}  // namespace
}  // namespace heliograph::server::metrics
