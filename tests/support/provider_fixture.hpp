// ProviderFixture: credential providers on a real event loop, asked from the test's thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "heliograph/credential_sources.hpp"
#include "support/blocking_client.hpp"
#include "wire/date.hpp"

namespace heliograph::test {

/// An environment variable for as long as this lives; empty: not set.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value.empty() ? std::nullopt : std::optional(value));
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() { set(old_); }

 private:
  void set(const std::optional<std::string>& value) {
    if (value)
      ::setenv(name_, value->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  const char* name_;
  std::optional<std::string> old_;
};

inline std::future<Result<Credentials>> begin(CredentialProvider& provider) {
  const auto promise = std::make_shared<std::promise<Result<Credentials>>>();
  provider.get([promise](Result<Credentials> result) { promise->set_value(std::move(result)); });
  return promise->get_future();
}

inline Result<Credentials> end(std::future<Result<Credentials>> answer) {
  if (answer.wait_for(std::chrono::milliseconds(kPatienceMs)) != std::future_status::ready)
    return Error{Errc::kTimeout, "the test waited in vain"};
  return answer.get();
}

inline Result<Credentials> ask(CredentialProvider& provider) { return end(begin(provider)); }

/// The access key id, or the error.
inline std::string ask_text(CredentialProvider& provider) {
  const auto result = ask(provider);
  return result ? result->access_key_id : "error: " + result.error().detail;
}

inline std::string iso_in(std::chrono::seconds time) {
  return wire::to_iso_date(SystemClock().wall_now() + time, false);
}

class ProviderFixture : public ::testing::Test {
 protected:
  ProviderFixture() {
    EventLoop::Options options;
    options.log = [this](LogLevel, std::string_view line) {
      const std::lock_guard lock(mutex_);
      log_.append(line).append("\n");
    };
    auto made = EventLoop::create(options);
    EXPECT_TRUE(made);
    loop = *made;
  }
  [[nodiscard]] std::string log_text() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  mutable std::mutex mutex_;  // Before the loop: its thread logs.
  std::string log_;

 protected:
  std::shared_ptr<EventLoop> loop;
};

}  // namespace heliograph::test
