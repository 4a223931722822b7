// What every Store does with channels: create, find, update, delete.
#include <thread>

#include "conformance/store_fixture.hpp"

namespace heliograph::store {
namespace {

template <class Backend>
class StoreChannelsTest : public StoreTest<Backend> {};
TYPED_TEST_SUITE(StoreChannelsTest, Backends, BackendNames);

TYPED_TEST(StoreChannelsTest, CreatedChannelIsActiveAndItsArnEndsInItsCreationTime) {
  const auto channel =
      this->store_->create_channel({.name = "front.door", .message_ttl = std::chrono::seconds(30)}, kNow);

  ASSERT_TRUE(channel);
  EXPECT_EQ(channel->name, "front.door");
  EXPECT_EQ(channel->arn.str(), "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/front.door/1712136149494");
  EXPECT_EQ(channel->type, ChannelType::kSingleMaster);
  EXPECT_EQ(channel->status, ChannelStatus::kActive);
  EXPECT_EQ(channel->created, kNow);
  EXPECT_EQ(channel->message_ttl, std::chrono::seconds(30));
  EXPECT_EQ(channel->version.size(), 20U);
}

TYPED_TEST(StoreChannelsTest, FindsByNameAndByArnWhatWasCreated) {
  const Channel made = this->create("a");

  const auto by_name = this->store_->channel_by_name("a");
  const auto by_arn = this->store_->channel_by_arn(made.arn);

  ASSERT_TRUE(by_name);
  ASSERT_TRUE(by_arn);
  EXPECT_EQ(*by_name, made);
  EXPECT_EQ(*by_arn, made);
}

TYPED_TEST(StoreChannelsTest, NameThatIsTakenIsInUse) {
  const Channel made = this->create("a");

  EXPECT_EQ(code_of(this->store_->create_channel({.name = "a"}, kNow)), Errc::kResourceInUse);
  EXPECT_EQ(this->store_->channel_by_name("a").value(), made);
}

TYPED_TEST(StoreChannelsTest, NamesThatDifferInCaseAreDifferentChannels) {
  this->create("door");
  this->create("Door");

  EXPECT_EQ(this->store_->channel_count(), 2U);
  EXPECT_EQ(this->store_->channel_by_name("Door")->name, "Door");
}

TYPED_TEST(StoreChannelsTest, ArnThatIsNotExactlyTheChannelsIsNotFound) {
  this->create("a");
  const char* others[] = {
      "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/1712136149495",     // An earlier or later one.
      "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/01712136149494",    // Another spelling.
      "arn:aws:kinesisvideo:us-east-1:123456789012:channel/a/1712136149494",     // Another region,
      "arn:aws:kinesisvideo:eu-west-1:210987654321:channel/a/1712136149494",     // account,
      "arn:aws-cn:kinesisvideo:eu-west-1:123456789012:channel/a/1712136149494",  // partition,
      "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/a/1712136149494",      // or kind.
      "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/b/1712136149494",
      "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/99999999999999999999999999",
      "a",
      "",
  };

  for (const char* other : others) {
    SCOPED_TRACE(other);
    const ChannelArn arn{other};

    EXPECT_EQ(code_of(this->store_->channel_by_arn(arn)), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->update_channel(arn, "v", std::chrono::seconds(5))), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->delete_channel(arn, std::nullopt)), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->tag_channel(arn, {{"k", "v"}})), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->untag_channel(arn, {"k"})), Errc::kResourceNotFound);
    EXPECT_EQ(code_of(this->store_->channel_tags(arn)), Errc::kResourceNotFound);
  }
  EXPECT_EQ(this->store_->channel_count(), 1U);
}

TYPED_TEST(StoreChannelsTest, UpdateWithTheRightVersionChangesTtlAndVersion) {
  const Channel before = this->create("a");

  const auto after = this->store_->update_channel(before.arn, before.version, std::chrono::seconds(120));

  ASSERT_TRUE(after);
  EXPECT_EQ(after->message_ttl, std::chrono::seconds(120));
  EXPECT_NE(after->version, before.version);
  EXPECT_EQ(this->store_->channel_by_name("a").value(), *after);
}

TYPED_TEST(StoreChannelsTest, UpdateWithAnOldVersionChangesNothing) {
  const Channel first = this->create("a");
  const auto second = this->store_->update_channel(first.arn, first.version, std::chrono::seconds(120));
  ASSERT_TRUE(second);

  const auto third = this->store_->update_channel(first.arn, first.version, std::chrono::seconds(5));

  EXPECT_EQ(code_of(third), Errc::kVersionMismatch);
  EXPECT_EQ(this->store_->channel_by_name("a").value(), *second);
}

TYPED_TEST(StoreChannelsTest, DeleteWithoutVersionRemovesTheChannel) {
  const Channel made = this->create("a");

  EXPECT_TRUE(this->store_->delete_channel(made.arn, std::nullopt));

  EXPECT_EQ(code_of(this->store_->channel_by_name("a")), Errc::kResourceNotFound);
  EXPECT_EQ(this->store_->channel_count(), 0U);
}

