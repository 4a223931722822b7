// The life of a call.
#include "sdk/channel/caller.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>

#include "sdk/channel/error_answer.hpp"
#include "sdk/channel/service_exchange.hpp"
#include "sdk/credentials/check_credentials.hpp"
#include "sdk/guarded.hpp"
#include "sdk/jitter.hpp"

namespace heliograph::sdk {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

milliseconds distance(WallTime a, WallTime b) { return a < b ? b - a : a - b; }

bool is_same(const Credentials& a, const Credentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key.reveal() == b.secret_access_key.reveal() &&
         a.session_token.reveal() == b.session_token.reveal();
}

bool is_about_clock(Errc code) { return code == Errc::kSignatureExpired || code == Errc::kSignatureNotYetCurrent; }

Error closed() { return {Errc::kClosed, "the channel client was closed"}; }

}  // namespace

/// A call under way. Kept by whatever it waits for.
class Caller::Call : public std::enable_shared_from_this<Call> {
 public:
  Call(std::shared_ptr<Caller> caller, ServiceCall what, Done done)
      : caller_(std::move(caller)),
        what_(std::move(what)),
        body_(json::serialize(what_.body)),
        done_(std::move(done)) {}

  void start() {
    ticket_ = caller_->enter([weak = weak_from_this()]() {
      if (const auto self = weak.lock()) self->finish(closed());
    });
    // Also for a credential provider that never answers.
    end_ = caller_->world_.after(left(), [self = shared_from_this()]() {
      self->finish(self->last_ ? *self->last_
                               : Error{Errc::kTimeout, std::string(self->what_.name) + " took too long"});
    });
    get_credentials();
  }

 private:
  [[nodiscard]] milliseconds left() const {
    const auto time = what_.deadline - caller_->world_.clock->steady_now();
    return std::max(std::chrono::ceil<milliseconds>(time), milliseconds(0));
  }
  [[nodiscard]] const CallerOptions& options() const { return caller_->options_; }

  void finish(Result<json::object> result) {
    if (!done_) return;
    caller_->leave(ticket_);
    end_.reset();
    pause_.reset();
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(result));
  }

  void get_credentials() {
    // The provider may call back on any thread, and more than once if it is somebody's first.
    const auto post = caller_->world_.post;
    const auto provider = options().credentials.lock();
    if (!provider) return finish(closed());
    const std::function<void(Result<Credentials>)> then = [post, self = shared_from_this()](Result<Credentials> found) {
      post([self, found = std::move(found)]() mutable { self->on_credentials(std::move(found)); });
    };
    ask_guarded("the credential provider", then, [&](auto done) { provider->get(std::move(done)); });
  }
  void on_credentials(Result<Credentials> found) {
    if (!done_ || !is_waiting_for_credentials_) return;
    is_waiting_for_credentials_ = false;
    if (!found) return finish(std::move(found).error());
    if (auto checked = check_credentials(*found); !checked) return finish(std::move(checked).error());
    // Forgotten, and the same again: the service would say the same again, too.
    if (has_forgotten_ && is_same(*found, credentials_)) return finish(*last_);
    credentials_ = *std::move(found);
    send();
  }

  void send() {
    signed_at_ = caller_->service_now();
    net::HttpCall call = to_signed_call(what_.url, body_, credentials_, options().region, signed_at_, caller_->keys_);
    const milliseconds usual = what_.timeout.count() != 0 ? what_.timeout : options().call_timeout;
    call.timeout = std::max(std::min(usual, left()), milliseconds(1));
    call.connect_timeout = std::min(options().connect_timeout, call.timeout);
    // A connection that was kept may be closed by the time it is used; the call is then made again without asking.
    call.keep_alive = what_.may_repeat;
    ++attempts_;
    caller_->world_.http(std::move(call), [self = shared_from_this()](Result<net::HttpReply> reply) {
      self->on_reply(std::move(reply));
    });
  }
  void on_reply(Result<net::HttpReply> reply) {
    if (!done_) return;
    if (!reply) return on_silence(std::move(reply).error());
    const auto date = date_of(*reply);
    if (date) caller_->correct_clock(*date);
    if (reply->status >= 200 && reply->status < 300) {
      auto body = read_body(*reply);
      if (!body) return finish(Error{body.error().code, std::string(what_.name) + ": " + body.error().detail});
      return finish(*std::move(body));
    }
    on_refusal(read_error(*reply, TokenSpellings(credentials_.session_token.reveal()).views()), date);
  }
  void on_silence(Error error) {
    if (error.code == Errc::kClosed) return finish(closed());
    was_lost_ = true;
    error.detail = what_.url.text() + ": " + error.detail;
    if (!what_.may_repeat) return finish(std::move(error));
    try_again(std::move(error));
  }
  void on_refusal(ErrorAnswer answer, std::optional<WallTime> date) {
    if (date && !was_corrected_ && (distance(*date, signed_at_) >= kMaxSkew || is_about_clock(answer.error.code))) {
      was_corrected_ = true;
      // Closer than five minutes and refused all the same: then by the second.
      if (is_about_clock(answer.error.code)) caller_->offset_ = (*date - caller_->world_.clock->wall_now()).count();
      last_ = std::move(answer.error);
      return send();
    }
    const Errc code = answer.error.code;
    if ((code == Errc::kExpiredToken || code == Errc::kUnrecognizedClient) && !has_forgotten_) {
      last_ = std::move(answer.error);
      has_forgotten_ = true;
      is_waiting_for_credentials_ = true;
      if (const auto provider = options().credentials.lock())
        tell_guarded(caller_->world_.log, "the credential provider", [&]() { provider->forget(); });
      return get_credentials();
    }
    if (code == Errc::kResourceNotFound && what_.is_done_when_gone && was_lost_) return finish(json::object{});
    // An answer of the service itself: it did not do it. But one of a proxy may hide that it did.
    if (!answer.is_temporary || (!what_.may_repeat && !answer.is_throttling)) return finish(std::move(answer.error));
    was_lost_ = was_lost_ || !answer.is_throttling;
    try_again(std::move(answer.error));
  }
  void try_again(Error error) {
    const milliseconds pause = caller_->back_off(attempts_);
    const int most = what_.max_attempts != 0 ? what_.max_attempts : options().max_attempts;
    if (attempts_ >= most || pause >= left()) return finish(std::move(error));
    caller_->world_.log(LogLevel::kInfo, std::string(what_.name) + " is tried again in " +
                                             std::to_string(pause.count()) + " ms: " + error.detail);
    last_ = std::move(error);
    pause_ = caller_->world_.after(pause, [self = shared_from_this()]() {
      if (self->done_) self->send();
    });
  }

  std::shared_ptr<Caller> caller_;
  ServiceCall what_;
  std::string body_;
  Done done_;
  Ticket ticket_ = 0;
  Credentials credentials_;
  WallTime signed_at_{};
  std::optional<Error> last_;  ///< Of the try before.
  std::shared_ptr<void> end_;
  std::shared_ptr<void> pause_;
  int attempts_ = 0;
  bool is_waiting_for_credentials_ = true;
  bool was_corrected_ = false;
  bool has_forgotten_ = false;
  bool was_lost_ = false;  ///< An answer was, and with it whether the service did it.
};

