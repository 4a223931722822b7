// Listener: accepts on one address for one worker.
#pragma once

#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"
#include "net/reactor.hpp"

namespace heliograph::net {

class Worker;

/// Threads: its worker's.
class Listener final : public Reactor::Watcher {
 public:
  /// @param descriptor  bound and listening; ours from here on.
  Listener(Worker& worker, LogSink& log, int descriptor, const ListenAddress& address);

  /// Accepts until closed. Out of descriptors, it pauses instead of spinning.
  void accept();
  void close();

  void on_events(std::uint32_t events) override;

 private:
  void pause(int why);

  Worker& worker_;
  LogSink& log_;
  Descriptor socket_;
  Reactor::Alarm pause_;
  bool is_loopback_;
  std::uint16_t port_;
  SteadyTime complains_again_{};
};

/// Whether the address is free. The sockets of workers share their port (SO_REUSEPORT), which would let a second server
/// of the same user share it too: this one does not. Port 0 is free.
[[nodiscard]] Result<void> check_free(const ListenAddress& wanted);
/// A listening socket; one per worker. Port 0 becomes the one that the kernel picked, which nobody else has.
[[nodiscard]] Result<int> open_listener(ListenAddress& address);

}  // namespace heliograph::net
