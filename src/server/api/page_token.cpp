// NextToken: "1:" (the form's version) and the last name of the page before, in base64.
#include "server/api/page_token.hpp"

#include "wire/base64.hpp"
#include "wire/names.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::string_view kForm = "1:";

}  // namespace

std::string to_page_token(std::string_view name) { return wire::to_base64(std::string(kForm) + std::string(name)); }

std::optional<std::string> parse_page_token(std::string_view token) {
  const auto plain = wire::parse_base64(token);
  if (!plain || !plain->starts_with(kForm)) return std::nullopt;
  std::string name = plain->substr(kForm.size());
  if (!wire::is_resource_name(name)) return std::nullopt;
  return name;
}

}  // namespace heliograph::server::api
