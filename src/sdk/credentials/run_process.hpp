// Running a program for what it prints, without holding up the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::sdk {

struct ProcessCall {
  std::vector<std::string> words;  ///< The program, found by PATH, and its arguments. No shell.
  std::chrono::milliseconds timeout{60'000};
  std::size_t most_output = std::size_t{64} << 10U;
};

struct ProcessEnd {
  int code = 0;    ///< What it exited with.
  int signal = 0;  ///< What ended it instead; zero: it exited.
  std::string output;
  std::string errors;  ///< The first part of what it said on standard error.
};

/// Starts it on a thread of its own. `done` is called once by `post`; with kIo when it cannot be started or prints more
/// than allowed, with kTimeout when it does not end in time. A process that is not waited for any more is killed, with
/// whatever it started in its process group; one that ends by itself may leave something behind (an agent). Its
/// standard input is empty, other files of this process are not its, and signals mean to it what they mean by default.
/// Lifetime: what is given back ends the process when it goes, before its end; then `done` is not called.
[[nodiscard]] std::shared_ptr<void> run_process(ProcessCall call, std::function<void(std::function<void()>)> post,
                                                std::function<void(Result<ProcessEnd>)> done);

using RunProcess = decltype(&run_process);

}  // namespace heliograph::sdk
