// HttpSession: requests of one connection, one after the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "net/http_parser.hpp"
#include "net/service.hpp"

namespace heliograph::net {

class Connection;

/// Reads a request, hands it to the Service, and reads on only when it was answered, so that pipelining is bounded by
/// the socket's buffer. Goes with the upgrade. Threads: its worker's.
class HttpSession {
 public:
  explicit HttpSession(Connection& connection);

  void on_bytes(std::span<const char> bytes);
  void on_answer(std::uint32_t request, HttpResponse response);
  void on_decision(UpgradeDecision decision);
  void on_deadline();
  /// End as soon as the request at hand is answered.
  void go_down();
  [[nodiscard]] bool wants_bytes() const noexcept { return !awaiting_; }
  /// A reply to an upgrade is outstanding.
  [[nodiscard]] bool is_deciding() const noexcept { return awaiting_ && is_upgrade_; }

 private:
  void parse();
  void dispatch();
  void write(const HttpResponse& response, bool keep_alive);
  void refuse(int status, std::string_view text);
  void expect_request();

  Connection& connection_;
  HttpParser parser_;
  std::string input_;
  HttpRequest request_;
  std::uint32_t number_ = 0;  ///< Of the request at hand; a reply to an older one is not ours.
  bool awaiting_ = false;
  bool is_upgrade_ = false;
  bool is_parsing_ = false;  ///< A reply that comes at once must not recurse.
  bool is_last_ = false;
};

}  // namespace heliograph::net
