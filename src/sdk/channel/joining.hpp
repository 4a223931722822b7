// Joining: the calls of one ChannelClient::join().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdk/channel/channel_api.hpp"

namespace heliograph::sdk {

/// Describe (for a name that is not remembered), endpoints, relays. Relays are asked for together with the endpoints
/// when it is known where; else after them. Kept by what it waits for.
class Joining : public std::enable_shared_from_this<Joining> {
 public:
  Joining(std::shared_ptr<ChannelApi> api, JoinQuery query, ChannelApi::Handler<JoinInfo> done, int attempts)
      : api_(std::move(api)),
        query_(std::move(query)),
        done_(std::move(done)),
        attempts_(attempts),
        begun_(api_->begin()) {}

  void start();

 private:
  void on_arn(std::string arn);
  void find_endpoints();
  void on_endpoints(const Result<ChannelEndpoints>& endpoints);
  void find_ice();
  void on_ice(Result<std::vector<IceServer>> servers);
  void finish_if_complete();
  void fail(Error error);

  std::shared_ptr<ChannelApi> api_;
  JoinQuery query_;
  ChannelApi::Handler<JoinInfo> done_;
  int attempts_;  ///< Of each call that finds the channel; zero: the usual.
  ChannelApi::Begun begun_;
  JoinInfo info_;
  bool has_endpoints_ = false;
  bool has_ice_ = false;
  bool is_asking_ice_ = false;
  bool was_remembered_ = false;  ///< The ARN of the name was.
};

}  // namespace heliograph::sdk
