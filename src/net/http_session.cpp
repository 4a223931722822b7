// The request loop of a connection.
#include "net/http_session.hpp"

#include <utility>

#include "net/connection.hpp"
#include "net/http_writer.hpp"
#include "net/upgrade.hpp"
#include "net/worker.hpp"

namespace heliograph::net {
namespace {

// Answers that the peer has not read stop further requests from being read, so that a pipeline costs no more memory.
constexpr std::size_t kMaxUnsent = 64 * 1024;
// An idle connection keeps no more than this of its input buffer.
constexpr std::size_t kKeep = 1024;
// Whoever listens to a stream and takes nothing of it for so long is not there any more.
constexpr std::chrono::seconds kStallTime{30};

}  // namespace

HttpSession::HttpSession(Connection& connection)
    : connection_(connection),
      parser_({connection.worker().config().max_request_header, connection.worker().config().max_request_body}) {
  connection_.arm(connection_.worker().now() + connection_.worker().config().request_timeout);
}

void HttpSession::on_bytes(std::span<const char> bytes) {
  if (source_) return;
  input_.append(bytes.data(), bytes.size());
  if (!is_parsing_ && !awaiting_) parse();
}

bool HttpSession::may_go_on() const { return !awaiting_ && !is_over_ && connection_.outbox().size() <= kMaxUnsent; }

void HttpSession::parse() {
  is_parsing_ = true;
  while (may_go_on() && parsed_ < input_.size()) {
    if (parser_.is_idle()) expect_request();
    const auto fed = parser_.feed(std::string_view(input_).substr(parsed_));
    if (const auto* refusal = std::get_if<HttpParser::Refusal>(&fed)) {
      refuse(refusal->status, refusal->text);
      break;
    }
    const auto& progress = std::get<HttpParser::Progress>(fed);
    parsed_ += progress.consumed;
    if (progress.step == HttpParser::Step::kNeedMore) break;
    if (progress.step == HttpParser::Step::kContinue) {
      connection_.outbox().tail().append("HTTP/1.1 100 Continue\r\n\r\n");
      connection_.mark_dirty();
    } else {
      dispatch();
    }
  }
  is_parsing_ = false;
  is_blocked_ = !awaiting_ && !is_over_ && !may_go_on();
  drop_parsed();
}

void HttpSession::drop_parsed() {
  input_.erase(0, std::exchange(parsed_, 0));
  if (input_.empty() && input_.capacity() > kKeep) std::string().swap(input_);
  if (!awaiting_) request_ = {};
}

void HttpSession::on_written() {
  if (source_) {
    if (!connection_.outbox().empty()) return connection_.arm(connection_.worker().now() + kStallTime);
    connection_.disarm();
    return pump();
  }
  if (!is_blocked_ || is_parsing_ || !may_go_on()) return;
  is_blocked_ = false;
  parse();
  connection_.resume_reading();
}

void HttpSession::expect_request() {
  connection_.arm(connection_.worker().now() + connection_.worker().config().request_timeout);
}

void HttpSession::dispatch() {
  request_ = parser_.take();
  request_.peer = connection_.peer();
  awaiting_ = true;
  is_upgrade_ = asks_for_websocket(request_);
  const std::uint32_t number = ++number_;
  connection_.disarm();
  Worker& worker = connection_.worker();
  if (!is_upgrade_) return worker.service().on_request(request_, worker.make_reply(connection_.id(), number));
  if (auto fault = find_upgrade_fault(request_)) {
    is_upgrade_ = false;
    worker.service().on_refusal(*fault);
    return on_answer(number, std::move(*fault));
  }
  worker.service().on_upgrade(connection_.id(), request_, worker.make_upgrade_reply(connection_.id()));
}

void HttpSession::write(const HttpResponse& response, bool keep_alive) {
  append_response(connection_.outbox().tail(), response, connection_.worker().wall_now(), request_.method == "HEAD",
                  keep_alive);
  connection_.mark_dirty();
  if (keep_alive) return;
  is_over_ = true;  // RFC 7230, 6.6: what was pipelined behind the last request is not processed.
  connection_.end_after_flush(true);
}

void HttpSession::on_answer(std::uint32_t request, HttpResponse response) {
  if (!awaiting_ || request != number_ || source_) return;
  if (response.source && request_.method != "HEAD" && !is_last_) return begin_stream(std::move(response));
  awaiting_ = false;
  const bool keep_alive = parser_.keep_alive() && !is_last_;
  write(response, keep_alive);
  if (!keep_alive) return;
  connection_.arm(connection_.worker().now() + connection_.worker().config().keep_alive_timeout);
  if (is_parsing_) return;  // The loop above us goes on, and the Service may still read its request.
  parse();
  connection_.resume_reading();
}

void HttpSession::begin_stream(HttpResponse response) {
  source_ = std::move(response.source);
  append_stream_head(connection_.outbox().tail(), response, connection_.worker().wall_now());
  connection_.mark_dirty();
  connection_.arm(connection_.worker().now() + kStallTime);
  source_->start(connection_.worker().make_wake(connection_.id(), number_));
  if (!is_parsing_) connection_.resume_reading();
}

void HttpSession::on_source_ready(std::uint32_t request) {
  if (source_ && request == number_) pump();
}

void HttpSession::pump() {
  if (!connection_.outbox().empty()) return;  // on_written() comes back to it.
  const bool goes_on = source_->read(connection_.outbox().tail());
  if (!connection_.outbox().empty()) {
    connection_.mark_dirty();
    connection_.arm(connection_.worker().now() + kStallTime);
  }
  if (!goes_on) end_stream();
}

void HttpSession::end_stream() {
  source_.reset();
  is_over_ = true;
  connection_.end_after_flush(true);
}

void HttpSession::on_decision(UpgradeDecision decision) {
  const auto* accepted = std::get_if<AcceptUpgrade>(&decision);
  if (accepted != nullptr && is_last_) {
    connection_.worker().report_stillborn(connection_.id(), accepted->tag);
    HttpResponse refusal = plain_refusal(503, "the service is going away");
    connection_.worker().service().on_refusal(refusal);
    decision = std::move(refusal);
  }
  if (auto* refusal = std::get_if<HttpResponse>(&decision)) {
    is_upgrade_ = false;
    return on_answer(number_, std::move(*refusal));
  }
  append_switching_protocols(connection_.outbox().tail(), request_);
  connection_.mark_dirty();
  // Ends this object.
  connection_.become_websocket(std::get<AcceptUpgrade>(decision).tag, input_.substr(parsed_));
}

void HttpSession::refuse(int status, std::string_view text) {
  request_ = {};
  HttpResponse response = plain_refusal(status, text);
  connection_.worker().service().on_refusal(response);
  write(response, false);
}

void HttpSession::on_deadline() {
  if (source_) {
    connection_.worker().stats().slow_peers_closed.add(1);
    source_->on_stall();
    source_.reset();
    return connection_.end_after_flush(false);
  }
  if (parser_.is_idle() && number_ > 0) return connection_.end_after_flush(false);  // Kept alive long enough.
  refuse(408, "the request did not arrive in time");
}

void HttpSession::go_down() {
  is_last_ = true;
  if (source_) {
    source_->go_down();
    static_cast<void>(source_->read(connection_.outbox().tail()));
    return end_stream();
  }
  if (awaiting_) return;
  is_over_ = true;
  connection_.end_after_flush(true);
}

}  // namespace heliograph::net