TYPED_TEST(StoreChannelsTest, DeleteWithAVersionDemandsTheCurrentOne) {
  const Channel made = this->create("a");

  EXPECT_EQ(code_of(this->store_->delete_channel(made.arn, "stale")), Errc::kVersionMismatch);
  EXPECT_EQ(this->store_->channel_count(), 1U);
  EXPECT_TRUE(this->store_->delete_channel(made.arn, made.version));
  EXPECT_EQ(this->store_->channel_count(), 0U);
}

TYPED_TEST(StoreChannelsTest, ChannelMadeAgainInTheSameMillisecondGetsAnArnOfItsOwn) {
  const Channel first = this->create("a");
  ASSERT_TRUE(this->store_->delete_channel(first.arn, std::nullopt));

  const Channel second = this->create("a");
  ASSERT_TRUE(this->store_->delete_channel(second.arn, std::nullopt));
  const Channel third = this->create("a", {}, kNow - std::chrono::hours(1));  // The clock was set back.

  EXPECT_EQ(second.arn.str(), "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/1712136149495");
  EXPECT_EQ(third.arn.str(), "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/1712136149496");
  EXPECT_EQ(third.created, kNow + std::chrono::milliseconds(2));
  EXPECT_EQ(code_of(this->store_->channel_by_arn(first.arn)), Errc::kResourceNotFound);
}

TYPED_TEST(StoreChannelsTest, CodeHas13DigitsEvenOnAMachineWithoutAClock) {
  const Channel made = this->create("a", {}, WallTime{});

  EXPECT_EQ(made.arn.str(), "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/a/1000000000000");
}

TYPED_TEST(StoreChannelsTest, VersionsAreAlphanumericAndDiffer) {
  const Channel a = this->create("a");
  const Channel b = this->create("b");

  EXPECT_NE(a.version, b.version);
  for (const char c : a.version + b.version) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c))) << c;
}

TYPED_TEST(StoreChannelsTest, OfManyThreadsThatUpdateWithOneVersionExactlyOneWins) {
  const Channel made = this->create("a");
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;

  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, ttl = std::chrono::seconds(10 + i)] {
      const auto result = this->store_->update_channel(made.arn, made.version, ttl);
      if (result) {
        ++won;
      } else if (result.error().code == Errc::kVersionMismatch) {
        ++lost;
      }
    });
  }
  threads.clear();

  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
}

TYPED_TEST(StoreChannelsTest, ReadersSeeEveryAcknowledgedWriteWhileOthersWrite) {
  constexpr int kWriters = 3;
  constexpr int kEach = 20;

  std::vector<std::jthread> threads;
  std::atomic<int> missing = 0;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        const std::string name = "c" + std::to_string(writer) + "-" + std::to_string(i);
        if (!this->store_->create_channel({.name = name}, kNow)) ++missing;
        if (!this->store_->channel_by_name(name)) ++missing;
        const auto page = this->store_->list_channels({.name_prefix = name, .limit = 1});
        if (!page || page->channels.empty()) ++missing;
      }
    });
  }
  threads.clear();

  EXPECT_EQ(missing, 0);
  EXPECT_EQ(this->store_->channel_count(), static_cast<std::size_t>(kWriters * kEach));
}

TYPED_TEST(StoreChannelsTest, RecallsAChannelThatWasRead) {
  const Channel made = this->create("a");
  ASSERT_TRUE(this->store_->channel_by_arn(made.arn));

  EXPECT_EQ(this->store_->recall_channel(made.arn), made);
}

TYPED_TEST(StoreChannelsTest, RecallsNothingThatIsNotSoAnyMore) {
  const Channel made = this->create("a");
  ASSERT_TRUE(this->store_->channel_by_arn(made.arn));

  const auto updated = this->store_->update_channel(made.arn, made.version, std::chrono::seconds(9));
  ASSERT_TRUE(updated);
  EXPECT_EQ(this->store_->recall_channel(made.arn).value_or(*updated), *updated);

  ASSERT_TRUE(this->store_->delete_channel(made.arn, std::nullopt));
  EXPECT_EQ(this->store_->recall_channel(made.arn), std::nullopt);
  EXPECT_EQ(this->store_->recall_channel(ChannelArn("arn:aws:kinesisvideo:eu-west-1:123456789012:channel/b/1")),
            std::nullopt);
}

TYPED_TEST(StoreChannelsTest, WhatIsRecalledAfterAnUpdateIsNeverOlder) {
  Channel latest = this->create("a");
  std::atomic<bool> go_on = true;
  std::jthread reader([&] {
    while (go_on) static_cast<void>(this->store_->channel_by_arn(latest.arn));
  });

  int stale = 0;
  for (int ttl = 5; ttl < 105; ++ttl) {
    const auto updated = this->store_->update_channel(latest.arn, latest.version, std::chrono::seconds(ttl));
    ASSERT_TRUE(updated);
    latest.version = updated->version;
    for (int look = 0; look < 5; ++look) {
      const auto recalled = this->store_->recall_channel(latest.arn);
      if (recalled && recalled->message_ttl != std::chrono::seconds(ttl)) ++stale;
    }
  }
  go_on = false;

  EXPECT_EQ(stale, 0);
}

}  // namespace
}  // namespace heliograph::store
