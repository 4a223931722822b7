// The public class: checks what it is given, and hands everything to its engine on the loop's thread.
#include "heliograph/signaling_client.hpp"

#include <atomic>
#include <utility>

#include "base/for_ever.hpp"
#include "sdk/channel/channel_api.hpp"
#include "sdk/loop.hpp"
#include "sdk/loop_gate.hpp"
#include "sdk/signaling/content.hpp"
#include "sdk/signaling/engine.hpp"
#include "sdk/signaling/ws_link.hpp"
#include "wire/names.hpp"

namespace heliograph {
namespace {

Error invalid(std::string why) { return {Errc::kInvalidArgument, std::move(why)}; }

std::optional<Error> check_numbers(const SignalingClient::Options& options) {
  const auto& reconnect = options.reconnect;
  if (reconnect.first.count() <= 0) return invalid("reconnect.first must be longer than nothing");
  if (reconnect.most < reconnect.first) return invalid("reconnect.most must not be less than reconnect.first");
  if (reconnect.good_after.count() < 0 || reconnect.give_up_after.count() < 0)
    return invalid("reconnect.good_after and reconnect.give_up_after must not be negative");
  if (options.ping_interval.count() < 0 || options.ping_timeout.count() < 0)
    return invalid("ping_interval and ping_timeout must not be negative");
  if (options.connect_timeout.count() <= 0 || options.keep_for.count() <= 0)
    return invalid("connect_timeout and keep_for must be longer than nothing");
  if (options.max_payload == 0 || options.max_queued == 0) return invalid("max_payload and max_queued must not be 0");
  return std::nullopt;
}

/// What is wrong with the options; nothing when they go together.
std::optional<Error> check(const SignalingClient::Options& options) {
  if (options.channel.empty()) return invalid("a signaling client needs a channel: its name or its ARN");
  if (options.role == Role::kViewer && !wire::is_client_id(options.client_id))
    return invalid("a viewer needs a client id of 1 to 256 characters of [a-zA-Z0-9_.-] that does not begin with AWS_");
  if (options.role == Role::kMaster && !options.client_id.empty())
    return invalid("a master has no client id: it is whoever connected last");
  if (options.full_mesh && options.role == Role::kMaster)
    return invalid("the members of a full mesh are viewers: give each a client id");
  if (!options.endpoint.empty() && !options.channel.starts_with("arn:"))
    return invalid("with an endpoint the channel must be an ARN, since nothing is looked up");
  if (!options.channels && (options.endpoint.empty() || !options.signer))
    return invalid("without a ChannelClient there must be an endpoint and a signer");
  return check_numbers(options);
}

using Find = std::function<void(std::function<void(Result<JoinInfo>)>)>;

/// Joins through the channel client, which it does not keep.
/// @param attempts  of each call; zero: the usual.
Find finder(const SignalingClient::Options& options, int attempts) {
  const JoinQuery query{options.channel, options.role, options.client_id};
  return [channels = std::weak_ptr(options.channels), query, attempts](std::function<void(Result<JoinInfo>)> done) {
    const auto alive = channels.lock();
    if (!alive) return done(Error{Errc::kClosed, "the channel client has gone"});
    // Not through the application's executor, which may be busy just when the way back is looked for; and on the thread
    // of its own loop, which need not be that of the signaling client.
    alive->loop()->parts().post(
        [api = alive->parts(), query, attempts, done = std::move(done)]() { api->join(query, done, attempts); });
  };
}

/// The real parts, but for the signer. They keep the loop's core, and nothing that keeps the loop: the engine ends on
/// the loop's thread, which cannot wait for itself.
sdk::SignalingParts make_parts(const SignalingClient::Options& options, const std::shared_ptr<sdk::LoopCore>& core,
                               const std::shared_ptr<HandlerGate>& gate) {
  sdk::SignalingParts parts;
  parts.world = core->world();
  parts.connect = [core, timeout = at_most_for_ever(options.connect_timeout)](const std::string& url,
                                                                              net::WsClient::Handlers on) {
    return sdk::connect_websocket(*core, url, timeout, std::move(on));
  };
  parts.call = [gate](std::function<void()> handler) { gate->post(std::move(handler)); };
  if (!options.channels) return parts;
  const std::weak_ptr channels = options.channels;
  parts.clock_offset = [channels]() {
    const auto alive = channels.lock();
    return alive ? alive->clock_offset() : std::chrono::milliseconds(0);
  };
  if (!options.endpoint.empty()) return parts;
  // Once for each attempt of the engine, whose waits are longer: or retries would multiply while a service is away.
  parts.find = finder(options, 1);
  parts.forget_found = [channels, channel = options.channel]() {
    if (const auto alive = channels.lock()) alive->invalidate(channel);
  };
  return parts;
}

}  // namespace

struct SignalingClient::Impl {
  /// What the loop's thread knows, for callers on other threads.
  struct Shared {
    std::atomic<bool> is_open = false;
    std::atomic<bool> is_over = false;
    std::atomic<std::size_t> queued = 0;
  };

  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<ChannelClient> channels;
  std::shared_ptr<RequestSigner> signer;
  std::shared_ptr<HandlerGate> gate;
  std::shared_ptr<sdk::SignalingEngine> engine;
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  Find find;  ///< For who asks for ICE servers. Empty: nothing is looked up.
  std::size_t max_queued = 0;
  bool may_name_recipient = false;

