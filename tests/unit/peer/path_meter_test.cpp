// What feedback about packets says of the way they took.
#include "peer/path_meter.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace heliograph::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Ten packets of 1250 bytes a picture, twenty pictures a second: 2 Mbit/s.
class Stream {
 public:
  /// Feedback about one picture after the other. The other side's clock is an hour ahead.
  void run(milliseconds delay, int lost_of_ten, int pictures) {
    for (int i = 0; i < pictures; ++i) {
      now_ += milliseconds(50);
      std::vector<PacketReport> packets;
      for (int n = 0; n < 10; ++n) {
        const auto sent = std::chrono::duration_cast<microseconds>(now_.time_since_epoch());
        PacketReport packet{.sent = sent, .bytes = 1250};
        if (n >= lost_of_ten) packet.arrived = sent + delay + microseconds(n) + std::chrono::hours(1);
        packets.push_back(packet);
      }
      if (const auto report = meter_.on_feedback(now_, packets)) reports_.push_back(*report);
    }
  }
  void wait(seconds time) { now_ += time; }
  [[nodiscard]] const PathReport& last() const { return reports_.back(); }
  [[nodiscard]] std::size_t reports() const { return reports_.size(); }
  [[nodiscard]] bool is_fed() const { return meter_.is_fed(now_); }

 private:
  PathMeter meter_;
  SteadyTime now_{seconds(1000)};
  std::vector<PathReport> reports_;
};

TEST(PathMeterTest, ReportsFiveTimesASecondWhatIsSentAndWhatArrives) {
  Stream stream;

  stream.run(milliseconds(30), 0, 100);

  EXPECT_EQ(stream.reports(), 24U);
  EXPECT_EQ(stream.last().queue, microseconds(0)) << "whatever the clocks say, and however long the way is";
  EXPECT_NEAR(stream.last().sent_kbps, 2000, 1);
  EXPECT_NEAR(stream.last().received_kbps, 2000, 1);
  EXPECT_EQ(stream.last().loss, 0);
}

TEST(PathMeterTest, AQueueIsWhatIsAboveTheShortestDelay) {
  Stream stream;
  stream.run(milliseconds(30), 0, 40);

  stream.run(milliseconds(110), 0, 8);

  EXPECT_EQ(stream.last().queue, milliseconds(80));
}

TEST(PathMeterTest, ADelayThatStaysBecomesTheWaysOwn) {
  Stream stream;
  stream.run(milliseconds(30), 0, 40);

  stream.run(milliseconds(110), 0, 180);
  EXPECT_EQ(stream.last().queue, milliseconds(80)) << "after nine seconds";
  stream.run(milliseconds(110), 0, 240);
  EXPECT_EQ(stream.last().queue, milliseconds(0)) << "after 21";
}

TEST(PathMeterTest, LossIsCountedOverTwoSeconds) {
  Stream stream;
  stream.run(milliseconds(30), 0, 60);

  stream.run(milliseconds(30), 2, 20);
  EXPECT_NEAR(stream.last().loss, 0.1, 0.02);
  EXPECT_NEAR(stream.last().received_kbps, 1600, 1);
  stream.run(milliseconds(30), 2, 40);
  EXPECT_NEAR(stream.last().loss, 0.2, 0.001);
  stream.run(milliseconds(30), 0, 44);
  EXPECT_EQ(stream.last().loss, 0);
}

TEST(PathMeterTest, OfAFewPacketsNoLossIsTold) {
  PathMeter meter;
  SteadyTime now{seconds(1000)};
  const std::vector<PacketReport> lost{{.sent = milliseconds(1), .bytes = 100}};

  EXPECT_FALSE(meter.on_feedback(now, lost).has_value());
  const auto report = meter.on_feedback(now + milliseconds(300), lost);

  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->loss, 0);
  EXPECT_FALSE(report->queue.has_value());
  EXPECT_EQ(report->received_kbps, 0);
}

TEST(PathMeterTest, KnowsWhetherItIsFed) {
  Stream stream;
  EXPECT_FALSE(stream.is_fed());
  stream.run(milliseconds(30), 0, 5);
  EXPECT_TRUE(stream.is_fed());

  stream.wait(seconds(4));

  EXPECT_FALSE(stream.is_fed());
}

}  // namespace
}  // namespace heliograph::peer
