// Sockets that listen.
#include "net/listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <cstring>

#include "net/worker.hpp"

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kPause{100};
constexpr int kBacklog = 1024;

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
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return bind_error(address, error);
  const auto port = acceptor.local_endpoint(error).port();
  const int descriptor = error ? -1 : acceptor.release(error);
  if (error) return listen_error(address, error.message());
  address.port = port;
  return descriptor;
}

Listener::Listener(asio::io_context& context, Worker& worker, LogSink& log, int descriptor,
                   const ListenAddress& address)
    : worker_(worker), log_(log), acceptor_(context), pause_(context), port_(address.port) {
  const auto ip = asio::ip::make_address(address.address);
  is_loopback_ = ip.is_loopback();
  acceptor_.assign(ip.is_v6() ? tcp::v6() : tcp::v4(), descriptor);
}

void Listener::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    // A peer that has gone again is no reason to wait; out of descriptors or memory, a pause is all there is to do.
    if (error && error != asio::error::connection_aborted) return pause(error);
    if (!error) adopt(std::move(socket));
    if (acceptor_.is_open()) accept();
  });
}

void Listener::adopt(tcp::socket socket) {
  boost::system::error_code ignored;
  const auto remote = socket.remote_endpoint(ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.native_non_blocking(true, ignored);
  PeerInfo peer;
  peer.address = remote.address().to_string();
  peer.port = remote.port();
  peer.loopback_listener = is_loopback_;
  peer.local_port = port_;
  worker_.adopt(std::move(socket), std::move(peer));
}

void Listener::pause(const boost::system::error_code& why) {
  if (!has_complained_)
    log_.write(LogLevel::kError, "cannot take a new connection",
               {{"why", why.message()}, {"todo", "raise the limit of open files (ulimit -n, LimitNOFILE)"}});
  has_complained_ = true;
  pause_.expires_after(kPause);
  pause_.async_wait([this](boost::system::error_code error) {
    if (!error && acceptor_.is_open()) accept();
  });
}

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace heliograph::net
