// Completion tokens of Asio for the calls of the SDK: callbacks, use_future, use_awaitable, deferred. Optional, header
// only, and the one public header that names Asio: Boost's, or with HELIOGRAPH_STANDALONE_ASIO defined the one without.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "heliograph/channel_client.hpp"
#include "heliograph/request_signer.hpp"
#include "heliograph/signaling_client.hpp"
#include "heliograph/signaling_events.hpp"

#if defined(HELIOGRAPH_STANDALONE_ASIO)
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/dispatch.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#else
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#endif

/// The calls of the SDK with completion tokens of Asio; see async_call().
namespace heliograph::asio {

namespace detail {

#if defined(HELIOGRAPH_STANDALONE_ASIO)
namespace lib = ::asio;
#else
namespace lib = ::boost::asio;
#endif

/// An Asio handler until it is called. Its executor is kept from running out of work. Whoever is to call it may forget
/// it instead: then it is called with kClosed.
template <class T, class Handler>
class Waiting {
 public:
  explicit Waiting(Handler handler)
      : executor_(lib::prefer(lib::get_associated_executor(handler), lib::execution::outstanding_work.tracked)),
        handler_(std::move(handler)) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (!handler_) return;
    try {
      lib::post(executor_, completion(Error{Errc::kClosed, "whoever was asked has gone"}));
    } catch (...) {  // A destructor has nobody to tell.
      static_cast<void>(0);
    }
  }

  /// @param later  not within this call, wherever it comes from.
  void complete(Result<T> result, bool later = false) {
    if (!handler_) return;
    const auto where = executor_;
    if (is_starting_ || later)
      lib::post(where, completion(std::move(result)));
    else
      lib::dispatch(where, completion(std::move(result)));
  }
  void on_started() noexcept { is_starting_ = false; }

 private:
  /// Without this object: with the last callback it would end on a thread of the SDK.
  auto completion(Result<T> result) {
    auto then = std::move(*handler_);
    handler_.reset();
    return [then = std::move(then), result = std::move(result)]() mutable { std::move(then)(std::move(result)); };
  }

  std::decay_t<decltype(lib::prefer(lib::get_associated_executor(std::declval<const Handler&>()),
                                    lib::execution::outstanding_work.tracked))>
      executor_;
  std::optional<Handler> handler_;
  std::atomic<bool> is_starting_ = true;
};

}  // namespace detail

/// Makes a call of the SDK with a completion token: `start` is called with a std::function<void(Result<T>)> and must
/// see to it that this is called once. What comes of it: with use_future a std::future<Result<T>>, with use_awaitable
/// an awaitable<Result<T>>, with a callback nothing.
///
/// The completion runs on the executor that belongs to the token (that of the coroutine, say), never within the call
/// that starts it. Without an executor it runs where the SDK calls handlers, or where Asio's system_executor posts to,
/// when the result is there at once. Errors are results, not exceptions; kClosed, when whoever was asked goes without
/// an answer. A call under way cannot be cancelled; it ends by its timeouts. (An event has none, so async_next() can.)
/// The executor's context must live until then.
template <class T, class Start, class CompletionToken>
auto async_call(Start start, CompletionToken&& token) {
  return detail::lib::async_initiate<CompletionToken, void(Result<T>)>(
      [](auto handler, Start begin) {
        // Shared, since a callback of the SDK must be copyable.
        const auto waiting = std::make_shared<detail::Waiting<T, decltype(handler)>>(std::move(handler));
        std::move(begin)([waiting](Result<T> result) { waiting->complete(std::move(result)); });
        waiting->on_started();
      },
      token, std::move(start));
}

/// The calls keep their client until they are over.
using ChannelClientPtr = std::shared_ptr<ChannelClient>;

namespace detail {

/// A call of a ChannelClient, which is kept until the call is over.
template <class T, class Begin, class CompletionToken>
auto client_call(ChannelClientPtr client, CompletionToken&& token, Begin begin) {
  return async_call<T>(
      [client = std::move(client), begin = std::move(begin)](std::function<void(Result<T>)> done) mutable {
        ChannelClient& on = *client;
        begin(on, [client = std::move(client), done = std::move(done)](Result<T> result) { done(std::move(result)); });
      },
      std::forward<CompletionToken>(token));
}

}  // namespace detail

