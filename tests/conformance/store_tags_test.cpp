// What every Store does with tags.
#include <gmock/gmock.h>

#include "conformance/store_fixture.hpp"

namespace heliograph::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

template <class Backend>
class StoreTagsTest : public StoreTest<Backend> {
 protected:
  Tags many_tags(std::size_t count) {
    Tags tags;
    for (std::size_t i = 0; i < count; ++i) tags.emplace("key" + std::to_string(i), "value");
    return tags;
  }
};
TYPED_TEST_SUITE(StoreTagsTest, Backends, BackendNames);

TYPED_TEST(StoreTagsTest, ChannelKeepsTheTagsItWasMadeWith) {
  const Channel plain = this->create("plain");
  const Channel tagged = this->create("tagged", {{"owner", "Zoë"}, {"empty", ""}});

  EXPECT_THAT(this->store_->channel_tags(plain.arn).value(), IsEmpty());
  EXPECT_THAT(this->store_->channel_tags(tagged.arn).value(), ElementsAre(Pair("empty", ""), Pair("owner", "Zoë")));
}

TYPED_TEST(StoreTagsTest, TaggingAddsAndOverwrites) {
  const Channel made = this->create("a", {{"stage", "test"}, {"room", "1"}});

  EXPECT_TRUE(this->store_->tag_channel(made.arn, {{"stage", "live"}, {"floor", "2"}}));

  EXPECT_THAT(this->store_->channel_tags(made.arn).value(),
              ElementsAre(Pair("floor", "2"), Pair("room", "1"), Pair("stage", "live")));
}

TYPED_TEST(StoreTagsTest, UntaggingRemovesAndIgnoresWhatIsNotThere) {
  const Channel made = this->create("a", {{"stage", "test"}, {"room", "1"}});

  EXPECT_TRUE(this->store_->untag_channel(made.arn, {"stage", "never"}));

  EXPECT_THAT(this->store_->channel_tags(made.arn).value(), ElementsAre(Pair("room", "1")));
}

TYPED_TEST(StoreTagsTest, FiftyTagsFitAndTheNextIsRefusedAsAWhole) {
  const Channel made = this->create("a", this->many_tags(49));

  EXPECT_EQ(code_of(this->store_->tag_channel(made.arn, {{"x", "1"}, {"y", "2"}})),
            Errc::kTagsPerResourceExceededLimit);
  EXPECT_EQ(this->store_->channel_tags(made.arn)->size(), 49U);
  EXPECT_TRUE(this->store_->tag_channel(made.arn, {{"x", "1"}}));
  EXPECT_TRUE(this->store_->tag_channel(made.arn, {{"x", "2"}}));
  EXPECT_EQ(this->store_->channel_tags(made.arn)->size(), 50U);
}

TYPED_TEST(StoreTagsTest, ChannelWithMoreThanFiftyTagsIsNotMade) {
  EXPECT_EQ(code_of(this->store_->create_channel({.name = "a", .tags = this->many_tags(51)}, kNow)),
            Errc::kTagsPerResourceExceededLimit);
  EXPECT_EQ(this->store_->channel_count(), 0U);
}

TYPED_TEST(StoreTagsTest, TagsGoWithTheirChannel) {
  const Channel first = this->create("a", {{"stage", "test"}});
  ASSERT_TRUE(this->store_->delete_channel(first.arn, std::nullopt));

  const Channel second = this->create("a");

  EXPECT_THAT(this->store_->channel_tags(second.arn).value(), IsEmpty());
  EXPECT_EQ(code_of(this->store_->channel_tags(first.arn)), Errc::kResourceNotFound);
}

TYPED_TEST(StoreTagsTest, TaggingDoesNotChangeTheVersion) {
  const Channel made = this->create("a");

  ASSERT_TRUE(this->store_->tag_channel(made.arn, {{"k", "v"}}));

  EXPECT_EQ(this->store_->channel_by_name("a").value(), made);
}

}  // namespace
}  // namespace heliograph::store
