// Report: what the doctor found, line by line as it is found.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace heliograph::cli {

/// Threads: one.
class Report {
 public:
  explicit Report(std::FILE* out) : out_(out) {}

  void ok(std::string_view what, std::string_view detail) { line("ok  ", what, detail); }
  /// Something that may be as it is.
  void note(std::string_view what, std::string_view detail) { line("note", what, detail); }
  void fail(std::string_view what, std::string_view detail, std::string_view todo = {}) {
    line("FAIL", what, detail);
    if (!todo.empty()) std::fprintf(out_, "                %.*s\n", static_cast<int>(todo.size()), todo.data());
    ++failures_;
  }
  [[nodiscard]] int failures() const noexcept { return failures_; }

 private:
  void line(const char* mark, std::string_view what, std::string_view detail) {
    std::fprintf(out_, "%s  %-8.*s  %.*s\n", mark, static_cast<int>(what.size()), what.data(),
                 static_cast<int>(detail.size()), detail.data());
    std::fflush(out_);
  }

  std::FILE* out_;
  int failures_ = 0;
};

}  // namespace heliograph::cli
