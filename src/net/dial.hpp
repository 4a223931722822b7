// dial: a TCP connection to whichever of a host's addresses answers first.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::net {

/// How long an address is tried alone before the next joins in. (RFC 8305, 5: 250 ms.)
inline constexpr std::chrono::milliseconds kDialStagger{250};

/// Tries the addresses in turns of both families, one more every kDialStagger or as soon as one fails, so that a
/// network that swallows one family costs a quarter of a second and not a time-out. (RFC 8305, "Happy Eyeballs",
/// without its own resolver.) `done` is called once, later; with kIo when none answers. It has no time limit: dropping
/// what is given back ends it, and `done` is not called then.
[[nodiscard]] std::shared_ptr<void> dial(boost::asio::io_context& context,
                                         const std::vector<boost::asio::ip::tcp::endpoint>& addresses,
                                         std::function<void(Result<boost::asio::ip::tcp::socket>)> done);

}  // namespace heliograph::net
