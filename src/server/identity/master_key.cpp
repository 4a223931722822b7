// Text to key; and the first key of a data directory.
#include "server/identity/master_key.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "server/data_dir.hpp"
#include "wire/base64.hpp"
#include "wire/digest.hpp"

namespace heliograph::server::identity {
namespace {

using Bytes = std::array<std::uint8_t, wire::SealingKey::kSize>;

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<Bytes> parse_hex(std::string_view text) {
  Bytes bytes{};
  if (text.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto high = digit_of(text[2 * i]);
    const auto low = digit_of(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*high << 4U | *low);
  }
  return bytes;
}

std::optional<Bytes> parse_key(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (auto bytes = parse_hex(text)) return bytes;
  const auto decoded = wire::parse_base64(text);
  if (!decoded || decoded->size() != wire::SealingKey::kSize) return std::nullopt;
  Bytes bytes{};
  std::copy(decoded->begin(), decoded->end(), bytes.begin());
  return bytes;
}

Result<MasterKey> to_key(const Secret& text, std::string place) {
  auto bytes = parse_key(text.reveal());
  if (!bytes)
    return Error{Errc::kCorrupt, "the master key in " + place +
                                     " is not 32 bytes written as 64 hexadecimal digits or as base64; make one with: "
                                     "openssl rand -hex 32"};
  MasterKey key{wire::SealingKey(*bytes), std::move(place)};
  bytes->fill(0);
  return key;
}

}  // namespace

Result<MasterKey> load_master_key(const MasterKeySource& source, const std::filesystem::path& default_file, Rng& rng,
                                  bool may_make) {
  if (!source.text.empty()) return to_key(source.text, "HELIOGRAPH_MASTER_KEY");
  const std::filesystem::path file = source.file.empty() ? default_file : std::filesystem::path(source.file);
  auto text = read_file(file);
  if (!text && text.error().code == Errc::kResourceNotFound && source.file.empty()) {
    if (!may_make)
      return Error{Errc::kResourceNotFound,
                   file.string() +
                       " is missing, and the secrets of the users in the database are sealed with it; bring "
                       "it back from its copy, or name where it is now (--master-key-file)"};
    Bytes bytes{};
    rng.fill(std::as_writable_bytes(std::span(bytes)));
    text = wire::to_hex(bytes) + "\n";
    if (auto written = write_private_file(file, *text); !written) return written.error();
  }
  if (!text) return Error{text.error().code, "the master key: " + text.error().detail};
  return to_key(Secret(*std::move(text)), file.string());
}

}  // namespace heliograph::server::identity
