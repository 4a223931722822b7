// Claims to bytes, bytes to a sealed token, and back.
#include "wire/session_token.hpp"

#include <chrono>

#include "wire/base64url.hpp"

namespace heliograph::wire {
namespace {

constexpr char kVersion = 1;
/// Bound to every token: a text sealed for another purpose is none, whatever the key.
constexpr std::string_view kBound = "heliograph session token 1";
constexpr std::size_t kMaxPolicies = 16;

void append_number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size(), 4);
  out += text;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(std::size_t bytes) {
    const std::string_view taken = take(bytes);
    std::uint64_t value = 0;
    for (const char c : taken) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }
  std::string text() { return std::string(take(number(4))); }
  [[nodiscard]] bool is_sound() const noexcept { return sound_; }
  [[nodiscard]] bool is_at_end() const noexcept { return sound_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      sound_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool sound_ = true;
};

}  // namespace

Secret to_session_bytes(const SessionClaims& claims) {
  std::string out(1, kVersion);
  out += static_cast<char>(claims.kind);
  append_number(
      out,
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(claims.expires).time_since_epoch().count()),
      8);
  append_text(out, claims.key.view());
  append_text(out, claims.secret.reveal());
  append_text(out, claims.subject);
  append_text(out, claims.subject_id);
  append_text(out, claims.session_name);
  append_text(out, claims.parent.view());
  append_number(out, claims.policies.size(), 1);
  for (const std::string& policy : claims.policies) append_text(out, policy);
  return Secret(std::move(out));
}

std::optional<SessionClaims> parse_session_bytes(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.number(1) != kVersion) return std::nullopt;
  const std::uint64_t kind = reader.number(1);
  if (kind < 1 || kind > 3) return std::nullopt;
  SessionClaims claims{.kind = static_cast<SessionClaims::Kind>(kind), .key = {}, .secret = {}, .expires = {}};
  constexpr std::uint64_t kYear9999 = 253'402'300'799;
  const std::uint64_t seconds = reader.number(8);
  if (seconds > kYear9999) return std::nullopt;
  claims.expires = WallTime(std::chrono::seconds(seconds));
  claims.key = AccessKeyId(reader.text());
  claims.secret = Secret(reader.text());
  claims.subject = reader.text();
  claims.subject_id = reader.text();
  claims.session_name = reader.text();
  claims.parent = AccessKeyId(reader.text());
  const std::uint64_t policies = reader.number(1);
  if (policies > kMaxPolicies) return std::nullopt;
  for (std::uint64_t i = 0; i < policies && reader.is_sound(); ++i) claims.policies.push_back(reader.text());
  if (!reader.is_at_end()) return std::nullopt;
  return claims;
}

std::string to_session_token(const SessionClaims& claims, const SealingKey& key, Rng& rng) {
  return to_base64url(key.seal(to_session_bytes(claims).reveal(), kBound, rng));
}

std::optional<SessionClaims> open_session_token(std::string_view token, const SealingKey& key) {
  if (token.size() > kMaxSessionToken) return std::nullopt;
  const auto sealed = parse_base64url(token);
  if (!sealed) return std::nullopt;
  const auto bytes = key.open(*sealed, kBound);
  if (!bytes) return std::nullopt;
  return parse_session_bytes(bytes->reveal());
}

}  // namespace heliograph::wire
