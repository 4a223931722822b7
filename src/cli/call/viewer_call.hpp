// ViewerCall: a channel's viewer, and its peer connection with the master, made anew when it has to be.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/call/offer_rules.hpp"
#include "cli/call/restart_rules.hpp"
#include "cli/call/talk.hpp"
#include "cli/call/timeline.hpp"
#include "heliograph/channel_client.hpp"
#include "heliograph/peer_connection.hpp"
#include "heliograph/signaling_client.hpp"

namespace heliograph::cli {

struct ViewerOptions {
  std::string channel{};  ///< Its ARN.
  std::string client_id{};
  std::shared_ptr<ChannelClient> channels{};
  std::shared_ptr<RequestSigner> signer{};  ///< Empty: by the credentials of `channels`.
  std::shared_ptr<MediaSource> source{};    ///< Empty: nothing is sent.
  std::vector<Codec> codecs{Codec::kH264, Codec::kVp8, Codec::kOpus};
  bool is_relay_only = false;
  bool receives_media = true;
  /// Makes what takes the media of a connection, of the first and of each that follows.
  std::function<std::shared_ptr<MediaSink>()> make_sink{};
};

/// Any may be empty.
struct ViewerEvents {
  std::function<void()> on_open{};
  std::function<void(const Error& why, std::chrono::milliseconds retry_in)> on_lost{};
  std::function<void(const Error& why)> on_closed{};
  /// Also again, after on_disconnected.
  std::function<void()> on_connected{};
  std::function<void(const std::string& why)> on_disconnected{};
  std::function<void()> on_restart{};   ///< ICE is restarted.
  std::function<void()> on_new_peer{};  ///< A new connection is made, the first included.
  std::function<void()> on_talk{};      ///< Text can be sent.
  std::function<void(std::string_view text)> on_text{};
  std::function<void(const std::string& text)> on_warning{};
};

/// Lifetime, threads: as MasterCall.
class ViewerCall {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param timeline  takes the times of the steps; must outlive this.
  ViewerCall(ViewerOptions options, ViewerEvents events, Timeline& timeline);
  ViewerCall(const ViewerCall&) = delete;
  ViewerCall& operator=(const ViewerCall&) = delete;
  ~ViewerCall();

  [[nodiscard]] Result<void> open();
  /// Does what is due. Call it a few times a second.
  /// @param has_media  whether media arrived since the last call.
  void tick(Time now, bool has_media);
  [[nodiscard]] bool is_connected() const noexcept { return rules_.is_up(); }
  [[nodiscard]] bool can_talk() const { return talk_.is_open(); }
  [[nodiscard]] Result<void> send_text(std::string_view text) { return talk_.send(text); }
  /// Bytes of text that have not left.
  [[nodiscard]] std::size_t buffered() const { return talk_.buffered(); }
  void stats(std::function<void(Result<PeerStats>)> done);
  /// Closes the channel, so that what was sent arrives first; is_finished() when it is.
  void finish() { talk_.close(); }
  [[nodiscard]] bool is_finished() const { return talk_.is_closed(std::chrono::steady_clock::now()); }

 private:
  void on_signaling_open(const std::vector<IceServer>& servers);
  void on_answer(const SessionDescription& answer);
  void on_state(PeerConnection::State state, const std::string& reason);
  void on_local_description(const SessionDescription& offer);
  void act(Time now);
  /// Gives up the peer there is, and makes another when fresh relays are known, or do not come in time.
  void call(Time now);
  void make_peer(Time now);
  void restart();
  [[nodiscard]] PeerConnection::Handlers handlers_for(unsigned generation);
  void warn(const std::string& text);

  ViewerOptions options_;
  ViewerEvents events_;
  Timeline& timeline_;
  RestartRules rules_;
  std::unique_ptr<SignalingClient> signaling_;
  std::vector<IceServer> ice_servers_;
  std::unique_ptr<PeerConnection> peer_;
  Talk talk_;
  unsigned generation_ = 0;
  std::optional<Time> relays_due_;                              ///< While fresh ones are waited for.
  std::string offered_;                                         ///< The session of the peer's offers …
  std::deque<std::string> given_up_;                            ///< … and those of the last peers before it.
  std::optional<DescriptionFacts> master_;                      ///< Who answered the peer's first offer.
  bool is_waiting_ = false;                                     ///< For an answer.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< Calls under way ask whether we still are.
};

}  // namespace heliograph::cli
