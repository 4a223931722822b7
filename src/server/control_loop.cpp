// Signals and seconds, one after the other.
#include "server/control_loop.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

namespace heliograph::server {
namespace {

bool has_terminal() {
  return ::isatty(STDIN_FILENO) == 1 || ::isatty(STDOUT_FILENO) == 1 || ::isatty(STDERR_FILENO) == 1;
}

}  // namespace

ControlLoop::ControlLoop(Hooks hooks) : hooks_(std::move(hooks)), had_terminal_(has_terminal()) {}

void ControlLoop::start() {
  stops_.add(SIGINT);
  stops_.add(SIGTERM);
  hangups_.add(SIGHUP);
  tick();
}

void ControlLoop::run() {
  wait_for_stop();
  wait_for_hangup();
  context_.run();
}

void ControlLoop::tick() {
  hooks_.on_second();
  ticker_.expires_after(std::chrono::seconds(1));
  ticker_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void ControlLoop::wait_for_stop() {
  stops_.async_wait([this](boost::system::error_code error, int number) {
    if (error) return;
    hooks_.on_stop(::strsignal(number));
    wait_for_stop();
  });
}

void ControlLoop::wait_for_hangup() {
  hangups_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    wait_for_hangup();
    // Who closes the terminal that it was started from wants it to end; everybody else wants it to read its files.
    if (had_terminal_ && !has_terminal()) return hooks_.on_stop("terminal closed");
    hooks_.on_hangup();
  });
}

}  // namespace heliograph::server
