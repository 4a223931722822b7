// What the relay does not do for its users: a real coturn under heliographd, and TURN clients that go too far.
#include <gtest/gtest.h>

#include "server/data_dir.hpp"
#include "server/relay/turn_credentials.hpp"
#include "support/service_process.hpp"
#include "support/signing_client.hpp"
#include "support/turn_client.hpp"

namespace heliograph::server::relay {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kQuotaReached = 486;

class RelayGuardTest : public ::testing::Test, protected test::SigningClient {
 protected:
  void launch(std::vector<std::string> flags = {}) {
    ASSERT_FALSE(find_program("turnserver").empty()) << "apt-get install coturn";
    flags.insert(flags.end(), {"--listen", "127.0.0.1:0", "--turn-port", "0", "--turn-tls-port", "0"});
    ASSERT_NO_FATAL_FAILURE(service.launch(dir.path() / "data", flags));
    use(service.port(), service.data() / "credentials");
  }
  /// A client with credentials of the channel.
  test::TurnClient client_of(const std::string& arn) {
    const auto answer = call("/v1/get-ice-server-config", R"({"ChannelARN":")" + arn + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const json::value config = json::parse(answer.body);
    const json::value& server = config.at("IceServerList").at(0);
    const std::string uri(server.at("Uris").at(0).as_string());  // turn:127.0.0.1:PORT?transport=udp
    relay_port = static_cast<std::uint16_t>(std::stoi(uri.substr(uri.rfind(':') + 1)));
    return {relay_port, std::string(server.at("Username").as_string()), std::string(server.at("Password").as_string())};
  }
  /// Credentials of the channel as the service would have made them.
  test::TurnClient client_with_expiry(const std::string& arn, WallTime expiry) {
    client_of(arn);  // For the port.
    const auto secret = read_file(service.data() / "turn" / "secret");
    EXPECT_TRUE(secret);
    const auto credentials = make_turn_credentials(Secret(*secret), ChannelArn(arn), expiry);
    return {relay_port, credentials.username, credentials.password};
  }
  json::value revoke(const std::string& name) {
    const auto answer = call("/_heliograph/v1/admin/relay/revoke", R"({"channelName":")" + name + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }

  test::TempDir dir;
  test::ServiceProcess service;
  std::uint16_t relay_port = 0;
};

TEST_F(RelayGuardTest, InDevelopmentLoopbackIsReachedAndMetadataIsNot) {
  ASSERT_NO_FATAL_FAILURE(launch({"--turn-deny-peer", "8.8.8.8"}));
  auto client = client_of(create_channel("door"));
  const test::UdpSocket peer;

  ASSERT_EQ(client.allocate(), 0);
  EXPECT_EQ(client.permit("169.254.169.254"), kForbidden);
  EXPECT_EQ(client.permit("0.0.0.0"), kForbidden);
  EXPECT_EQ(client.permit("224.0.0.1"), kForbidden);
  EXPECT_EQ(client.permit("8.8.8.8"), kForbidden);
  ASSERT_EQ(client.permit("127.0.0.1"), 0);
  client.send(peer.port(), "hello");

  EXPECT_EQ(peer.receive(milliseconds(test::kPatienceMs)), "hello");
}

TEST_F(RelayGuardTest, OtherwiseNothingOfTheOperatorsIsReached) {
  ASSERT_NO_FATAL_FAILURE(launch({"--turn-loopback-peers", "false", "--turn-allow-peer", "10.1.2.3"}));
  auto client = client_of(create_channel("door"));

  ASSERT_EQ(client.allocate(), 0);
  for (const char* inside : {"127.0.0.1", "127.8.8.8", "10.0.0.1", "100.64.0.1", "172.16.0.1", "192.168.1.1",
                             "169.254.169.254", "0.0.0.0", "198.18.0.1", "239.1.1.1", "255.255.255.255"})
    EXPECT_EQ(client.permit(inside), kForbidden) << inside;
  EXPECT_EQ(client.permit("10.1.2.3"), 0);
  EXPECT_EQ(client.permit("8.8.8.8"), 0);
}

TEST_F(RelayGuardTest, MoreAllocationsThanOneUserMayHaveAreRefused) {
  ASSERT_NO_FATAL_FAILURE(launch({"--turn-user-quota", "2"}));
  const std::string arn = create_channel("door");
  auto first = client_of(arn);
  ASSERT_EQ(first.allocate(), 0);
  auto other_channel = client_of(create_channel("window"));
  const auto expiry =
      WallTime(seconds(std::chrono::floor<seconds>(clock.wall_now()).time_since_epoch())) + seconds(200);
  std::vector<int> codes;
  std::vector<test::TurnClient> clients;

  for (int i = 0; i < 3; ++i) codes.push_back(clients.emplace_back(client_with_expiry(arn, expiry)).allocate());

  EXPECT_EQ(codes, (std::vector{0, 0, kQuotaReached}));
  EXPECT_EQ(other_channel.allocate(), 0);
}

TEST_F(RelayGuardTest, MoreAllocationsThanThereMayBeAreRefused) {
  ASSERT_NO_FATAL_FAILURE(launch({"--turn-total-quota", "2"}));
  auto first = client_of(create_channel("one"));
  auto second = client_of(create_channel("two"));
  auto third = client_of(create_channel("three"));

  EXPECT_EQ(first.allocate(), 0);
  EXPECT_EQ(second.allocate(), 0);
  EXPECT_EQ(third.allocate(), kQuotaReached);
}

TEST_F(RelayGuardTest, AllocationIsHeldToItsBandwidth) {
  constexpr std::size_t kDatagram = 1000;
  constexpr std::size_t kDatagrams = 1500;
  ASSERT_NO_FATAL_FAILURE(launch({"--turn-allocation-kbps", "800"}));  // 100 kB each second.
  auto client = client_of(create_channel("door"));
  const test::UdpSocket peer;
  ASSERT_EQ(client.allocate(), 0);
  ASSERT_EQ(client.permit("127.0.0.1"), 0);
  const std::string data(kDatagram, 'x');
  const auto start = std::chrono::steady_clock::now();

  std::size_t received = 0;
  for (std::size_t i = 0; i < kDatagrams; ++i) {
    client.send(peer.port(), data);
    while (const auto datagram = peer.receive(milliseconds(i + 1 == kDatagrams ? 300 : 0)))
      received += datagram->size();
  }

  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("received_bytes", static_cast<int>(received));
  RecordProperty("milliseconds", static_cast<int>(took * 1000));
  EXPECT_GT(received, kDatagram);
  // coturn counts by whole seconds: one at the begin and one at the end may be full.
  EXPECT_LT(static_cast<double>(received), (took + 2) * 100'000 * 1.1);
  EXPECT_LT(received, kDatagrams * kDatagram / 2) << "in " << took << " s";
}

TEST_F(RelayGuardTest, CredentialsAreGoodUntilTheyExpireAndOnlyWithTheirPassword) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const std::string arn = create_channel("door");
  auto good = client_with_expiry(arn, clock.wall_now() + seconds(100));
  auto over = client_with_expiry(arn, clock.wall_now() - seconds(2));
  test::TurnClient guessed(relay_port, "9999999999:anybody", "guess");
  test::TurnClient other(relay_port, "no-expiry", "guess");

  EXPECT_EQ(good.allocate(), 0);
  EXPECT_EQ(over.allocate(), kUnauthorized);
  EXPECT_EQ(guessed.allocate(), kUnauthorized);
  EXPECT_EQ(other.allocate(), kUnauthorized);
}

TEST_F(RelayGuardTest, RevokedCredentialsAreRefusedAndTheirAllocationsEnd) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const std::string arn = create_channel("door");
  auto used = client_of(arn);
  auto unused = client_of(arn);
  auto other = client_of(create_channel("window"));
  ASSERT_EQ(used.allocate(), 0);
  ASSERT_EQ(other.allocate(), 0);
  ASSERT_EQ(used.refresh(), 0);

