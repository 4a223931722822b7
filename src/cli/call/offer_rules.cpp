// Lines of SDP (RFC 8839 5.4, RFC 8122 5), and the table of cases.
#include "cli/call/offer_rules.hpp"

#include <algorithm>

namespace heliograph::cli {
namespace {

std::string value_of(std::string_view sdp, std::string_view attribute) {
  for (std::size_t at = 0; at < sdp.size();) {
    const std::size_t end = std::min(sdp.find('\n', at), sdp.size());
    std::string_view line = sdp.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(attribute)) return std::string(line.substr(attribute.size()));
  }
  return {};
}

/// User and session id, "- 4962303333179871722"; its version, which follows, counts descriptions (RFC 8866, 5.2).
std::string session_of(std::string_view sdp) {
  const std::string origin = value_of(sdp, "o=");
  const auto user_end = origin.find(' ');
  return user_end == std::string::npos ? origin : origin.substr(0, origin.find(' ', user_end + 1));
}

}  // namespace

DescriptionFacts read_facts(std::string_view sdp) {
  DescriptionFacts facts{value_of(sdp, "a=ice-ufrag:"), value_of(sdp, "a=fingerprint:"), session_of(sdp),
                         std::string(sdp)};
  std::transform(facts.fingerprint.begin(), facts.fingerprint.end(), facts.fingerprint.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return facts;
}

bool is_same_peer(const DescriptionFacts& one, const DescriptionFacts& other) noexcept {
  return !one.fingerprint.empty() && one.fingerprint == other.fingerprint && one.session == other.session;
}

OfferStep judge_offer(const std::optional<DescriptionFacts>& known, const DescriptionFacts& offer, const Crowd& crowd) {
  if (!known && crowd.others < crowd.most) return OfferStep::kNewPeer;
  if (!known) return crowd.refused < kMostRefused ? OfferStep::kRefuse : OfferStep::kPassOver;
  if (!is_same_peer(*known, offer)) return OfferStep::kReplacePeer;
  return known->sdp == offer.sdp ? OfferStep::kRepeat : OfferStep::kSamePeer;
}

AnswerStep judge_answer(const AnswerState& state, const DescriptionFacts& answer) {
  if (state.master && state.master->sdp == answer.sdp) return AnswerStep::kIgnore;
  if (!state.is_waiting) return state.master && !state.is_up ? AnswerStep::kFail : AnswerStep::kIgnore;
  return !state.master || is_same_peer(*state.master, answer) ? AnswerStep::kTake : AnswerStep::kBegin;
}

}  // namespace heliograph::cli
