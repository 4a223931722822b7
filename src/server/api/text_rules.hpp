// The rules that the service model has for strings, as they are told to a caller who broke one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::server::api {

struct TextRule {
  bool (*is_kept_by)(std::string_view text);
  std::string_view pattern;  ///< As the model writes it. With the lengths, in characters, only for the error's text.
  std::size_t min = 0;
  std::size_t max = 0;
};

extern const TextRule kName;        ///< ChannelName, ClientId, Username.
extern const TextRule kArn;         ///< ResourceARN, ChannelARN.
extern const TextRule kVersion;     ///< Version, CurrentVersion.
extern const TextRule kNextToken;   ///< NextToken.
extern const TextRule kDeviceName;  ///< DeviceName.
extern const TextRule kMediaType;   ///< MediaType.
extern const TextRule kKmsKeyId;    ///< KmsKeyId.
extern const TextRule kPayload;     ///< MessagePayload.
extern const TextRule kTagKey;      ///< TagKey.
extern const TextRule kTagValue;    ///< TagValue.
extern const TextRule kWord;        ///< ChannelProtocol and the like, where the operation judges the value.

/// "must match [a-zA-Z0-9_.-]+ and be 1 to 256 characters"
[[nodiscard]] std::string to_sentence(const TextRule& rule);

}  // namespace heliograph::server::api
