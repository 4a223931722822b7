// Look up, connect, shake hands, write, read: one object per call. With http_parser.cpp the user of Beast.
#include "net/http_client.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <future>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxHead = 32 * 1024;

std::string to_bytes(const HttpCall& call) {
  std::string bytes =
      call.method + " " + call.url.target + " HTTP/1.1\r\nHost: " + call.url.authority() + "\r\nConnection: close\r\n";
  for (const HttpHeader& header : call.headers) bytes += header.name + ": " + header.value + "\r\n";
  if (!call.body.empty() || call.method != "GET")
    bytes += "Content-Length: " + std::to_string(call.body.size()) + "\r\n";
  return bytes + "\r\n" + call.body;
}

}  // namespace

/// A call under way. Threads: the client's.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(asio::io_context& context, asio::ssl::context& tls, HostLookup& lookup, HttpCall call,
           std::function<void(Result<HttpReply>)> done)
      : call_(std::move(call)), done_(std::move(done)), lookup_(lookup), stream_(context, tls), timer_(context) {
    parser_.body_limit(HttpClient::kMaxBody);
    parser_.header_limit(kMaxHead);
    parser_.eager(true);
    if (call_.method == "HEAD") parser_.skip(true);
  }

  void start() {
    timer_.expires_after(call_.timeout);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error)
        self->finish(Error{Errc::kTimeout, "no answer within " + std::to_string(self->call_.timeout.count()) + " ms"});
    });
    error_code is_name;
    const auto address = asio::ip::make_address(call_.url.host, is_name);
    if (!is_name) return connect({tcp::endpoint(address, call_.url.port)});
    // Weak: what waits for a resolver that is silent should cost no more than this.
    lookup_.find(call_.url.host, [weak = weak_from_this()](const Result<std::vector<std::string>>& found) {
      if (const auto self = weak.lock()) self->on_found(found);
    });
  }
  void finish(Result<HttpReply> result) {
    if (!done_) return;
    timer_.cancel();
    error_code ignored;
    stream_.next_layer().close(ignored);
    const auto done = std::exchange(done_, nullptr);
    if (on_end) on_end();
    done(std::move(result));
  }

  std::function<void()> on_end;

 private:
  void fail(const char* what, error_code error) {
    finish(Error{Errc::kIo, std::string(what) + " (" + error.message() + ")"});
  }
  void on_found(const Result<std::vector<std::string>>& found) {
    if (!found) return finish(Error{Errc::kIo, "cannot find the host (" + found.error().detail + ")"});
    std::vector<tcp::endpoint> endpoints;
    for (const std::string& text : *found) {
      error_code wrong;
      const auto address = asio::ip::make_address(text, wrong);
      if (!wrong) endpoints.emplace_back(address, call_.url.port);
    }
    connect(endpoints);
  }
  void connect(const std::vector<tcp::endpoint>& endpoints) {
    if (!done_) return;
    asio::async_connect(stream_.next_layer(), endpoints,
                        [self = shared_from_this()](error_code error, const tcp::endpoint&) {
                          if (error) return self->fail("cannot connect", error);
                          if (!self->call_.url.tls) return self->write();
                          self->shake_hands();
                        });
  }
  void shake_hands() {
    const std::string& host = call_.url.host;
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(host));
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    // RFC 6066, 3: no address in SNI.
    // (SSL_set_tlsext_host_name, without its old-style cast.)
    if (not_an_address)
      SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));
    stream_.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](error_code error) {
      if (error) return self->fail("TLS failed", error);
      self->write();
    });
  }
  /// Calls `step` with the stream in use.
  template <class Step>
  void with_stream(Step&& step) {
    if (call_.url.tls) return step(stream_);
    step(stream_.next_layer());
  }
  void write() {
    bytes_ = to_bytes(call_);
    with_stream([this](auto& stream) {
      asio::async_write(stream, asio::buffer(bytes_), [self = shared_from_this()](error_code error, std::size_t) {
        // Whoever answers before it has read everything is still heard.
        if (error && error != asio::error::broken_pipe && error != asio::error::connection_reset)
          return self->fail("cannot send", error);
        self->input_.clear();
        self->read();
      });
    });
  }
  void read() {
    if (!done_) return;
    with_stream([this](auto& stream) {
      stream.async_read_some(asio::buffer(piece_), [self = shared_from_this()](error_code error, std::size_t bytes) {
        self->on_read(error, bytes);
      });
    });
  }
  void on_read(error_code error, std::size_t bytes) {
    if (!done_) return;
    input_.append(piece_.data(), bytes);
    error_code wrong;
    while (!input_.empty() && !parser_.is_done()) {
      const std::size_t used = parser_.put(asio::buffer(input_), wrong);
      input_.erase(0, used);
      if (wrong == http::error::need_more) wrong = {};
      if (wrong || used == 0) break;
    }
    if (wrong) return fail("the answer is not HTTP", wrong);
    if (parser_.is_done()) return finish(reply());
    if (!error) return read();
    // Many servers end TLS without a word: what counts is whether the answer is whole.
    if (parser_.is_header_done()) parser_.put_eof(wrong);
    if (parser_.is_header_done() && !wrong) return finish(reply());
    fail("the connection ended before the answer did", error);
  }
  HttpReply reply() {
    HttpReply answer{static_cast<int>(parser_.get().result_int()), {}, std::move(parser_.get().body())};
    for (const auto& field : parser_.get())
      answer.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    return answer;
  }

  HttpCall call_;
  std::function<void(Result<HttpReply>)> done_;
  HostLookup& lookup_;
  asio::ssl::stream<tcp::socket> stream_;
  asio::steady_timer timer_;
  std::string bytes_;
  std::string input_;
  std::array<char, 16 * 1024> piece_{};
  http::response_parser<http::string_body> parser_;
};