  const json::value answer = revoke("door");

  EXPECT_EQ(answer.at("allocationsEnded").as_int64(), 1);
  EXPECT_NE(used.refresh(), 0);
  EXPECT_EQ(used.allocate(), kUnauthorized);
  EXPECT_EQ(unused.allocate(), kUnauthorized);
  EXPECT_EQ(other.refresh(), 0);
  auto renewed = client_of(arn);
  EXPECT_EQ(renewed.allocate(), 0);
}

TEST_F(RelayGuardTest, RevokedCredentialsStayRevokedOverARestart) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const std::string arn = create_channel("door");
  const auto expiry = clock.wall_now() + seconds(200);
  revoke("door");
  service.signal(SIGTERM);
  ASSERT_EQ(service.end(), "exit status 0");

  ASSERT_NO_FATAL_FAILURE(launch());
  auto before = client_with_expiry(arn, expiry);
  auto after = client_of(arn);

  EXPECT_EQ(before.allocate(), kUnauthorized);
  EXPECT_EQ(after.allocate(), 0);
}

TEST_F(RelayGuardTest, DeletedChannelTakesItsRelayCredentialsAlong) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const std::string arn = create_channel("door");
  auto used = client_of(arn);
  auto unused = client_of(arn);
  ASSERT_EQ(used.allocate(), 0);

  ASSERT_EQ(call("/deleteSignalingChannel", R"({"ChannelARN":")" + arn + "\"}").status, 200);

  EXPECT_EQ(unused.allocate(), kUnauthorized);
  test::wait_until([&]() { return service.has_said("relay credentials revoked"); });
  EXPECT_TRUE(service.has_said("allocations_ended=1")) << service.text();
  EXPECT_NE(used.refresh(), 0);
}

TEST_F(RelayGuardTest, PasswordsOfTheRelayAreNotInTheLog) {
  ASSERT_NO_FATAL_FAILURE(launch({"--log-level", "debug"}));
  auto client = client_of(create_channel("door"));
  ASSERT_EQ(client.allocate(), 0);
  revoke("door");

  const auto conf = read_file(service.data() / "turn" / "turnserver.conf");

  ASSERT_TRUE(conf);
  for (const std::string_view name : {"password=", "cli-password="}) {
    const auto at = conf->find(name) + name.size();
    const std::string password = conf->substr(at, 32);
    EXPECT_FALSE(service.has_said(password)) << name;
  }
  const auto secret = read_file(service.data() / "turn" / "secret");
  EXPECT_FALSE(service.has_said(*secret));
}

}  // namespace
}  // namespace heliograph::server::relay
