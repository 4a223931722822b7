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

std::string to_verdict(int failures) {
  if (failures == 0) return "All is well.";
  return failures == 1 ? "1 check failed." : std::to_string(failures) + " checks failed.";
}

}  // namespace heliograph::cli
