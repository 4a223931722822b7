// A WsClient behind the engine's seam.
#include "sdk/signaling/ws_link.hpp"

#include <utility>

#include "net/ws_client.hpp"

namespace heliograph::sdk {
namespace {

/// Bytes that wait to be taken by the network and have no more put behind them. Few, since pings and pongs wait behind
/// them, too, and are waited for.
constexpr std::size_t kFull = 256UL * 1024;
/// Nor are pongs, which a service that asks for them and takes nothing could ask for without end.
constexpr std::size_t kMostPongs = 2 * kFull;

class WsLink final : public SignalingLink {
 public:
  explicit WsLink(std::shared_ptr<net::WsClient> client) : client_(std::move(client)) {}
  void send(wire::WsKind kind, std::string_view payload) override {
    if (client_ && (kind != wire::WsKind::kPong || client_->buffered() < kMostPongs)) client_->send(kind, payload);
  }
  bool is_full() const override { return client_ && client_->buffered() >= kFull; }
  void send_close(std::uint16_t code) override {
    if (client_) client_->send_close(code, {});
  }
  void drop() override {
    if (client_) client_->drop();
  }

 private:
  std::shared_ptr<net::WsClient> client_;  ///< Null: the URL was none.
};

/// As an HTTP URL, which is what a handshake begins as.
std::string to_http(const std::string& url) {
  if (url.starts_with("wss://")) return "https://" + url.substr(6);
  if (url.starts_with("ws://")) return "http://" + url.substr(5);
  return url;
}

}  // namespace

std::unique_ptr<SignalingLink> connect_websocket(LoopCore& loop, const std::string& url,
                                                 std::chrono::milliseconds timeout, net::WsClient::Handlers handlers) {
  auto parsed = net::parse_http_url(to_http(url));
  if (!parsed) {
    loop.post([on_lost = std::move(handlers.on_lost), why = parsed.error()]() { on_lost(why); });
    return std::make_unique<WsLink>(nullptr);
  }
  net::WsClient::Options options;
  options.url = *std::move(parsed);
  options.user_agent = std::string("heliograph/") + HELIOGRAPH_VERSION;
  options.handshake_timeout = timeout;
  auto client =
      std::make_shared<net::WsClient>(loop.client_tools(), *loop.world().rng, std::move(options), std::move(handlers));
  client->start();
  return std::make_unique<WsLink>(std::move(client));
}

}  // namespace heliograph::sdk
