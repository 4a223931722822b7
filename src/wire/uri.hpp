// URIs as SigV4 needs them: percent coding in three spellings, and a query that keeps how it was spelled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::wire {

/// Which characters stay as they are. Escapes are written in capitals (`%2F`) everywhere.
enum class UriSpelling : std::uint8_t {
  kStrict,     ///< Only the unreserved ones of RFC 3986, `A–Z a–z 0–9 - _ . ~`: what SigV4 asks for.
  kComponent,  ///< Those and `! ' ( ) *`: JavaScript's encodeURIComponent.
  kPath,       ///< The unreserved ones and `/`.
};

void append_percent_encoded(std::string& out, std::string_view text, UriSpelling spelling);
[[nodiscard]] std::string percent_encode(std::string_view text, UriSpelling spelling = UriSpelling::kStrict);
/// `+` stays a plus: tokens in base64 contain it, and no client spells a space that way. Fails with kBadRequest on a
/// `%` that two hexadecimal digits do not follow.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

/// The two parts of a request target in origin form.
struct Target {
  std::string_view path;   ///< As received; "/" when empty.
  std::string_view query;  ///< Without the question mark.
};
[[nodiscard]] Target split_target(std::string_view target) noexcept;

/// One parameter, decoded and as received.
struct QueryParam {
  std::string_view name;
  std::string_view value;
  std::string_view raw_name;
  std::string_view raw_value;
};

/// A parsed query. Names are compared decoded: `X%2DAmz-ClientId` is X-Amz-ClientId, whoever spelled it so.
/// Lifetime: `raw_*` views are into the text parsed; the others live in here and survive moves.
class Query {
 public:
  Query() = default;

  /// Fails with kBadRequest on a bad escape. Empty parts (`&&`) are passed over; a part without `=` has an empty value.
  [[nodiscard]] static Result<Query> parse(std::string_view text);

  [[nodiscard]] std::span<const QueryParam> params() const noexcept { return params_; }
  /// The value of the first parameter of that name; case counts, as in the KVS documentation.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// Whether a name stands in it more than once.
  [[nodiscard]] bool has_duplicates() const;

 private:
  std::unique_ptr<char[]> decoded_;
  std::vector<QueryParam> params_;
};

}  // namespace heliograph::wire
