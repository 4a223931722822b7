// While a connection lasts: what comes, what goes, and how it ends.
#include "sdk/signaling/engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/for_ever.hpp"
#include "sdk/signaling/content.hpp"
#include "wire/error_table.hpp"

namespace heliograph::sdk {
namespace {

constexpr std::chrono::seconds kOldLinkStays{5};  ///< After the new one is open.
constexpr std::uint16_t kAbnormalClosure = 1006;  ///< RFC 6455, 7.1.5: no close frame came.

SignalingClient::Options bounded(SignalingClient::Options options) {
  for (auto* time :
       {&options.reconnect.first, &options.reconnect.most, &options.reconnect.good_after, &options.connect_timeout})
    *time = at_most_for_ever(*time);
  for (auto* time :
       {&options.reconnect.give_up_after, &options.ping_interval, &options.ping_timeout, &options.keep_for})
    *time = at_most_for_ever(*time);
  return options;
}

core::ClientLimits limits_of(const SignalingClient::Options& options) {
  core::ClientLimits limits;
  limits.max_payload = options.max_payload;
  limits.ping_interval = options.ping_interval;
  limits.ping_timeout = options.ping_timeout;
  return limits;
}

/// The failure that a close code of ours stands for; those of others are a connection that ended.
Error to_error(const core::Closed& closed) {
  const std::uint16_t code = closed.code;
  const std::string text = "the service closed the connection with " + std::to_string(code) +
                           (closed.reason.empty() ? "" : " (" + std::string(closed.reason) + ")");
  for (const Errc known : {Errc::kReplaced, Errc::kChannelDeleted, Errc::kIdleTimeout, Errc::kPingTimeout,
                           Errc::kDurationExceeded, Errc::kDisconnected, Errc::kGoingAway, Errc::kMessageTooBig})
    if (wire::error_row(known).close_code == code) return {known, text};
  return {Errc::kIo, text};
}

bool is_final(Errc code) {
  return code == Errc::kReplaced || code == Errc::kChannelDeleted || code == Errc::kDisconnected;
}

std::string correlation_of(std::uint64_t serial) { return "m" + std::to_string(serial); }

}  // namespace

SignalingEngine::SignalingEngine(SignalingParts parts, SignalingClient::Options options,
                                 SignalingClient::Handlers handlers)
    : parts_(std::move(parts)),
      options_(bounded(std::move(options))),
      handlers_(std::move(handlers)),
      session_(options_.role, limits_of(options_), options_.full_mesh),
      backoff_(options_.reconnect.first, options_.reconnect.most, *parts_.world.rng) {}

void SignalingEngine::send(QueuedMessage message) {
  SendQueue::Finished finished;
  if (state_ == State::kOver || state_ == State::kClosing) {
    finished.emplace_back(std::move(message.sent), Error{Errc::kClosed, "the signaling client is closed"});
    return finish(std::move(finished));
  }
  message.deadline = now() + options_.keep_for;
  queue_.push(std::move(message), finished);
  finish(std::move(finished));
  flush();
  watch_deadlines();
}

void SignalingEngine::flush() {
  if (state_ != State::kOpen) return;
  SendQueue::Finished refused;
  while (!link_->is_full()) {
    const auto next = queue_.take_next();
    if (next.message == nullptr) break;
    std::string text;
    const std::string correlation = correlation_of(next.serial);
    const auto written =
        session_.send({next.message->type, next.message->content, next.message->recipient, correlation}, text);
    if (!written) {
      queue_.refuse(now(), next.serial, written.error(), refused);
      continue;
    }
    link_->send(wire::WsKind::kText, text);
  }
  finish(std::move(refused));
  ask_confirmation();
}

void SignalingEngine::on_drained() {
  flush();
  watch_deadlines();
}

void SignalingEngine::ask_confirmation() {
  if (is_confirming_ || state_ != State::kOpen) return;
  const auto last = queue_.last_written();
  if (!last) return;
  is_confirming_ = true;
  session_.confirm(now(), *last, effects_);
  perform();
}

void SignalingEngine::on_message(const wire::WsMessage& message) {
  session_.on_message(now(), message, effects_);
  perform();
  watch_deadlines();
}

void SignalingEngine::on_old_message(const wire::WsMessage& message) {
  // Its pings need no answer any more, and its close is what is waited for.
  if (message.kind == wire::WsKind::kClose) {
    if (old_link_) old_link_->drop();
    old_link_.reset();
    return;
  }
  if (message.kind != wire::WsKind::kText || !session_.is_open()) return;
  session_.on_message(now(), message, effects_);
  perform();
}

void SignalingEngine::on_link_lost(const Error& why) {
  if (state_ != State::kOpen && state_ != State::kClosing) return on_attempt_failed(why, false);
  broken_ = why;
  session_.on_lost(effects_);
  perform();
  broken_.reset();
}

void SignalingEngine::perform() {
  const auto self = shared_from_this();
  std::vector<core::ClientEffect> effects;
  effects.swap(effects_);
  struct Visitor {
    SignalingEngine& engine;
    void operator()(const core::PeerMessage& message) const { engine.perform(message); }
    void operator()(const core::StatusReceived& status) const { engine.on_status(status.status); }
    void operator()(const core::GoAwayReceived&) const {
      engine.parts_.call(engine.handlers_.on_go_away);
      engine.move();
    }
    void operator()(const core::ReconnectIceServerReceived&) const { engine.move(); }
    void operator()(const core::BadMessage& bad) const {
      engine.say(LogLevel::kWarning, "signaling: a message that cannot be read: " + bad.error.detail);
      engine.parts_.call([handler = engine.handlers_.on_bad_message, error = bad.error]() {
        if (handler) handler(error);
      });
    }
    void operator()(const core::Confirmed& confirmed) const {
      SendQueue::Finished finished;
      engine.queue_.on_confirmed(engine.now(), confirmed.mark, finished);
      engine.is_confirming_ = false;
      engine.finish(std::move(finished));
      engine.ask_confirmation();
    }
    void operator()(const core::Closed& closed) const { engine.perform(closed); }
    void operator()(const core::WriteControl& write) const {
      if (engine.link_) engine.link_->send(write.kind, write.payload);
    }
    void operator()(const core::WriteClosing& write) const {
      if (engine.link_) engine.link_->send_close(write.code);
    }
    void operator()(const core::DropSocket&) const { engine.drop_link(); }
  };
  for (const core::ClientEffect& effect : effects) std::visit(Visitor{*this}, effect);
}

void SignalingEngine::perform(const core::PeerMessage& message) {
  const std::string from(message.sender);
  const auto bad = [this, &from](const Error& why) {
    effects_.emplace_back(core::BadMessage{Error{why.code, why.detail + (from.empty() ? "" : ", from " + from)}});
  };
  if (message.type == wire::MessageType::kIceCandidate) {
    auto candidate = parse_candidate(message.content);
    if (!candidate) {
      bad(candidate.error());
      return perform();
    }
    parts_.call([handler = handlers_.on_candidate, candidate = *std::move(candidate), from]() {
      if (handler) handler(candidate, from);
    });
    return;
  }
  const bool is_offer = message.type == wire::MessageType::kSdpOffer;
  auto description = parse_description(message.content,
                                       is_offer ? SessionDescription::Type::kOffer : SessionDescription::Type::kAnswer);
  if (!description) {
    bad(description.error());
    return perform();
  }
  parts_.call(
      [handler = is_offer ? handlers_.on_offer : handlers_.on_answer, description = *std::move(description), from]() {
        if (handler) handler(description, from);
      });
}

void SignalingEngine::on_status(const wire::StatusResponse& status) {
  const SignalingStatus told{std::string(status.correlation_id), std::string(status.error_type), status.status_code,
                             std::string(status.description)};
  parts_.call([handler = handlers_.on_status, told]() {
    if (handler) handler(told);
  });
  if (told.status_code == 200 || !told.correlation_id.starts_with('m')) return;
  SendQueue::Finished refused;
  const std::uint64_t serial = std::strtoull(told.correlation_id.c_str() + 1, nullptr, 10);
  const Errc code =
      told.error_type == "ClientLimitExceededException" ? Errc::kClientLimitExceeded : Errc::kInvalidArgument;
  queue_.refuse(now(), serial,
                {code, std::to_string(told.status_code) + ' ' + told.error_type + ": " + told.description}, refused);
  finish(std::move(refused));
  watch_deadlines();
}

void SignalingEngine::move() {
  if (state_ != State::kOpen) return;
  if (parts_.forget_found) parts_.forget_found();
  if (!options_.reconnect.enabled) return;
  if (old_link_) old_link_->drop();
  old_link_ = std::move(link_);
  old_link_timer_ = parts_.world.after(options_.connect_timeout + kOldLinkStays, [weak = weak_from_this()]() {
    const auto self = weak.lock();
    if (!self || !self->old_link_) return;
    self->old_link_->drop();
    self->old_link_.reset();
  });
  SendQueue::Finished finished;
  queue_.on_lost(now(), SendQueue::End::kOrderly, finished);
  finish(std::move(finished));
  without_since_ = now();
  start_attempt();
}

void SignalingEngine::perform(const core::Closed& closed) {
  Error why = broken_ ? *broken_ : to_error(closed);
  if (closed.is_unanswered)
    why = {Errc::kPingTimeout,
           "the service answered no ping for " + std::to_string(options_.ping_timeout.count()) + " s"};
  SendQueue::Finished finished;
  const bool is_broken = broken_ || closed.code == kAbnormalClosure;
  queue_.on_lost(now(), is_broken ? SendQueue::End::kBroken : SendQueue::End::kOrderly, finished);
  finish(std::move(finished));
  if (state_ == State::kClosing) return end(Error{Errc::kClosed, "closed by the application"});
  if (state_ != State::kOpen) return;
  ++attempt_;
  drop_link();
  if (is_final(why.code)) return end(why);
  if (now() - opened_at_ >= options_.reconnect.good_after) backoff_.reset();
  without_since_ = now();
  schedule_attempt(why);
}

void SignalingEngine::close() {
  if (state_ == State::kOver || state_ == State::kClosing) return;
  if (state_ != State::kOpen) return end(Error{Errc::kClosed, "closed by the application"});
  state_ = State::kClosing;
  session_.close(now(), effects_);
  perform();
  watch_deadlines();
}

void SignalingEngine::abandon() {
  handlers_ = {};
  if (state_ == State::kOpen) link_->send_close(1000);
  end(Error{Errc::kClosed, "the signaling client has gone"});
}

void SignalingEngine::end(const Error& why) {
  if (state_ == State::kOver) return;
  state_ = State::kOver;
  ++attempt_;
  drop_link();
  if (old_link_) old_link_->drop();
  old_link_.reset();
  attempt_timer_.reset();
  old_link_timer_.reset();
  deadline_timer_.reset();
  SendQueue::Finished finished;
  queue_.end_all(why, finished);
  finish(std::move(finished));
  parts_.call([handler = std::move(handlers_.on_closed), why]() {
    if (handler) handler(why);
  });
  handlers_ = {};  // They may own what owns the client.
}

void SignalingEngine::drop_link() {
  if (link_) link_->drop();
  link_.reset();
}

void SignalingEngine::finish(SendQueue::Finished finished) {
  for (auto& one : finished) {
    if (one.first) parts_.call([told = std::move(one)]() { told.first(told.second); });
  }
}

void SignalingEngine::watch_deadlines() {
  deadline_timer_.reset();
  if (state_ == State::kOver) return;
  auto next = queue_.next_deadline();
  // In between, the session still thinks of the connection that GO_AWAY ended.
  const bool has_session = state_ == State::kOpen || state_ == State::kClosing;
  if (const auto session = session_.next_deadline(); has_session && session && (!next || *session < *next))
    next = session;
  if (!next) return;
  deadline_timer_ =
      parts_.world.after(std::max(*next - now(), SteadyTime::duration::zero()), [weak = weak_from_this()]() {
        if (const auto self = weak.lock()) self->on_deadline();
      });
}

void SignalingEngine::on_deadline() {
  SendQueue::Finished expired;
  queue_.expire(now(), expired);
  finish(std::move(expired));
  queue_.wake(now());
  flush();
  if (state_ == State::kOpen || state_ == State::kClosing) {
    session_.on_deadline(now(), effects_);
    perform();
  }
  watch_deadlines();
}

}  // namespace heliograph::sdk
