// Screen: lines that come by, and on a terminal one line at the bottom that changes.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace heliograph::cli {

/// Threads: one.
class Screen {
 public:
  /// @param has_status  whether status() shows anything; it never does unless `out` is a terminal.
  Screen(std::FILE* out, bool has_status);
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  void say(std::string_view line);
  /// Cut to the terminal's width.
  void status(std::string_view text);
  [[nodiscard]] bool has_status() const noexcept { return has_status_; }

 private:
  void clear();

  std::FILE* out_;
  bool has_status_;
  std::string status_;
};

}  // namespace heliograph::cli
