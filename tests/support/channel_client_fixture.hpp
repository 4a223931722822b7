// ChannelClientFixture: a whole service in this process, and the SDK's client of it.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "heliograph/channel_client.hpp"
#include "support/app_fixture.hpp"

namespace heliograph::test {

/// What a loop says, for a test that waits for it. Threads: any.
class HeardLog {
 public:
  [[nodiscard]] LogHandler handler() {
    return [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
      news_.notify_all();
    };
  }
  /// Until a line has that text; false: not within 20 s.
  [[nodiscard]] bool wait_for(std::string_view text) {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, std::chrono::seconds(20), [&]() {
      for (const std::string& line : lines_)
        if (line.find(text) != std::string::npos) return true;
      return false;
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::string> lines_;
};

class ChannelClientFixture : public AppFixture {
 protected:
  /// Options for the service that has been started.
  ChannelClient::Options options() {
    ChannelClient::Options made;
    made.loop = loop;
    made.credentials = static_credentials({key.access_key_id, key.secret_access_key, {}, {}});
    made.region = region;
    made.endpoint = "http://" + host;
    return made;
  }
  std::shared_ptr<ChannelClient> connect(ChannelClient::Options wanted) {
    auto made = ChannelClient::create(std::move(wanted));
    EXPECT_TRUE(made) << made.error().detail;
    return made ? *made : nullptr;
  }
  std::shared_ptr<ChannelClient> connect() { return connect(options()); }

  HeardLog heard;
  std::shared_ptr<EventLoop> loop = EventLoop::create({.log = heard.handler()}).value();
};

}  // namespace heliograph::test
