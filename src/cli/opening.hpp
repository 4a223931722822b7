// Opening: what the commands that stay until they are ended begin with.
#pragma once

#include <thread>

#include "cli/call/main_loop.hpp"
#include "cli/client/sdk_service.hpp"

namespace heliograph::cli {

/// Make it before anything that has threads. Its loop ends with 1 when nobody reads standard output any more; media
/// libraries are loaded meanwhile. Threads: one.
class Opening {
 public:
  Opening();
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  [[nodiscard]] MainLoop& loop() noexcept { return loop_; }
  /// Finds the service, whose handlers then run on the loop, and says which it is.
  [[nodiscard]] Result<SdkService> open(const ServiceOptions& service, bool is_verbose) const;

 private:
  MainLoop loop_;
  std::jthread preload_;
};

}  // namespace heliograph::cli
