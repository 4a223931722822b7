// A list of channels.
#include "cli/call/talk.hpp"

#include <algorithm>

#include "cli/call/chat_input.hpp"

namespace heliograph::cli {

DataChannel::Handlers Talk::Core::handlers(const std::shared_ptr<Core>& core) {
  // Weak, or channels and handlers would keep each other.
  const std::weak_ptr<Core> weak = core;
  DataChannel::Handlers handlers;
  handlers.on_open = [weak]() {
    if (const auto self = weak.lock()) self->opened();
  };
  handlers.on_text = [weak](std::string_view text) {
    const auto self = weak.lock();
    if (self && self->events.on_text) self->events.on_text(well_formed(text));
  };
  handlers.on_binary = [weak](std::span<const std::byte> data) {
    const auto self = weak.lock();
    if (self && self->events.on_text) self->events.on_text("(" + std::to_string(data.size()) + " bytes)");
  };
  handlers.on_close = [weak]() {
    if (const auto self = weak.lock()) self->closed();
  };
  return handlers;
}

void Talk::Core::opened() {
  if (std::exchange(was_open, true)) return;
  if (events.on_open) events.on_open();
}

void Talk::Core::closed() {
  const bool is_any = std::any_of(channels.begin(), channels.end(), [](const auto& channel) {
    return channel->state() == DataChannel::State::kOpen || channel->state() == DataChannel::State::kConnecting;
  });
  if (is_any || std::exchange(was_closed, true)) return;
  if (events.on_close) events.on_close();
}

std::shared_ptr<DataChannel> Talk::Core::open() const {
  const auto found = std::find_if(channels.rbegin(), channels.rend(),
                                  [](const auto& channel) { return channel->state() == DataChannel::State::kOpen; });
  return found == channels.rend() ? nullptr : *found;
}

void Talk::adopt(const std::shared_ptr<DataChannel>& channel) {
  channel->set_handlers(handlers());
  add(channel);
}

Result<void> Talk::send(std::string_view text) const {
  const auto channel = core_->open();
  if (!channel) return Error{Errc::kClosed, "there is no open data channel"};
  return channel->send_text(text);
}

std::size_t Talk::buffered() const {
  const auto channel = core_->open();
  return channel ? channel->buffered() : 0;
}

void Talk::close() const {
  for (const auto& channel : core_->channels) channel->close();
}

bool Talk::is_closed(std::chrono::steady_clock::time_point now) const {
  const bool are_closed = std::all_of(core_->channels.begin(), core_->channels.end(), [](const auto& channel) {
    return channel->state() == DataChannel::State::kClosed;
  });
  if (!are_closed) return false;
  if (!core_->closed_at) core_->closed_at = now;
  return !core_->was_open || now >= *core_->closed_at + kLastWord;
}

}  // namespace heliograph::cli
