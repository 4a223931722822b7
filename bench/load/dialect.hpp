// Dialect: how a signaling server is asked for a connection, and how a message for a peer is written and read. A
// connection's number says who it is: 2i is the first of pair i (a KVS master), 2i+1 the second (a viewer).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "load/options.hpp"

namespace heliograph::bench {

[[nodiscard]] constexpr std::size_t peer_of(std::size_t number) noexcept { return number ^ 1U; }

/// A message as its recipient got it. The views live as long as the text parsed and the next call.
struct Delivery {
  std::string_view payload;
  std::string_view sender;
};

/// Lifetime: outlives every connection. Threads: one.
class Dialect {
 public:
  Dialect() = default;
  Dialect(const Dialect&) = delete;
  Dialect& operator=(const Dialect&) = delete;
  virtual ~Dialect() = default;

  /// The request target of the upgrade: "/?X-Amz-…". Costly (it signs): call it before the clock runs.
  [[nodiscard]] virtual Result<std::string> target(std::size_t number) = 0;
  /// True when the server says a word of its own before a connection may be used.
  [[nodiscard]] virtual bool greets() const noexcept = 0;
  [[nodiscard]] virtual bool is_greeting(std::string_view text) const = 0;
  /// The text by which `number` sends its peer a payload of base64.
  [[nodiscard]] virtual std::string text_to_peer(std::size_t number, std::string_view payload) const = 0;
  [[nodiscard]] virtual Result<Delivery> parse(std::string_view text) = 0;
  /// What a recipient must be told about who sent it.
  [[nodiscard]] virtual std::string name_of(std::size_t number) const = 0;
};

/// Reads credentials and channels where the protocol needs them.
[[nodiscard]] Result<std::unique_ptr<Dialect>> make_dialect(const Options& options);

}  // namespace heliograph::bench
