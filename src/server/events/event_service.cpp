// The parts in the order in which they need each other.
#include "server/events/event_service.hpp"

#include <utility>

#include "server/answers.hpp"
#include "server/data_dir.hpp"
#include "server/events/event_stream.hpp"
#include "server/setting_texts.hpp"
#include "server/system_rng.hpp"
#include "wire/uri.hpp"

namespace heliograph::server::events {
namespace {

constexpr std::size_t kMinSecret = 16;

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

Result<void> EventService::load_secret(const std::filesystem::path& data) {
  Secret secret = config_.secret;
  std::string from = kSecretVariable;
  if (secret.empty()) {
    const bool is_ours = config_.secret_file.empty();
    const std::filesystem::path file = is_ours ? data / "webhook-secret" : std::filesystem::path(config_.secret_file);
    auto text = read_file(file);
    if (!text && is_ours && text.error().code == Errc::kResourceNotFound) {
      text = random_text(rng_, kAlnum, 43);
      if (auto written = write_private_file(file, *text + "\n"); !written) return written;
    }
    if (!text) return text.error();
    secret = Secret(without_line_end(*std::move(text)));
    from = file.string();
  }
  if (secret.reveal().size() < kMinSecret)
    return Error{Errc::kInvalidArgument, "the webhook secret of " + from + " has less than " +
                                             std::to_string(kMinSecret) + " characters, which can be guessed"};
  signer_.emplace(std::move(secret));
  return {};
}

Result<void> EventService::open(const std::filesystem::path& data, const PrincipalSource& principals) {
  revoked_.emplace(principals);
  if (auto read = revoked_->open(data / "revoked-keys.json"); !read) return read;
  meter_.revoked_keys.store(revoked_->size());
  if (!config_.webhook && !config_.authorize_webhook) return {};
  if (auto loaded = load_secret(data); !loaded) return loaded;
  for (const auto& url : {config_.webhook, config_.authorize_webhook})
    if (url && !url->tls && !is_loopback(url->host))
      log_.write(LogLevel::kWarning, "webhook over plain http: signed, but readable on the way",
                 {{"url", url->text()}});
  if (auto made = make_clients(); !made) return made;
  if (!config_.webhook) return {};
  auto outbox = store::SqliteOutbox::open(data / "events.db");
  if (!outbox) return outbox.error();
  outbox_ = std::move(*outbox);
  return {};
}

Result<void> EventService::make_clients() {
  // A client, and so a thread, for each: what holds one receiver up must not hold up the other.
  const auto make = [this](std::unique_ptr<net::HttpClient>& into) -> Result<void> {
    auto client = net::HttpClient::make(config_.ca_file);
    if (!client) return client.error();
    into = std::move(*client);
    return {};
  };
  if (config_.webhook)
    if (auto made = make(webhook_client_); !made) return made;
  if (!config_.authorize_webhook) return {};
  if (auto made = make(authorize_client_); !made) return made;
  authorize_.emplace(AuthorizeHook::Parts{*authorize_client_, *signer_, clock_, log_, meter_},
                     AuthorizeHook::Settings{.url = *config_.authorize_webhook,
                                             .timeout = config_.authorize_timeout,
                                             .allow_when_unreachable = config_.allow_when_unreachable});
  return {};
}

void EventService::wire(Signaling& signaling, const store::Store& store, Executor& executor) {
  signaling_ = &signaling;
  desk_.emplace(EventDesk::Parts{[&signaling](std::vector<PresenceChange>& into) { signaling.take_presence(into); },
                                 clock_, rng_, log_, meter_});
  signaling.watch(*desk_);
  if (config_.webhook)
    webhook_.emplace(Webhook::Parts{desk_->context(), *outbox_, *webhook_client_, *signer_, clock_, rng_, log_, meter_},
                     WebhookTarget{*config_.webhook, config_.timeout, config_.max_waiting});
  connections_.emplace(ConnectionsApi::Parts{signaling, store, executor, *revoked_, clock_, meter_, log_});
}

Result<void> EventService::start() { return desk_->start(webhook_ ? &*webhook_ : nullptr); }

void EventService::stop() {
  if (desk_) desk_->stop(kFarewell);
  webhook_client_.reset();
  authorize_client_.reset();
}

std::vector<AdminRoute> EventService::routes() {
  std::vector<AdminRoute> routes = connections_->routes();
  routes.push_back(
      {"GET", "events", [this](const net::HttpRequest& request, const net::Reply& reply) { follow(request, reply); }});
  return routes;
}

void EventService::check(const ConnectionFacts& facts, std::function<void(const Result<void>&)> done) {
  if (!authorize_) return done({});
  const std::string_view action = facts.role == wire::Role::kMaster ? "ConnectAsMaster" : "ConnectAsViewer";
  authorize_->ask(action, facts, [done = std::move(done)](const Result<std::vector<IceServer>>& answer) {
    done(answer ? Result<void>{} : Result<void>(answer.error()));
  });
}

void EventService::advise(const IceQuestion& question, std::function<void(Result<std::vector<IceServer>>)> done) {
  // A call has no connection and no role: viewers may leave their ClientId out, and masters of the C SDK give one.
  const ConnectionFacts facts{.conn = {},
                              .channel = question.channel,
                              .role = {},
                              .client = question.client,
                              .since = question.context.now,
                              .address = question.context.source_ip,
                              .user_agent = question.context.user_agent.substr(0, ConnectionFacts::kMaxUserAgent),
                              .principal = question.caller};
  authorize_->ask(AuthorizeHook::kGetIceServerConfig, facts, std::move(done));
}

void EventService::follow(const net::HttpRequest& request, const net::Reply& reply) {
  const auto query = wire::Query::parse(wire::split_target(request.target).query);
  if (!query) return reply(error_response(query.error(), wire::Surface::kStorage));
  if (meter_.streams.load() >= kMaxStreams) {
    meter_.streams_refused += 1;
    return reply(
        error_response({Errc::kClientLimitExceeded, "too many event streams are open"}, wire::Surface::kStorage));
  }
  EventRing& ring = desk_->ring();
  EventStream::Start start{.from = ring.end()};
  start.channel = query->find("channel").value_or(std::string_view{});
  std::string_view last = request.header("Last-Event-ID");
  if (last.empty()) last = query->find("lastEventId").value_or(std::string_view{});
  if (!last.empty()) {
    const auto from = ring.after(last);
    start.is_unknown = !from;
    if (from) start.from = *from;
  }
  net::HttpResponse response{
      200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}, {}};
  response.source = std::make_shared<EventStream>(ring, meter_, std::move(start));
  reply(std::move(response));
}

void EventService::expose(metrics::Exposition& out) const {
  meter_.expose(out, clock_.wall_now(), signaling_->lost_presence());
}

}  // namespace heliograph::server::events
