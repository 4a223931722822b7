// What a source keeps of its viewers, and of an application's clock. Nothing here is encoded.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "peer/fanout.hpp"
#include "peer/gst_world.hpp"
#include "peer/source_core.hpp"

namespace heliograph::peer {
namespace {

/// Remembers when frames are to be shown.
class Viewer final : public SampleTaker {
 public:
  void on_sample(GstSample* sample) override { shown.push_back(GST_BUFFER_PTS(gst_sample_get_buffer(sample))); }
  std::vector<GstClockTime> shown;
};

class SourceCoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    MediaSource::Options options{.input = MediaSource::Application{.video = Codec::kH264}};
    options.video_kbps = 1000;
    auto made = SourceCore::create(std::move(options), {.on_bitrate = [this](int kbps) {
                                     {
                                       const std::lock_guard lock(mutex);
                                       told.push_back(kbps);
                                     }
                                     changed.notify_all();
                                   }});
    ASSERT_TRUE(made) << made.error().detail;
    source = *std::move(made);
  }
  [[nodiscard]] bool await_target(int kbps) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&]() { return !told.empty() && told.back() == kbps; });
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> told;
  std::shared_ptr<SourceCore> source;
};

TEST_F(SourceCoreTest, WhoHasLeftHoldsNobodyBack) {
  const auto slow = std::make_shared<Viewer>();
  const auto other = std::make_shared<Viewer>();
  source->subscribe(Codec::kH264, slow);
  source->subscribe(Codec::kH264, other);
  source->set_path(slow.get(), 200);
  ASSERT_TRUE(await_target(200));

  source->unsubscribe(Codec::kH264, slow.get());
  ASSERT_TRUE(await_target(1000));
  source->set_path(slow.get(), 200);  // Said before it left.
  source->set_path(other.get(), 500);

  EXPECT_TRUE(await_target(500));
  EXPECT_EQ(source->stats().target_video_kbps, 500);
  source->unsubscribe(Codec::kH264, other.get());
}

TEST_F(SourceCoreTest, CeilingOutOfBoundsIsTheNearestBound) {
  source->set_video_kbps(3'000'000);
  EXPECT_TRUE(await_target(100'000));
  source->set_video_kbps(-1);
  EXPECT_TRUE(await_target(30));
}

TEST_F(SourceCoreTest, ClockThatGoesBackBeforeTheBeginStartsAnew) {
  const auto viewer = std::make_shared<Viewer>();
  source->subscribe(Codec::kH264, viewer);
  const std::vector<std::byte> data(8);
  const auto push = [&](std::chrono::nanoseconds at) {
    EXPECT_TRUE(source->push({.codec = Codec::kH264, .data = data, .timestamp = at, .is_key = true}));
  };

  // A process that has just begun: less than the five seconds that are forgiven.
  push(std::chrono::seconds(100));
  push(std::chrono::seconds(100) - std::chrono::milliseconds(4900));

  ASSERT_EQ(viewer->shown.size(), 2U);
  for (const GstClockTime time : viewer->shown) EXPECT_LE(time, now_in_pipelines());
  source->unsubscribe(Codec::kH264, viewer.get());
}

}  // namespace
}  // namespace heliograph::peer
