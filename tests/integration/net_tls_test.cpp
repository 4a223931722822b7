// TLS on the same port as plain text: both versions, resumption, ALPN, what is no handshake, and records that OpenSSL
// has read before anybody asked for them.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <fstream>
#include <thread>

#include "server/dev_ca.hpp"
#include "support/net_fixture.hpp"

namespace heliograph::net {
namespace {

using test::BlockingClient;
using test::masked;
using test::TlsOptions;
using test::wait_until;
using test::WsClient;
using wire::WsKind;

class NetTlsTest : public test::NetFixture {
 protected:
  void SetUp() override {
    auto files = server::ensure_dev_certificate(dir.path(), {"localhost"}, clock.wall_now());
    ASSERT_TRUE(files) << files.error().detail;
    config.tls = *files;
  }
  [[nodiscard]] BlockingClient connect_tls(const TlsOptions& options = {}) const {
    BlockingClient client(port);
    if (!client.start_tls(options)) throw std::runtime_error("the handshake failed");
    return client;
  }

  test::TempDir dir;
};

TEST_F(NetTlsTest, BothSchemesShareThePort) {
  start();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(connect_tls().get("/tls").body, "GET /tls ");
    EXPECT_EQ(connect().get("/plain").body, "GET /plain ");
  }
}

TEST_F(NetTlsTest, BothVersionsCarryMessages) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    WsClient client(connect_tls({.version = version}));
    for (const std::size_t size : {1U, 16384U, 16385U, 128U * 1024}) {
      client.send_text(std::string(size, 't'));
      EXPECT_EQ(client.read_text().size(), size);
    }
    client.send_close(1000);
    EXPECT_EQ(client.read_close(), 1000);
    EXPECT_EQ(client.read(), std::nullopt);
  }
  service.wait_for("closed", 2);
}

TEST_F(NetTlsTest, OlderVersionsAreRefused) {
  start();
  BlockingClient client(port);

  EXPECT_FALSE(client.start_tls({.version = TLS1_1_VERSION}));
}

TEST_F(NetTlsTest, SessionsAreResumed) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    test::SslSession session(nullptr, SSL_SESSION_free);
    {
      auto first = connect_tls({.version = version});
      EXPECT_EQ(first.get("/").status, 200);  // Tickets of 1.3 come with the first bytes.
      session.reset(SSL_get1_session(first.ssl()));
      EXPECT_EQ(SSL_session_reused(first.ssl()), 0);
      first.shut_down_write();
    }

    auto second = connect_tls({.version = version, .session = session.get()});

    EXPECT_EQ(SSL_session_reused(second.ssl()), 1);
    EXPECT_EQ(second.get("/").status, 200);
  }
}

TEST_F(NetTlsTest, OnlyHttp11IsAgreedTo) {
  start();
  auto client = connect_tls({.alpn = std::string("\x02h2\x08http/1.1")});
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");

  BlockingClient other(port);
  EXPECT_FALSE(other.start_tls({.alpn = std::string("\x02h2")}));
}

