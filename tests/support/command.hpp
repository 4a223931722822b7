// The heliograph program, run as a shell would.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "support/paths.hpp"

namespace heliograph::test {

struct Ended {
  int code = -1;
  std::string output;  ///< Standard output, and standard error unless that goes elsewhere.
};

/// @param variables  "NAME=value " each.
/// @param errors     where standard error goes.
inline Ended run_heliograph(const std::string& arguments, const std::string& variables = {},
                            const std::string& errors = "&1") {
  Ended ended;
  FILE* pipe = ::popen((variables + command_program() + " " + arguments + " 2>" + errors).c_str(), "r");
  if (pipe == nullptr) return ended;
  char piece[256];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) ended.output += piece;
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

}  // namespace heliograph::test
