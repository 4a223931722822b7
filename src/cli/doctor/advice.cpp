// From errors to advice.
#include "cli/doctor/advice.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace heliograph::cli {

namespace {

/// The texts are Stream's, the SDK's and OpenSSL's: codes alone do not tell.
bool has(const Error& error, std::string_view words) { return error.detail.find(words) != std::string::npos; }

bool is_distrust(const Error& error) {
  return error.code == Errc::kAccessDenied || (error.code == Errc::kIo && has(error, "certificate"));
}

bool is_unknown_name(const Error& error) {
  return has(error, "cannot be resolved") || has(error, "cannot find the host");
}

std::string trust_advice(const Error& error) {
  if (has(error, "mismatch")) return "its certificate is made out to another name: call it by that one";
  if (has(error, "has expired")) return "its certificate has to be renewed, unless this machine's clock is wrong";
  if (has(error, "not yet valid")) return "is this machine's clock right?";
  return "--ca-file or AWS_CA_BUNDLE names the CA to trust; of a heliographd's own, heliograph doctor trust says more";
}

/// Nothing where there is no way to it.
std::optional<std::string> advice_before_the_way(const Error& error) {
  if (is_distrust(error)) return trust_advice(error);
  if (error.code == Errc::kInvalidArgument || has(error, "cannot read the authorities"))
    return "--ca-file or AWS_CA_BUNDLE must name a PEM file with the certificate of a CA";
  if (is_unknown_name(error)) return "is the name right? does this machine's DNS know it? (getent hosts NAME)";
  return std::nullopt;
}

}  // namespace

std::string reach_advice(const Error& error) {
  return advice_before_the_way(error).value_or("is it running? does a firewall stand in between?");
}

std::string relay_advice(const Error& error) {
  if (auto advice = advice_before_the_way(error)) return *std::move(advice);
  if (error.code == Errc::kProtocolError) return "something else than a relay listens there: is it the right port?";
  if (error.code == Errc::kBadRequest) return {};  // It answers, and says why not.
  return "open the port in the firewall (docs/operating.md has those of a heliographd, whose log says `coturn` and "
         "`relay`); where UDP is not let out, turns: over TCP is what remains";
}

std::string refusal_advice(const Error& error) {
  std::string_view text = error.detail;
  constexpr std::string_view kHandshake = "refused with ";
  if (text.starts_with(kHandshake)) text.remove_prefix(kHandshake.size());
  if (!text.starts_with("401 ") && !text.starts_with("403 ")) return {};
  constexpr std::string_view kId = "(request ";
  const auto at = text.rfind(kId);
  if (at == std::string_view::npos) return {};
  const std::string_view id = text.substr(at + kId.size());
  return "heliograph doctor signature " + std::string(id.substr(0, id.find(')'))) + "   says what the service expected";
}

std::string call_advice(const Error& error) {
  switch (error.code) {
    case Errc::kIo:
    case Errc::kTimeout:
      return reach_advice(error);
    case Errc::kMissingAuthenticationToken:
      return "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile (aws configure); of a heliographd: --data";
    case Errc::kUnrecognizedClient:
    case Errc::kInvalidClient:
      return "the service does not know this key: is it of another service, or revoked?";
    case Errc::kSignatureMismatch:
      return "the secret does not belong to the key, or the region is not the service's (--region)";
    case Errc::kSignatureExpired:
    case Errc::kSignatureNotYetCurrent:
      return "this machine's clock is off: run NTP (timedatectl set-ntp true)";
    case Errc::kExpiredToken:
      return "the temporary credentials have ended: get new ones";
    case Errc::kAccessDenied:
    case Errc::kNotAuthorized:
      return "the key may not do this: its policy has to allow the action that is named";
    default:
      return refusal_advice(error);
  }
}

std::string to_verdict(int failures) {
  if (failures == 0) return "All is well.";
  return failures == 1 ? "1 check failed." : std::to_string(failures) + " checks failed.";
}

}  // namespace heliograph::cli
