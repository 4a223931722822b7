// Stream: what the store keeps about a video stream's settings, and the arguments of the operations on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/channel.hpp"

namespace heliograph::store {

/// A stream's settings. There is no media behind it.
struct Stream {
  std::string name;
  StreamArn arn;
  std::string device_name;  ///< Empty: none was given. Likewise the next two.
  std::string media_type;
  std::string kms_key_id;
  std::uint32_t retention_hours = 0;  ///< DataRetentionInHours.
  WallTime created;                   ///< The ARN ends in the same instant.
  std::string version;                ///< Opaque; changes with every update of the settings.
  Tags tags;                          ///< At most kMaxTags.

  friend bool operator==(const Stream&, const Stream&) = default;
};

/// A stream to be made. The values have been validated by the caller.
struct NewStream {
  std::string name;
  std::string device_name{};
  std::string media_type{};
  std::string kms_key_id{};
  std::uint32_t retention_hours = 0;
  Tags tags{};
};

struct StreamPage {
  std::vector<Stream> streams;  ///< By name, in byte order.
  bool has_more = false;        ///< Ask again with `after` = the last name.
};

}  // namespace heliograph::store
