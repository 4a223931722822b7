// The heliograph program, run to its end.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "support/paths.hpp"

namespace heliograph::test {

struct Ended {
  int code = -1;
  std::string output;  ///< Standard output and error.
};

/// @param arguments  as a shell reads them.
inline Ended run_command(const std::string& arguments) {
  Ended ended;
  FILE* pipe = ::popen((command_program() + " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ended;
  char piece[256];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) ended.output += piece;
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

}  // namespace heliograph::test
