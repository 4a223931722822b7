// `heliograph viewer`: shows, records or counts what a master sends.
#pragma once

#include <string>

#include "cli/client/service.hpp"
#include "cli/source_flags.hpp"

namespace heliograph::cli {

struct ViewerQuestion {
  ServiceOptions service;
  std::string channel;
  std::string name;  ///< Empty: one of chance.
  bool is_window = false;
  bool is_headless = false;
  std::string record;                  ///< A Matroska file.
  bool is_overwriting = false;         ///< It may be there already.
  SourceOptions source{.source = {}};  ///< Without a source nothing is sent.
  bool is_relay_only = false;
  bool has_stats = false;  ///< JSON lines.
  bool has_chat = false;   ///< Lines of standard input go to the master.
  int seconds = 0;         ///< Zero: until it is ended.
  bool is_verbose = false;
};

/// The exit code: 0 only if something was received.
[[nodiscard]] int run_viewer(const ViewerQuestion& question);

}  // namespace heliograph::cli
