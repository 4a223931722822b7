// The canonical request of SigV4.
#include "wire/sigv4_canonical.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace heliograph::wire {
namespace {

constexpr std::string_view kRedacted = "(redacted)";

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

void append_spelled(std::string& out, std::string_view decoded, std::string_view raw, QuerySpelling spelling) {
  switch (spelling) {
    case QuerySpelling::kStrict:
      append_percent_encoded(out, decoded, UriSpelling::kStrict);
      return;
    case QuerySpelling::kComponent:
      append_percent_encoded(out, decoded, UriSpelling::kComponent);
      return;
    case QuerySpelling::kRaw:
      out += raw;
      return;
  }
}

bool is_secret_header(std::string_view name) {
  return is_same_header(name, "x-amz-security-token") || is_same_header(name, "authorization") ||
         is_same_header(name, "cookie");
}

void append_header_line(std::string& out, std::string_view name, std::span<const HeaderView> headers, bool redact) {
  std::transform(name.begin(), name.end(), std::back_inserter(out), to_lower);
  out += ':';
  bool first = true;
  for (const HeaderView& header : headers) {
    if (!is_same_header(header.name, name)) continue;
    if (!first) out += ',';
    first = false;
    if (redact && is_secret_header(name)) {
      out += kRedacted;
    } else {
      append_canonical_value(out, header.value);
    }
  }
  out += '\n';
}

}  // namespace

void append_canonical_query(std::string& out, const Query& query, QuerySpelling spelling, bool redact) {
  struct Part {
    std::size_t name_begin, value_begin, end;
  };
  std::string text;
  std::vector<Part> parts;
  parts.reserve(query.params().size());
  std::size_t likely = 64;  // Room for a few more escapes than came.
  for (const QueryParam& param : query.params()) likely += param.raw_name.size() + param.raw_value.size() + 2;
  text.reserve(likely);
  for (const QueryParam& param : query.params()) {
    if (param.name == "X-Amz-Signature") continue;
    Part part{text.size(), 0, 0};
    append_spelled(text, param.name, param.raw_name, spelling);
    part.value_begin = text.size();
    if (redact && param.name == "X-Amz-Security-Token") {
      text += kRedacted;
    } else {
      append_spelled(text, param.value, param.raw_value, spelling);
    }
    part.end = text.size();
    parts.push_back(part);
  }
  const std::string_view all = text;
  const auto name = [all](const Part& p) { return all.substr(p.name_begin, p.value_begin - p.name_begin); };
  const auto value = [all](const Part& p) { return all.substr(p.value_begin, p.end - p.value_begin); };
  std::sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) {
    return std::tuple(name(a), value(a)) < std::tuple(name(b), value(b));
  });
  out.reserve(out.size() + text.size() + 2 * parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '&';
    out += name(parts[i]);
    out += '=';
    out += value(parts[i]);
  }
}

void append_canonical_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  for (const char c : value) {
    if (!is_space(c)) {
      out += c;
    } else if (out.size() > start && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.size() > start && out.back() == ' ') out.pop_back();
}

bool is_same_header(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string to_canonical_request(const CanonicalParts& parts, std::span<const HeaderView> headers, bool redact) {
  std::string out;
  out.reserve(512 + parts.path.size() + parts.query.size() + 2 * parts.signed_headers.size());
  for (const std::string_view part : {parts.method, parts.path, parts.query}) {
    out += part;
    out += '\n';
  }
  for (std::string_view rest = parts.signed_headers; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    append_header_line(out, name, headers, redact);
  }
  out += '\n';
  out += parts.signed_headers;
  out += '\n';
  out += parts.payload_hash;
  return out;
}

Sha256Digest to_signature(const Sha256Digest& signing_key, std::string_view amz_date, std::string_view scope,
                          std::string_view canonical_request) {
  std::string to_sign;
  to_sign.reserve(kSigningAlgorithm.size() + amz_date.size() + scope.size() + 2 * sizeof(Sha256Digest) + 3);
  for (const std::string_view line : {kSigningAlgorithm, amz_date, scope}) {
    to_sign += line;
    to_sign += '\n';
  }
  append_hex(to_sign, sha256(canonical_request));
  return hmac_sha256(signing_key, to_sign);
}

}  // namespace heliograph::wire
