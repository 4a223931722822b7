// Program: one of ours, run as a user would: with pipes for what it reads and says, signals, and an end.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heliograph::test {

/// Killed when the object goes, or its process. Threads: one.
class Program {
 public:
  using Clock = std::chrono::steady_clock;
  /// For what takes a moment; longer than any machine needs, shorter than a test may take.
  static constexpr std::chrono::seconds kPatience{60};

  enum class On { kPipes, kTerminal };

  /// Both outputs go into one pipe; or all is a terminal of its own.
  explicit Program(std::vector<std::string> argv, On on = On::kPipes) {
    std::vector<char*> arguments;
    for (std::string& argument : argv) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    if (on == On::kTerminal)
      start_on_terminal(arguments);
    else
      start_on_pipes(arguments);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    kill();
    close_input();
    ::close(output_);
  }

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(input_, text.data(), text.size());
      if (written <= 0) return;  // It has ended; what it said tells why.
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void close_input() {
    if (input_ >= 0) ::close(std::exchange(input_, -1));
  }

  /// Whether it says so, from now on or before.
  [[nodiscard]] bool says(std::string_view what, Clock::duration patience = kPatience) {
    const auto end = Clock::now() + patience;
    while (text_.find(what, from_) == std::string::npos)
      if (!read(end)) return text_.find(what, from_) != std::string::npos;
    return true;
  }
  /// says() looks only behind what was said until now.
  void forget() { from_ = text_.size(); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  void signal(int number) const {
    if (pid_ > 1) ::kill(pid_, number);
  }
  /// Waits for its end; its exit code, or 128 and the signal. All that it said is in text().
  [[nodiscard]] int end(Clock::duration patience = kPatience) {
    const auto latest = Clock::now() + patience;
    while (read(latest)) continue;
    if (Clock::now() >= latest) kill();
    return reap();
  }
  void kill() {
    signal(SIGKILL);
    static_cast<void>(reap());
  }

 private:
  void start_on_pipes(const std::vector<char*>& arguments) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipes");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      ::dup2(output[1], STDERR_FILENO);
      become(arguments);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    output_ = output[0];
  }
  void start_on_terminal(const std::vector<char*>& arguments) {
    const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    pid_ = ::forkpty(&output_, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::runtime_error("no terminal");
    if (pid_ == 0) become(arguments);
    input_ = ::fcntl(output_, F_DUPFD_CLOEXEC, 0);
  }
  [[noreturn]] static void become(const std::vector<char*>& arguments) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  /// More of its output; false at its end, and when time is up.
  bool read(Clock::time_point end) {
    pollfd readable{output_, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return false;
    std::array<char, 4096> piece{};
    const ssize_t got = ::read(output_, piece.data(), piece.size());
    if (got <= 0) return false;
    text_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }
  int reap() {
    if (pid_ <= 1) return code_;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code_;
  }

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int code_ = -1;
  std::string text_;
  std::size_t from_ = 0;
};

}  // namespace heliograph::test