TEST_F(NetTlsTest, HandshakeThatIsNoneEndsOneConnection) {
  start();
  auto bystander = connect_tls();
  for (const std::string& garbage :
       {std::string("\x16garbage that is no ClientHello at all"), std::string("\x16\x03\x01\x00\x05hello"),
        std::string("\x16\x03\x01\xff\xff") + std::string(70'000, 'x'), std::string(1, '\x16')}) {
    BlockingClient client(port);
    client.send(garbage);
    client.shut_down_write();
    client.read_to_end();  // An alert, perhaps.
  }

  EXPECT_EQ(bystander.get("/").status, 200);
  EXPECT_EQ(service.requests(), 1U);
}

TEST_F(NetTlsTest, UnfinishedHandshakeTimesOut) {
  start();
  BlockingClient client(port);
  client.send(std::string("\x16\x03\x01\x02\x00", 5));
  EXPECT_EQ(connect().get("/").status, 200);

  clock.skip(config.request_timeout + std::chrono::seconds(1));

  EXPECT_TRUE(client.ends());
}

TEST_F(NetTlsTest, PlainTextWithinTlsEndsTheConnection) {
  start();
  auto client = connect_tls();
  EXPECT_EQ(client.get("/").status, 200);
  const std::string plain = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  ::send(SSL_get_fd(client.ssl()), plain.data(), plain.size(), MSG_NOSIGNAL);

  client.read_to_end();
  EXPECT_EQ(service.requests(), 1U);
}

TEST_F(NetTlsTest, RecordsReadAheadAreServedAfterALateReply) {
  start();
  for (int round = 0; round < 20; ++round) {
    auto client = connect_tls();
    BIO* wire = SSL_get_wbio(client.ssl());
    BIO* joined = BIO_push(BIO_new(BIO_f_buffer()), wire);  // Both records leave in one segment.
    BIO_up_ref(wire);
    SSL_set0_wbio(client.ssl(), joined);
    client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
    client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    BIO_flush(joined);
    auto reply = service.take_reply();

    reply({200, {}, "first"});

    EXPECT_EQ(client.read_answer().body, "first");
    EXPECT_EQ(client.read_answer().body, "GET /next ");
  }
}

/// What OpenSSL makes of these texts, a record for each, without sending it.
std::string records_of(BlockingClient& client, const std::vector<std::string>& texts) {
  BIO* wire = SSL_get_wbio(client.ssl());
  BIO_up_ref(wire);
  BIO* memory = BIO_new(BIO_s_mem());
  SSL_set0_wbio(client.ssl(), memory);
  for (const std::string& text : texts) client.send(text);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string records(bytes, static_cast<std::size_t>(size));
  SSL_set0_wbio(client.ssl(), wire);
  return records;
}

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// epoll tells of what comes, once: whatever was not read then would wait for the next message.
TEST_F(NetTlsTest, NoRecordOfABurstIsLeftBehind) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    WsClient client(connect_tls({.version = version}));
    for (const std::size_t size : {10U, 400U, 4'000U, 16'000U}) {
      SCOPED_TRACE(size);
      std::vector<std::string> frames;
      for (int i = 0; i < 100; ++i) frames.push_back(masked(WsKind::kText, std::to_string(i) + std::string(size, 'b')));
      const std::string burst = records_of(client.socket(), frames);
      std::thread sender([&]() { EXPECT_TRUE(send_all(client.socket().descriptor(), burst)); });
      for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read_text(), std::to_string(i) + std::string(size, 'b'));
      sender.join();
    }
  }
}

// What comes while OpenSSL still has records is announced then, and only then.
TEST_F(NetTlsTest, WhatComesBehindABurstIsNotLeftBehind) {
  limits.ping_interval = std::chrono::seconds(0);  // Its pong would wake what sleeps.
  start();
  WsClient client(connect_tls());
  const auto frames = [](int count) {
    return std::vector<std::string>(static_cast<std::size_t>(count), masked(WsKind::kText, "b"));
  };
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    const std::string burst = records_of(client.socket(), frames(100));
    const std::string rest = records_of(client.socket(), frames(2));
    ASSERT_TRUE(send_all(client.socket().descriptor(), burst));
    const auto then = std::chrono::steady_clock::now() + std::chrono::microseconds(10 * (round % 100));
    while (std::chrono::steady_clock::now() < then) continue;
    ASSERT_TRUE(send_all(client.socket().descriptor(), rest));
    for (int i = 0; i < 102; ++i) ASSERT_EQ(client.read_text(), "b");
  }
}

TEST_F(NetTlsTest, RecordThatIsCutAnywhereIsPutTogether) {
  start();
  const std::string text(20, 'c');
  std::size_t size = 1;
  for (std::size_t cut = 0; cut < size; ++cut) {
    WsClient client(connect_tls());
    const std::string two =
        records_of(client.socket(), {masked(WsKind::kText, text + "1"), masked(WsKind::kText, text + "2")});
    size = two.size();
    ASSERT_TRUE(send_all(client.socket().descriptor(), std::string_view(two).substr(0, cut)));
    WsClient witness(connect_tls());  // Has its answer after the service has seen the first part.
    witness.send_text("seen?");
    ASSERT_EQ(witness.read_text(), "seen?");
    ASSERT_TRUE(send_all(client.socket().descriptor(), std::string_view(two).substr(cut)));
    ASSERT_EQ(client.read_text(), text + "1") << cut;
    ASSERT_EQ(client.read_text(), text + "2") << cut;
  }
}