void Caller::call(ServiceCall call, Done done) {
  auto running = std::make_shared<Call>(shared_from_this(), std::move(call), std::move(done));
  world_.post([running = std::move(running)]() { running->start(); });
}

void Caller::wait(milliseconds time, std::function<void(Result<void>)> done) {
  struct Wait {
    std::function<void(Result<void>)> done;
    std::shared_ptr<void> timer;
  };
  const auto running = std::make_shared<Wait>(Wait{std::move(done), nullptr});
  const auto finish = [running](Result<void> result) {
    const auto timer = std::move(running->timer);
    if (const auto call_back = std::exchange(running->done, nullptr)) call_back(std::move(result));
  };
  const Ticket ticket = enter([finish]() { finish(closed()); });
  running->timer = world_.after(time, [finish, ticket, self = shared_from_this()]() {
    self->leave(ticket);
    finish({});
  });
}

void Caller::close() {
  is_closed_ = true;
  const auto running = std::exchange(running_, {});
  for (const auto& [ticket, abort] : running) abort();
}

Caller::Ticket Caller::enter(std::function<void()> abort) {
  const Ticket ticket = ++next_ticket_;
  if (is_closed_) {
    world_.post(std::move(abort));
  } else {
    running_.emplace(ticket, std::move(abort));
  }
  return ticket;
}

void Caller::correct_clock(WallTime date) {
  if (distance(date, service_now()) < kMaxSkew) return;
  const milliseconds offset = date - world_.clock->wall_now();
  offset_ = offset.count();
  world_.log(LogLevel::kWarning, "this machine's clock and the service's differ by " +
                                     std::to_string(std::chrono::round<std::chrono::seconds>(offset).count()) +
                                     " s; signatures go by the service's");
}

milliseconds Caller::back_off(int attempts) {
  auto most = options_.retry_base;
  for (int i = 1; i < attempts && most < options_.retry_cap; ++i) most *= 2;
  return random_up_to(*world_.rng, std::min(most, options_.retry_cap));
}

}  // namespace heliograph::sdk
