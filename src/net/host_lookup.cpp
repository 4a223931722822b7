// A desk that the owner and the threads share: what waits, and where answers go for as long as somebody wants them.
#include "net/host_lookup.hpp"

#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace heliograph::net {

Result<std::vector<std::string>> resolve_host(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (const int failure = ::getaddrinfo(host.c_str(), nullptr, &wanted, &first); failure != 0)
    return Error{Errc::kIo,
                 failure == EAI_SYSTEM ? std::generic_category().message(errno) : std::string(::gai_strerror(failure))};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = first; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      addresses.emplace_back(text.data());
  }
  if (addresses.empty()) return Error{Errc::kIo, "it has no address"};
  return addresses;
}

struct HostLookup::Desk {
  std::mutex mutex;
  Post post;  ///< Empty: the owner has gone.
  ResolveHost resolve;
  std::map<std::string, std::vector<Done>> waiting;  ///< Only the owner's thread looks.

  /// On a thread of its own.
  static void look_up(const std::shared_ptr<Desk>& desk, const std::string& host) {
    sigset_t all;  // Signals are for the threads that expect them.
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    auto found = desk->resolve(host);
    const std::lock_guard lock(desk->mutex);
    if (!desk->post) return;
    desk->post([desk, host, found = std::move(found)]() { desk->answer(host, found); });
  }
  void answer(const std::string& host, const Result<std::vector<std::string>>& found) {
    const auto asked = waiting.extract(host);
    if (asked.empty()) return;
    for (const Done& done : asked.mapped()) done(found);
  }
};

HostLookup::HostLookup(Post post, ResolveHost resolve) : desk_(std::make_shared<Desk>()) {
  desk_->post = std::move(post);
  desk_->resolve = std::move(resolve);
}

HostLookup::~HostLookup() {
  {
    const std::lock_guard lock(desk_->mutex);
    desk_->post = nullptr;
  }
  desk_->waiting.clear();
}

void HostLookup::find(const std::string& host, Done done) {
  if (const auto under_way = desk_->waiting.find(host); under_way != desk_->waiting.end()) {
    under_way->second.push_back(std::move(done));
    return;
  }
  if (desk_->waiting.size() >= kMaxUnderWay)
    return done(Error{Errc::kIo, "too many names are being looked up, and the resolver does not answer"});
  desk_->waiting[host].push_back(std::move(done));
  try {
    std::thread([desk = desk_, host]() { Desk::look_up(desk, host); }).detach();
  } catch (const std::system_error& error) {
    desk_->answer(host, Error{Errc::kIo, std::string("there is no thread to look it up in: ") + error.what()});
  }
}

}  // namespace heliograph::net