TEST_F(NetTlsTest, EndThatComesWithDataIsNoticed) {
  start();
  for (int round = 0; round < 50; ++round) {
    WsClient client(connect_tls());
    const std::string bytes = records_of(client.socket(), {masked(WsKind::kText, "last words")});
    ASSERT_TRUE(send_all(client.socket().descriptor(), bytes));
    ::shutdown(client.socket().descriptor(), SHUT_WR);  // A FIN without close_notify, as a process that dies sends it.
    service.wait_for("closed", static_cast<std::size_t>(round) + 1);
  }
  EXPECT_EQ(service.texts(), 50U);
}

TEST_F(NetTlsTest, PipelinedAnswersToASlowReaderComeWhole) {
  service.big = 200 * 1024;
  start();
  auto client = connect_tls();
  for (int i = 0; i < 60; ++i) client.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");

  for (int i = 0; i < 60; ++i) ASSERT_EQ(client.read_answer().body.size(), service.big);
}

TEST_F(NetTlsTest, PeerThatDoesNotReadIsClosedOverTlsToo) {
  limits.max_outbox = 256 * 1024;
  service.on_message = [&](ConnId conn, std::string_view) {
    for (int i = 0; i < 200; ++i) service.network->send(conn, std::string(64 * 1024, 'f'));
  };
  start();
  BlockingClient socket(port, 4096);
  ASSERT_TRUE(socket.start_tls());
  WsClient deaf(std::move(socket));

  deaf.send_text("flood me");

  wait_until([this]() { return network->stats().slow_peers_closed == 1; });
  EXPECT_EQ(deaf.read_close(), 1008);
}

TEST_F(NetTlsTest, EndOfTheServiceIsToldByTls) {
  start();
  auto client = connect_tls();
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").status, 200);

  EXPECT_TRUE(client.ends());

  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
}

TEST_F(NetTlsTest, CertificatesAreReloadedAndBadOnesAreNot) {
  start();
  const auto serial_of = [](const BlockingClient& client) {
    X509* certificate = SSL_get1_peer_certificate(client.ssl());
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* hex = BN_bn2hex(number);
    std::string serial(hex);
    OPENSSL_free(hex);
    BN_free(number);
    X509_free(certificate);
    return serial;
  };
  auto old = connect_tls();
  const std::string before = serial_of(old);

  std::ofstream(config.tls.certificate_chain_file) << "no certificate";
  const auto failed = network->reload_tls(config.tls);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().detail.find(config.tls.certificate_chain_file), std::string::npos);
  EXPECT_EQ(serial_of(connect_tls()), before);

  std::filesystem::remove_all(dir.path());
  ASSERT_TRUE(server::ensure_dev_certificate(dir.path(), {"localhost"}, clock.wall_now()));
  ASSERT_TRUE(network->reload_tls(config.tls));
  EXPECT_NE(serial_of(connect_tls()), before);
  EXPECT_EQ(old.get("/").status, 200);
}

TEST_F(NetTlsTest, ClientHelloIsDroppedWhereThereIsNoCertificate) {
  config.tls = {};
  start();
  BlockingClient client(port);

  EXPECT_FALSE(client.start_tls());

  EXPECT_EQ(connect().get("/").status, 200);
}

TEST_F(NetTlsTest, KeyOfAnotherCertificateIsNamed) {
  test::TempDir other;
  const auto others = server::ensure_dev_certificate(other.path(), {"localhost"}, clock.wall_now());
  ASSERT_TRUE(others);
  config.tls.private_key_file = others->private_key_file;
  Network wrong(config, limits, service, clock, log);

  const auto started = wrong.start();

  ASSERT_FALSE(started);
  EXPECT_NE(started.error().detail.find(others->private_key_file), std::string::npos) << started.error().detail;
}

}  // namespace
}  // namespace heliograph::net