/// The call of ChannelClient that has this name, with its arguments and results. g++ 12: name an argument with braces
/// before a co_await.
/// @{
template <class CompletionToken>
auto async_create_channel(ChannelClientPtr client, NewChannel channel, CompletionToken&& token) {
  return detail::client_call<std::string>(std::move(client), std::forward<CompletionToken>(token),
                                          [channel = std::move(channel)](ChannelClient& on, auto done) mutable {
                                            on.create_channel(std::move(channel), std::move(done));
                                          });
}
template <class CompletionToken>
auto async_describe_channel(ChannelClientPtr client, std::string channel, CompletionToken&& token) {
  return detail::client_call<ChannelInfo>(std::move(client), std::forward<CompletionToken>(token),
                                          [channel = std::move(channel)](ChannelClient& on, auto done) mutable {
                                            on.describe_channel(std::move(channel), std::move(done));
                                          });
}
template <class CompletionToken>
auto async_list_channels_page(ChannelClientPtr client, ChannelQuery query, CompletionToken&& token) {
  return detail::client_call<ChannelPage>(std::move(client), std::forward<CompletionToken>(token),
                                          [query = std::move(query)](ChannelClient& on, auto done) mutable {
                                            on.list_channels_page(std::move(query), std::move(done));
                                          });
}
template <class CompletionToken>
auto async_list_channels(ChannelClientPtr client, ChannelQuery query, CompletionToken&& token) {
  return detail::client_call<std::vector<ChannelInfo>>(
      std::move(client), std::forward<CompletionToken>(token),
      [query = std::move(query)](ChannelClient& on, auto done) mutable {
        on.list_channels(std::move(query), std::move(done));
      });
}
template <class CompletionToken>
auto async_update_channel(ChannelClientPtr client, std::string channel, ChannelUpdate update, CompletionToken&& token) {
  return detail::client_call<void>(
      std::move(client), std::forward<CompletionToken>(token),
      [channel = std::move(channel), update = std::move(update)](ChannelClient& on, auto done) mutable {
        on.update_channel(std::move(channel), std::move(update), std::move(done));
      });
}
template <class CompletionToken>
auto async_delete_channel(ChannelClientPtr client, std::string channel, std::string version, CompletionToken&& token) {
  return detail::client_call<void>(
      std::move(client), std::forward<CompletionToken>(token),
      [channel = std::move(channel), version = std::move(version)](ChannelClient& on, auto done) mutable {
        on.delete_channel(std::move(channel), std::move(version), std::move(done));
      });
}
template <class CompletionToken>
auto async_tag_channel(ChannelClientPtr client, std::string channel, Tags tags, CompletionToken&& token) {
  return detail::client_call<void>(
      std::move(client), std::forward<CompletionToken>(token),
      [channel = std::move(channel), tags = std::move(tags)](ChannelClient& on, auto done) mutable {
        on.tag_channel(std::move(channel), std::move(tags), std::move(done));
      });
}
template <class CompletionToken>
auto async_untag_channel(ChannelClientPtr client, std::string channel, std::vector<std::string> keys,
                         CompletionToken&& token) {
  return detail::client_call<void>(
      std::move(client), std::forward<CompletionToken>(token),
      [channel = std::move(channel), keys = std::move(keys)](ChannelClient& on, auto done) mutable {
        on.untag_channel(std::move(channel), std::move(keys), std::move(done));
      });
}
template <class CompletionToken>
auto async_list_tags(ChannelClientPtr client, std::string channel, CompletionToken&& token) {
  return detail::client_call<Tags>(std::move(client), std::forward<CompletionToken>(token),
                                   [channel = std::move(channel)](ChannelClient& on, auto done) mutable {
                                     on.list_tags(std::move(channel), std::move(done));
                                   });
}
template <class CompletionToken>
auto async_get_endpoints(ChannelClientPtr client, EndpointQuery query, CompletionToken&& token) {
  return detail::client_call<ChannelEndpoints>(std::move(client), std::forward<CompletionToken>(token),
                                               [query = std::move(query)](ChannelClient& on, auto done) mutable {
                                                 on.get_endpoints(std::move(query), std::move(done));
                                               });
}
template <class CompletionToken>
auto async_get_ice_servers(ChannelClientPtr client, IceQuery query, CompletionToken&& token) {
  return detail::client_call<std::vector<IceServer>>(std::move(client), std::forward<CompletionToken>(token),
                                                     [query = std::move(query)](ChannelClient& on, auto done) mutable {
                                                       on.get_ice_servers(std::move(query), std::move(done));
                                                     });
}
template <class CompletionToken>
auto async_describe_media_storage(ChannelClientPtr client, std::string channel, CompletionToken&& token) {
  return detail::client_call<MediaStorage>(std::move(client), std::forward<CompletionToken>(token),
                                           [channel = std::move(channel)](ChannelClient& on, auto done) mutable {
                                             on.describe_media_storage(std::move(channel), std::move(done));
                                           });
}
template <class CompletionToken>
auto async_update_media_storage(ChannelClientPtr client, std::string channel, MediaStorage storage,
                                CompletionToken&& token) {
  return detail::client_call<void>(
      std::move(client), std::forward<CompletionToken>(token),
      [channel = std::move(channel), storage = std::move(storage)](ChannelClient& on, auto done) mutable {
        on.update_media_storage(std::move(channel), std::move(storage), std::move(done));
      });
}
template <class CompletionToken>
auto async_join_storage_session(ChannelClientPtr client, StorageSession session, CompletionToken&& token) {
  return detail::client_call<void>(std::move(client), std::forward<CompletionToken>(token),
                                   [session = std::move(session)](ChannelClient& on, auto done) mutable {
                                     on.join_storage_session(std::move(session), std::move(done));
                                   });
}
template <class CompletionToken>
auto async_send_alexa_offer(ChannelClientPtr client, AlexaOffer offer, CompletionToken&& token) {
  return detail::client_call<std::string>(std::move(client), std::forward<CompletionToken>(token),
                                          [offer = std::move(offer)](ChannelClient& on, auto done) mutable {
                                            on.send_alexa_offer(std::move(offer), std::move(done));
                                          });
}
template <class CompletionToken>
auto async_join(ChannelClientPtr client, JoinQuery query, CompletionToken&& token) {
  return detail::client_call<JoinInfo>(
      std::move(client), std::forward<CompletionToken>(token),
      [query = std::move(query)](ChannelClient& on, auto done) mutable { on.join(std::move(query), std::move(done)); });
}

