// SdkScript: a FakeWorld whose HTTP answers are a test's, and what keeps results.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "heliograph/credentials.hpp"
#include "support/fake_world.hpp"
#include "wire/date.hpp"

namespace heliograph::test {

/// A service, said line by line. Threads: one.
class SdkScript : public FakeWorld {
 public:
  struct Request : Call {
    [[nodiscard]] std::string url() const { return call.url.text(); }
    [[nodiscard]] boost::json::value json() const { return boost::json::parse(call.body); }
    [[nodiscard]] std::string header(std::string_view name) const {
      for (const net::HttpHeader& header : call.headers)
        if (header.name == name) return header.value;
      return {};
    }
  };

  /// The oldest request that waits for its answer.
  [[nodiscard]] Request request() {
    run();
    if (!calls.empty()) return {calls.front()};
    ADD_FAILURE() << "nothing was asked for";
    return {{{}, [](const Result<net::HttpReply>&) {}}};
  }
  void reply(Result<net::HttpReply> reply) {
    const Request asked = request();
    if (!calls.empty()) calls.erase(calls.begin());
    asked.done(std::move(reply));
    run();
  }
  /// Dated by the service's clock.
  void answer(int status, std::string body, std::vector<net::HttpHeader> headers = {}) {
    headers.push_back({"date", wire::to_http_date(clock->wall_now() + service_is_ahead)});
    reply(net::HttpReply{status, std::move(headers), std::move(body)});
  }
  void refuse(int status, const std::string& type, const std::string& text = "text") {
    answer(status, R"({"message":")" + text + "\"}", {{"x-amzn-ErrorType", type}, {"x-amzn-RequestId", "id-1"}});
  }
  void lose(Errc why = Errc::kIo) { reply(Error{why, "cannot connect"}); }
  /// Whether nobody waits for anything.
  [[nodiscard]] bool is_quiet() {
    run();
    return calls.empty() && waiting() == 0;
  }

  std::chrono::milliseconds service_is_ahead{0};
};

/// Keeps a call's result.
template <class T>
class Got {
 public:
  [[nodiscard]] std::function<void(Result<T>)> handler() {
    return [results = results_](Result<T> result) { results->push_back(std::move(result)); };
  }
  [[nodiscard]] bool is_there() const { return !results_->empty(); }
  /// The one result; a failed test if it has not come, or came twice.
  [[nodiscard]] const Result<T>& result() const {
    EXPECT_EQ(results_->size(), 1U) << "results";
    if (results_->empty()) results_->push_back(Error{Errc::kTimeout, "no result has come"});
    return results_->front();
  }
  [[nodiscard]] Errc code() const {
    EXPECT_FALSE(result());
    return result() ? Errc::kCorrupt : result().error().code;
  }
  [[nodiscard]] std::string detail() const { return result() ? "a value" : result().error().detail; }

 private:
  std::shared_ptr<std::vector<Result<T>>> results_ = std::make_shared<std::vector<Result<T>>>();
};

/// Gives what a test puts in, and counts.
class ScriptedCredentials final : public CredentialProvider {
 public:
  explicit ScriptedCredentials(std::string id = "AKIDEXAMPLE") { set(std::move(id)); }
  void set(std::string id) { next = Credentials{std::move(id), Secret("secret"), {}, {}}; }
  void get(Handler done) override {
    ++asked;
    if (is_silent) return;
    done(next);
  }
  void forget() override {
    ++forgotten;
    if (on_forget) on_forget();
  }

  Result<Credentials> next = Errc::kMissingAuthenticationToken;
  std::function<void()> on_forget;
  int asked = 0;
  int forgotten = 0;
  bool is_silent = false;
};

}  // namespace heliograph::test
