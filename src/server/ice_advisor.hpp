// IceAdvisor: who else has a say in what GetIceServerConfig answers.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "heliograph/result.hpp"
#include "server/principal.hpp"
#include "server/request_context.hpp"

namespace heliograph::server {

/// An entry of IceServerList.
struct IceServer {
  std::vector<std::string> uris;
  std::string username;
  std::string password;
  std::chrono::seconds ttl{300};
};

/// Who asks for ICE servers, and for what.
struct IceQuestion {
  ChannelArn channel;
  ClientId client;  ///< Empty: the master.
  PrincipalPtr caller;
  RequestContext context;
};

/// Threads: any.
class IceAdvisor {
 public:
  IceAdvisor() = default;
  IceAdvisor(const IceAdvisor&) = delete;
  IceAdvisor& operator=(const IceAdvisor&) = delete;
  virtual ~IceAdvisor() = default;
  /// `done` is called once, on any thread, at once or later: with what is to be added, or with why nothing is given.
  virtual void advise(const IceQuestion& question, std::function<void(Result<std::vector<IceServer>>)> done) = 0;
};

}  // namespace heliograph::server
