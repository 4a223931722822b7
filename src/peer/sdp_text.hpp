// What is read from and changed in session descriptions, as text: webrtcbin aborts the process on some that are not
// well formed, and knows nothing of ICE restarts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/ice.hpp"
#include "heliograph/media.hpp"
#include "heliograph/result.hpp"
#include "peer/fingerprint.hpp"

namespace heliograph::peer {

/// One payload type of a section, of a codec that we know.
struct Format {
  int payload_type = 0;
  Codec codec{};
  std::string parameters{};  ///< a=fmtp
  /// The RTP header extension that numbers packets for transport-wide feedback; 0: not to be used.
  int feedback_extension = 0;
};

/// Numbers packets over all streams of a transport, so that the other side can say when each of them came.
inline constexpr std::string_view kFeedbackExtension =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

struct Section {
  enum class Kind : std::uint8_t { kVideo, kAudio, kData, kOther };
  Kind kind{};
  std::string mid{};
  bool is_rejected = false;  ///< Port 0, not for bundling.
  bool sends = true;         ///< The describing side.
  bool receives = true;
  std::vector<Format> formats{};
  std::string ufrag{};
  std::string password{};
  std::string setup{};  ///< Who begins DTLS: "actpass", "active", "passive".
  std::vector<Fingerprint> fingerprints{};
};

struct Sdp {
  std::vector<Section> sections{};
  std::vector<std::string> bundle{};       ///< The mids that share the first one's transport.
  std::vector<IceCandidate> candidates{};  ///< By section.
  /// The other side has a certificate with one of these.
  std::vector<Fingerprint> fingerprints{};

  /// The section that a mid names; empty: none.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view mid) const;
  /// Whether a section has a transport of its own.
  [[nodiscard]] bool has_transport(std::size_t section) const;
};

/// Fails with kInvalidArgument for what webrtcbin must not be given: no sections, sections without mid, ICE
/// credentials, fingerprint or a known media type, with two directions, several bundles, more than 64 sections, more
/// than 256 KiB.
[[nodiscard]] Result<Sdp> read_sdp(std::string_view text);
/// Whether `next` may follow `before` in one connection: the same sections, and perhaps more, with the same
/// fingerprint. Fails with kInvalidArgument.
[[nodiscard]] Result<void> check_successor(const Sdp& before, const Sdp& next);

struct IceCredentials {
  std::string ufrag{};
  std::string password{};
};
/// The description with other ICE credentials in every section.
[[nodiscard]] std::string with_credentials(std::string_view text, const IceCredentials& credentials);
/// The description with another word on who begins DTLS in every section.
[[nodiscard]] std::string with_setup(std::string_view text, std::string_view setup);
/// The description without candidates.
[[nodiscard]] std::string without_candidates(std::string_view text);
/// The description with candidates in the sections they belong to, and the word that there will be no more.
[[nodiscard]] std::string with_candidates(std::string_view text, const std::vector<IceCandidate>& candidates);

}  // namespace heliograph::peer
