// In the order that threads and signals ask for.
#include "cli/opening.hpp"

#include <unistd.h>

#include <cstdio>

#include "cli/call/chat_input.hpp"
#include "heliograph/peer_connection.hpp"

namespace heliograph::cli {

Opening::Opening() : preload_([]() { static_cast<void>(PeerConnection::preload()); }) {  // Told by the first call.
  loop_.on_reader_gone(STDOUT_FILENO, [this]() {
    std::fputs("heliograph: nobody reads standard output any more\n", stderr);
    loop_.stop(1);
  });
}

Result<SdkService> Opening::open(const ServiceOptions& service, bool is_verbose) const {
  auto found = open_service(service, {.executor = loop_.executor(), .is_verbose = is_verbose});
  if (found) std::fprintf(stderr, "heliograph: %s\n", printable(found->said).c_str());
  return found;
}

}  // namespace heliograph::cli
