// Report: what the doctor found, line by line as it is found.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "cli/call/chat_input.hpp"

namespace heliograph::cli {

/// Texts may be of the service: what could command a terminal is taken out. Threads: one.
class Report {
 public:
  explicit Report(std::FILE* out) : out_(out) {}

  void ok(std::string_view what, std::string_view detail) { line("ok  ", what, detail); }
  /// Something that may be as it is.
  void note(std::string_view what, std::string_view detail) { line("note", what, detail); }
  void fail(std::string_view what, std::string_view detail, std::string_view todo = {}) {
    line("FAIL", what, detail);
    if (!todo.empty()) std::fprintf(out_, "                %s\n", printable(todo).c_str());
    ++failures_;
  }
  [[nodiscard]] int failures() const noexcept { return failures_; }

 private:
  void line(const char* mark, std::string_view what, std::string_view detail) {
    std::fprintf(out_, "%s  %-8.*s  %s\n", mark, static_cast<int>(what.size()), what.data(), printable(detail).c_str());
    std::fflush(out_);
  }

  std::FILE* out_;
  int failures_ = 0;
};

}  // namespace heliograph::cli
