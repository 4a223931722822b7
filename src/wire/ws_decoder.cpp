// WsDecoder: frames out of bytes, messages out of frames.
//
// Theory of operation. `input_` is the caller's buffer; a frame that is whole in it is unmasked there and handed out as
// a view. Rule 1: bytes of an unfinished frame move to `Held::frame` (and nothing that belongs to a later frame does),
// until that frame is whole. Rule 2: fragments of a message are collected, unmasked, in `Held::message`. Rule 3: what
// was handed out of `Held` is freed by the next call, and `Held` itself as soon as both buffers are empty, so that an
// idle connection owns nothing.
#include <algorithm>
#include <cassert>

#include "wire/utf8.hpp"
#include "wire/ws_codec.hpp"
#include "wire/ws_header.hpp"

namespace heliograph::wire {

struct WsDecoder::Frame {
  bool final = false;
  WsOpcode opcode{};
  std::string_view payload;  ///< Unmasked.
};

/// What a decoder needs only now and then.
struct WsDecoder::Held {
  std::string frame;        ///< Header and payload so far of a frame that did not fit in one feed().
  std::string message;      ///< Payloads of the fragments so far.
  WsKind message_kind{};    ///< Of the fragmented message.
  bool in_message = false;  ///< Between the first and the last fragment.
  bool frame_used = false;  ///< `frame` is whole and was handed out.
  std::optional<Error> failure;
};

namespace {

std::string_view view_of(std::span<char> bytes) noexcept { return {bytes.data(), bytes.size()}; }

/// Frees the memory, which clear() would keep.
void release(std::string& text) noexcept { std::string().swap(text); }

/// The payload that follows a header, unmasked in place.
std::string_view unmasked(std::span<char> payload, const WsHeader& header) noexcept {
  if (header.masked) apply_ws_mask(payload, header.mask);
  return view_of(payload);
}

}  // namespace

WsDecoder::WsDecoder(WsRole role, WsLimits limits) noexcept : limits_(limits), role_(role) {}
WsDecoder::WsDecoder(WsDecoder&& other) noexcept = default;
WsDecoder& WsDecoder::operator=(WsDecoder&& other) noexcept = default;
WsDecoder::~WsDecoder() = default;

void WsDecoder::feed(std::span<char> bytes) noexcept {
  assert(input_.empty());  // Or bytes would be lost: next() was not called until it gave nothing.
  input_ = ended_ ? std::span<char>() : bytes;
}

const std::optional<Error>& WsDecoder::failure() const noexcept {
  static const std::optional<Error> kNone;
  return held_ ? held_->failure : kNone;
}

std::optional<WsMessage> WsDecoder::next() {
  while (true) {
    if (held_) let_go();
    if (ended_) return std::nullopt;
    const std::optional<Frame> frame = take_frame();
    if (!frame) return std::nullopt;
    std::optional<WsMessage> message;
    switch (frame->opcode) {
      case WsOpcode::kContinuation:
      case WsOpcode::kText:
      case WsOpcode::kBinary:
        message = on_data(*frame);
        break;
      case WsOpcode::kPing:
        return WsMessage{.kind = WsKind::kPing, .payload = frame->payload};
      case WsOpcode::kPong:
        return WsMessage{.kind = WsKind::kPong, .payload = frame->payload};
      case WsOpcode::kClose:
        return on_close(frame->payload);
    }
    if (message) return message;
  }
}

/// Frees what the last call handed out.
void WsDecoder::let_go() {
  if (held_->failure) return;
  if (held_->frame_used) {
    release(held_->frame);
    held_->frame_used = false;
  }
  if (!held_->in_message) {
    release(held_->message);
    if (held_->frame.empty()) held_.reset();
  }
}

std::optional<WsDecoder::Frame> WsDecoder::take_frame() {
  if (held_ && !held_->frame.empty()) return take_held_frame();
  if (input_.empty()) return std::nullopt;

  const ParsedWsHeader parsed = parse_ws_header(view_of(input_), role_);
  switch (parsed.state) {
    case WsHeaderState::kBroken:
      fail(Errc::kProtocolError, parsed.broken_rule);
      return std::nullopt;
    case WsHeaderState::kUnfinished:
      hold_input(input_.size());
      return std::nullopt;
    case WsHeaderState::kWhole:
      break;
  }
  const WsHeader& header = parsed.header;
  if (!accept_header(header)) return std::nullopt;
  const std::span<char> rest = input_.subspan(header.size);
  if (rest.size() < header.length) {
    hold_input(input_.size());
    return std::nullopt;
  }
  input_ = rest.subspan(header.length);
  return Frame{header.final, header.opcode, unmasked(rest.first(header.length), header)};
}

/// Goes on with the frame whose start was kept. Takes from the input exactly what belongs to it.
std::optional<WsDecoder::Frame> WsDecoder::take_held_frame() {
  std::string& bytes = held_->frame;
  hold_input(2);
  if (bytes.size() >= 2) hold_input(ws_header_size(bytes[1]));
  const ParsedWsHeader parsed = parse_ws_header(bytes, role_);
  switch (parsed.state) {
    case WsHeaderState::kBroken:
      fail(Errc::kProtocolError, parsed.broken_rule);
      return std::nullopt;
    case WsHeaderState::kUnfinished:
      return std::nullopt;
    case WsHeaderState::kWhole:
      break;
  }
  const WsHeader& header = parsed.header;
  if (!accept_header(header)) return std::nullopt;
  const std::size_t whole = header.size + header.length;
  hold_input(whole);
  if (bytes.size() < whole) return std::nullopt;
  held_->frame_used = true;
  const std::span<char> payload = std::span(bytes).subspan(header.size);
  return Frame{header.final, header.opcode, unmasked(payload, header)};
}

/// Moves input to the held frame until that has `want` bytes.
void WsDecoder::hold_input(std::size_t want) {
  std::string& bytes = held().frame;
  if (bytes.size() >= want) return;
  const std::size_t count = std::min(want - bytes.size(), input_.size());
  bytes.append(input_.data(), count);
  input_ = input_.subspan(count);
}

/// The rules that need memory: where fragments may stand, and how large their sum may be.
bool WsDecoder::accept_header(const WsHeader& header) {
  if (is_control(header.opcode)) return true;
  const bool continues = header.opcode == WsOpcode::kContinuation;
  const bool in_message = held_ && held_->in_message;
  if (continues && !in_message) {
    fail(Errc::kProtocolError, "a continuation frame continues no message");
  } else if (!continues && in_message) {
    fail(Errc::kProtocolError, "a new message starts before the fragmented one ended");
  } else if (header.length > limits_.max_message - (in_message ? held_->message.size() : 0)) {
    fail(Errc::kMessageTooBig, "the message is longer than " + std::to_string(limits_.max_message) + " bytes");
  }
  return !ended_;
}

std::optional<WsMessage> WsDecoder::on_data(const Frame& frame) {
  const WsKind kind = frame.opcode == WsOpcode::kBinary ? WsKind::kBinary : WsKind::kText;
  if (frame.opcode != WsOpcode::kContinuation) {
    if (frame.final) return whole_message(kind, frame.payload);
    held().in_message = true;
    held().message_kind = kind;
  }
  held_->message.append(frame.payload);
  if (!frame.final) return std::nullopt;
  held_->in_message = false;
  return whole_message(held_->message_kind, held_->message);
}

std::optional<WsMessage> WsDecoder::whole_message(WsKind kind, std::string_view payload) {
  if (kind == WsKind::kText && !is_utf8(payload)) {
    fail(Errc::kInvalidUtf8, "a text message is not UTF-8");
    return std::nullopt;
  }
  return WsMessage{.kind = kind, .payload = payload};
}

std::optional<WsMessage> WsDecoder::on_close(std::string_view body) {
  WsMessage message{.kind = WsKind::kClose, .close_code = kNoCloseCode};
  if (body.size() == 1) {
    fail(Errc::kProtocolError, "a close frame has half a code");
    return std::nullopt;
  }
  if (body.size() >= 2) {
    message.close_code = static_cast<std::uint16_t>(read_big_endian(body.substr(0, 2)));
    message.payload = body.substr(2);
  }
  if (body.size() >= 2 && !is_close_code(message.close_code)) {
    fail(Errc::kProtocolError, "a close frame has a code that must not be sent: " + std::to_string(message.close_code));
    return std::nullopt;
  }
  if (!is_utf8(message.payload)) {
    fail(Errc::kInvalidUtf8, "the reason of a close frame is not UTF-8");
    return std::nullopt;
  }
  ended_ = true;
  input_ = {};
  if (held_) held_->in_message = false;
  return message;
}

WsDecoder::Held& WsDecoder::held() {
  if (!held_) held_ = std::make_unique<Held>();
  return *held_;
}

void WsDecoder::fail(Errc code, std::string_view rule) {
  ended_ = true;
  input_ = {};
  held_ = std::make_unique<Held>();
  held_->failure = Error{code, std::string(rule)};
}

}  // namespace heliograph::wire
