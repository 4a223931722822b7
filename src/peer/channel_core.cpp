// What a channel of webrtcbin's says, to the handlers; what it is told, with the limits that webrtcbin lacks.
#include "peer/channel_core.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "peer/webrtc_abi.hpp"

namespace heliograph::peer {
namespace {

/// Received and not yet handled: beyond, the other side is cut off rather than memory filled.
constexpr std::size_t kMostUnread = std::size_t{64} << 20U;
/// What a side takes that does not say (RFC 8841).
constexpr std::size_t kUnsaidMessageLimit = 65536;

/// For what was sent to reach SCTP before a channel is closed, and how often it is looked at.
constexpr std::chrono::seconds kMostLingering{2};
constexpr std::chrono::milliseconds kLingeringStep{10};
/// From the last message to the closing: a GStreamer that receives throws away what it has not handed on by then.
/// (1.22: gstsctpdec.c, on_gst_sctp_association_stream_reset flushes the queue of the stream.)
constexpr std::chrono::milliseconds kRest{500};
/// Of the messages that open a channel and take it, beside label and protocol.
constexpr std::size_t kOpenBytes = 12;
constexpr std::size_t kAckBytes = 1;

/// The element of a webrtcbin that hands messages to SCTP; null when there is none. The caller's to release.
GstElement* find_encoder(GstElement* webrtc) {
  GstIterator* const all = gst_bin_iterate_all_by_element_factory_name(GST_BIN_CAST(webrtc), "sctpenc");
  GValue item = G_VALUE_INIT;
  GstElement* found = nullptr;
  if (gst_iterator_next(all, &item) == GST_ITERATOR_OK) found = GST_ELEMENT_CAST(g_value_dup_object(&item));
  g_value_unset(&item);
  gst_iterator_free(all);
  return found;
}

std::string text_property(GObject* object, const char* name) {
  gchar* value = nullptr;
  g_object_get(object, name, &value, nullptr);
  return take_text(value);
}

std::vector<std::byte> copy(const void* data, std::size_t size) {
  const auto* const bytes = static_cast<const std::byte*>(data);
  return bytes == nullptr ? std::vector<std::byte>() : std::vector<std::byte>(bytes, bytes + size);
}

}  // namespace

ChannelCore::ChannelCore(GObject* channel, Origin origin, GstElement* webrtc, std::shared_ptr<HandlerGate> gate,
                         std::shared_ptr<DataCounters> counters, DataChannel::Handlers handlers)
    : origin_(origin),
      gate_(std::move(gate)),
      counters_(std::move(counters)),
      label_(text_property(channel, "label")),
      protocol_(text_property(channel, "protocol")),
      channel_(channel),
      webrtc_(share(webrtc)),
      handlers_(std::make_shared<const DataChannel::Handlers>(std::move(handlers))) {}

std::shared_ptr<ChannelCore> ChannelCore::make(GObject* channel, Origin origin, GstElement* webrtc,
                                               std::shared_ptr<HandlerGate> gate,
                                               std::shared_ptr<DataCounters> counters, DataChannel::Handlers handlers) {
  std::shared_ptr<ChannelCore> core(
      new ChannelCore(channel, origin, webrtc, std::move(gate), std::move(counters), std::move(handlers)));
  core->set_low_threshold(std::size_t{64} << 10U);
  return core;
}

template <class Function>
void ChannelCore::later(Function function) {
  gate_->post([weak = weak_from_this(), call = std::move(function)]() {
    const auto self = weak.lock();
    if (self == nullptr) return;
    std::shared_ptr<const DataChannel::Handlers> handlers;
    {
      const std::lock_guard lock(self->mutex_);
      handlers = self->handlers_;
    }
    call(*self, *handlers);
  });
}

void ChannelCore::connect() {
  GObject* const object = channel_.get();
  const std::weak_ptr<ChannelCore> weak = weak_from_this();
  connect_signal<>(object, "on-open", [weak]() {
    if (const auto self = weak.lock()) self->on_open();
  });
  connect_signal<>(object, "on-close", [weak]() {
    if (const auto self = weak.lock())
      self->later([](ChannelCore& core, const DataChannel::Handlers& handlers) {
        core.is_close_told_ = true;
        if (handlers.on_close) handlers.on_close();
      });
  });
  connect_signal<GError*>(object, "on-error", [weak](GError* error) {
    if (const auto self = weak.lock())
      self->later([text = std::string(error == nullptr ? "the channel failed" : error->message)](
                      ChannelCore&, const DataChannel::Handlers& handlers) {
        if (handlers.on_error) handlers.on_error(Error{Errc::kIo, text});
      });
  });
  connect_signal<GBytes*>(object, "on-message-data", [weak](GBytes* bytes) {
    gsize size = 0;
    const void* const data = bytes == nullptr ? nullptr : g_bytes_get_data(bytes, &size);
    if (const auto self = weak.lock()) self->on_message(copy(data, size), false);
  });
  connect_signal<const gchar*>(object, "on-message-string", [weak](const gchar* text) {
    const std::string_view view = text == nullptr ? std::string_view() : std::string_view(text);
    if (const auto self = weak.lock()) self->on_message(copy(view.data(), view.size()), true);
  });
  connect_signal<>(object, "on-buffered-amount-low", [weak]() {
    if (const auto self = weak.lock())
      self->later([](ChannelCore&, const DataChannel::Handlers& handlers) {
        if (handlers.on_buffered_low) handlers.on_buffered_low();
      });
  });
  if (get_number<int>(object, "ready-state") == WebrtcValue::kChannelOpen) on_open();
}

void ChannelCore::fail(const Error& error) {
  is_closing_ = true;
  later([error, held = shared_from_this()](ChannelCore& core, const DataChannel::Handlers& handlers) {
    if (core.is_close_told_.exchange(true)) return;
    if (handlers.on_error) handlers.on_error(error);
    if (handlers.on_close) handlers.on_close();
    core.end();
  });
}

void ChannelCore::on_open() {
  if (!is_opened_.exchange(true)) tell_open();
}

void ChannelCore::tell_open() {
  later([](ChannelCore& self, const DataChannel::Handlers& handlers) {
    if (!handlers.on_open || self.is_close_told_ || std::exchange(self.is_open_told_, true)) return;
    handlers.on_open();
  });
}

void ChannelCore::on_message(std::vector<std::byte> data, bool is_text) {
  const std::size_t size = std::max<std::size_t>(data.size(), 1);  // That of nothing takes room, too.
  ++counters_->messages_received;
  counters_->bytes_received += data.size();
  if (unread_.fetch_add(size) + size > kMostUnread) {
    unread_ -= size;
    later([](ChannelCore& self, const DataChannel::Handlers& handlers) {
      self.close();
      if (handlers.on_error)
        handlers.on_error(Error{Errc::kClientLimitExceeded, "the other side sends faster than messages are handled"});
    });
    return;
  }
  later([message = std::move(data), size, is_text](ChannelCore& self, const DataChannel::Handlers& handlers) {
    self.unread_ -= size;
    if (is_text && handlers.on_text)
      handlers.on_text(std::string_view(reinterpret_cast<const char*>(message.data()), message.size()));
    if (!is_text && handlers.on_binary) handlers.on_binary(message);
  });
}

void ChannelCore::set_handlers(DataChannel::Handlers handlers) {
  auto next = std::make_shared<const DataChannel::Handlers>(std::move(handlers));
  {
    const std::lock_guard lock(mutex_);
    std::swap(handlers_, next);
  }
  if (is_opened_) tell_open();
}

ObjectPtr ChannelCore::channel() const {
  const std::lock_guard lock(mutex_);
  return ObjectPtr(channel_ == nullptr ? nullptr : static_cast<GObject*>(g_object_ref(channel_.get())));
}

DataChannel::State ChannelCore::state() const {
  const ObjectPtr object = channel();
  if (object == nullptr) return DataChannel::State::kClosed;
  const int number = get_number<int>(object.get(), "ready-state");
  const auto state =
      number >= 1 && number <= 4 ? static_cast<DataChannel::State>(number - 1) : DataChannel::State::kClosed;
  return is_closing_ ? std::max(state, DataChannel::State::kClosing) : state;
}

std::size_t ChannelCore::most_per_message() const {
  GstPtr<GstElement> webrtc;
  {
    const std::lock_guard lock(mutex_);
    if (webrtc_ != nullptr) webrtc = share(webrtc_.get());
  }
  GObject* transport = nullptr;
  if (webrtc != nullptr) g_object_get(webrtc.get(), "sctp-transport", &transport, nullptr);
  if (transport == nullptr) return kUnsaidMessageLimit;
  const ObjectPtr owner(transport);
  const auto limit = get_number<guint64>(transport, "max-message-size");
  return limit == 0 ? DataChannel::kMostPerMessage : std::min<std::size_t>(limit, DataChannel::kMostPerMessage);
}

void ChannelCore::note_sent(std::size_t bytes) {
  ++counters_->messages_sent;
  counters_->bytes_sent += bytes;
  accepted_ += bytes;
  last_sent_ = std::chrono::steady_clock::now();
}

Result<void> ChannelCore::send(std::span<const std::byte> data, bool is_text) {
  const ObjectPtr object = channel();
  if (object == nullptr || is_closing_ || get_number<int>(object.get(), "ready-state") != WebrtcValue::kChannelOpen)
    return Error{Errc::kClosed, "the channel \"" + label_ + "\" is not open"};
  if (data.empty()) return Error{Errc::kInvalidArgument, "an empty message cannot be sent"};
  const std::size_t most = most_per_message();
  if (data.size() > most)
    return Error{Errc::kMessageTooBig, "a message of " + std::to_string(data.size()) +
                                           " bytes is too long: the other side takes " + std::to_string(most)};
  if (get_number<guint64>(object.get(), "buffered-amount") + data.size() > most_buffered_)
    return Error{Errc::kSlowPeer, "what waits to be sent is as much as may wait; go on in on_buffered_low"};
  if (is_text) {
    const std::string text(reinterpret_cast<const char*>(data.data()), data.size());
    const bool is_valid = text.find('\0') == std::string::npos &&
                          g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != FALSE;
    if (!is_valid) return Error{Errc::kInvalidUtf8, "text must be UTF-8 without NUL; send_binary() takes anything"};
    note_sent(data.size());
    g_signal_emit_by_name(object.get(), "send-string", text.c_str());
    return {};
  }
  note_sent(data.size());
  GBytes* const bytes = g_bytes_new(data.data(), data.size());
  g_signal_emit_by_name(object.get(), "send-data", bytes);
  g_bytes_unref(bytes);
  return {};
}

std::size_t ChannelCore::buffered() const {
  const ObjectPtr object = channel();
  return object == nullptr ? 0 : get_number<guint64>(object.get(), "buffered-amount");
}

void ChannelCore::set_low_threshold(std::size_t bytes) {
  const ObjectPtr object = channel();
  if (object != nullptr)
    g_object_set(object.get(), "buffered-amount-low-threshold", static_cast<guint64>(bytes), nullptr);
}

void ChannelCore::close() {
  if (state() >= DataChannel::State::kClosing || is_closing_.exchange(true)) return;
  later([latest = std::chrono::steady_clock::now() + kMostLingering](ChannelCore& self, const DataChannel::Handlers&) {
    self.close_when_sent(latest);
  });
}

void ChannelCore::refuse() {
  is_closing_ = true;
  if (const ObjectPtr object = channel()) g_signal_emit_by_name(object.get(), "close");
}

void ChannelCore::close_when_sent(SteadyTime latest) {
  const ObjectPtr object = channel();
  if (object == nullptr || get_number<int>(object.get(), "ready-state") > WebrtcValue::kChannelOpen) return;
  const SteadyTime now = std::chrono::steady_clock::now();
  if ((now >= last_sent_.load() + kRest && is_all_sent(object.get())) || now >= latest)
    return g_signal_emit_by_name(object.get(), "close");
  closing_timer_.start(kLingeringStep, [gate = gate_, weak = weak_from_this(), latest]() {
    gate->post([weak, latest]() {
      if (const auto self = weak.lock()) self->close_when_sent(latest);
    });
  });
}

/// webrtcbin would close at once as soon as nothing is buffered, and takes a message for sent when it leaves the
/// channel's own queue: the last one was lost when SCTP's element, to which it was still on its way, had its pad taken
/// away. So that element is asked. (1.22: webrtcdatachannel.c, on_appsrc_data and _close_sctp_stream.)
bool ChannelCore::is_all_sent(GObject* channel) {
  const std::uint64_t accepted = accepted_;
  if (accepted == 0) return true;
  GstPtr<GstElement> webrtc;
  {
    const std::lock_guard lock(mutex_);
    if (webrtc_ != nullptr) webrtc = share(webrtc_.get());
  }
  GstElement* const encoder = webrtc == nullptr ? nullptr : find_encoder(webrtc.get());
  if (encoder == nullptr) return true;
  const GstPtr<GstElement> owner(encoder);
  guint64 sent = 0;
  g_signal_emit_by_name(encoder, "bytes-sent", static_cast<guint>(get_number<int>(channel, "id")), &sent);
  // Beside ours there is the channel's opening, or the answer to it (RFC 8832, 5.1 and 5.2).
  std::uint64_t opening = origin_ == Origin::kOurs ? kOpenBytes + label_.size() + protocol_.size() : kAckBytes;
  if (get_number<gboolean>(channel, "negotiated") != FALSE) opening = 0;
  return sent >= accepted + opening;
}

void ChannelCore::end() {
  closing_timer_.cancel();
  ObjectPtr object;
  GstPtr<GstElement> webrtc;
  const std::lock_guard lock(mutex_);
  object.swap(channel_);
  webrtc.swap(webrtc_);
}

}  // namespace heliograph::peer

namespace heliograph {

DataChannel::DataChannel(std::shared_ptr<peer::ChannelCore> core) : core_(std::move(core)) {}
DataChannel::~DataChannel() = default;
void DataChannel::set_handlers(Handlers handlers) { core_->set_handlers(std::move(handlers)); }
const std::string& DataChannel::label() const noexcept { return core_->label(); }
const std::string& DataChannel::protocol() const noexcept { return core_->protocol(); }
DataChannel::State DataChannel::state() const { return core_->state(); }
Result<void> DataChannel::send_text(std::string_view text) { return core_->send(std::as_bytes(std::span(text)), true); }
Result<void> DataChannel::send_binary(std::span<const std::byte> data) { return core_->send(data, false); }
std::size_t DataChannel::buffered() const { return core_->buffered(); }
void DataChannel::set_most_buffered(std::size_t bytes) { core_->set_most_buffered(bytes); }
void DataChannel::set_low_threshold(std::size_t bytes) { core_->set_low_threshold(bytes); }
void DataChannel::close() { core_->close(); }

}  // namespace heliograph
