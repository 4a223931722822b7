// Looking for white space.
#include "sdk/credentials/check_credentials.hpp"

#include <algorithm>
#include <array>

namespace heliograph::sdk {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_break(char c) { return c == '\r' || c == '\n'; }
bool is_control(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F; }

const char* name_of(char c) {
  if (is_break(c)) return "has a line break";
  return is_control(c) ? "has a control character" : "has a blank";
}

}  // namespace

std::optional<std::string> white_space_in(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto is_wrong_at_an_end = [](char c) { return is_blank(c) || is_control(c); };
  if (is_wrong_at_an_end(text.back())) return std::string(name_of(text.back())) + " at its end";
  if (is_wrong_at_an_end(text.front())) return std::string(name_of(text.front())) + " at its beginning";
  const auto* const wrong = std::find_if(text.begin(), text.end(), is_control);
  if (wrong == text.end()) return std::nullopt;
  return std::string(name_of(*wrong)) + " in it";
}

Result<void> check_credentials(const Credentials& credentials) {
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return Error{Errc::kMissingAuthenticationToken,
                 "the credentials have no access key id or no secret access key to sign with"};
  struct Part {
    const char* name;
    std::string_view text;
  };
  const std::array<Part, 3> parts{{{"the access key id", credentials.access_key_id},
                                   {"the secret access key", credentials.secret_access_key.reveal()},
                                   {"the session token", credentials.session_token.reveal()}}};
  for (const Part& part : parts)
    if (const auto wrong = white_space_in(part.text))
      return Error{Errc::kInvalidArgument, std::string(part.name) + " of the credentials " + *wrong};
  return {};
}

}  // namespace heliograph::sdk