  void post(void (sdk::SignalingEngine::*what)()) const {
    loop->parts().post([engine = engine, what]() { ((*engine).*what)(); });
  }
  [[nodiscard]] std::optional<Error> check(const std::string& to) const;
  Result<void> send(wire::MessageType type, std::string content, std::string to, Sent sent);
  /// Handlers that also keep `shared` in step.
  [[nodiscard]] Handlers watched(Handlers handlers) const;
};

SignalingClient::Handlers SignalingClient::Impl::watched(Handlers handlers) const {
  handlers.on_open = [told = shared, next = std::move(handlers.on_open)](const std::vector<IceServer>& servers) {
    told->is_open = true;
    if (next) next(servers);
  };
  handlers.on_lost = [told = shared, next = std::move(handlers.on_lost)](const Error& why, auto retry_in) {
    told->is_open = false;
    if (next) next(why, retry_in);
  };
  handlers.on_closed = [told = shared, next = std::move(handlers.on_closed)](const Error& why) {
    told->is_open = false;
    told->is_over = true;
    if (next) next(why);
  };
  return handlers;
}

std::optional<Error> SignalingClient::Impl::check(const std::string& to) const {
  if (shared->is_over) return Error{Errc::kClosed, "the signaling client is closed"};
  if (!to.empty() && !may_name_recipient)
    return invalid("a viewer must not name a recipient: its messages go to the master");
  if (!to.empty() && !wire::is_correlation_id(to))
    return invalid("the recipient is not 1 to 256 characters of [a-zA-Z0-9_.-]");
  if (shared->queued >= max_queued)
    return Error{Errc::kClientLimitExceeded,
                 std::to_string(max_queued) + " messages wait to be confirmed; wait for their Sent handlers"};
  return std::nullopt;
}

Result<void> SignalingClient::Impl::send(wire::MessageType type, std::string content, std::string to, Sent sent) {
  if (auto wrong = check(to)) return *std::move(wrong);
  ++shared->queued;
  sdk::QueuedMessage message{type, std::move(content), std::move(to), {}, {}};
  message.sent = [told = shared, next = std::move(sent)](const Result<void>& result) {
    --told->queued;
    if (next) next(result);
  };
  loop->parts().post([engine = engine, message = std::move(message)]() mutable { engine->send(std::move(message)); });
  return {};
}

SignalingClient::SignalingClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SignalingClient::~SignalingClient() {
  impl_->gate->close();
  impl_->post(&sdk::SignalingEngine::abandon);
}

Result<std::unique_ptr<SignalingClient>> SignalingClient::create(Options options, Handlers handlers) {
  if (auto wrong = check(options)) return *std::move(wrong);
  auto impl = std::make_unique<Impl>();
  impl->loop = options.loop;
  if (!impl->loop && options.channels) impl->loop = options.channels->loop();
  if (!impl->loop) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    impl->loop = *std::move(loop);
  }
  impl->max_queued = options.max_queued;
  impl->may_name_recipient = options.role == Role::kMaster || options.full_mesh;
  const std::shared_ptr<sdk::LoopCore> core = impl->loop->parts().core();
  impl->gate = sdk::make_gate(core);
  handlers = impl->watched(std::move(handlers));
  impl->channels = options.channels;
  impl->signer = options.signer;
  if (!impl->signer)
    impl->signer = std::make_shared<SigV4RequestSigner>(options.channels->region(), options.channels->credentials());
  auto parts = make_parts(options, core, impl->gate);
  parts.signer = impl->signer;
  if (parts.find) impl->find = finder(options, 0);
  // What they own is the client's to end, on whatever thread that is.
  options.channels.reset();
  options.signer.reset();
  options.loop.reset();
  impl->engine = std::make_shared<sdk::SignalingEngine>(std::move(parts), std::move(options), std::move(handlers));
  return std::unique_ptr<SignalingClient>(new SignalingClient(std::move(impl)));
}

void SignalingClient::open() { impl_->post(&sdk::SignalingEngine::open); }

void SignalingClient::close() { impl_->post(&sdk::SignalingEngine::close); }

bool SignalingClient::is_open() const noexcept { return impl_->shared->is_open; }

Result<void> SignalingClient::send_offer(const SessionDescription& offer, std::string to, Sent sent) {
  if (offer.type != SessionDescription::Type::kOffer) return invalid("the description is no offer");
  return impl_->send(wire::MessageType::kSdpOffer, sdk::to_json(offer), std::move(to), std::move(sent));
}

Result<void> SignalingClient::send_answer(const SessionDescription& answer, std::string to, Sent sent) {
  if (answer.type != SessionDescription::Type::kAnswer) return invalid("the description is no answer");
  return impl_->send(wire::MessageType::kSdpAnswer, sdk::to_json(answer), std::move(to), std::move(sent));
}

Result<void> SignalingClient::send_candidate(const IceCandidate& candidate, std::string to, Sent sent) {
  return impl_->send(wire::MessageType::kIceCandidate, sdk::to_json(candidate), std::move(to), std::move(sent));
}

void SignalingClient::forget(std::string_view client_id) {
  impl_->loop->parts().post([engine = impl_->engine, id = std::string(client_id)]() { engine->forget(id); });
}

void SignalingClient::ice_servers(std::function<void(Result<std::vector<IceServer>>)> done) {
  const auto tell = [gate = impl_->gate, done = std::move(done)](const Result<std::vector<IceServer>>& servers) {
    gate->post([done, servers]() { done(servers); });
  };
  if (impl_->shared->is_over) return tell(Error{Errc::kClosed, "the signaling client is closed"});
  if (!impl_->find) return tell(std::vector<IceServer>{});
  impl_->find([tell](const Result<JoinInfo>& found) {
    tell(found ? Result<std::vector<IceServer>>(found->ice_servers) : found.error());
  });
}

void SignalingClient::reconnect() { impl_->post(&sdk::SignalingEngine::reconnect); }

}  // namespace heliograph
