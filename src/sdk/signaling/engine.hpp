// SignalingEngine: what a SignalingClient does, step by step, on its loop's thread.
//
//   finding ──▶ signing ──▶ connecting ──▶ open ──▶ over
//      ▲            │            │          │
//      └── waiting ◀┴────────────┴──────────┘   (on_lost; GO_AWAY goes straight to finding)
//
// Rules
//  1. Every connection has a fresh signature, and whatever a refusal or GO_AWAY made doubtful is found anew.
//  2. A refusal before the first connection is final when it comes twice: once could be an old credential or endpoint
//     that was remembered. Failures to reach the service are not.
//  3. Close codes that say "do not come back" (replaced, channel deleted, ended by the operator) are final.
//  4. After GO_AWAY the old connection is read until the new one is open and the service has closed the old, so that
//     nothing falls between the two.
//  5. Messages are written as fast as the network takes them, and are in the queue until then.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/client_session.hpp"
#include "heliograph/signaling_client.hpp"
#include "net/http_response_reader.hpp"
#include "net/ws_client.hpp"
#include "sdk/signaling/backoff.hpp"
#include "sdk/signaling/send_queue.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// One WebSocket. drop() before letting go.
class SignalingLink {
 public:
  SignalingLink() = default;
  SignalingLink(const SignalingLink&) = delete;
  SignalingLink& operator=(const SignalingLink&) = delete;
  virtual ~SignalingLink() = default;
  /// Control frames go out whatever is_full() says.
  virtual void send(wire::WsKind kind, std::string_view payload) = 0;
  /// The network is behind: nothing more should be sent until the handler on_drained is called.
  [[nodiscard]] virtual bool is_full() const = 0;
  virtual void send_close(std::uint16_t code) = 0;
  virtual void drop() = 0;
};

/// What the engine is made of; tests hand in their own.
struct SignalingParts {
  World world{};
  /// Where the channel is; empty: where the options say.
  std::function<void(std::function<void(Result<JoinInfo>)>)> find{};
  /// What `find` remembers may be wrong.
  std::function<void()> forget_found{};
  /// Difference of the service's clock to ours.
  std::function<std::chrono::milliseconds()> clock_offset{};
  /// Weak: whoever keeps the engine keeps it. What answers on this thread should not be ended on it.
  std::weak_ptr<RequestSigner> signer{};
  /// Begins to connect to a signed URL.
  std::function<std::unique_ptr<SignalingLink>(const std::string& url, net::WsClient::Handlers)> connect{};
  /// Has an application's handler called.
  std::function<void(std::function<void()>)> call{};
};

/// Threads: the loop's. Lifetime: shared with what it waits for.
class SignalingEngine : public std::enable_shared_from_this<SignalingEngine> {
 public:
  SignalingEngine(SignalingParts parts, SignalingClient::Options options, SignalingClient::Handlers handlers);

  void open();
  void close();
  /// The application has gone: goes without a word to it.
  void abandon();
  void send(QueuedMessage message);
  void forget(std::string_view client_id) { session_.forget(client_id); }
  void reconnect();
  [[nodiscard]] bool is_open() const noexcept { return state_ == State::kOpen; }

 private:
  enum class State : std::uint8_t { kIdle, kFinding, kSigning, kConnecting, kOpen, kWaiting, kClosing, kOver };

  // From nothing to an open connection (engine_connect.cpp).
  void start_attempt();
  void on_found(Result<JoinInfo> found);
  void sign(const std::string& endpoint);
  void on_signed(Result<std::string> url);
  [[nodiscard]] net::WsClient::Handlers link_handlers();
  void on_link_open();
  void on_refused(const net::HttpReply& answer);
  void on_attempt_failed(Error why, bool is_refusal);
  void schedule_attempt(const Error& why);
  /// Of the time after which it gives up; the longest there is when it never does.
  [[nodiscard]] SteadyTime::duration time_left() const;
  [[nodiscard]] Error given_up(const Error& last) const;
  /// What this attempt waits for, for texts.
  [[nodiscard]] std::string stage() const;
  /// `then` is called with what comes back, on the loop's thread, if this attempt is still the one.
  template <class T>
  std::function<void(Result<T>)> for_this_attempt(void (SignalingEngine::*then)(Result<T>));

  // While it lasts (engine.cpp).
  void on_message(const wire::WsMessage& message);
  void on_old_message(const wire::WsMessage& message);
  void on_link_lost(const Error& why);
  void perform();
  void perform(const core::PeerMessage& message);
  void perform(const core::Closed& closed);
  void on_status(const wire::StatusResponse& status);
  void move();
  void flush();
  void on_drained();
  void ask_confirmation();
  void finish(SendQueue::Finished finished);
  void end(const Error& why);
  void drop_link();
  void watch_deadlines();
  void on_deadline();
  void say(LogLevel level, const std::string& line) const { parts_.world.log(level, line); }
  [[nodiscard]] SteadyTime now() const { return parts_.world.clock->steady_now(); }

  SignalingParts parts_;
  SignalingClient::Options options_;
  SignalingClient::Handlers handlers_;
  core::ClientSession session_;
  SendQueue queue_;
  Backoff backoff_;
  State state_ = State::kIdle;
  std::uint64_t attempt_ = 0;  ///< What belongs to an earlier one is not listened to.
  std::unique_ptr<SignalingLink> link_;
  std::unique_ptr<SignalingLink> old_link_;  ///< After GO_AWAY, while the next one is made.
  JoinInfo found_;
  std::string endpoint_;  ///< That is signed for and connected to.
  Secret url_token_;      ///< What the service may quote of the URL, and errors must not.
  bool was_open_ = false;
  int refusals_ = 0;  ///< In a row.
  SteadyTime opened_at_{};
  SteadyTime without_since_{};  ///< When there was last a connection, or open() was called.
  bool is_confirming_ = false;
  std::optional<Error> broken_;  ///< Why the connection broke, while that is being told.
  std::shared_ptr<void> attempt_timer_;
  std::shared_ptr<void> old_link_timer_;
  std::shared_ptr<void> deadline_timer_;
  std::vector<core::ClientEffect> effects_;
};

}  // namespace heliograph::sdk
