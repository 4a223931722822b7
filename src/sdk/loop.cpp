// The thread, and the world as it is.
#include "sdk/loop.hpp"

#include <openssl/rand.h>
#include <signal.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "sdk/guarded.hpp"

namespace heliograph::sdk {
namespace {

namespace asio = boost::asio;

/// Fit for masks, keys and jitter.
class OpenSslRng final : public Rng {
 public:
  void fill(std::span<std::byte> bytes) override {
    // It fails only where the system has no randomness at all.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) std::abort();
  }
};

/// The threads of all loops. At the end of the process it stops those that still run, since what they work with
/// (OpenSSL above all) is taken down next. Threads: any.
class LoopThreads {
 public:
  LoopThreads() = default;
  LoopThreads(const LoopThreads&) = delete;
  LoopThreads& operator=(const LoopThreads&) = delete;
  void end_all() {
    std::map<std::shared_ptr<LoopCore>, std::thread> left;
    {
      const std::lock_guard lock(mutex_);
      left.swap(threads_);
    }
    for (auto& [core, thread] : left) core->context().stop();
    for (auto& [core, thread] : left) {
      // In a handler that does not return, or in one that ends the process itself.
      if (core->wait_for_end(kPatience))
        thread.join();
      else
        thread.detach();
    }
  }

  void start(const std::shared_ptr<LoopCore>& core) {
    const std::lock_guard lock(mutex_);
    // Loops whose last owner was one of their own handlers left theirs here.
    for (auto it = threads_.begin(); it != threads_.end();) {
      if (it->second.get_id() == std::this_thread::get_id() || !it->first->wait_for_end(std::chrono::seconds(0))) {
        ++it;
        continue;
      }
      it->second.join();
      it = threads_.erase(it);
    }
    threads_.emplace(core, std::thread([core]() { core->run(); }));
  }
  void join(const std::shared_ptr<LoopCore>& core) {
    std::thread thread;
    {
      const std::lock_guard lock(mutex_);
      const auto found = threads_.find(core);
      if (found == threads_.end()) return;  // The process is ending.
      thread = std::move(found->second);
      threads_.erase(found);
    }
    thread.join();
  }

 private:
  static constexpr std::chrono::seconds kPatience{1};
  std::mutex mutex_;
  std::map<std::shared_ptr<LoopCore>, std::thread> threads_;
};

/// Never destroyed: other threads may let go of a loop at the very end.
LoopThreads& loop_threads() {
  static auto* const threads = new LoopThreads;
  // Made with the first loop, when OpenSSL has been set up: so it goes before OpenSSL does.
  static const struct End {
    ~End() { threads->end_all(); }
  } end;
  return *threads;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace

LoopCore::LoopCore(EventLoop::Options options)
    : options_(std::move(options)),
      trust_(options_.ca_file),
      lookup_([this](std::function<void()> task) { asio::post(context_, std::move(task)); }),
      caller_({context_, trust_, lookup_}) {}

std::shared_ptr<LoopCore> LoopCore::make(EventLoop::Options options) {
  if (options.ca_file.empty()) options.ca_file = variable("AWS_CA_BUNDLE");
  // Nobody is left to tell that the log threw.
  options.log = [log = std::move(options.log)](LogLevel level, std::string_view line) {
    if (log) static_cast<void>(thrown_by([&]() { log(level, line); }));
  };
  const std::shared_ptr<LoopCore> core(new LoopCore(std::move(options)));
  core->make_world();
  return core;
}

void LoopCore::make_world() {
  world_.clock = std::make_shared<SystemClock>();
  world_.rng = std::make_shared<OpenSslRng>();
  world_.variable = variable;
  world_.log = options_.log;
  // Signers and providers of the application's may answer when all this has gone.
  world_.post = [weak = weak_from_this()](std::function<void()> task) {
    if (const auto core = weak.lock()) core->post(std::move(task));
  };
  world_.after = [this](SteadyTime::duration wait, std::function<void()> task) {
    const auto timer = std::make_shared<asio::steady_timer>(context_, wait);
    timer->async_wait([weak = std::weak_ptr(timer), task = std::move(task)](boost::system::error_code cancelled) {
      // Gone, or gone while its turn had already come.
      if (!cancelled && weak.lock()) task();
    });
    return std::static_pointer_cast<void>(timer);
  };
  world_.http = [this](net::HttpCall call, std::function<void(Result<net::HttpReply>)> done) {
    caller_.start(std::move(call), std::move(done));
  };
}

void LoopCore::post(std::function<void()> task) { asio::post(context_, std::move(task)); }

void LoopCore::call(std::function<void()> handler) {
  auto guarded = [log = options_.log, handler = std::move(handler)]() { tell_guarded(log, "a handler", handler); };
  if (options_.executor) return options_.executor(std::move(guarded));
  guarded();
}

void LoopCore::run() {
  sigset_t all;  // Signals are for the threads that expect them.
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  {
    const std::lock_guard lock(mutex_);
    thread_ = std::this_thread::get_id();
  }
  // Where something of the application's is called, what it throws is dealt with. This is for what was overlooked, and
  // for an executor that throws.
  while (const auto thrown = thrown_by([this]() { context_.run(); }))
    options_.log(LogLevel::kError, "a task of the event loop threw: " + *thrown);
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  ended_.notify_all();
}

void LoopCore::shut() {
  caller_.close();
  keep_.reset();
}

bool LoopCore::wait_for_end(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (thread_ == std::this_thread::get_id()) return false;
  return ended_.wait_for(lock, patience, [this]() { return has_ended_; });
}

bool LoopCore::is_current_thread() const {
  const std::lock_guard lock(mutex_);
  return thread_ == std::this_thread::get_id();
}

Result<std::shared_ptr<Loop>> Loop::start(EventLoop::Options options) {
  auto core = LoopCore::make(std::move(options));
  if (const auto readable = core->trust().context({}); !readable) return readable.error();
  loop_threads().start(core);
  return std::shared_ptr<Loop>(new Loop(std::move(core)));
}

Loop::~Loop() {
  // By address: what waits in its own queue must not keep it.
  core_->post([core = core_.get()]() { core->shut(); });
  // The last one to hold it may be a handler on its own thread, which cannot wait for itself.
  if (!is_current_thread()) loop_threads().join(core_);
}

void Loop::post_handler(std::function<void()> handler) {
  core_->post([core = core_.get(), handler = std::move(handler)]() mutable { core->call(std::move(handler)); });
}

bool Loop::is_current_thread() const noexcept { return core_->is_current_thread(); }

}  // namespace heliograph::sdk

namespace heliograph {

EventLoop::EventLoop(std::shared_ptr<sdk::Loop> loop) : loop_(std::move(loop)) {}
EventLoop::~EventLoop() = default;

Result<std::shared_ptr<EventLoop>> EventLoop::create(Options options) {
  auto loop = sdk::Loop::start(std::move(options));
  if (!loop) return loop.error();
  return std::shared_ptr<EventLoop>(new EventLoop(*std::move(loop)));
}

void EventLoop::post(std::function<void()> task) { loop_->post_handler(std::move(task)); }

bool EventLoop::is_current_thread() const noexcept { return loop_->is_current_thread(); }

}  // namespace heliograph
