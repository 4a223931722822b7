// StreamStore: the part of the Store that keeps the settings of video streams.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "store/stream.hpp"

namespace heliograph::store {

/// Threads, order and errors: as Store says. An ARN of another account or region, or of an earlier stream of the name,
/// is kResourceNotFound.
class StreamStore {
 public:
  StreamStore() = default;
  StreamStore(const StreamStore&) = delete;
  StreamStore& operator=(const StreamStore&) = delete;
  virtual ~StreamStore() = default;

  /// Makes a stream, active at once, with a creation time as for channels. Fails with kResourceInUse (the name is
  /// taken), kTagsPerResourceExceededLimit.
  [[nodiscard]] virtual Result<Stream> create_stream(const NewStream& wanted, WallTime now) = 0;

  [[nodiscard]] virtual Result<Stream> stream_by_name(std::string_view name) const = 0;
  [[nodiscard]] virtual Result<Stream> stream_by_arn(const StreamArn& arn) const = 0;
  /// One page; costs by the page's size, not by the store's.
  [[nodiscard]] virtual Result<StreamPage> list_streams(const ChannelQuery& query) const = 0;

  /// Lets `edit` change device name, media type, retention and tags of a stream, and keeps the outcome, unless it
  /// fails. With a `version` it must still be the stream's, and the stream gets a new one; without, it keeps its own.
  /// `edit` must not call the store. Answers the stream as it is now.
  /// Fails with kResourceNotFound, kVersionMismatch, kTagsPerResourceExceededLimit, or as `edit` does.
  [[nodiscard]] virtual Result<Stream> change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                                     const std::function<Result<void>(Stream&)>& edit) = 0;

  /// Removes a stream; with a `version`, only if it is still the stream's.
  [[nodiscard]] virtual Result<void> delete_stream(const StreamArn& arn, const std::optional<std::string>& version) = 0;
};

}  // namespace heliograph::store
