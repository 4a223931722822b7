// HttpSession: requests of one connection, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/http_parser.hpp"
#include "net/service.hpp"

namespace heliograph::net {

class Connection;

/// Reads a request, hands it to the Service, and reads on only when it was answered and most answers were taken by the
/// peer, so that pipelining is bounded by the socket's buffer. Goes with the upgrade. Threads: its worker's.
class HttpSession {
 public:
  explicit HttpSession(Connection& connection);

  void on_bytes(std::span<const char> bytes);
  void on_answer(std::uint32_t request, HttpResponse response);
  void on_decision(UpgradeDecision decision);
  void on_deadline();
  /// End as soon as the request at hand is answered.
  void go_down();
  /// The source of a body that comes bit by bit has more.
  void on_source_ready(std::uint32_t request);
  /// Something of the outbox was written.
  void on_written();
  /// While a body comes bit by bit, nothing is expected but the peer's end.
  [[nodiscard]] bool wants_bytes() const noexcept { return source_ || (!awaiting_ && !is_over_ && !is_blocked_); }
  /// A reply to an upgrade is outstanding.
  [[nodiscard]] bool is_deciding() const noexcept { return awaiting_ && is_upgrade_; }

 private:
  void parse();
  [[nodiscard]] bool may_go_on() const;
  void drop_parsed();
  void dispatch();
  void write(const HttpResponse& response, bool keep_alive);
  void begin_stream(HttpResponse response);
  /// Asks the source for more if the peer has taken everything.
  void pump();
  void end_stream();
  void refuse(int status, std::string_view text);
  void expect_request();

  Connection& connection_;
  HttpParser parser_;
  std::string input_;
  std::size_t parsed_ = 0;  ///< Bytes of input_ that were used.
  HttpRequest request_;
  std::shared_ptr<BodySource> source_;  ///< Of the answer under way.
  std::uint32_t number_ = 0;            ///< Of the request at hand; a reply to an older one is not ours.
  bool awaiting_ = false;
  bool is_upgrade_ = false;
  bool is_parsing_ = false;  ///< A reply that comes at once must not recurse.
  bool is_blocked_ = false;  ///< By answers that the peer does not read.
  bool is_last_ = false;     ///< The node stops: nothing after the request at hand.
  bool is_over_ = false;     ///< No further request is read.
};

}  // namespace heliograph::net
