// A bare relay as Boost.Beast's documentation teaches it: callbacks, a queue of messages, one write at a time.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <csignal>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "rivals/bare.hpp"

namespace heliograph::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using beast::error_code;

class Session;
std::vector<Session*> sessions;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : ws_(std::move(socket)) {}
  ~Session() {
    if (number_ < sessions.size() && sessions[number_] == this) sessions[number_] = nullptr;
  }

  void start() {
    ws_.next_layer().set_option(tcp::no_delay(true));
    beast::http::async_read(ws_.next_layer(), buffer_, request_,
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) self->upgrade();
                            });
  }

  void send(std::shared_ptr<const std::string> text) {
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) write();
  }

 private:
  void upgrade() {
    const std::string target(request_.target());
    const auto number = number_in(target);
    if (!number) return;
    number_ = *number;
    if (sessions.size() <= (number_ | 1U)) sessions.resize((number_ | 1U) + 1024);
    sessions[number_] = this;
    ws_.async_accept(request_, [self = shared_from_this()](error_code error) {
      self->buffer_.consume(self->buffer_.size());
      if (!error) self->read();
    });
  }

  void read() {
    ws_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return;
      if (Session* partner = sessions[partner_of(self->number_)]) {
        partner->send(std::make_shared<const std::string>(beast::buffers_to_string(self->buffer_.data())));
      }
      self->buffer_.consume(self->buffer_.size());
      self->read();
    });
  }

  void write() {
    ws_.text(true);
    ws_.async_write(asio::buffer(*queue_.front()), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return;
      self->queue_.pop_front();
      if (!self->queue_.empty()) self->write();
    });
  }

  beast::websocket::stream<tcp::socket> ws_;
  beast::flat_buffer buffer_;
  beast::http::request<beast::http::empty_body> request_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t number_ = 0;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket))->start();
    accept(acceptor);
  });
}

}  // namespace
}  // namespace heliograph::bench

int main(int argc, char** argv) {
  namespace asio = boost::asio;
  const std::uint16_t port = heliograph::bench::port_from(argc, argv);
  asio::io_context context(1);
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
  acceptor.listen(1024);
  asio::signal_set signals(context, SIGTERM);
  signals.async_wait([](boost::system::error_code, int) { std::_Exit(0); });
  heliograph::bench::accept(acceptor);
  context.run();
}
