// Nobody gets more of a worker by sending more.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using test::WsClient;

class NetFairnessTest : public test::NetFixture {};

TEST_F(NetFairnessTest, FloodOfOneHoldsUpNobodyForLonger) {
  config.threads = 1;
  start();
  WsClient bystander = connect_ws();
  std::string pongs;
  for (int i = 0; i < 20'000; ++i) pongs += test::masked(wire::WsKind::kPong, "");
  std::atomic<bool> is_over{false};
  std::thread flood([&, flooder = connect_ws()]() mutable {
    while (!is_over) flooder.send_raw(pongs);
  });

  // What the worker reads of the flood while the bystander waits for one answer: a few turns of a few reads each. A
  // share that grew from turn to turn was at 40 MB after as many seconds.
  std::uint64_t most = 0;
  while (network->stats().bytes_in < 400'000'000) {
    const std::uint64_t before = network->stats().bytes_in;
    bystander.send_text("hello");
    ASSERT_EQ(bystander.read_text(), "hello");
    most = std::max(most, network->stats().bytes_in - before);
  }
  is_over = true;
  flood.join();

  EXPECT_LT(most, 8'000'000U);
}

}  // namespace
}  // namespace heliograph::net
