// The KVS dialect (SigV4-presigned URLs, signaling messages), that of PeerJS (ids in the query, typed JSON), and that
// of relays that look at nothing.
#include "load/dialect.hpp"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <vector>

#include "wire/flat_json.hpp"
#include "wire/message.hpp"
#include "wire/service_message.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::bench {
namespace {

std::string viewer_id(std::size_t number) { return "viewer-" + std::to_string(number / 2); }

std::string candidate_text(std::string_view recipient, std::string_view payload) {
  std::string text;
  wire::append_client_message(
      text,
      {.action = wire::MessageType::kIceCandidate, .payload = payload, .recipient = recipient, .correlation_id = {}});
  return text;
}

class KvsDialect final : public Dialect {
 public:
  KvsDialect(const Options& options, wire::SigningCredential credential, std::vector<std::string> channels)
      : endpoint_((options.tls == Tls::kNone ? "ws://" : "wss://") + options.host + ":" + std::to_string(options.port)),
        region_(options.region),
        credential_(std::move(credential)),
        channels_(std::move(channels)) {}

  Result<std::string> target(std::size_t number) override {
    const std::string viewer = viewer_id(number);
    std::vector<wire::ParamView> params{{"X-Amz-ChannelARN", channels_[number / 2 % channels_.size()]}};
    if (number % 2 == 1) params.push_back({"X-Amz-ClientId", viewer});
    const wire::PresignRequest request{.endpoint = endpoint_, .params = params, .region = region_};
    auto url = wire::presign_url(request, credential_, SystemClock().wall_now(), keys_);
    if (!url) return url.error();
    return url->substr(endpoint_.size());
  }
  bool greets() const noexcept override { return false; }
  bool is_greeting(std::string_view) const override { return false; }

  std::string text_to_peer(std::size_t number, std::string_view payload) const override {
    return candidate_text(name_of(peer_of(number)), payload);
  }
  Result<Delivery> parse(std::string_view text) override {
    const auto message = parser_.parse(text);
    if (!message) return message.error();
    if (message->type != wire::MessageType::kIceCandidate) {
      return Error{Errc::kInvalidArgument, "not an ICE_CANDIDATE: " + std::string(text.substr(0, 200))};
    }
    return Delivery{message->payload, message->sender};
  }
  std::string name_of(std::size_t number) const override { return number % 2 == 0 ? "" : viewer_id(number); }

 private:
  std::string endpoint_;
  std::string region_;
  wire::SigningCredential credential_;
  wire::SigningKeyCache keys_;
  std::vector<std::string> channels_;
  wire::ServiceMessageParser parser_;
};

class PeerJsDialect final : public Dialect {
 public:
  Result<std::string> target(std::size_t number) override {
    return "/peerjs?key=peerjs&id=" + name_of(number) + "&token=t" + std::to_string(number);
  }
  bool greets() const noexcept override { return true; }
  bool is_greeting(std::string_view text) const override { return text == R"({"type":"OPEN"})"; }

  std::string text_to_peer(std::size_t number, std::string_view payload) const override {
    return R"({"type":"OFFER","dst":")" + name_of(peer_of(number)) + R"(","payload":")" + std::string(payload) + "\"}";
  }
  Result<Delivery> parse(std::string_view text) override {
    scratch_.clear();
    wire::FlatJsonReader reader(text, scratch_);
    Delivery delivery;
    std::string_view type;
    while (const auto member = reader.next()) {
      if (member->name == "type") type = member->value;
      if (member->name == "payload") delivery.payload = member->value;
      if (member->name == "src") delivery.sender = member->value;
    }
    if (!reader.failure().empty() || type != "OFFER") {
      return Error{Errc::kInvalidArgument, "not an OFFER: " + std::string(text.substr(0, 200))};
    }
    return delivery;
  }
  std::string name_of(std::size_t number) const override { return "peer-" + std::to_string(number); }

 private:
  std::string scratch_;
};

/// The frames of the KVS dialect, to and from servers that do not read them.
class BareDialect final : public Dialect {
 public:
  Result<std::string> target(std::size_t number) override { return "/?id=" + std::to_string(number); }
  bool greets() const noexcept override { return false; }
  bool is_greeting(std::string_view) const override { return false; }

  std::string text_to_peer(std::size_t number, std::string_view payload) const override {
    return candidate_text(name_of(number), payload);
  }
  Result<Delivery> parse(std::string_view text) override {
    const auto parsed = parser_.parse(text, text.size());
    if (parsed.error) return *parsed.error;
    return Delivery{parsed.message.payload, parsed.message.recipient};
  }
  /// What is delivered does not say who sent it: whom it was for stands in for that.
  std::string name_of(std::size_t number) const override { return number % 2 == 0 ? viewer_id(number) : ""; }

 private:
  wire::ClientMessageParser parser_;
};

Result<std::vector<std::string>> read_channels(const Options& options) {
  std::vector<std::string> channels;
  std::ifstream file(options.channels_file);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) channels.push_back(line);
  }
  if (channels.size() < options.connections / 2) {
    return Error{Errc::kInvalidArgument, "--channels must name a file with one channel ARN for each of the " +
                                             std::to_string(options.connections / 2) + " pairs"};
  }
  return channels;
}

Result<std::unique_ptr<Dialect>> make_kvs(const Options& options) {
  const char* id = std::getenv("AWS_ACCESS_KEY_ID");
  const char* secret = std::getenv("AWS_SECRET_ACCESS_KEY");
  if (id == nullptr || secret == nullptr) {
    return Error{Errc::kInvalidArgument, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (see `heliograph env`)"};
  }
  auto channels = read_channels(options);
  if (!channels) return channels.error();
  wire::SigningCredential credential;
  credential.access_key_id = id;
  credential.secret_access_key = Secret(secret);
  return std::unique_ptr<Dialect>(
      std::make_unique<KvsDialect>(options, std::move(credential), std::move(channels.value())));
}

}  // namespace

Result<std::unique_ptr<Dialect>> make_dialect(const Options& options) {
  switch (options.protocol) {
    case Protocol::kKvs:
      return make_kvs(options);
    case Protocol::kPeerJs:
      return std::unique_ptr<Dialect>(std::make_unique<PeerJsDialect>());
    case Protocol::kBare:
      return std::unique_ptr<Dialect>(std::make_unique<BareDialect>());
  }
  return Error{Errc::kInvalidArgument, "unknown protocol"};
}

}  // namespace heliograph::bench
