// A dialogue by telnet: password, then commands, each answered up to the prompt "> ".
#include "server/relay/coturn_cli.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace heliograph::server::relay {
namespace {

namespace asio = boost::asio;
constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kBetweenLists{200};
constexpr int kMostLists = 10;
constexpr std::size_t kLongestListing = 64UL * 1024 * 1024;

class Dialogue : public std::enable_shared_from_this<Dialogue> {
 public:
  Dialogue(asio::io_context& context, const CoturnCli& cli, std::set<std::string> opaques,
           std::function<void(const SessionsEnded&)> done)
      : socket_(context),
        deadline_(context),
        pause_(context),
        port_(cli.port),
        password_(cli.password),
        opaques_(std::move(opaques)),
        done_(std::move(done)) {}

  void begin() {
    deadline_.expires_after(kPatience);
    deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->finish(Error{Errc::kTimeout, "coturn's command line does not answer"});
    });
    socket_.async_connect({asio::ip::address_v4::loopback(), port_}, [self = shared_from_this()](auto error) {
      if (error) return self->fail(error);
      self->read_until("Enter password: ",
                       [self]() { self->say(std::string(self->password_.reveal()), [self]() { self->list(); }); });
    });
  }

 private:
  void list() {
    // Of one user, or of everybody: each listing walks through all sessions anyway.
    say(opaques_.size() == 1 ? "psp " + *opaques_.begin() : "psp", [self = shared_from_this()]() {
      std::vector<std::string> ids;
      for (CoturnSession& session : parse_sessions(self->input_)) {
        if (!self->opaques_.contains(session.opaque)) continue;
        self->ended_[session.opaque].insert(session.id);
        ids.push_back(std::move(session.id));
      }
      self->lists_++;
      if (ids.empty() && self->lists_ > 1) return self->finish(self->ended_);
      if (self->lists_ >= kMostLists)
        return self->finish(Error{Errc::kTimeout, "coturn goes on listing sessions that were cancelled"});
      self->cancel(std::move(ids), 0);
    });
  }
  void cancel(std::vector<std::string> ids, std::size_t at) {
    if (at < ids.size()) {
      const std::string command = "cs " + ids[at];
      return say(command, [self = shared_from_this(), ids = std::move(ids), at]() { self->cancel(ids, at + 1); });
    }
    // Sessions end on threads of their own.
    pause_.expires_after(kBetweenLists);
    pause_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->list();
    });
  }

  void say(const std::string& command, std::function<void()> then) {
    input_.clear();
    output_ = command + "\r\n";
    deadline_.expires_after(kPatience);
    deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->finish(Error{Errc::kTimeout, "coturn's command line does not answer"});
    });
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this(), then = std::move(then)](auto error, std::size_t) {
                        if (error) return self->fail(error);
                        self->read_until("> ", then);
                      });
  }
  /// Until the text read ends with `mark`, white space aside.
  void read_until(std::string mark, std::function<void()> then) {
    const auto last = input_.find_last_not_of("\r\n");
    const std::string_view text = std::string_view(input_).substr(0, last == std::string::npos ? 0 : last + 1);
    if (text.ends_with(mark)) return then();
    if (input_.size() > kLongestListing) return finish(Error{Errc::kIo, "coturn's answer does not end"});
    socket_.async_read_some(asio::buffer(piece_), [self = shared_from_this(), mark = std::move(mark),
                                                   then = std::move(then)](auto error, std::size_t bytes) {
      if (error) return self->fail(error);
      self->input_.append(self->piece_.data(), bytes);
      self->read_until(mark, then);
    });
  }

  void fail(const boost::system::error_code& error) {
    finish(Error{Errc::kIo, "coturn's command line: " + error.message()});
  }
  void finish(const SessionsEnded& result) {
    if (!done_) return;
    const auto done = std::exchange(done_, nullptr);
    boost::system::error_code ignored;
    deadline_.cancel();
    socket_.close(ignored);
    done(result);
  }

  asio::ip::tcp::socket socket_;
  asio::steady_timer deadline_;
  asio::steady_timer pause_;
  std::uint16_t port_;
  Secret password_;
  std::set<std::string> opaques_;
  std::function<void(const SessionsEnded&)> done_;
  std::array<char, 16384> piece_{};
  std::string input_;
  std::string output_;
  std::map<std::string, std::set<std::string>> ended_;
  int lists_ = 0;
};

}  // namespace

std::vector<CoturnSession> parse_sessions(std::string_view listing) {
  std::vector<CoturnSession> sessions;
  constexpr std::string_view kId = ") id=";
  constexpr std::string_view kUser = ", user <";
  for (auto at = listing.find(kId); at != std::string_view::npos; at = listing.find(kId, at)) {
    at += kId.size();
    const std::string_view line = listing.substr(at, listing.find('\n', at) - at);
    const auto user = line.find(kUser);
    const auto end = line.rfind(">:");
    if (user == std::string_view::npos || end == std::string_view::npos || end < user) continue;
    const std::string_view name = line.substr(user + kUser.size(), end - user - kUser.size());
    sessions.push_back(
        {std::string(line.substr(0, user)), std::string(name.substr(std::min(name.find(':') + 1, name.size())))});
  }
  return sessions;
}

void end_sessions(asio::io_context& context, const CoturnCli& cli, std::set<std::string> opaques,
                  std::function<void(const SessionsEnded&)> done) {
  std::make_shared<Dialogue>(context, cli, std::move(opaques), std::move(done))->begin();
}

void SessionEnder::end(const std::string& opaque, OnEnded done) {
  waiting_.emplace(opaque, std::move(done));
  if (!is_asking_) begin();
}

void SessionEnder::begin() {
  is_asking_ = true;
  std::set<std::string> opaques;
  for (const auto& [opaque, done] : waiting_) opaques.insert(opaque);
  end_sessions(context_, cli_, std::move(opaques),
               [this, batch = std::exchange(waiting_, {})](const SessionsEnded& ended) {
                 is_asking_ = false;
                 if (!waiting_.empty()) begin();
                 for (const auto& [opaque, done] : batch) {
                   if (!ended) {
                     done(ended.error());
                   } else {
                     const auto found = ended->find(opaque);
                     done(found == ended->end() ? std::size_t{0} : found->second.size());
                   }
                 }
               });
}

}  // namespace heliograph::server::relay