/// @}

/// RequestSigner::get_signed_url(). The signer is kept until it is over.
template <class CompletionToken>
auto async_get_signed_url(std::shared_ptr<RequestSigner> signer, SignRequest request, CompletionToken&& token) {
  return async_call<std::string>(
      [signer = std::move(signer), request = std::move(request)](RequestSigner::Handler done) mutable {
        RequestSigner& by = *signer;
        by.get_signed_url(std::move(request), [signer = std::move(signer), done = std::move(done)](
                                                  Result<std::string> url) { done(std::move(url)); });
      },
      std::forward<CompletionToken>(token));
}

namespace detail {

/// The Asio handler of an async_next() that can be cancelled.
template <class Handler>
class NextHandler {
 public:
  /// Threads: that which cancels, and those that tell events.
  struct State {
    std::atomic<bool> has_ended = false;  ///< The wait; its completion may still be on its way.
    std::atomic<bool> is_cancelled = false;
  };

  NextHandler(Handler handler, const std::shared_ptr<SignalingEvents>& events)
      : handler_(std::move(handler)), events_(events), state_(std::make_shared<State>()) {
    auto slot = lib::get_associated_cancellation_slot(handler_);
    if (!slot.is_connected()) return;
    slot.assign([weak = events_, state = state_](auto) {
      state->is_cancelled = true;
      const auto alive = weak.lock();
      if (alive && !state->has_ended) alive->cancel_next();
    });
  }

