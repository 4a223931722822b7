// `heliograph chat`: text over the data channel, in a terminal or a pipe.
#pragma once

#include <string>

#include "cli/client/service.hpp"

namespace heliograph::cli {

struct ChatQuestion {
  ServiceOptions service;
  std::string channel;
  bool is_master = false;
  bool is_viewer = false;
  std::string name;  ///< A viewer's; empty: one of chance.
  bool is_relay_only = false;
  bool is_created = false;
  bool is_verbose = false;
};

/// Until /quit, the end of the input or Ctrl-C; the exit code.
[[nodiscard]] int run_chat(const ChatQuestion& question);

}  // namespace heliograph::cli
