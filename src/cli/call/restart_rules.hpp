// RestartRules: when a viewer calls, when it restarts ICE, and when it gives a peer connection up for a new one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace heliograph::cli {

/// A machine without a clock: tell it what happened and when, ask next() what to do, do it, and ask again at
/// deadline().
///
///     waiting ──signaling open──► calling ──answer──► connecting ──connected──► up
///        ▲                           │ no answer          │ not connected       │ disconnected for a while, failed,
///        │                           ▼                    ▼                     ▼ or silent
///        └──────── new peer ◄────────┴────────────────────┴────── no restart left ── restarting (once)
///
/// Nothing is begun while signaling is away; when it is back, what is not connected is begun at once. A restart is
/// cheap, but it knows only the addresses and relays of before, and the master may have let go by then; so one is
/// tried, if the way has not been gone for long. New connections are tried for ever. Threads: one.
class RestartRules {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::chrono::milliseconds;
  struct Limits {
    Span disconnected{3'000};   ///< Connections often mend by themselves in less.
    Span silence{5'000};        ///< Without a packet of media that came before: the other end may be dead.
    Span restart{8'000};        ///< For a restart to connect.
    int restarts = 1;           ///< Then a wholly new connection.
    Span stale{12'000};         ///< Gone for so long, it is not restarted: a master forgets after 15 s (PeerWatch).
    Span answer{10'000};        ///< For an answer to a call; the service keeps the offer for a master that is late.
    Span setup{15'000};         ///< From the answer to the connection.
    Span first_pause{500};      ///< Before calling again after the other end closed, or a call failed …
    Span longest_pause{5'000};  ///< … doubling up to here.
    Span good_after{5'000};     ///< A connection that lasted so long was a good one: pauses begin anew.
  };
  enum class Step : std::uint8_t { kNothing, kNewPeer, kRestart };

  RestartRules() : RestartRules(Limits{}) {}
  explicit RestartRules(Limits limits) : limits_(limits), pause_(limits.first_pause) {}

  void on_signaling(Time now, bool is_open);
  /// An answer to the latest offer.
  /// @param is_same_peer  false: another program answers in the place of the one that was called before.
  void on_answer(Time now, bool is_same_peer);
  void on_connected(Time now);
  void on_disconnected(Time now);
  void on_failed(Time now);
  /// The other end said goodbye.
  void on_closed(Time now);
  /// Media arrived. Never called when there is none: then silence says nothing.
  void on_media(Time now);

  /// What to do now; it is taken to be done.
  [[nodiscard]] Step next(Time now);
  /// When next() may have something to do without anything happening before.
  [[nodiscard]] std::optional<Time> deadline() const;
  [[nodiscard]] bool is_up() const noexcept { return state_ == State::kUp; }

 private:
  enum class State : std::uint8_t { kWaiting, kCalling, kConnecting, kUp, kShaky, kRestarting };

  void enter(State state, Time now, std::optional<Time> due);
  void call_again(Time now);
  [[nodiscard]] Step act(Time now);

  Limits limits_;
  State state_ = State::kWaiting;
  Time since_{};
  std::optional<Time> due_ = Time::min();  ///< When the state's time is up.
  Span pause_;
  Time called_{};  ///< The last time.
  Time lost_{};    ///< When it was up for the last time.
  int restarts_ = 0;
  bool is_open_ = false;
  bool is_linked_ = false;      ///< What ICE says.
  bool is_answered_ = false;    ///< Of a restart.
  bool expects_media_ = false;  ///< It has come.
};

}  // namespace heliograph::cli
