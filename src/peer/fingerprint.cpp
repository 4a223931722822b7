// Hash functions by name, and their values in one spelling.
#include "peer/fingerprint.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "peer/gst_ptr.hpp"

namespace heliograph::peer {
namespace {

struct HashFunction {
  std::string_view name;
  GChecksumType type;
  std::size_t bytes;
};

/// Not SHA-1 and what came before it: two certificates with one fingerprint can be made.
constexpr std::array kFunctions = {HashFunction{"sha-256", G_CHECKSUM_SHA256, 32},
                                   HashFunction{"sha-384", G_CHECKSUM_SHA384, 48},
                                   HashFunction{"sha-512", G_CHECKSUM_SHA512, 64}};

const HashFunction* find(std::string_view name) {
  const auto* const found =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](const HashFunction& one) { return one.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_hexadecimal(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

/// "AB:CD:…" of so many bytes.
bool is_well_formed(std::string_view text, std::size_t bytes) {
  if (text.size() != bytes * 3 - 1) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i % 3 == 2 ? text[i] != ':' : !is_hexadecimal(text[i])) return false;
  return true;
}

}  // namespace

std::optional<Fingerprint> parse_fingerprint(std::string_view value) {
  const auto space = value.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  Fingerprint read{std::string(value.substr(0, space)), std::string(value.substr(space + 1))};
  std::transform(read.function.begin(), read.function.end(), read.function.begin(), lower);
  std::transform(read.bytes.begin(), read.bytes.end(), read.bytes.begin(), upper);
  while (read.bytes.ends_with(' ')) read.bytes.pop_back();
  const HashFunction* const function = find(read.function);
  if (function == nullptr || !is_well_formed(read.bytes, function->bytes)) return std::nullopt;
  return read;
}

std::optional<Fingerprint> fingerprint_of(std::string_view pem, const std::string& function) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const HashFunction* const known = find(function);
  const auto begin = pem.find(kBegin);
  const auto end = pem.find(kEnd);
  if (known == nullptr || begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return std::nullopt;
  const std::string body(pem.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  gsize size = 0;
  guchar* const der = g_base64_decode(body.c_str(), &size);
  const std::string digest = size == 0 ? "" : take_text(g_compute_checksum_for_data(known->type, der, size));
  g_free(der);
  if (digest.size() != known->bytes * 2) return std::nullopt;
  Fingerprint made{function, {}};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    if (i != 0 && i % 2 == 0) made.bytes += ':';
    made.bytes += upper(digest[i]);
  }
  return made;
}

}  // namespace heliograph::peer
