// The life of the child, on one io_context.
#include "server/relay/coturn_supervisor.hpp"

#include <poll.h>
#include <signal.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include "server/data_dir.hpp"

namespace heliograph::server::relay {
namespace {

namespace asio = boost::asio;
constexpr std::size_t kLongestLine = 2000;
constexpr std::chrono::seconds kSettling{2};

/// coturn says "0: : text"; the number is its uptime.
std::string_view without_prefix(std::string_view line) {
  const auto text = line.find_first_not_of("0123456789");
  if (text == std::string_view::npos || text == 0 || !line.substr(text).starts_with(": :")) return line;
  line.remove_prefix(text + 3);
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

LogLevel level_of(std::string_view line) {
  // A client that hung up: browsers do so at once when they do not trust the certificate of a turns: URI.
  if (line.find("TCP socket error") != std::string_view::npos) return LogLevel::kDebug;
  // Clients offer every address they have to each other; the relay refuses those that are no business of theirs.
  if (line.find(" denied in the range") != std::string_view::npos) return LogLevel::kDebug;
  if (line.find("ERROR") != std::string_view::npos) return LogLevel::kWarning;
  return LogLevel::kDebug;
}

}  // namespace

CoturnSupervisor::CoturnSupervisor(asio::io_context& context, const Clock& clock, LogSink& log, std::string binary,
                                   CoturnSettings settings)
    : clock_(clock),
      log_(log),
      binary_(std::move(binary)),
      settings_(std::move(settings)),
      conf_(std::filesystem::path(settings_.state_dir) / "turnserver.conf"),
      output_(context),
      end_(context),
      restart_(context),
      buffer_(4096, '\0') {}

CoturnSupervisor::~CoturnSupervisor() { stop(); }

Result<void> CoturnSupervisor::start() {
  std::error_code error;
  std::filesystem::create_directories(settings_.state_dir, error);
  if (error) return Error{Errc::kIo, "cannot make " + settings_.state_dir + ": " + error.message()};
  if (auto written = write_private_file(conf_, to_coturn_conf(settings_)); !written) return written;
  return launch();
}

Result<void> CoturnSupervisor::launch() {
  auto child = ChildProcess::start({binary_, "-c", conf_.string()});
  if (!child) return child.error();
  child_.emplace(std::move(*child));
  started_ = clock_.steady_now();
  backoff_.on_started(started_);
  is_up_ = true;
  ++starts_;
  output_.assign(child_->take_output());
  end_.assign(child_->take_pid_fd());
  log_.write(LogLevel::kInfo, "relay started",
             {{"pid", std::to_string(child_->pid())},
              {"port", std::to_string(settings_.port)},
              {"tls_port", std::to_string(settings_.tls_port)}});
  read_output();
  wait_for_end();
  return {};
}

void CoturnSupervisor::read_output() {
  output_.async_read_some(asio::buffer(buffer_), [this](boost::system::error_code error, std::size_t bytes) {
    if (error) return;  // End of the pipe, or closed by us.
    log_lines(bytes);
    read_output();
  });
}

void CoturnSupervisor::log_lines(std::size_t bytes) {
  for (const char c : std::string_view(buffer_).substr(0, bytes)) {
    if (c != '\n') {
      if (line_.size() < kLongestLine) line_.push_back(c);
      continue;
    }
    const std::string_view text = without_prefix(line_);
    // It tells how it reached the KeyDesk, password and all.
    const bool is_secret = text.find("password=") != std::string_view::npos;
    if (!text.empty() && !is_secret) log_.write(level_of(text), "coturn", {{"text", text}});
    line_.clear();
  }
}

void CoturnSupervisor::wait_for_end() {
  end_.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (!error) on_end();
  });
}

void CoturnSupervisor::on_end() {
  const std::string how = child_->reap();
  child_.reset();
  is_up_ = false;
  boost::system::error_code ignored;
  output_.close(ignored);
  end_.close(ignored);
  line_.clear();
  if (stopping_) return;
  log_.write(LogLevel::kError, "relay ended", {{"how", how}});
  schedule_restart();
}

void CoturnSupervisor::schedule_restart() {
  const auto wait = backoff_.on_ended(clock_.steady_now());
  log_.write(LogLevel::kInfo, "relay will be started again", {{"in_ms", std::to_string(wait.count())}});
  restart_.expires_after(wait);
  restart_.async_wait([this](boost::system::error_code error) {
    if (error || stopping_) return;
    if (auto started = launch(); !started) {
      log_.write(LogLevel::kError, "relay cannot be started", {{"why", started.error().detail}});
      schedule_restart();
    }
  });
}

void CoturnSupervisor::stop() {
  stopping_ = true;
  restart_.cancel();
  if (!child_) return;
  child_->signal(SIGTERM);
  pollfd ended{end_.native_handle(), POLLIN, 0};
  if (::poll(&ended, 1, 2000) == 0) child_->signal(SIGKILL);
  child_->reap();
  child_.reset();
  is_up_ = false;
  boost::system::error_code ignored;
  output_.close(ignored);
  end_.close(ignored);
}

void CoturnSupervisor::reload_certificate() const {
  // A child that is still starting has no handler for the signal, and would be ended by it.
  if (child_ && clock_.steady_now() - started_ > kSettling) child_->signal(SIGUSR2);
}

std::uint16_t pick_port(const std::string& address, std::uint16_t wanted) {
  asio::io_context context;
  const auto ip = asio::ip::make_address(address);
  for (int attempt = 0; attempt < 50; ++attempt) {
    boost::system::error_code error;
    asio::ip::tcp::acceptor tcp(context);
    asio::ip::udp::socket udp(context);
    tcp.open(ip.is_v6() ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), error);
    if (!error) tcp.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) tcp.bind({ip, attempt == 0 ? wanted : std::uint16_t{0}}, error);
    const std::uint16_t port = error ? std::uint16_t{0} : tcp.local_endpoint(error).port();
    if (!error) tcp.listen(1, error);
    if (!error) udp.open(ip.is_v6() ? asio::ip::udp::v6() : asio::ip::udp::v4(), error);
    if (!error) udp.bind({ip, port}, error);
    if (!error) return port;
  }
  return wanted;
}

}  // namespace heliograph::server::relay
