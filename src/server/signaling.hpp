// Signaling: where the Hub's decisions meet the network. Shards of channels, each a Hub under its own lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "core/hub.hpp"
#include "core/limits.hpp"
#include "net/service.hpp"
#include "server/events/presence_log.hpp"
#include "server/log_gate.hpp"
#include "server/metrics/close_meter.hpp"
#include "wire/message.hpp"

namespace heliograph::server {

/// What Signaling does to connections; Network is the real one. Threads: any.
struct Outlet {
  std::function<void(ConnId, std::string_view)> send;
  /// The text is for the peer, instead of that of the code if it is not empty.
  std::function<void(ConnId, Errc, std::string_view)> close;
};

/// Gets the master's answer, or why there is none.
using AskReply = std::function<void(Result<std::string>)>;

/// Lock a shard → compute effects → unlock → perform: nothing is called with a lock held, so there is no lock order to
/// know. Threads: on_* of one connection come from the worker that owns it; everything else from any thread.
class Signaling {
 public:
  /// @param workers  number of network threads; ConnId::worker is below it.
  Signaling(const core::Limits& limits, unsigned workers, LogSink& log);
  Signaling(const Signaling&) = delete;
  Signaling& operator=(const Signaling&) = delete;

  /// Must be called before the first connection.
  void attach(Outlet outlet) { outlet_ = std::move(outlet); }

  /// Must be called before the first connection; without it nobody is told.
  void watch(events::PresenceWatcher& watcher) { watcher_ = &watcher; }

  /// An authenticated upgrade: remembers who it is until the connection opens. Gives the tag for the network, or
  /// kClientLimitExceeded when the channel has no room, or kResourceNotFound when it was deleted while the upgrade was
  /// looked at.
  [[nodiscard]] Result<std::uint64_t> admit(core::Join join, events::FactsPtr facts);
  /// Takes an admission back before its reply is given.
  void withdraw(ConnId conn, std::uint64_t tag);
  void on_open(SteadyTime now, ConnId conn, std::uint64_t tag);
  void on_text(SteadyTime now, ConnId conn, std::uint64_t tag, std::string_view text);
  void on_closed(SteadyTime now, ConnId conn, std::uint64_t tag, const net::CloseInfo& info);

  /// Asks the channel's master for an answer (core::Hub, rule 14). `reply` is called once, on any thread: with the
  /// answer's payload, or with kResourceNotFound (no master answered in time, or the channel was deleted), kReplaced,
  /// kClientLimitExceeded, kServiceUnavailable (the service goes down). `ask.id` is given here.
  void ask(SteadyTime now, core::Ask ask, AskReply reply);
  /// Ends all asks with kServiceUnavailable, and those to come.
  void end_asks();

  void on_channel_deleted(const ChannelArn& channel);
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl);
  /// For joins and messages from now on. `limits` must outlive it.
  void set_limits(const core::Limits& limits);
  /// Drops what has expired, messages and asks; call about once a second.
  void on_tick(SteadyTime now);

  /// Who holds a place: of one channel, or of all; in no order. Costs by the number of all connections.
  [[nodiscard]] std::vector<events::FactsPtr> connections() const;
  [[nodiscard]] std::vector<events::FactsPtr> connections(const ChannelArn& channel) const;
  /// Ends those that `chosen` wants, with kDisconnected and this reason (empty: that of the code), and gives how many.
  /// Who was admitted and is not open yet is ended when it opens. `chosen` is called under a lock.
  std::size_t disconnect(const std::function<bool(const events::ConnectionFacts&)>& chosen, const std::string& reason);
  /// Moves what the watcher was called for into `into`: of one channel in the order in which it happened.
  void take_presence(std::vector<events::PresenceChange>& into);
  /// Changes that were dropped because nobody took them.
  [[nodiscard]] std::uint64_t lost_presence() const;

  [[nodiscard]] core::HubStats stats() const;
  /// How connections ended.
  [[nodiscard]] metrics::CloseCounts closes() const;

 private:
  struct Admission {
    core::Join join;
    events::FactsPtr facts;
    std::optional<std::string> disconnect_reason;  ///< An operator wants it ended.
  };
  struct Shard {
    explicit Shard(const core::Limits& limits) : hub(limits) {}
    mutable std::mutex mutex;
    core::Hub hub;
    std::unordered_map<ConnId, Admission> admitted;  ///< Not open yet.
    std::unordered_set<ChannelArn> deleted;          ///< Lately; an ARN is never used again.
    std::deque<ChannelArn> deleted_in_order;
    events::PresenceLog presence;
    std::unordered_map<core::AskId, AskReply> asking;
  };
  /// What a worker reuses from call to call. `leaving` apart, because performing effects may end connections.
  struct Scratch {
    wire::ClientMessageParser parser;
    core::Effects effects;
    core::Effects leaving;
    metrics::CloseMeter closes;
  };

  [[nodiscard]] std::uint64_t shard_index(const ChannelArn& channel) const noexcept;
  void perform(const core::Effects& effects);
  void finish(const core::AskOutcome& outcome, std::string_view payload);
  [[nodiscard]] WallTime wall_now() const { return watcher_ == nullptr ? WallTime{} : watcher_->wall_now(); }
  /// The shard's lock is not held.
  void tell_presence(std::uint64_t shard, bool has_changed);
  /// What the log says (signaling_log.cpp); no lock is held.
  void log_refusal(SteadyTime now, ConnId conn, std::uint64_t tag, const core::Refusal& why);
  void log_ending(ConnId conn, const events::Ending& ending);
  /// Who came and went by these effects. @param noted  what is known of them, in the same order.
  void log_presence(const core::Effects& effects, const std::vector<events::PresenceChange>& noted);

  std::atomic<const core::Limits*> limits_;
  LogSink& log_;
  LogGate refusals_;
  std::atomic<core::AskId> asks_{0};
  std::atomic<bool> is_going_down_{false};
  events::PresenceWatcher* watcher_ = nullptr;
  std::atomic<std::uint64_t> changed_shards_{0};  ///< A bit for each.
  Outlet outlet_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Scratch> scratch_;
};

}  // namespace heliograph::server
