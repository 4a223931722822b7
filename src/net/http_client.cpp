// A thread around an HttpCaller.
#include "net/http_client.hpp"

#include <signal.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>
#include <utility>

#include "net/http_caller.hpp"

namespace heliograph::net {

namespace asio = boost::asio;

struct HttpClient::Impl {
  Impl(const std::string& ca_file, ResolveHost resolve)
      : trust(ca_file),
        lookup([this](std::function<void()> task) { asio::post(context, std::move(task)); }, std::move(resolve)),
        caller({context, trust, lookup}) {}

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep{context.get_executor()};
  ClientTrust trust;
  HostLookup lookup;
  HttpCaller caller;
  std::thread thread;
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([this]() {
    // Signals are for the threads that expect them.
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    impl_->context.run();
  });
}

Result<std::unique_ptr<HttpClient>> HttpClient::make(const std::string& ca_file, ResolveHost resolve) {
  auto impl = std::make_unique<Impl>(ca_file, std::move(resolve));
  if (const auto readable = impl->trust.context({}); !readable) return readable.error();
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(impl)));
}

HttpClient::~HttpClient() {
  asio::post(impl_->context, [this]() {
    impl_->caller.close();
    impl_->keep.reset();
  });
  impl_->thread.join();
}

void HttpClient::start(HttpCall call, std::function<void(Result<HttpReply>)> done) {
  asio::post(impl_->context, [this, call = std::move(call), done = std::move(done)]() mutable {
    impl_->caller.start(std::move(call), std::move(done));
  });
}

Result<HttpReply> HttpClient::run(HttpCall call) {
  std::promise<Result<HttpReply>> promise;
  start(std::move(call), [&promise](Result<HttpReply> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

}  // namespace heliograph::net
