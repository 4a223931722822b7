// Descriptors are given out from the lowest that is free.
#include "base/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace heliograph {

void prepare_standard_streams() noexcept {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace heliograph
