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

enum class ChannelType : std::uint8_t { kSingleMaster, kFullMesh };
enum class ChannelStatus : std::uint8_t { kCreating, kActive, kUpdating, kDeleting };

/// "SINGLE_MASTER", "FULL_MESH"; "CREATING", "ACTIVE", …
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(ChannelType type) noexcept;
[[nodiscard]] HELIOGRAPH_API std::string_view to_string(ChannelStatus status) noexcept;

using Tags = std::map<std::string, std::string>;

/// A channel, as DescribeSignalingChannel gives it.
struct ChannelInfo {
  std::string name{};
  std::string arn{};
  ChannelType type{};
  ChannelStatus status{};
  std::chrono::sys_time<std::chrono::milliseconds> created{};
  std::chrono::seconds message_ttl{0};  ///< How long a message waits for who is away; zero: the service did not say.
  std::string version{};                ///< Opaque; changes with every update.
};

/// A channel to be.
struct NewChannel {
  std::string name{};  ///< 1 to 256 of `A-Z a-z 0-9 _ . -`.
  ChannelType type = ChannelType::kSingleMaster;
  std::optional<std::chrono::seconds> message_ttl{};  ///< 5 to 120 seconds; none: the service's own choice.
  Tags tags{};
  /// Be done when the channel can be joined (ACTIVE), not when it has a name.
  bool wait_until_active = false;
};

/// What an update changes.
struct ChannelUpdate {
  std::chrono::seconds message_ttl{60};  ///< 5 to 120 seconds.
  /// The version that was described: fails with kVersionMismatch when somebody was faster. Empty: whatever there is.
  std::string version{};
};

struct ChannelQuery {
  std::string name_prefix{};  ///< Empty: every channel.
  std::size_t page_size = 0;  ///< 1 to 10000; zero: the service's own choice.
  std::string next_token{};   ///< Of the page before; empty: the first page.
};

struct ChannelPage {
  std::vector<ChannelInfo> channels{};
  std::string next_token{};  ///< Empty: this was the last page.
};

/// Where a channel is reached. An endpoint that was not asked for is empty.
struct ChannelEndpoints {
  std::string wss{};     ///< "wss://host", for the signaling connection.
  std::string https{};   ///< "https://host", for GetIceServerConfig and SendAlexaOfferToMaster.
  std::string webrtc{};  ///< "https://host", for JoinStorageSession.
};

enum class ChannelProtocol : std::uint8_t { kWss, kHttps, kWebrtc };

struct EndpointQuery {
  std::string channel{};  ///< Name or ARN.
  Role role = Role::kViewer;
  /// kWebrtc only for a channel whose media is stored: any other fails with kInvalidArgument.
  std::vector<ChannelProtocol> protocols{ChannelProtocol::kWss, ChannelProtocol::kHttps};
};

struct IceQuery {
  std::string channel{};  ///< Name or ARN.
  Role role = Role::kViewer;
  std::string client_id{};  ///< Empty: not said.
  std::string username{};   ///< Empty: not said.
};

/// Whether the service records a channel's media, and in which stream.
struct MediaStorage {
  bool enabled = false;
  std::string stream_arn{};
};

struct AlexaOffer {
  std::string channel{};           ///< Name or ARN.
  std::string sender_client_id{};  ///< 1 to 256 of `A-Z a-z 0-9 _ . -`.
  std::string payload{};           ///< Base64, at most 10000 characters.
};

struct StorageSession {
  std::string channel{};    ///< Name or ARN.
  std::string client_id{};  ///< Of a viewer; empty: the master.
};

struct JoinQuery {
  std::string channel{};  ///< Name or ARN. With an ARN one call less is made.
  Role role = Role::kViewer;
  std::string client_id{};  ///< Of a viewer; empty for a master.
};

/// All that a signaling client and its peer connections need to begin.
struct JoinInfo {
  std::string channel_arn{};
  std::string wss_endpoint{};
  std::string https_endpoint{};
  std::string region{};  ///< What to sign for.
  /// The region's STUN server first, unless the endpoint is not AWS's; then relays, `ttl` being what is left of it.
  std::vector<IceServer> ice_servers{};
  /// Why there are no relays although they were asked for. Peers that see each other do without.
  std::optional<Error> ice_error{};
};

}  // namespace heliograph
