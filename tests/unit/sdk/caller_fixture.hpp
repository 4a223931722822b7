// CallerFixture: a Caller against a script.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sdk/channel/caller.hpp"
#include "support/sdk_script.hpp"

namespace heliograph::test {

class CallerFixture : public ::testing::Test {
 protected:
  CallerFixture()
      : caller(std::make_shared<sdk::Caller>(
            script.world(),
            sdk::CallerOptions{credentials, "us-west-2", std::chrono::seconds(5), std::chrono::seconds(10), 4,
                               std::chrono::milliseconds(100), std::chrono::milliseconds(300)})) {}
  ~CallerFixture() override { EXPECT_TRUE(script.is_quiet()) << "something is left behind"; }

  Got<boost::json::object> call(sdk::ServiceCall what = {}) {
    what.name = "ListSignalingChannels";
    what.url = *net::parse_http_url("https://kv.example.org:8443/listSignalingChannels");
    if (what.deadline == SteadyTime{}) what.deadline = script.clock->steady_now() + std::chrono::seconds(30);
    Got<boost::json::object> got;
    caller->call(std::move(what), got.handler());
    return got;
  }
  /// Lets a retry's pause pass.
  void pause() { script.advance(std::chrono::milliseconds(300)); }

  SdkScript script;
  std::shared_ptr<ScriptedCredentials> credentials = std::make_shared<ScriptedCredentials>();
  std::shared_ptr<sdk::Caller> caller;
};

}  // namespace heliograph::test
