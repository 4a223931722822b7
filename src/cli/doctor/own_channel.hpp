// OwnChannel: a channel of the doctor's own, for as long as it is needed.
#pragma once

#include <memory>
#include <string>

#include "cli/doctor/report.hpp"
#include "heliograph/channel_client.hpp"

namespace heliograph::cli {

/// Deleted when it goes; that it cannot be is reported.
class OwnChannel {
 public:
  OwnChannel(std::shared_ptr<ChannelClient> channels, Report& report)
      : channels_(std::move(channels)), report_(report) {}
  OwnChannel(const OwnChannel&) = delete;
  OwnChannel& operator=(const OwnChannel&) = delete;
  ~OwnChannel();

  /// Its ARN, when it can be joined.
  [[nodiscard]] Result<std::string> make();

 private:
  std::shared_ptr<ChannelClient> channels_;
  Report& report_;
  std::string arn_;
};

}  // namespace heliograph::cli
