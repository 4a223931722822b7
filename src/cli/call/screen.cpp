// Carriage return and "erase to the end of the line".
#include "cli/call/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace heliograph::cli {
namespace {

/// Columns of the terminal; 80 where it does not say.
std::size_t width_of(std::FILE* out) {
  winsize size{};
  return ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80U;
}

/// The first columns of UTF-8 whose characters are one column wide.
std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
    if (columns-- == 0) break;
  }
  return text.substr(0, at);
}

}  // namespace

Screen::Screen(std::FILE* out, bool has_status) : out_(out), has_status_(has_status && ::isatty(::fileno(out)) == 1) {}

Screen::~Screen() { clear(); }

void Screen::clear() {
  if (status_.empty()) return;
  std::fputs("\r\033[K", out_);
  std::fflush(out_);
}

void Screen::say(std::string_view line) {
  clear();
  std::fprintf(out_, "%.*s\n%s", static_cast<int>(line.size()), line.data(), status_.c_str());
  std::fflush(out_);
}

void Screen::status(std::string_view text) {
  if (!has_status_) return;
  status_ = cut(text, width_of(out_) - 1);
  std::fprintf(out_, "\r\033[K%s", status_.c_str());
  std::fflush(out_);
}

}  // namespace heliograph::cli
