// SignalingEvents: what a signaling client tells, as a queue that is asked, for coroutines and loops of one's own.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "heliograph/export.hpp"
#include "heliograph/ice.hpp"
#include "heliograph/result.hpp"
#include "heliograph/signaling_client.hpp"

namespace heliograph {

/// A connection is up: the first, or the next one.
struct SignalingOpened {
  std::vector<IceServer> ice_servers{};  ///< Those of now.
};
/// An offer or an answer, by its type.
struct DescriptionReceived {
  SessionDescription description{};  ///< Of whoever sent it.
  std::string from{};                ///< Empty: the master.
};
/// Never before the description it belongs to.
struct CandidateReceived {
  IceCandidate candidate{};  ///< Of whoever sent it.
  std::string from{};        ///< Empty: the master.
};
/// The client comes back by itself; SignalingOpened follows.
struct SignalingLost {
  Error why{};  ///< How the connection ended, or why there is none.
};
/// The service refused a message. Whoever sent it is told by its Sent handler, too.
struct StatusReceived {
  SignalingStatus status{};  ///< What it refused, and why.
};
/// The service is about to close this connection, and the client moves to a new one; SignalingOpened follows.
struct SignalingMoves {};
/// Somebody sent what is no offer, answer or candidate.
struct BadMessageReceived {
  Error why{};  ///< What was wrong with it.
};
/// Nobody asked for a long time, and these were given up; older than all that comes after. Candidates may have lost the
/// description that they belong to.
struct EventsDropped {
  std::size_t descriptions = 0;  ///< Offers and answers.
  std::size_t others = 0;        ///< Candidates and all else.
};
/// One of them. That it is over is the error of SignalingEvents::next(). Later versions may have more; so ask for those
/// that matter.
using SignalingEvent = std::variant<SignalingOpened, DescriptionReceived, CandidateReceived, SignalingLost,
                                    StatusReceived, SignalingMoves, BadMessageReceived, EventsDropped>;

/// Takes the place of handlers: give handlers() to a SignalingClient and ask for one event after another. With Asio:
/// async_next() of heliograph/asio.hpp.
///
/// Lifetime: shared with the handlers it gave.
/// Threads:  any. One next() at a time.
class HELIOGRAPH_API SignalingEvents : public std::enable_shared_from_this<SignalingEvents> {
 public:
  /// Takes the next event.
  using Handler = std::function<void(Result<SignalingEvent>)>;

  /// @param most_waiting  events kept for a reader that does not ask. Beyond, candidates and bad messages go first, the
  ///                      oldest before others; then a description for which a newer one of its sender came, which
  ///                      takes its place; then the oldest of what is no description; then the oldest description. What
  ///                      went, but for those replaced, is told by EventsDropped before all that waits.
  [[nodiscard]] static std::shared_ptr<SignalingEvents> create(std::size_t most_waiting = 1024);
  ~SignalingEvents();
  SignalingEvents(const SignalingEvents&) = delete;
  SignalingEvents& operator=(const SignalingEvents&) = delete;

  /// What SignalingClient::create() is given; they keep this queue. For one client. When all of them have gone, without
  /// having told the end, next() fails with kClosed.
  [[nodiscard]] SignalingClient::Handlers handlers();
  /// Has a function called once with the next event: here, if there is one already, or where the loop calls handlers.
  /// When the client is over, and everything before was asked for, it fails with the reason, every time. A next() that
  /// waits while another does fails with kResourceInUse. Of a client that is destroyed the end is told where the last
  /// of its handlers goes: on the loop's thread.
  void next(Handler done);
  /// Ends a next() that waits, with kTimeout; events stay for the one that follows. Without one that waits, nothing.
  void cancel_next();
  /// Puts what next() gave in front again, for who cannot take it after all; before another next().
  void give_back(SignalingEvent event);
  /// Ends a next() that waits, with kClosed, and all that follow.
  void close();

 private:
  struct Impl;
  explicit SignalingEvents(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace heliograph