  using executor_type = lib::associated_executor_t<Handler>;
  [[nodiscard]] executor_type get_executor() const noexcept { return lib::get_associated_executor(handler_); }
  [[nodiscard]] const std::shared_ptr<State>& state() const noexcept { return state_; }

  /// Where the completion runs, and so not while it is cancelled: an event that nobody takes any more is not lost.
  void operator()(Result<SignalingEvent> next) {
    auto slot = lib::get_associated_cancellation_slot(handler_);
    if (slot.is_connected()) slot.clear();
    if (state_->is_cancelled && next) {
      if (const auto alive = events_.lock()) alive->give_back(*std::move(next));
      next = Error{Errc::kTimeout, "the wait for the next event was cancelled"};
    }
    auto handler = std::move(handler_);
    std::move(handler)(std::move(next));
  }

 private:
  Handler handler_;
  std::weak_ptr<SignalingEvents> events_;  ///< They keep this while it waits.
  std::shared_ptr<State> state_;
};

}  // namespace detail

/// SignalingEvents::next(): the events of a SignalingClient one by one. The token's cancellation slot ends the wait
/// with kTimeout, and the event that would have come is the next one's. So `async_next(events, use_awaitable) ||
/// timer.async_wait(use_awaitable)` waits for a while. As with Asio's own calls the slot is to be used on the
/// completion's executor.
template <class CompletionToken>
auto async_next(std::shared_ptr<SignalingEvents> events, CompletionToken&& token) {
  return detail::lib::async_initiate<CompletionToken, void(Result<SignalingEvent>)>(
      [](auto handler, std::shared_ptr<SignalingEvents> from) {
        using Next = detail::NextHandler<decltype(handler)>;
        Next next(std::move(handler), from);
        const auto state = next.state();
        const auto waiting = std::make_shared<detail::Waiting<SignalingEvent, Next>>(std::move(next));
        from->next([waiting, state](Result<SignalingEvent> result) {
          state->has_ended = true;
          // Whoever cancels may be in the middle of cancelling more.
          waiting->complete(std::move(result), state->is_cancelled);
        });
        waiting->on_started();
      },
      token, std::move(events));
}

namespace detail {

/// A send whose refusal at once and whose outcome later are one and the same to who waits.
template <class Send, class CompletionToken>
auto client_send(Send send, CompletionToken&& token) {
  return async_call<void>(
      [send = std::move(send)](SignalingClient::Sent done) mutable {
        if (const Result<void> begun = send(done); !begun) done(begun);
      },
      std::forward<CompletionToken>(token));
}

}  // namespace detail

/// The send of SignalingClient that has this name, until the service has read the message. One that its client's
/// destruction ends is completed with kClosed.
/// @{
template <class CompletionToken>
auto async_send_offer(SignalingClient& client, SessionDescription offer, std::string to, CompletionToken&& token) {
  return detail::client_send([&client, offer = std::move(offer), to = std::move(to)](
                                 SignalingClient::Sent done) { return client.send_offer(offer, to, std::move(done)); },
                             std::forward<CompletionToken>(token));
}
template <class CompletionToken>
auto async_send_answer(SignalingClient& client, SessionDescription answer, std::string to, CompletionToken&& token) {
  return detail::client_send(
      [&client, answer = std::move(answer), to = std::move(to)](SignalingClient::Sent done) {
        return client.send_answer(answer, to, std::move(done));
      },
      std::forward<CompletionToken>(token));
}
template <class CompletionToken>
auto async_send_candidate(SignalingClient& client, IceCandidate candidate, std::string to, CompletionToken&& token) {
  return detail::client_send(
      [&client, candidate = std::move(candidate), to = std::move(to)](SignalingClient::Sent done) {
        return client.send_candidate(candidate, to, std::move(done));
      },
      std::forward<CompletionToken>(token));
}
/// @}

}  // namespace heliograph::asio
