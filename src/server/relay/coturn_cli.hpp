// CoturnCli: a running coturn's own command line on loopback, through which its sessions can be ended.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::server::relay {

/// Where it is.
struct CoturnCli {
  std::uint16_t port = 0;  ///< 0: there is none.
  Secret password;
};

/// A session as coturn lists it: `1) id=000000000000000004, user <1700000300:djE6…>:`.
struct CoturnSession {
  std::string id;
  std::string opaque;  ///< Of its user name: behind the colon.
};
[[nodiscard]] std::vector<CoturnSession> parse_sessions(std::string_view listing);

/// Session ids by the opaque part of their users; kIo or kTimeout when coturn cannot be asked.
using SessionsEnded = Result<std::map<std::string, std::set<std::string>>>;

/// Ends every session of these users: lists ("psp"), cancels ("cs"), and lists again until there are none, because one
/// may just be beginning. Tells `done` once, on the context's thread.
void end_sessions(boost::asio::io_context& context, const CoturnCli& cli, std::set<std::string> opaques,
                  std::function<void(const SessionsEnded&)> done);

/// How many allocations were ended, or why that is not known.
using OnEnded = std::function<void(const Result<std::size_t>&)>;

/// Ends sessions in batches: what is asked for while coturn is being asked waits and goes together, so that deleting
/// thousands of channels is a handful of listings. Threads: all calls, and `context`, on one.
class SessionEnder {
 public:
  SessionEnder(boost::asio::io_context& context, CoturnCli cli) : context_(context), cli_(std::move(cli)) {}

  void end(const std::string& opaque, OnEnded done);

 private:
  void begin();

  boost::asio::io_context& context_;
  CoturnCli cli_;
  std::multimap<std::string, OnEnded> waiting_;
  bool is_asking_ = false;
};

}  // namespace heliograph::server::relay
