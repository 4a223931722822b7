// Signaling channels, as the control plane describes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/error.hpp"
#include "heliograph/export.hpp"
#include "heliograph/ice.hpp"
#include "heliograph/role.hpp"

namespace heliograph {

/// Who talks to whom: viewers to one master, or (Heliograph only) everybody to everybody.
enum class ChannelType : std::uint8_t { kSingleMaster, kFullMesh };
/// A channel's state; it can be joined while kActive.
enum class ChannelStatus : std::uint8_t { kCreating, kActive, kUpdating, kDeleting };

/// "SINGLE_MASTER", "FULL_MESH"; "CREATING", "ACTIVE", …
/// @{
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(ChannelType type) noexcept;
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(ChannelStatus status) noexcept;
/// @}

/// Of a channel: key to value.
using Tags = std::map<std::string, std::string>;

/// A channel, as DescribeSignalingChannel gives it.
struct ChannelInfo {
  std::string name{};      ///< Of one account and region, the only one of its name.
  std::string arn{};       ///< "arn:aws:kinesisvideo:REGION:ACCOUNT:channel/NAME/NUMBER"
  ChannelType type{};      ///< Never changes.
  ChannelStatus status{};  ///< As it was when the service answered.
  std::chrono::sys_time<std::chrono::milliseconds> created{};  ///< By the service's clock.
  std::chrono::seconds message_ttl{0};  ///< How long a message waits for who is away; zero: the service did not say.
  std::string version{};                ///< Opaque; changes with every update.
};

/// A channel to be.
struct NewChannel {
  std::string name{};                                 ///< 1 to 256 of `A-Z a-z 0-9 _ . -`.
  ChannelType type = ChannelType::kSingleMaster;      ///< AWS makes no other.
  std::optional<std::chrono::seconds> message_ttl{};  ///< 5 to 120 seconds; none: the service's own choice.
  Tags tags{};                                        ///< The channel has them from the beginning.
  /// Be done when the channel can be joined (ACTIVE), not when it has a name.
  bool wait_until_active = false;
};

/// What an update changes.
struct ChannelUpdate {
  std::chrono::seconds message_ttl{60};  ///< 5 to 120 seconds.
  /// The version that was described: fails with kVersionMismatch when somebody was faster. Empty: whatever there is.
  std::string version{};
};

/// Which channels are listed.
struct ChannelQuery {
  std::string name_prefix{};  ///< Empty: every channel.
  std::size_t page_size = 0;  ///< 1 to 10000; zero: the service's own choice.
  std::string next_token{};   ///< Of the page before; empty: the first page.
};

/// Some of the channels that a query finds.
struct ChannelPage {
  std::vector<ChannelInfo> channels{};  ///< May be empty although more pages follow.
  std::string next_token{};             ///< Empty: this was the last page.
};

/// Where a channel is reached. An endpoint that was not asked for is empty.
struct ChannelEndpoints {
  std::string wss{};     ///< "wss://host", for the signaling connection.
  std::string https{};   ///< "https://host", for GetIceServerConfig and SendAlexaOfferToMaster.
  std::string webrtc{};  ///< "https://host", for JoinStorageSession.
};

/// What an endpoint is for; see ChannelEndpoints.
enum class ChannelProtocol : std::uint8_t { kWss, kHttps, kWebrtc };

/// Whose endpoints are asked for.
struct EndpointQuery {
  std::string channel{};      ///< Name or ARN.
  Role role = Role::kViewer;  ///< A master's and a viewer's may differ.
  /// kWebrtc only for a channel whose media is stored: any other fails with kInvalidArgument.
  std::vector<ChannelProtocol> protocols{ChannelProtocol::kWss, ChannelProtocol::kHttps};
};

/// For whom relays are asked for.
struct IceQuery {
  std::string channel{};      ///< Name or ARN.
  Role role = Role::kViewer;  ///< Whose HTTPS endpoint is asked.
  std::string client_id{};    ///< Empty: not said.
  std::string username{};     ///< Empty: not said.
};

/// Whether the service records a channel's media, and in which stream.
struct MediaStorage {
  bool enabled = false;      ///< Whether it does.
  std::string stream_arn{};  ///< ARN of the Kinesis video stream; empty: none.
};

/// An offer from outside, for the master.
struct AlexaOffer {
  std::string channel{};           ///< Name or ARN.
  std::string sender_client_id{};  ///< 1 to 256 of `A-Z a-z 0-9 _ . -`.
  std::string payload{};           ///< Base64, at most 10000 characters.
};

/// Who is to be recorded.
struct StorageSession {
  std::string channel{};    ///< Name or ARN.
  std::string client_id{};  ///< Of a viewer; empty: the master.
};

/// Who joins which channel.
struct JoinQuery {
  std::string channel{};      ///< Name or ARN. With an ARN one call less is made.
  Role role = Role::kViewer;  ///< As what.
  std::string client_id{};    ///< Of a viewer; empty for a master.
};

/// All that a signaling client and its peer connections need to begin.
struct JoinInfo {
  std::string channel_arn{};     ///< Goes into the signed URL (X-Amz-ChannelARN).
  std::string wss_endpoint{};    ///< "wss://host", to be signed.
  std::string https_endpoint{};  ///< "https://host", of calls about this channel.
  std::string region{};          ///< What to sign for.
  /// The region's STUN server first, unless the endpoint is not AWS's; then relays, `ttl` being what is left of it.
  std::vector<IceServer> ice_servers{};
  /// Why there are no relays although they were asked for. Peers that see each other do without.
  std::optional<Error> ice_error{};
};

}  // namespace heliograph
