// HttpCall and its reply: what a client asks another service, and gets.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "net/http_response_reader.hpp"
#include "net/http_url.hpp"

namespace heliograph::net {

struct HttpCall {
  HttpUrl url{};
  std::string method = "POST";
  std::vector<HttpHeader> headers{};  ///< Besides Host, Content-Length and Connection.
  std::string body{};
  std::chrono::milliseconds timeout{5000};       ///< From the call to the whole answer.
  std::chrono::milliseconds connect_timeout{0};  ///< For the connection and TLS; zero: `timeout` alone bounds them.
  std::string certificate_file{};                ///< PEM chain and key to show the server; empty: none.
  std::string key_file{};
  std::string ca_file{};                      ///< PEM authorities for this call instead of the client's.
  std::size_t max_reply_body = 256UL * 1024;  ///< Bytes; more is an error.
  /// Leaves the connection open for the next call, and takes one that was left. A call whose connection turns out to
  /// be closed before a byte of its answer came is made once more.
  bool keep_alive = false;
};

}  // namespace heliograph::net
