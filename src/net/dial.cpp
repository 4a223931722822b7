// A race of connects: the first winner ends it.
#include "net/dial.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <utility>

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// RFC 8305, 4: the families take turns, beginning with the resolver's favourite.
std::vector<tcp::endpoint> take_turns(const std::vector<tcp::endpoint>& addresses) {
  std::vector<tcp::endpoint> favoured;
  std::vector<tcp::endpoint> others;
  for (const tcp::endpoint& one : addresses)
    (one.protocol() == addresses.front().protocol() ? favoured : others).push_back(one);
  std::vector<tcp::endpoint> turns;
  for (std::size_t i = 0; i < std::max(favoured.size(), others.size()); ++i) {
    if (i < favoured.size()) turns.push_back(favoured[i]);
    if (i < others.size()) turns.push_back(others[i]);
  }
  return turns;
}

class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(asio::io_context& context, const std::vector<tcp::endpoint>& addresses,
       std::function<void(Result<tcp::socket>)> done)
      : context_(context), addresses_(take_turns(addresses)), done_(std::move(done)), stagger_(context) {}

  void start_next() {
    if (!done_) return;
    if (next_ == addresses_.size()) {
      if (under_way_ == 0) finish(Error{Errc::kIo, why_});
      return;
    }
    const auto socket = std::make_shared<tcp::socket>(context_);
    sockets_.push_back(socket);
    ++under_way_;
    socket->async_connect(addresses_[next_++], [self = shared_from_this(), socket](error_code error) {
      self->on_connected(*socket, error);
    });
    stagger_.expires_after(kDialStagger);
    stagger_.async_wait([weak = weak_from_this()](error_code cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self && self->next_ < self->addresses_.size()) self->start_next();
    });
  }
  void abandon() {
    done_ = nullptr;
    close_all();
  }

 private:
  void on_connected(tcp::socket& socket, error_code error) {
    --under_way_;
    if (!done_) return;
    if (error) {
      why_ = error.message();
      return start_next();
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    finish(std::move(socket));
  }
  void finish(Result<tcp::socket> result) {
    const auto done = std::exchange(done_, nullptr);
    close_all();
    done(std::move(result));
  }
  void close_all() {
    stagger_.cancel();
    error_code ignored;
    for (const auto& socket : sockets_)
      if (socket->is_open()) socket->close(ignored);
    sockets_.clear();
  }

  asio::io_context& context_;
  std::vector<tcp::endpoint> addresses_;
  std::size_t next_ = 0;
  std::size_t under_way_ = 0;
  std::string why_ = "it has no address";
  std::vector<std::shared_ptr<tcp::socket>> sockets_;
  std::function<void(Result<tcp::socket>)> done_;
  asio::steady_timer stagger_;
};

}  // namespace

std::shared_ptr<void> dial(asio::io_context& context, const std::vector<tcp::endpoint>& addresses,
                           std::function<void(Result<tcp::socket>)> done) {
  const auto race = std::make_shared<Race>(context, addresses, std::move(done));
  asio::post(context, [race]() { race->start_next(); });
  return {race.get(), [race](void*) { race->abandon(); }};
}

}  // namespace heliograph::net
