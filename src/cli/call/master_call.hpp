// MasterCall: a channel's master, and its peer connection with every viewer.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/call/offer_rules.hpp"
#include "cli/call/peer_watch.hpp"
#include "cli/call/talk.hpp"
#include "heliograph/channel_client.hpp"
#include "heliograph/peer_connection.hpp"
#include "heliograph/signaling_client.hpp"

namespace heliograph::cli {

struct MasterOptions {
  std::string channel{};  ///< Its ARN.
  std::shared_ptr<ChannelClient> channels{};
  std::shared_ptr<MediaSource> source{};  ///< Empty: nothing is sent.
  std::vector<Codec> codecs{Codec::kH264, Codec::kVp8, Codec::kOpus};
  std::size_t most_viewers = 100;
  bool is_relay_only = false;
  /// Makes what takes the media of a viewer; empty: none is asked for.
  std::function<std::shared_ptr<MediaSink>(const std::string& viewer)> make_sink{};
  /// Gets each of them back when the viewer's connection is over, unless all of this is. May be empty.
  std::function<void(const std::shared_ptr<MediaSink>& sink)> take_back{};
};

/// Any may be empty. `viewer` is a client id.
struct MasterEvents {
  std::function<void()> on_open{};
  std::function<void(const Error& why, std::chrono::milliseconds retry_in)> on_lost{};
  std::function<void(const Error& why)> on_closed{};
  std::function<void(const std::string& viewer)> on_connected{};
  /// Text can be sent to it.
  std::function<void(const std::string& viewer)> on_talk{};
  std::function<void(const std::string& viewer, std::string_view text)> on_text{};
  std::function<void(const std::string& viewer, const std::string& why)> on_left{};
  std::function<void(const std::string& viewer)> on_refused{};
  std::function<void(const std::string& text)> on_warning{};
};

/// Lifetime: must outlive what is under way on its loop: destroy it on the thread that handlers run on.
/// Threads: the one that handlers of `channels`' loop run on.
class MasterCall {
 public:
  using Time = std::chrono::steady_clock::time_point;

  MasterCall(MasterOptions options, MasterEvents events);
  MasterCall(const MasterCall&) = delete;
  MasterCall& operator=(const MasterCall&) = delete;
  ~MasterCall();

  [[nodiscard]] Result<void> open();
  /// Lets go of who has vanished, and of relays that are about to end. Call it a few times a second.
  void tick(Time now);
  /// Those that are connected.
  [[nodiscard]] std::vector<std::string> viewers() const;
  /// Those that text can be sent to.
  [[nodiscard]] std::vector<std::string> listeners() const;
  /// Fails with kResourceNotFound when nobody is there by that name, and as DataChannel::send_text().
  [[nodiscard]] Result<void> send_text(const std::string& viewer, std::string_view text);
  /// Bytes of text that have not left, of the viewer for whom most are waiting.
  [[nodiscard]] std::size_t buffered() const;
  /// Asks the connection of a viewer for its figures; does nothing when it is gone.
  void stats(const std::string& viewer, std::function<void(Result<PeerStats>)> done);
  /// Closes channels, so that what was sent arrives first; is_finished() when all are.
  void finish();
  [[nodiscard]] bool is_finished() const;

 private:
  struct Viewer {
    std::unique_ptr<PeerConnection> peer;
    std::shared_ptr<MediaSink> sink;  ///< Empty: none was made.
    Question question;
    PeerWatch watch;
    Talk talk;
    unsigned generation = 0;
    bool is_refused = false;
    bool has_left = false;  ///< Said goodbye; gone soon.
  };

  void on_offer(const SessionDescription& offer, const std::string& from);
  void on_candidate(const IceCandidate& candidate, const std::string& from);
  void make_peer(const SessionDescription& offer, const std::string& from, bool is_refused);
  [[nodiscard]] PeerConnection::Handlers handlers_for(const std::string& from, unsigned generation);
  void on_state(std::string from, unsigned generation, PeerConnection::State state, std::string_view reason);
  void on_talk_closed(const std::string& from, unsigned generation);
  void let_go(const std::string& from);
  void take_back(const std::shared_ptr<MediaSink>& sink) const;
  /// By value: what is dropped may own what it is called by.
  void drop(std::string from, std::string why);
  void refresh_ice(Time now);
  void warn(const std::string& text);
  [[nodiscard]] Viewer* find(const std::string& from, unsigned generation);
  [[nodiscard]] Crowd crowd_beside(const std::string& from) const;

  MasterOptions options_;
  MasterEvents events_;
  std::unique_ptr<SignalingClient> signaling_;
  std::vector<IceServer> ice_servers_;
  std::optional<Time> ice_end_;  ///< When relays are asked for anew.
  std::map<std::string, Viewer> viewers_;
  unsigned last_generation_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< Calls under way ask whether we still are.
};

}  // namespace heliograph::cli
