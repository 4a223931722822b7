// What a master does with an offer, by what it knows of the viewer that sent it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::cli {

/// As much of a description as tells peers and their connections apart.
struct DescriptionFacts {
  std::string ufrag{};        ///< Changes with every ICE restart.
  std::string fingerprint{};  ///< Of the certificate, in lower case: that of one peer connection for its whole life …
  std::string session{};  ///< … or of all those of a program; then their session ids still differ (RFC 8829, 5.2.1).
  std::string sdp{};      ///< The whole text.
};

/// Of its first media section, or of the session. What is not there is empty.
[[nodiscard]] DescriptionFacts read_facts(std::string_view sdp);

/// Whether both come from one peer connection: the same certificate and the same session. GStreamer makes one
/// certificate for all connections of a process (gstdtlsdec.c), so it alone does not tell. Without one they do not.
[[nodiscard]] bool is_same_peer(const DescriptionFacts& one, const DescriptionFacts& other) noexcept;

enum class OfferStep : std::uint8_t {
  kNewPeer,      ///< Somebody new.
  kReplacePeer,  ///< The viewer has begun anew: a new peer in place of the one it had.
  kSamePeer,     ///< An ICE restart, or a change of what is sent: for the peer that it has.
  kRepeat,       ///< The same offer once more, since messages may come twice: it has its answer.
  kRefuse,       ///< There are as many viewers as may be.
};

/// @param known   what the viewer's present peer was offered with; nothing when it has none.
/// @param others  viewers beside this one.
[[nodiscard]] OfferStep judge_offer(const std::optional<DescriptionFacts>& known, const DescriptionFacts& offer,
                                    std::size_t others, std::size_t most);

}  // namespace heliograph::cli
