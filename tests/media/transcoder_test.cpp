// Encoders and decoders that fail are the matter of the viewers that need them.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "peer/fanout.hpp"
#include "peer/gst_ptr.hpp"
#include "peer/source_core.hpp"
#include "support/media_fixture.hpp"

namespace heliograph::peer {
namespace {

/// What a viewer gets.
class Viewer final : public SampleTaker {
 public:
  void on_sample(GstSample* sample) override {
    GstBuffer* const buffer = gst_sample_get_buffer(sample);
    std::vector<std::byte> data(gst_buffer_get_size(buffer));
    gst_buffer_extract(buffer, 0, data.data(), data.size());
    const std::lock_guard lock(mutex_);
    frames_.emplace_back(std::move(data), is_key_frame(buffer));
  }
  using Frames = std::vector<std::pair<std::vector<std::byte>, bool>>;
  [[nodiscard]] Frames frames() const {
    const std::lock_guard lock(mutex_);
    return frames_;
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return frames_.size();
  }

 private:
  mutable std::mutex mutex_;
  Frames frames_;
};

/// While it lives nothing decodes H.264.
class NoDecoders {
 public:
  NoDecoders() {
    const GstPtr<GstCaps> caps(gst_caps_from_string("video/x-h264"));
    GList* const all = gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
    fitting_ = gst_element_factory_list_filter(all, caps.get(), GST_PAD_SINK, FALSE);
    gst_plugin_feature_list_free(all);
    for (GList* one = fitting_; one != nullptr; one = one->next) {
      auto* const feature = GST_PLUGIN_FEATURE(one->data);
      ranks_.push_back(gst_plugin_feature_get_rank(feature));
      gst_plugin_feature_set_rank(feature, GST_RANK_NONE);
    }
  }
  ~NoDecoders() {
    std::size_t i = 0;
    for (GList* one = fitting_; one != nullptr; one = one->next)
      gst_plugin_feature_set_rank(GST_PLUGIN_FEATURE(one->data), ranks_[i++]);
    gst_plugin_feature_list_free(fitting_);
  }
  NoDecoders(const NoDecoders&) = delete;
  NoDecoders& operator=(const NoDecoders&) = delete;

 private:
  GList* fitting_ = nullptr;
  std::vector<guint> ranks_;
};

class TranscoderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = SourceCore::create(test::small_options(MediaSource::Application{.video = Codec::kH264}),
                                   {.on_error = [this](const Error& error) {
                                     const bool is_running = source->stats().is_running;
                                     board.change([&]() {
                                       errors.push_back(error.detail);
                                       was_running = is_running;
                                     });
                                   }});
    ASSERT_TRUE(made) << made.error().detail;
    source = *std::move(made);
    const auto origin = *SourceCore::create(test::small_options(), {});
    const auto viewer = std::make_shared<Viewer>();
    origin->subscribe(Codec::kH264, viewer);
    ASSERT_TRUE(board.await([&]() { return viewer->count() >= 5; }));
    origin->unsubscribe(Codec::kH264, viewer.get());
    film = viewer->frames();
  }
  [[nodiscard]] std::shared_ptr<Viewer> watch(Codec codec) {
    auto viewer = std::make_shared<Viewer>();
    source->subscribe(codec, viewer);
    return viewer;
  }
  /// The film over and over, until something holds.
  template <class Condition>
  [[nodiscard]] bool push_until(Condition holds) {
    return board.await([&]() {  // It asks every 20 ms.
      const auto& [data, is_key] = film[pushed++ % film.size()];
      shown += std::chrono::milliseconds(66);
      EXPECT_TRUE(source->push({.codec = Codec::kH264, .data = data, .timestamp = shown, .is_key = is_key}));
      return holds();
    });
  }

  test::Board board;
  std::vector<std::string> errors;
  bool was_running = false;
  std::size_t pushed = 0;
  std::chrono::nanoseconds shown{};
  Viewer::Frames film;
  std::shared_ptr<SourceCore> source;
};

TEST_F(TranscoderTest, DecoderThatFailsEndsNothingForWhoNeedsNone) {
  const auto plain = watch(Codec::kH264);
  {
    const NoDecoders none;
    const auto black = watch(Codec::kVp8);

    ASSERT_TRUE(push_until([&]() { return !errors.empty(); }));

    EXPECT_NE(errors.front().find("cannot be decoded"), std::string::npos) << errors.front();
    EXPECT_TRUE(was_running);
    const std::size_t before = plain->count();
    EXPECT_TRUE(push_until([&]() { return plain->count() >= before + 20; }));
    EXPECT_EQ(board.read([&]() { return errors.size(); }), 1U);
    EXPECT_EQ(black->count(), 0U);
    EXPECT_TRUE(source->stats().is_running);
    source->unsubscribe(Codec::kVp8, black.get());
  }

  const auto late = watch(Codec::kVp8);

  EXPECT_TRUE(push_until([&]() { return late->count() >= 3; }));
  EXPECT_EQ(plain->count(), pushed);
  source->unsubscribe(Codec::kVp8, late.get());
  source->unsubscribe(Codec::kH264, plain.get());
}

TEST_F(TranscoderTest, CodecThatNeedsADecoderIsOfferedWithOneOnly) {
  EXPECT_TRUE(source->offers(Codec::kVp8));
  const auto pattern = *SourceCore::create(test::small_options(), {});

  const NoDecoders none;

  EXPECT_FALSE(source->offers(Codec::kVp8));
  EXPECT_TRUE(source->offers(Codec::kH264));
  EXPECT_TRUE(pattern->offers(Codec::kVp8));
}

}  // namespace
}  // namespace heliograph::peer
