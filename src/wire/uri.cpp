// URIs: percent coding and query parsing.
#include "wire/uri.hpp"

#include <algorithm>
#include <array>

namespace heliograph::wire {
namespace {

constexpr std::array<std::uint8_t, 256> make_keep_table() {
  constexpr auto bit = [](UriSpelling spelling) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(spelling));
  };
  constexpr std::uint8_t kAll = bit(UriSpelling::kStrict) | bit(UriSpelling::kComponent) | bit(UriSpelling::kPath);
  std::array<std::uint8_t, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")) {
    table[static_cast<unsigned char>(c)] = kAll;
  }
  for (const char c : std::string_view("!'()*")) table[static_cast<unsigned char>(c)] = bit(UriSpelling::kComponent);
  table['/'] = bit(UriSpelling::kPath);
  return table;
}
constexpr auto kKeep = make_keep_table();

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes into `out`, which has room for text.size() bytes. @return the end of what was written, null for a bad
/// escape.
char* decode_into(char* out, std::string_view text) noexcept {
  for (;;) {
    const std::size_t plain = std::min(text.find('%'), text.size());
    out = std::copy_n(text.data(), plain, out);
    text.remove_prefix(plain);
    if (text.empty()) return out;
    if (text.size() < 3) return nullptr;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return nullptr;
    *out++ = static_cast<char>(high * 16 + low);
    text.remove_prefix(3);
  }
}

Error bad_escape() {
  return {Errc::kBadRequest, "The URL holds a % that two hexadecimal digits do not follow; spell a percent sign %25."};
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text, UriSpelling spelling) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto mask = static_cast<std::uint8_t>(1U << static_cast<unsigned>(spelling));
  const auto is_kept = [mask](char c) { return (kKeep[static_cast<unsigned char>(c)] & mask) != 0; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_kept(text[end])) ++end;
    out.append(text, i, end - i);
    for (i = end; i < text.size() && !is_kept(text[i]); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
  }
}

std::string percent_encode(std::string_view text, UriSpelling spelling) {
  std::string out;
  out.reserve(text.size());
  append_percent_encoded(out, text, spelling);
  return out;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out(text.size(), '\0');
  const char* const end = decode_into(out.data(), text);
  if (end == nullptr) return bad_escape();
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

Target split_target(std::string_view target) noexcept {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  return {path.empty() ? "/" : path, mark == std::string_view::npos ? "" : target.substr(mark + 1)};
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  if (text.empty()) return query;
  query.decoded_ = std::make_unique<char[]>(text.size());
  query.params_.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '&')) + 1);
  char* out = query.decoded_.get();
  const auto decode = [&](std::string_view raw) -> std::optional<std::string_view> {
    char* const end = decode_into(out, raw);
    if (end == nullptr) return std::nullopt;
    const std::string_view decoded(out, static_cast<std::size_t>(end - out));
    out = end;
    return decoded;
  };
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    QueryParam param;
    param.raw_name = part.substr(0, equals);
    param.raw_value = equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    const auto name = decode(param.raw_name);
    const auto value = decode(param.raw_value);
    if (!name || !value) return bad_escape();
    param.name = *name;
    param.value = *value;
    query.params_.push_back(param);
  }
  return query;
}

std::optional<std::string_view> Query::find(std::string_view name) const noexcept {
  const auto found = std::find_if(params_.begin(), params_.end(), [&](const QueryParam& p) { return p.name == name; });
  if (found == params_.end()) return std::nullopt;
  return found->value;
}

bool Query::has_duplicates() const {
  constexpr std::size_t kFew = 16;  // Sorting them takes longer than looking at each pair.
  if (params_.size() <= kFew) {
    for (auto one = params_.begin(); one != params_.end(); ++one)
      if (std::any_of(params_.begin(), one, [&](const QueryParam& other) { return other.name == one->name; }))
        return true;
    return false;
  }
  std::vector<std::string_view> names;
  names.reserve(params_.size());
  for (const QueryParam& param : params_) names.push_back(param.name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

}  // namespace heliograph::wire
