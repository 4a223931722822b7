// What every Store does when it lists channels.
#include <gmock/gmock.h>

#include "conformance/store_fixture.hpp"

namespace heliograph::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class Backend>
class StoreListTest : public StoreTest<Backend> {};
TYPED_TEST_SUITE(StoreListTest, Backends, BackendNames);

TYPED_TEST(StoreListTest, EmptyStoreHasAnEmptyPage) {
  const auto page = this->store_->list_channels({});

  ASSERT_TRUE(page);
  EXPECT_THAT(page->channels, IsEmpty());
  EXPECT_FALSE(page->has_more);
}

TYPED_TEST(StoreListTest, NamesComeInByteOrder) {
  for (const char* name : {"b", "a", "B", "_", "-", ".", "0", "ab", "a.b", "a-b", "a_b"}) this->create(name);

  EXPECT_THAT(this->list_names({}), ElementsAre("-", ".", "0", "B", "_", "a", "a-b", "a.b", "a_b", "ab", "b"));
}

TYPED_TEST(StoreListTest, PageHoldsWholeChannels) {
  const Channel made = this->create("a");

  const auto page = this->store_->list_channels({});

  ASSERT_TRUE(page);
  EXPECT_THAT(page->channels, ElementsAre(made));
}

TYPED_TEST(StoreListTest, PrefixSelectsByBeginning) {
  for (const char* name : {"cam", "cam-1", "cam-2", "cam.1", "can", "c", "Cam-3"}) this->create(name);

  struct Case {
    const char* prefix;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"cam", {"cam", "cam-1", "cam-2", "cam.1"}},
      {"cam-", {"cam-1", "cam-2"}},
      {"cam-2", {"cam-2"}},
      {"cam-22", {}},
      {"d", {}},
      {"C", {"Cam-3"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.prefix);
    EXPECT_EQ(this->list_names({.name_prefix = c.prefix}), c.names);
  }
}

TYPED_TEST(StoreListTest, LastPageSaysThatItIsTheLast) {
  for (const char* name : {"a", "b", "c", "d"}) this->create(name);

  struct Case {
    const char* after;
    std::size_t limit;
    bool has_more;
  };
  for (const auto& c : {Case{"", 3, true}, Case{"", 4, false}, Case{"b", 1, true}, Case{"b", 2, false},
                        Case{"c", 5, false}, Case{"d", 5, false}}) {
    SCOPED_TRACE(std::string(c.after) + "/" + std::to_string(c.limit));
    const auto page = this->store_->list_channels({.after = c.after, .limit = c.limit});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->has_more, c.has_more);
  }
}

TYPED_TEST(StoreListTest, HasMoreCountsOnlyWhatThePrefixSelects) {
  for (const char* name : {"a1", "a2", "b1"}) this->create(name);

  const auto page = this->store_->list_channels({.name_prefix = "a", .limit = 2});

  ASSERT_TRUE(page);
  EXPECT_EQ(page->channels.size(), 2U);
  EXPECT_FALSE(page->has_more);
}

TYPED_TEST(StoreListTest, ContinuingBehindANameWorksWhetherOrNotItStillExists) {
  for (const char* name : {"a", "a-", "a-1", "b", "c"}) this->create(name);

  struct Case {
    const char* prefix;
    const char* after;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"", "a", {"a-", "a-1", "b", "c"}},
      {"", "a-0", {"a-1", "b", "c"}},  // Deleted since.
      {"a", "a-", {"a-1"}},
      {"a", "0", {"a", "a-", "a-1"}},  // Before all that the prefix selects.
      {"a", "b", {}},                  // Behind it.
      {"", "zzz", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.prefix) + " after " + c.after);
    EXPECT_EQ(this->list_names({.name_prefix = c.prefix, .after = c.after}), c.names);
  }
}

TYPED_TEST(StoreListTest, WalkingPagesMeetsEveryChannelOnceAlthoughOthersComeAndGo) {
  for (int i = 0; i < 30; ++i) this->create("keep-" + std::to_string(100 + i));
  this->create("drop-1");

  std::vector<std::string> met;
  ChannelQuery query{.after = {}, .limit = 7};
  for (bool more = true; more;) {
    const auto page = this->store_->list_channels(query);
    ASSERT_TRUE(page);
    for (const auto& channel : page->channels) {
      if (channel.name.starts_with("keep-")) met.push_back(channel.name);
    }
    more = page->has_more;
    if (page->channels.empty()) break;
    query.after = page->channels.back().name;
    // Between the pages: the last channel seen goes (if it may), and new ones come before and behind it.
    this->create("extra-" + query.after);
    if (const auto drop = this->store_->channel_by_name("drop-1")) {
      EXPECT_TRUE(this->store_->delete_channel(drop->arn, std::nullopt));
    }
  }

  ASSERT_EQ(met.size(), 30U);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(met[static_cast<std::size_t>(i)], "keep-" + std::to_string(100 + i));
}

TYPED_TEST(StoreListTest, LongestNamesWork) {
  const std::string longest(256, 'z');
  this->create(longest);
  this->create(std::string(255, 'z'));

  EXPECT_THAT(this->list_names({.name_prefix = longest}), ElementsAre(longest));
  EXPECT_THAT(this->list_names({.after = std::string(255, 'z')}), ElementsAre(longest));
}

}  // namespace
}  // namespace heliograph::store
