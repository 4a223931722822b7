// What holds a taker of frames while it leaves.
#include "peer/fanout.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "peer/gst_ptr.hpp"
#include "peer/gst_world.hpp"

namespace heliograph::peer {
namespace {

/// Stays in a frame until it is let go.
class SlowTaker final : public SampleTaker {
 public:
  explicit SlowTaker(std::shared_future<void> let_go) : let_go_(std::move(let_go)) {}
  void on_sample(GstSample*) override {
    began.set_value();
    let_go_.wait();
  }
  std::promise<void> began;

 private:
  const std::shared_future<void> let_go_;
};

TEST(FanoutTest, WhoHasLeftIsNeitherCalledNorHeldAnyMore) {
  ASSERT_TRUE(start_gstreamer());
  const GstPtr<GstBuffer> buffer(gst_buffer_new());
  const GstPtr<GstSample> sample(gst_sample_new(buffer.get(), nullptr, nullptr, nullptr));
  Fanout fanout;
  std::promise<void> let_go;
  auto taker = std::make_shared<SlowTaker>(let_go.get_future().share());
  auto began = taker->began.get_future();
  const std::weak_ptr<SlowTaker> left = taker;
  const SampleTaker* const name = taker.get();
  fanout.add(std::move(taker));
  auto pushed = std::async(std::launch::async, [&]() { fanout.push(sample.get()); });
  began.wait();

  auto removed = std::async(std::launch::async, [&]() {
    fanout.remove(name);
    return left.expired();
  });

  // As an encoder's thread: were it the last to hold whom it calls, it would end its own pipeline.
  EXPECT_EQ(removed.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  EXPECT_EQ(fanout.size(), 0U);
  let_go.set_value();
  EXPECT_TRUE(removed.get());
  pushed.get();
}

}  // namespace
}  // namespace heliograph::peer
