// What is kept of the other side's reports.
#include "peer/rtcp_reports.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "peer/gst_world.hpp"

namespace heliograph::peer {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kSecond = 65536;

struct Block {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction = 0;
  std::int32_t lost = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_report = 0;
  std::uint32_t held = 0;
};

void put(std::vector<std::uint8_t>& bytes, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
}

/// A receiver report, as RFC 3550, 6.4.2 draws it.
GstPtr<GstBuffer> receiver_report(const std::vector<Block>& blocks) {
  std::vector<std::uint8_t> bytes;
  put(bytes, 0x80C90000U | static_cast<std::uint32_t>(blocks.size()) << 24U |
                 static_cast<std::uint32_t>(1 + 6 * blocks.size()));
  put(bytes, 0xCAFE);
  for (const Block& block : blocks) {
    put(bytes, block.ssrc);
    put(bytes,
        static_cast<std::uint32_t>(block.fraction) << 24U | (static_cast<std::uint32_t>(block.lost) & 0xFFFFFFU));
    put(bytes, 1000);
    put(bytes, block.jitter);
    put(bytes, block.last_report);
    put(bytes, block.held);
  }
  GstBuffer* const buffer = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
  gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
  return GstPtr<GstBuffer>(buffer);
}

class RtcpReportsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start_gstreamer());
    for (const std::uint32_t ssrc : {1U, 2U, 3U}) reports->expect(ssrc);
  }

  void take(const std::vector<Block>& blocks, std::uint32_t now = 100 * kSecond) {
    reports->on_packet(receiver_report(blocks).get(), now);
  }

  std::shared_ptr<RtcpReports> reports = std::make_shared<RtcpReports>();
};

TEST_F(RtcpReportsTest, EachStreamHasItsOwn) {
  take({{.ssrc = 1, .fraction = 128, .lost = 7, .jitter = 90},
        {.ssrc = 2, .fraction = 0, .lost = -1, .jitter = 48},
        {.ssrc = 3}});

  EXPECT_EQ(reports->of_sent(1)->packets_lost, 7);
  EXPECT_EQ(reports->of_sent(1)->loss, 0.5);
  EXPECT_EQ(reports->of_sent(1)->jitter, 90U);
  EXPECT_EQ(reports->of_sent(2)->packets_lost, -1);
  EXPECT_EQ(reports->of_sent(2)->loss, 0);
  EXPECT_EQ(reports->of_sent(2)->jitter, 48U);
  EXPECT_FALSE(reports->of_sent(4).has_value());
}

TEST_F(RtcpReportsTest, LatestReportCounts) {
  take({{.ssrc = 1, .fraction = 128, .lost = 7}});
  take({{.ssrc = 1, .fraction = 0, .lost = 8}});

  EXPECT_EQ(reports->of_sent(1)->packets_lost, 8);
  EXPECT_EQ(reports->of_sent(1)->loss, 0);
}

TEST_F(RtcpReportsTest, RoundTripIsWhatIsNotExplainedByHolding) {
  // It left at 90 s, and its answer was held for 9.75 of the 10 s since.
  take({{.ssrc = 1, .last_report = 90 * kSecond, .held = kSecond * 39 / 4}});

  EXPECT_EQ(reports->of_sent(1)->round_trip, milliseconds(250));
}

TEST_F(RtcpReportsTest, RoundTripGoesOverTheEndOfTheClock) {
  take({{.ssrc = 1, .last_report = 0U - kSecond, .held = kSecond}}, kSecond / 2);

  EXPECT_EQ(reports->of_sent(1)->round_trip, milliseconds(500));
}

TEST_F(RtcpReportsTest, RoundTripIsNeverNegativeNorAbsurd) {
  take({{.ssrc = 1, .last_report = 99 * kSecond, .held = kSecond + 1},
        {.ssrc = 2, .last_report = 10 * kSecond, .held = 1},
        {.ssrc = 3, .last_report = 0, .held = 0}});

  EXPECT_EQ(reports->of_sent(1)->round_trip, milliseconds(0));
  EXPECT_FALSE(reports->of_sent(2)->round_trip.has_value());
  EXPECT_FALSE(reports->of_sent(3)->round_trip.has_value());
}

TEST_F(RtcpReportsTest, InventedStreamsAreNotKeptAndHideNone) {
  for (std::uint32_t ssrc = 100; ssrc <= 1000; ++ssrc) take({{.ssrc = ssrc}});
  take({{.ssrc = 1, .lost = 7}});

  EXPECT_FALSE(reports->of_sent(100).has_value());
  EXPECT_FALSE(reports->of_sent(1000).has_value());
  ASSERT_TRUE(reports->of_sent(1).has_value());
  EXPECT_EQ(reports->of_sent(1)->packets_lost, 7);
}

TEST_F(RtcpReportsTest, NoiseIsNoReport) {
  GstBuffer* const noise = gst_buffer_new_allocate(nullptr, 7, nullptr);
  gst_buffer_memset(noise, 0, 0xFF, 7);
  const GstPtr<GstBuffer> owned(noise);

  reports->on_packet(noise, kSecond);

  EXPECT_FALSE(reports->of_sent(0xFFFFFFFF).has_value());
}

}  // namespace
}  // namespace heliograph::peer
