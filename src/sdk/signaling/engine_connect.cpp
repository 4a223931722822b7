// From nothing to an open connection, and back there after one was lost.
#include <algorithm>
#include <utility>

#include "sdk/channel/error_answer.hpp"
#include "sdk/credentials/quote.hpp"
#include "sdk/guarded.hpp"
#include "sdk/signaling/engine.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

/// Whether trying the same again later could help before anything ever worked.
bool may_pass(Errc code) {
  switch (code) {
    case Errc::kIo:
    case Errc::kTimeout:
    case Errc::kDisconnected:
    case Errc::kServiceUnavailable:
    case Errc::kInternalFailure:
    case Errc::kClientLimitExceeded:
    case Errc::kGoingAway:
      return true;
    case Errc::kInvalidArgument:
    case Errc::kAccessDenied:
    case Errc::kNotAuthorized:
    case Errc::kResourceNotFound:
    case Errc::kResourceInUse:
    case Errc::kVersionMismatch:
    case Errc::kAccountChannelLimitExceeded:
    case Errc::kAccountStreamLimitExceeded:
    case Errc::kDeviceStreamLimitExceeded:
    case Errc::kTagsPerResourceExceededLimit:
    case Errc::kNoDataRetention:
    case Errc::kInvalidDevice:
    case Errc::kInvalidResourceFormat:
    case Errc::kInvalidClient:
    case Errc::kSessionExpired:
    case Errc::kMissingAuthenticationToken:
    case Errc::kIncompleteSignature:
    case Errc::kUnrecognizedClient:
    case Errc::kSignatureMismatch:
    case Errc::kSignatureExpired:
    case Errc::kSignatureNotYetCurrent:
    case Errc::kExpiredToken:
    case Errc::kBadRequest:
    case Errc::kUnknownOperation:
    case Errc::kMethodNotAllowed:
    case Errc::kPayloadTooLarge:
    case Errc::kTlsRequired:
    case Errc::kForbiddenOrigin:
    case Errc::kLoginRequired:
    case Errc::kProtocolError:
    case Errc::kUnsupportedData:
    case Errc::kInvalidUtf8:
    case Errc::kMessageTooBig:
    case Errc::kSlowPeer:
    case Errc::kReplaced:
    case Errc::kChannelDeleted:
    case Errc::kIdleTimeout:
    case Errc::kPingTimeout:
    case Errc::kDurationExceeded:
    case Errc::kClosed:
    case Errc::kCorrupt:
      return false;
  }
  return false;
}

/// The session token in a signed URL, whoever signed it; empty when there is none.
Secret token_in(std::string_view url) {
  const auto query = wire::Query::parse(url.substr(std::min(url.find('?'), url.size() - 1) + 1));
  const auto token = query ? query->find("X-Amz-Security-Token") : std::nullopt;
  return Secret(std::string(token.value_or("")));
}

}  // namespace

template <class T>
std::function<void(Result<T>)> SignalingEngine::for_this_attempt(void (SignalingEngine::*then)(Result<T>)) {
  // Signers and providers answer on whatever thread they like.
  return [weak = weak_from_this(), attempt = attempt_, post = parts_.world.post, then](Result<T> result) {
    post([weak, attempt, then, result = std::move(result)]() mutable {
      const auto self = weak.lock();
      if (self && self->attempt_ == attempt) ((*self).*then)(std::move(result));
    });
  };
}

void SignalingEngine::open() {
  if (state_ != State::kIdle) return;
  without_since_ = now();
  start_attempt();
}

void SignalingEngine::reconnect() {
  if (state_ == State::kIdle || state_ == State::kClosing || state_ == State::kOver) return;
  if (parts_.forget_found) parts_.forget_found();
  drop_link();
  if (state_ == State::kOpen) without_since_ = now();
  // What was written to it and is not confirmed may never have been read.
  SendQueue::Finished finished;
  queue_.on_lost(now(), SendQueue::End::kBroken, finished);
  finish(std::move(finished));
  backoff_.reset();
  start_attempt();
}

void SignalingEngine::start_attempt() {
  ++attempt_;
  state_ = State::kFinding;
  const auto most = std::chrono::ceil<std::chrono::milliseconds>(
      std::min<SteadyTime::duration>(options_.connect_timeout, time_left()));
  attempt_timer_ = parts_.world.after(most, [weak = weak_from_this(), attempt = attempt_, most]() {
    const auto self = weak.lock();
    if (!self || self->attempt_ != attempt) return;
    self->on_attempt_failed(Error{Errc::kTimeout, "no signaling connection within " + std::to_string(most.count()) +
                                                      " ms: " + self->stage()},
                            false);
  });
  if (parts_.find) return parts_.find(for_this_attempt<JoinInfo>(&SignalingEngine::on_found));
  found_.channel_arn = options_.channel;
  sign(options_.endpoint);
}

void SignalingEngine::on_found(Result<JoinInfo> found) {
  if (state_ != State::kFinding) return;
  if (!found) {
    const bool is_refusal = !may_pass(found.error().code);
    return on_attempt_failed(std::move(found).error(), is_refusal);
  }
  found_ = *std::move(found);
  if (found_.ice_error) say(LogLevel::kWarning, "no relays: " + found_.ice_error->detail);
  sign(found_.wss_endpoint);
}

