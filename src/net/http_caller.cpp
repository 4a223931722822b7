// Connect or take a kept connection, write, read: one object per call.
#include "net/http_caller.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "net/http_response_reader.hpp"

namespace heliograph::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kMaxHead = 32 * 1024;

/// RFC 9110, 5.5: no control character but a tab. A line break would make a header of its own of what follows.
bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7F; });
}

bool is_field_name(std::string_view text) {
  return !text.empty() && is_field_value(text) && text.find_first_of(" \t:") == std::string_view::npos;
}

/// What cannot be sent as it is; nothing when all can. Names the header: its value may be a secret.
std::optional<Error> find_fault(const HttpCall& call) {
  for (const HttpHeader& header : call.headers) {
    if (!is_field_name(header.name))
      return Error{Errc::kInvalidArgument, "a header of the call has a name that is none"};
    if (!is_field_value(header.value))
      return Error{Errc::kInvalidArgument, "the header " + header.name + " has a line break or a control character"};
  }
  return std::nullopt;
}

std::string to_bytes(const HttpCall& call) {
  std::string bytes = call.method + " " + call.url.target + " HTTP/1.1\r\nHost: " + call.url.authority() + "\r\n";
  if (!call.keep_alive) bytes += "Connection: close\r\n";
  for (const HttpHeader& header : call.headers) bytes += header.name + ": " + header.value + "\r\n";
  if (!call.body.empty() || call.method != "GET")
    bytes += "Content-Length: " + std::to_string(call.body.size()) + "\r\n";
  return bytes + "\r\n" + call.body;
}

std::string key_of(const HttpCall& call) {
  return call.url.authority() + (call.url.tls ? '|' : ' ') + call.ca_file + '|' + call.certificate_file;
}

}  // namespace

/// A call under way. Threads: the context's.
class HttpExchange : public std::enable_shared_from_this<HttpExchange> {
 public:
  HttpExchange(HttpCaller& caller, HttpCall call, std::function<void(Result<HttpReply>)> done)
      : caller_(caller),
        call_(std::move(call)),
        done_(std::move(done)),
        timer_(caller.tools_.context),
        connect_timer_(caller.tools_.context) {}

  void start() {
    if (auto fault = find_fault(call_)) return finish(*std::move(fault));
    limit(timer_, call_.timeout, "no answer within ");
    if (call_.keep_alive) stream_ = caller_.take_idle(key_of(call_));
    is_reused_ = stream_ != nullptr;
    if (is_reused_) return write();
    connect();
  }
  void finish(Result<HttpReply> result) {
    if (!done_) return;
    timer_.cancel();
    connect_timer_.cancel();
    const auto self = shared_from_this();
    const auto done = std::exchange(done_, nullptr);
    if (result && call_.keep_alive && reader_ && reader_->keeps_alive() && reader_->rest().empty()) {
      caller_.keep(key_of(call_), std::exchange(stream_, nullptr));
    }
    if (stream_) stream_->close();
    caller_.exchanges_.erase(self);
    done(std::move(result));
  }

 private:
  void limit(asio::steady_timer& timer, std::chrono::milliseconds most, const char* what) {
    if (most.count() <= 0) return;
    timer.expires_after(most);
    timer.async_wait([weak = weak_from_this(), most, what](error_code cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self)
        self->finish(Error{Errc::kTimeout, what + std::to_string(most.count()) + " ms from " + self->host()});
    });
  }
  [[nodiscard]] std::string host() const { return call_.url.authority(); }

  void connect() {
    limit(connect_timer_, call_.connect_timeout, "no connection within ");
    stream_ = std::make_shared<ClientStream>(caller_.tools_);
    stream_->connect(
        {call_.url.tls, call_.url.host, call_.url.port, {call_.ca_file, call_.certificate_file, call_.key_file}},
        [weak = weak_from_this()](Result<void> connected) {
          const auto self = weak.lock();
          if (!self || !self->done_) return;
          self->connect_timer_.cancel();
          if (!connected) return self->finish(std::move(connected).error());
          self->write();
        });
  }
  void write() {
    bytes_ = to_bytes(call_);
    reader_ = std::make_unique<HttpResponseReader>(kMaxHead, call_.max_reply_body, call_.method == "HEAD");
    stream_->write(asio::buffer(bytes_), [self = shared_from_this()](error_code error, std::size_t) {
      if (!self->done_) return;
      // Whoever answers before it has read everything is still heard.
      if (error && error != asio::error::broken_pipe && error != asio::error::connection_reset)
        return self->on_broken("cannot send", error);
      self->read();
    });
  }
  void read() {
    stream_->read_some(asio::buffer(piece_), [self = shared_from_this()](error_code error, std::size_t bytes) {
      if (self->done_) self->on_read(error, bytes);
    });
  }
  void on_read(error_code error, std::size_t bytes) {
    if (const auto fed = reader_->feed({piece_.data(), bytes}); !fed) return finish(fed.error());
    if (reader_->is_whole()) return finish(reader_->take());
    if (!error) return read();
    if (reader_->on_end()) return finish(reader_->take());
    on_broken("the connection ended before the answer did", error);
  }
  /// Servers close idle connections when they like: that is no failure of the call.
  void on_broken(const char* what, error_code error) {
    if (is_reused_ && !reader_->has_begun()) {
      is_reused_ = false;
      stream_->close();
      return connect();
    }
    finish(Error{Errc::kIo, std::string(what) + " (" + error.message() + ")"});
  }

  HttpCaller& caller_;
  HttpCall call_;
  std::function<void(Result<HttpReply>)> done_;
  asio::steady_timer timer_;
  asio::steady_timer connect_timer_;
  std::shared_ptr<ClientStream> stream_;
  bool is_reused_ = false;
  std::string bytes_;
  std::array<char, 16 * 1024> piece_{};
  std::unique_ptr<HttpResponseReader> reader_;
};

HttpCaller::~HttpCaller() { close(); }

void HttpCaller::start(HttpCall call, std::function<void(Result<HttpReply>)> done) {
  const auto exchange = std::make_shared<HttpExchange>(*this, std::move(call), std::move(done));
  exchanges_.insert(exchange);
  // Later, so that nobody is answered in the middle of asking.
  asio::post(tools_.context, [weak = std::weak_ptr(exchange)]() {
    if (const auto begun = weak.lock()) begun->start();
  });
}

void HttpCaller::close() {
  const auto left = exchanges_;
  for (const auto& exchange : left) exchange->finish(Error{Errc::kClosed, "the client was closed"});
  for (auto& [key, idle] : idle_) idle.stream->close();
  idle_.clear();
}

std::shared_ptr<ClientStream> HttpCaller::take_idle(const std::string& key) {
  std::shared_ptr<ClientStream> found;
  const auto now = std::chrono::steady_clock::now();
  for (auto it = idle_.begin(); it != idle_.end();) {
    const bool is_old = now - it->second.since > kKeepIdle;
    if (!is_old && (found || it->first != key)) {
      ++it;
      continue;
    }
    if (is_old || it->second.stream->is_stale()) {
      it->second.stream->close();
    } else {
      found = it->second.stream;
    }
    it = idle_.erase(it);
  }
  return found;
}

void HttpCaller::keep(const std::string& key, std::shared_ptr<ClientStream> stream) {
  static constexpr std::size_t kMostIdle = 16;
  if (idle_.size() >= kMostIdle) return stream->close();
  idle_.emplace(key, Idle{std::move(stream), std::chrono::steady_clock::now()});
}

}  // namespace heliograph::net
