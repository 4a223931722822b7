// What is remembered of channels, and for how long.
#include "sdk/channel/channel_memory.hpp"

#include <gtest/gtest.h>

namespace heliograph::sdk {
namespace {

using std::chrono::seconds;

const ChannelEndpoints kEndpoints{"wss://v.example.org", "https://r.example.org", {}};
const SteadyTime kNow = SteadyTime(std::chrono::hours(1));

IceQuery viewer(const std::string& id) { return {"arn", Role::kViewer, id, {}}; }
std::vector<IceServer> relays(seconds ttl) { return {{{"turn:relay:443"}, "u", Secret("p"), ttl}}; }

TEST(ChannelMemoryTest, EndpointsAndArnsLiveAsLongAsTheyWereGiven) {
  ChannelMemory memory(seconds(600), seconds(30));
  memory.put_arn(kNow, "door", "arn");
  memory.put_endpoints(kNow, "arn", Role::kViewer, kEndpoints);

  EXPECT_EQ(memory.arn(kNow + seconds(599), "door"), "arn");
  EXPECT_EQ(memory.endpoints(kNow + seconds(599), "arn", Role::kViewer)->wss, "wss://v.example.org");
  EXPECT_FALSE(memory.arn(kNow + seconds(600), "door"));
  EXPECT_FALSE(memory.endpoints(kNow + seconds(600), "arn", Role::kViewer));
  EXPECT_FALSE(memory.endpoints(kNow, "arn", Role::kMaster)) << "a role has endpoints of its own";
}

TEST(ChannelMemoryTest, EndpointsOfAnotherProtocolAreAddedAndMakeNothingYounger) {
  ChannelMemory memory(seconds(600), seconds(30));
  memory.put_endpoints(kNow, "arn", Role::kMaster, kEndpoints);

  memory.put_endpoints(kNow + seconds(500), "arn", Role::kMaster, {{}, {}, "https://w.example.org"});

  const auto known = memory.endpoints(kNow + seconds(599), "arn", Role::kMaster);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->https, "https://r.example.org");
  EXPECT_EQ(known->webrtc, "https://w.example.org");
  EXPECT_FALSE(memory.endpoints(kNow + seconds(600), "arn", Role::kMaster));
}

TEST(ChannelMemoryTest, RelaysLiveUntilTheirGraceAndSayWhatIsLeft) {
  ChannelMemory memory(seconds(600), seconds(30));
  memory.put_ice(kNow, viewer("a"), relays(seconds(300)));

  const auto later = memory.ice(kNow + seconds(100), viewer("a"));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->front().ttl, seconds(200));
  EXPECT_TRUE(memory.ice(kNow + seconds(269), viewer("a")));
  EXPECT_FALSE(memory.ice(kNow + seconds(270), viewer("a")));
  EXPECT_FALSE(memory.ice(kNow, viewer("b"))) << "credentials are of one client";
}

TEST(ChannelMemoryTest, ShortestLifeOfAllRelaysCounts) {
  ChannelMemory memory(seconds(600), seconds(30));
  auto servers = relays(seconds(300));
  servers.push_back(relays(seconds(100)).front());
  servers.push_back({{"stun:host:3478"}, {}, {}, {}});

  memory.put_ice(kNow, viewer("a"), servers);

  EXPECT_TRUE(memory.ice(kNow + seconds(69), viewer("a")));
  EXPECT_FALSE(memory.ice(kNow + seconds(70), viewer("a")));
}

TEST(ChannelMemoryTest, NoRelaysAndRelaysOfNoLifeAreNotKept) {
  ChannelMemory memory(seconds(600), seconds(30));
  memory.put_ice(kNow, viewer("a"), {});
  memory.put_ice(kNow, viewer("b"), relays(seconds(0)));
  memory.put_ice(kNow, viewer("c"), relays(seconds(30)));

  for (const char* id : {"a", "b", "c"}) EXPECT_FALSE(memory.ice(kNow, viewer(id))) << id;
}

TEST(ChannelMemoryTest, ForgettingByNameOrArnForgetsEverythingOfThatChannelOnly) {
  for (const char* by : {"door", "arn"}) {
    SCOPED_TRACE(by);
    ChannelMemory memory(seconds(600), seconds(30));
    memory.put_arn(kNow, "door", "arn");
    memory.put_arn(kNow, "gate", "other");
    for (const Role role : {Role::kMaster, Role::kViewer}) memory.put_endpoints(kNow, "arn", role, kEndpoints);
    memory.put_endpoints(kNow, "other", Role::kMaster, kEndpoints);
    memory.put_ice(kNow, viewer("a"), relays(seconds(300)));

    memory.forget(by);

    EXPECT_FALSE(memory.arn(kNow, "door"));
    EXPECT_FALSE(memory.endpoints(kNow, "arn", Role::kMaster));
    EXPECT_FALSE(memory.endpoints(kNow, "arn", Role::kViewer));
    EXPECT_FALSE(memory.ice(kNow, viewer("a")));
    EXPECT_TRUE(memory.arn(kNow, "gate"));
    EXPECT_TRUE(memory.endpoints(kNow, "other", Role::kMaster));
  }
}

TEST(ChannelMemoryTest, WithoutALifeNothingIsRemembered) {
  ChannelMemory memory(seconds(0), seconds(30));
  memory.put_arn(kNow, "door", "arn");
  memory.put_endpoints(kNow, "arn", Role::kViewer, kEndpoints);

  EXPECT_FALSE(memory.arn(kNow, "door"));
  EXPECT_FALSE(memory.endpoints(kNow, "arn", Role::kViewer));
}

TEST(ChannelMemoryTest, EverNewClientsDoNotFillIt) {
  ChannelMemory memory(seconds(600), seconds(30));
  for (std::size_t i = 0; i < ChannelMemory::kMost + 10; ++i)
    memory.put_ice(kNow, viewer(std::to_string(i)), relays(seconds(300)));

  EXPECT_FALSE(memory.ice(kNow, viewer("0")));
  EXPECT_TRUE(memory.ice(kNow, viewer(std::to_string(ChannelMemory::kMost + 9))));
}

}  // namespace
}  // namespace heliograph::sdk