void SignalingEngine::sign(const std::string& endpoint) {
  state_ = State::kSigning;
  endpoint_ = endpoint;
  SignRequest request{endpoint, {{"X-Amz-ChannelARN", found_.channel_arn}}, std::nullopt};
  if (options_.role == Role::kViewer) request.query.emplace("X-Amz-ClientId", options_.client_id);
  if (parts_.clock_offset && parts_.clock_offset().count() != 0)
    request.date = parts_.world.clock->wall_now() + parts_.clock_offset();
  const auto signer = parts_.signer.lock();
  if (!signer) return;
  ask_guarded("the request signer", for_this_attempt<std::string>(&SignalingEngine::on_signed),
              [&](auto done) { signer->get_signed_url(std::move(request), std::move(done)); });
}

void SignalingEngine::on_signed(Result<std::string> url) {
  if (state_ != State::kSigning) return;
  if (!url) {
    const bool is_refusal = !may_pass(url.error().code);
    return on_attempt_failed(std::move(url).error(), is_refusal);
  }
  url_token_ = token_in(*url);
  state_ = State::kConnecting;
  link_ = parts_.connect(*url, link_handlers());
}

net::WsClient::Handlers SignalingEngine::link_handlers() {
  // `attempt` tells the connection of now from one that GO_AWAY made the old one.
  const auto guarded = [weak = weak_from_this(), attempt = attempt_](auto now_does, auto old_does) {
    return [weak, attempt, now_does, old_does](const auto&... what) {
      const auto self = weak.lock();
      if (!self) return;
      if (self->attempt_ == attempt) return now_does(*self, what...);
      if (self->old_link_) old_does(*self, what...);
    };
  };
  const auto nothing = [](SignalingEngine&, const auto&...) {};
  net::WsClient::Handlers handlers;
  handlers.on_open = guarded([](SignalingEngine& self) { self.on_link_open(); }, nothing);
  handlers.on_refused =
      guarded([](SignalingEngine& self, const net::HttpReply& answer) { self.on_refused(answer); }, nothing);
  handlers.on_message =
      guarded([](SignalingEngine& self, const wire::WsMessage& message) { self.on_message(message); },
              [](SignalingEngine& self, const wire::WsMessage& message) { self.on_old_message(message); });
  handlers.on_lost = guarded([](SignalingEngine& self, const Error& why) { self.on_link_lost(why); },
                             [](SignalingEngine& self, const Error&) { self.old_link_.reset(); });
  handlers.on_drained = guarded([](SignalingEngine& self) { self.on_drained(); }, nothing);
  return handlers;
}

void SignalingEngine::on_link_open() {
  attempt_timer_.reset();
  state_ = State::kOpen;
  was_open_ = true;
  refusals_ = 0;
  opened_at_ = now();
  is_confirming_ = false;
  session_.on_open(now());
  parts_.call([handler = handlers_.on_open, servers = found_.ice_servers]() {
    if (handler) handler(servers);
  });
  flush();
  watch_deadlines();
}

void SignalingEngine::on_refused(const net::HttpReply& answer) {
  const ErrorAnswer refusal = read_error(answer, TokenSpellings(url_token_.reveal()).views());
  // What was remembered may be what was refused.
  if (parts_.forget_found) parts_.forget_found();
  if (const auto signer = parts_.signer.lock(); signer && !refusal.is_temporary)
    tell_guarded(parts_.world.log, "the request signer", [&]() { signer->forget(); });
  on_attempt_failed(refusal.error, !refusal.is_temporary);
}

void SignalingEngine::on_attempt_failed(Error why, bool is_refusal) {
  ++attempt_;  // Nothing of this one is listened to any more.
  if (link_) link_->drop();
  link_.reset();
  refusals_ = is_refusal ? refusals_ + 1 : 0;
  if (why.code == Errc::kIo || why.code == Errc::kTimeout)
    if (parts_.forget_found) parts_.forget_found();
  if (is_refusal && !was_open_ && refusals_ >= 2) return end(why);
  schedule_attempt(why);
}

void SignalingEngine::schedule_attempt(const Error& why) {
  const auto& rules = options_.reconnect;
  if (!rules.enabled && (was_open_ || refusals_ != 1)) return end(why);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time_left());
  if (left.count() <= 0) return end(given_up(why));
  state_ = State::kWaiting;
  const auto wait = std::min(backoff_.next(), left);
  say(LogLevel::kInfo, "signaling: " + why.detail + "; next try in " + std::to_string(wait.count()) + " ms");
  parts_.call([handler = handlers_.on_lost, why, wait]() {
    if (handler) handler(why, wait);
  });
  watch_deadlines();
  attempt_timer_ = parts_.world.after(wait, [weak = weak_from_this(), why]() {
    const auto self = weak.lock();
    if (!self || self->state_ != State::kWaiting) return;
    if (self->time_left() <= SteadyTime::duration::zero()) return self->end(self->given_up(why));
    self->start_attempt();
  });
}

SteadyTime::duration SignalingEngine::time_left() const {
  const auto most = options_.reconnect.give_up_after;
  if (most.count() <= 0) return SteadyTime::duration::max();
  return std::max(without_since_ + most - now(), SteadyTime::duration::zero());
}

Error SignalingEngine::given_up(const Error& last) const {
  return {Errc::kTimeout, "no connection for " + std::to_string(options_.reconnect.give_up_after.count()) +
                              " s; the last failure: " + last.detail};
}

std::string SignalingEngine::stage() const {
  if (state_ == State::kFinding) return "still finding the endpoint of " + options_.channel;
  const std::string where = quote_url(endpoint_);
  return state_ == State::kSigning ? "still waiting for the request signer, for " + where
                                   : "still connecting to " + where;
}

}  // namespace heliograph::sdk