struct HttpClient::Impl {
  explicit Impl(ResolveHost resolve)
      : lookup([this](std::function<void()> task) { asio::post(context, std::move(task)); }, std::move(resolve)) {}

  asio::io_context context{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::executor_work_guard<asio::io_context::executor_type> keep{context.get_executor()};
  HostLookup lookup;
  std::set<std::shared_ptr<Exchange>> exchanges;
  std::thread thread;
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([this]() {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t broken_pipe;
    ::sigemptyset(&broken_pipe);
    ::sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    impl_->context.run();
  });
}

Result<std::unique_ptr<HttpClient>> HttpClient::make(const std::string& ca_file, ResolveHost resolve) {
  auto impl = std::make_unique<Impl>(std::move(resolve));
  error_code error;
  impl->tls.set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
  if (ca_file.empty()) {
    impl->tls.set_default_verify_paths(error);
  } else {
    impl->tls.load_verify_file(ca_file, error);
  }
  if (error) return Error{Errc::kIo, "cannot read the authorities in " + ca_file + ": " + error.message()};
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(impl)));
}

HttpClient::~HttpClient() {
  asio::post(impl_->context, [this]() {
    const auto left = impl_->exchanges;
    for (const auto& exchange : left) exchange->finish(Error{Errc::kClosed, "the client was closed"});
    impl_->keep.reset();
  });
  impl_->thread.join();
}

void HttpClient::start(HttpCall call, std::function<void(Result<HttpReply>)> done) {
  asio::post(impl_->context, [this, call = std::move(call), done = std::move(done)]() mutable {
    const auto exchange =
        std::make_shared<Exchange>(impl_->context, impl_->tls, impl_->lookup, std::move(call), std::move(done));
    impl_->exchanges.insert(exchange);
    exchange->on_end = [this, weak = std::weak_ptr(exchange)]() {
      if (const auto ended = weak.lock()) impl_->exchanges.erase(ended);
    };
    exchange->start();
  });
}

Result<HttpReply> HttpClient::run(HttpCall call) {
  std::promise<Result<HttpReply>> promise;
  start(std::move(call), [&promise](Result<HttpReply> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

}  // namespace heliograph::net
