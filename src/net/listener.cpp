// Sockets that listen.
#include "net/listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <cstring>

#include "net/worker.hpp"

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::minutes kComplaints{1};
constexpr int kBacklog = 1024;
// Those who are connected already are not to wait for a crowd at the door.
constexpr int kMostAtATime = 64;

Error listen_error(const ListenAddress& address, const std::string& why) {
  return {Errc::kIo, "cannot listen on " + address.address + " port " + std::to_string(address.port) + ": " + why};
}

Error bind_error(const ListenAddress& address, const boost::system::error_code& error) {
  if (error == asio::error::address_in_use)
    return listen_error(address, "the port is in use; stop the program that has it, or choose another with --listen");
  if (error == asio::error::access_denied) return listen_error(address, "ports below 1024 need privileges");
  return listen_error(address, error.message());
}

/// Bound but not listening.
boost::system::error_code bind(tcp::acceptor& acceptor, const ListenAddress& address, bool shared) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address.address, error);
  if (error) return error;
  acceptor.open(ip.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && ip.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  const int on = 1;
  if (!error && shared && ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    error.assign(errno, boost::system::system_category());
  if (!error) acceptor.bind({ip, address.port}, error);
  return error;
}

}  // namespace

Result<void> check_free(const ListenAddress& wanted) {
  if (wanted.port == 0) return {};
  asio::io_context context;
  tcp::acceptor acceptor(context);
  boost::system::error_code error = bind(acceptor, wanted, false);
  if (!error) acceptor.listen(1, error);
  if (error) return bind_error(wanted, error);
  return {};
}

Result<int> open_listener(ListenAddress& address) {
  asio::io_context context;
  tcp::acceptor acceptor(context);
  boost::system::error_code error = bind(acceptor, address, true);
  if (!error) acceptor.set_option(tcp::no_delay(true), error);  // What is accepted inherits it (Linux).
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return bind_error(address, error);
  const auto port = acceptor.local_endpoint(error).port();
  if (!error) acceptor.native_non_blocking(true, error);
  const int descriptor = error ? -1 : acceptor.release(error);
  if (error) return listen_error(address, error.message());
  address.port = port;
  return descriptor;
}

Listener::Listener(Worker& worker, LogSink& log, int descriptor, const ListenAddress& address)
    : worker_(worker),
      log_(log),
      socket_(descriptor),
      pause_(worker.reactor(), [this]() { worker_.reactor().change(socket_.get(), EPOLLIN, *this); }),
      is_loopback_(asio::ip::make_address(address.address).is_loopback()),
      port_(address.port) {}

void Listener::accept() {
  if (!worker_.reactor().add(socket_.get(), EPOLLIN, *this)) pause(errno);
}

void Listener::on_events(std::uint32_t) {
  for (int accepted = 0; accepted < kMostAtATime; ++accepted) {
    tcp::endpoint remote;
    auto size = static_cast<socklen_t>(remote.capacity());
    Descriptor socket(::accept4(socket_.get(), remote.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      // A peer that has gone again is no reason to wait; out of descriptors or memory, a pause is all there is to do.
      if (errno == ECONNABORTED || errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) pause(errno);
      return;
    }
    remote.resize(size);
    PeerInfo peer;
    peer.address = remote.address().to_string();
    peer.port = remote.port();
    peer.loopback_listener = is_loopback_;
    peer.local_port = port_;
    worker_.adopt(std::move(socket), std::move(peer));
  }
}

void Listener::pause(int why) {
  if (const SteadyTime now = worker_.now(); now >= complains_again_) {
    complains_again_ = now + kComplaints;
    log_.write(LogLevel::kError, "cannot take a new connection",
               {{"why", std::strerror(why)}, {"todo", "raise the limit of open files (ulimit -n, LimitNOFILE)"}});
  }
  worker_.reactor().change(socket_.get(), 0, *this);
  pause_.set(worker_.now() + kPause);
}

void Listener::close() {
  worker_.reactor().remove(socket_.get(), *this);
  socket_.reset();
  pause_.cancel();
}

}  // namespace heliograph::net
