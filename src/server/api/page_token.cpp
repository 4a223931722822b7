// NextToken: "1:" (the form's version) and the last name of the page before, in base64.
#include "server/api/page_token.hpp"

#include <openssl/evp.h>

#include "server/api/text_rules.hpp"

namespace heliograph::server::api {
namespace {

constexpr std::string_view kForm = "1:";

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string to_page_token(std::string_view name) {
  const std::string plain = std::string(kForm) + std::string(name);
  std::string token((plain.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends its output with a NUL.
  const int size = EVP_EncodeBlock(bytes_of(token), bytes_of(std::string_view(plain)), static_cast<int>(plain.size()));
  token.resize(static_cast<std::size_t>(size));
  return token;
}

std::optional<std::string> parse_page_token(std::string_view token) {
  std::string plain(token.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(bytes_of(plain), bytes_of(token), static_cast<int>(token.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock decodes each `=` of the padding to a byte.
  const std::size_t padding = token.ends_with("==") ? 2 : token.ends_with('=') ? 1 : 0;
  plain.resize(static_cast<std::size_t>(size) - std::min(padding, static_cast<std::size_t>(size)));
  if (!plain.starts_with(kForm)) return std::nullopt;
  std::string name = plain.substr(kForm.size());
  if (!matches(name, kName) || to_page_token(name) != token) return std::nullopt;
  return name;
}

}  // namespace heliograph::server::api
