// `heliograph master`: streams to every viewer of a channel.
#pragma once

#include <string>

#include "cli/client/service.hpp"
#include "cli/source_flags.hpp"

namespace heliograph::cli {

struct MasterQuestion {
  ServiceOptions service;
  std::string channel;
  SourceOptions source;
  std::size_t most_viewers = 100;
  bool is_relay_only = false;
  bool is_created = false;
  std::string record;  ///< A directory; empty: what viewers send is not asked for.
  int seconds = 0;     ///< Zero: until it is ended.
  bool as_json = false;
  bool has_chat = false;  ///< Lines of standard input go to viewers.
  bool is_verbose = false;
};

/// The exit code.
[[nodiscard]] int run_master(const MasterQuestion& question);

}  // namespace heliograph::cli
