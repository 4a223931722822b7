// Listener: accepts on one address for one worker.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"

namespace heliograph::net {

class Worker;

/// Threads: its worker's.
class Listener {
 public:
  /// @param descriptor  bound and listening; ours from here on.
  Listener(boost::asio::io_context& context, Worker& worker, LogSink& log, int descriptor,
           const ListenAddress& address);

  /// Accepts until closed. Out of descriptors, it pauses instead of spinning.
  void accept();
  void close();

 private:
  void adopt(boost::asio::ip::tcp::socket socket);
  void pause(const boost::system::error_code& why);

  Worker& worker_;
  LogSink& log_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  bool is_loopback_;
  std::uint16_t port_;
  bool has_complained_ = false;
};

/// Whether the address is free. The sockets of workers share their port (SO_REUSEPORT), which would let a second server
/// of the same user share it too: this one does not. Port 0 is free.
[[nodiscard]] Result<void> check_free(const ListenAddress& wanted);
/// A listening socket; one per worker. Port 0 becomes the one that the kernel picked, which nobody else has.
[[nodiscard]] Result<int> open_listener(ListenAddress& address);

}  // namespace heliograph::net
