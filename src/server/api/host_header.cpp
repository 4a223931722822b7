// The Host header.
#include "server/api/host_header.hpp"

#include <algorithm>

namespace heliograph::server::api {
namespace {

// 512 characters is the most that the C SDK takes for an endpoint; a DNS name has 253 at most.
constexpr std::size_t kMaxHost = 255;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }
bool is_ipv6(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.'; }

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  unsigned port = 0;
  for (const char c : text) port = port * 10 + static_cast<unsigned>(c - '0');
  return port >= 1 && port <= 65535;
}

}  // namespace

std::optional<HostHeader> parse_host_header(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') + 1 : std::min(text.find(':'), text.size());
  if (bracketed && end == 0) return std::nullopt;  // No closing bracket: find() gave npos, and npos + 1 is 0.
  const std::string_view host = text.substr(0, end);
  const std::string_view inner = bracketed ? host.substr(1, host.size() - 2) : host;
  if (inner.empty() || host.size() > kMaxHost) return std::nullopt;
  if (!std::all_of(inner.begin(), inner.end(), bracketed ? is_ipv6 : is_name)) return std::nullopt;
  const std::string_view rest = text.substr(end);
  if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1)))) return std::nullopt;
  return HostHeader{text, host};
}

}  // namespace heliograph::server::api
