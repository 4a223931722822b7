// The rules that the service model has for strings: length and pattern.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::server::api {

/// Length is in characters, not bytes.
struct TextRule {
  std::size_t min = 0;
  std::size_t max = 0;
  std::string_view pattern;                ///< As the model writes it; for error texts.
  bool (*is_allowed)(char32_t character);  ///< Null: the whole text must be an ARN.
};

/// ChannelName, ClientId, Username: 1–256 of [a-zA-Z0-9_.-].
extern const TextRule kName;
/// ResourceARN, ChannelARN: 1–1024, see wire::parse_arn.
extern const TextRule kArn;
/// Version, CurrentVersion: 1–64 of [a-zA-Z0-9].
extern const TextRule kVersion;
/// NextToken: 0–512 of [a-zA-Z0-9+/=].
extern const TextRule kNextToken;
/// TagKey 1–128 and TagValue 0–256 of [\p{L}\p{Z}\p{N}_.:/=+\-@]. Beyond ASCII every character but the C1 controls is
/// taken, which is a little more than letters, separators and digits.
extern const TextRule kTagKey;
extern const TextRule kTagValue;
/// ChannelProtocol and the like, where the operation judges the value.
extern const TextRule kWord;

[[nodiscard]] bool matches(std::string_view text, const TextRule& rule);
/// "must match [a-zA-Z0-9_.-]+ and be 1 to 256 characters"
[[nodiscard]] std::string to_sentence(const TextRule& rule);

}  // namespace heliograph::server::api
