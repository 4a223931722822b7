// From errors to advice.
#include "cli/doctor/advice.hpp"

#include <string_view>

namespace heliograph::cli {

std::string reach_advice(const Error& error) {
  if (error.code == Errc::kAccessDenied)
    return "heliograph doctor trust says how to trust the development CA; --ca-file names another";
  if (error.code == Errc::kInvalidArgument) return "--ca-file must name a PEM file with the certificate of a CA";
  return "is it running? does a firewall stand in between?";
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
