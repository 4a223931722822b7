// What a master does with an offer, by what it knows of the viewer that sent it, and a viewer with an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
  kPassOver,     ///< And so many are being told so that this one is left without an answer.
};

/// Being told so takes a peer connection, for half a minute when nobody is at the other end.
inline constexpr std::size_t kMostRefused = 8;

/// Who else is there.
struct Crowd {
  std::size_t others = 0;   ///< Viewers beside this one …
  std::size_t most = 0;     ///< … and how many there may be.
  std::size_t refused = 0;  ///< Those being refused, beside this one.
};

/// What the peer of a viewer is asked, and what it said.
class Question {
 public:
  explicit Question(DescriptionFacts offer) : offer_(std::move(offer)) {}
  /// Another offer for the same peer: what was said before is no answer to it.
  void ask(DescriptionFacts offer) {
    offer_ = std::move(offer);
    answer_.reset();
  }
  void answer(std::string sdp) { answer_ = std::move(sdp); }
  [[nodiscard]] const DescriptionFacts& offer() const noexcept { return offer_; }
  /// Nothing while it is being made.
  [[nodiscard]] const std::optional<std::string>& answer() const noexcept { return answer_; }

 private:
  DescriptionFacts offer_;
  std::optional<std::string> answer_;
};

/// @param known  what the viewer's present peer was offered with; nothing when it has none.
[[nodiscard]] OfferStep judge_offer(const std::optional<DescriptionFacts>& known, const DescriptionFacts& offer,
                                    const Crowd& crowd);

enum class AnswerStep : std::uint8_t {
  kTake,    ///< It is what is waited for.
  kBegin,   ///< It is, and comes from another peer than the one before: only a new connection can be made of it.
  kIgnore,  ///< It answers nothing that is asked now.
  kFail,    ///< There are two, and the first, which was taken, was meant for an offer that was given up.
};

/// What a viewer knows when an answer comes.
struct AnswerState {
  bool is_waiting = false;  ///< For an answer.
  bool is_up = false;
  std::optional<DescriptionFacts> master{};  ///< The last answer that was taken from the peer's master.
};

/// An answer that was taken already may come once more, also while that to an ICE restart is waited for: it has the
/// ways of before.
[[nodiscard]] AnswerStep judge_answer(const AnswerState& state, const DescriptionFacts& answer);

}  // namespace heliograph::cli
