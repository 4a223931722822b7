// Datagrams to $NOTIFY_SOCKET. The protocol is documented in sd_notify(3), and needs no library.
#include "server/service_notifier.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heliograph::server {
namespace {

std::optional<std::int64_t> to_number(const char* text) {
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [parsed, error] = std::from_chars(text, end, number);
  if (error != std::errc{} || parsed != end) return std::nullopt;
  return number;
}

}  // namespace

ServiceNotifier::ServiceNotifier(std::string_view address) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const bool is_valid = !address.empty() && (address.front() == '/' || address.front() == '@');
  if (!is_valid || address.size() >= sizeof to.sun_path) return;
  std::memcpy(to.sun_path, address.data(), address.size());
  if (address.front() == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), size) == 0) return;
  ::close(socket_);
  socket_ = -1;
}

ServiceNotifier::~ServiceNotifier() {
  if (socket_ >= 0) ::close(socket_);
}

void ServiceNotifier::tell(std::string_view assignments) const noexcept {
  if (socket_ >= 0)
    static_cast<void>(::send(socket_, assignments.data(), assignments.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

std::optional<std::chrono::milliseconds> watchdog_interval(const char* microseconds, const char* pid) {
  const auto wanted = to_number(microseconds);
  if (!wanted || *wanted < 3000) return std::nullopt;
  if (pid != nullptr && to_number(pid) != std::int64_t{::getpid()}) return std::nullopt;
  return std::chrono::milliseconds(*wanted / 3000);
}

}  // namespace heliograph::server
