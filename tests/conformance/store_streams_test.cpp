// What every Store does with streams.
#include <gmock/gmock.h>

#include "conformance/store_fixture.hpp"

namespace heliograph::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

template <class Backend>
class StoreStreamsTest : public StoreTest<Backend> {
 protected:
  Stream make(const std::string& name, Tags tags = {}, WallTime now = kNow) {
    auto stream = this->store_->create_stream({.name = name, .tags = std::move(tags)}, now);
    EXPECT_TRUE(stream) << stream.error().detail;
    return stream ? *stream : Stream{};
  }
  std::vector<std::string> names(const ChannelQuery& query) {
    const auto page = this->store_->list_streams(query);
    EXPECT_TRUE(page) << page.error().detail;
    std::vector<std::string> all;
    for (const Stream& stream : page->streams) all.push_back(stream.name);
    if (page->has_more) all.emplace_back("…");
    return all;
  }
  static Result<void> leave_alone(Stream&) { return {}; }
};
TYPED_TEST_SUITE(StoreStreamsTest, Backends, BackendNames);

TYPED_TEST(StoreStreamsTest, StreamIsFoundAsItWasMade) {
  const auto made = this->store_->create_stream({.name = "door",
                                                 .device_name = "cam",
                                                 .media_type = "video/h264,audio/aac",
                                                 .kms_key_id = "alias/key",
                                                 .retention_hours = 24,
                                                 .tags = {{"floor", ""}, {"site", "Büro = 東京"}}},
                                                kNow);

  ASSERT_TRUE(made);
  EXPECT_EQ(made->arn.str(), "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/door/1712136149494");
  EXPECT_EQ(made->created, kNow);
  EXPECT_EQ(made->version.size(), 20U);
  EXPECT_THAT(made->tags, ElementsAre(Pair("floor", ""), Pair("site", "Büro = 東京")));
  EXPECT_EQ(this->store_->stream_by_name("door").value(), *made);
  EXPECT_EQ(this->store_->stream_by_arn(made->arn).value(), *made);
}

TYPED_TEST(StoreStreamsTest, NamesAreTakenOnceAndNotSharedWithChannels) {
  this->make("door");
  this->create("door");

  EXPECT_EQ(code_of(this->store_->create_stream({.name = "door"}, kNow)), Errc::kResourceInUse);
  EXPECT_EQ(this->store_->channel_count(), 1U);
}

TYPED_TEST(StoreStreamsTest, WhatIsNotThereIsNotFound) {
  const Stream made = this->make("door");
  const Channel channel = this->create("gate");
  const StreamArn other(made.arn.str() + "1");

  EXPECT_EQ(code_of(this->store_->stream_by_name("gate")), Errc::kResourceNotFound);
  for (const StreamArn& arn : {other, StreamArn(channel.arn.str()), StreamArn("nonsense")}) {
    EXPECT_EQ(code_of(this->store_->stream_by_arn(arn)), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->change_stream(arn, {}, &TestFixture::leave_alone)), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->delete_stream(arn, {})), Errc::kResourceNotFound);
  }
  EXPECT_TRUE(this->store_->stream_by_name("door"));
}

TYPED_TEST(StoreStreamsTest, PagesAreInOrderAndGoOnBehindTheLastName) {
  for (const char* name : {"b2", "a", "b1", "b3", "c"}) this->make(name);

  EXPECT_THAT(this->names({}), ElementsAre("a", "b1", "b2", "b3", "c"));
  EXPECT_THAT(this->names({.name_prefix = "b", .limit = 2}), ElementsAre("b1", "b2", "…"));
  EXPECT_THAT(this->names({.name_prefix = "b", .after = "b2", .limit = 2}), ElementsAre("b3"));
  EXPECT_THAT(this->names({.name_prefix = "x"}), IsEmpty());
}

TYPED_TEST(StoreStreamsTest, ChangeWithAVersionGivesANewOne) {
  const Stream made = this->make("door");
  const auto edit = [](Stream& stream) -> Result<void> {
    stream.retention_hours = 48;
    stream.device_name = "cam-2";
    return {};
  };

  const auto changed = this->store_->change_stream(made.arn, made.version, edit);

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->retention_hours, 48U);
  EXPECT_NE(changed->version, made.version);
  EXPECT_EQ(this->store_->stream_by_name("door").value(), *changed);
  EXPECT_EQ(code_of(this->store_->change_stream(made.arn, made.version, edit)), Errc::kVersionMismatch);
}

TYPED_TEST(StoreStreamsTest, ChangeWithoutAVersionKeepsIt) {
  const Stream made = this->make("door", {{"a", "1"}});

  const auto changed = this->store_->change_stream(made.arn, {}, [](Stream& stream) -> Result<void> {
    stream.tags.erase("a");
    stream.tags["b"] = "2";
    return {};
  });

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->version, made.version);
  EXPECT_THAT(this->store_->stream_by_arn(made.arn)->tags, ElementsAre(Pair("b", "2")));
}

TYPED_TEST(StoreStreamsTest, ChangeThatFailsChangesNothing) {
  const Stream made = this->make("door");

  const auto refused = this->store_->change_stream(made.arn, made.version, [](Stream& stream) -> Result<void> {
    stream.retention_hours = 1;
    return Errc::kInvalidArgument;
  });
  const auto too_many = this->store_->change_stream(made.arn, {}, [](Stream& stream) -> Result<void> {
    for (std::size_t i = 0; i <= kMaxTags; ++i) stream.tags["key" + std::to_string(i)];
    return {};
  });

  EXPECT_EQ(code_of(refused), Errc::kInvalidArgument);
  EXPECT_EQ(code_of(too_many), Errc::kTagsPerResourceExceededLimit);
  EXPECT_EQ(this->store_->stream_by_name("door").value(), made);
}

TYPED_TEST(StoreStreamsTest, DeletedStreamIsGoneAndItsArnNeverComesAgain) {
  const Stream made = this->make("door");

  EXPECT_EQ(code_of(this->store_->delete_stream(made.arn, "stale")), Errc::kVersionMismatch);
  EXPECT_TRUE(this->store_->delete_stream(made.arn, made.version));

  EXPECT_EQ(code_of(this->store_->stream_by_name("door")), Errc::kResourceNotFound);
  EXPECT_NE(this->make("door").arn, made.arn);
}

TEST(SqliteStreamsTest, StreamsAreThereAfterARestart) {
  test::CountingRng rng;
  SqliteBackend backend;
  const wire::ArnScope scope{"aws", "eu-west-1", "123456789012"};
  const auto made = backend.open(scope, rng)->create_stream({.name = "door", .tags = {{"k", "v"}}}, kNow);
  ASSERT_TRUE(made);

  EXPECT_EQ(backend.open(scope, rng)->stream_by_arn(made->arn).value(), *made);
}

}  // namespace
}  // namespace heliograph::store
