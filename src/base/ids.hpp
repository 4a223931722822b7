// Distinct types for the identifiers that travel through every layer, so that none can be passed for another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace heliograph {

/// A string of one meaning. `Tag` only tells the types apart.
template <class Tag>
class StringId {
 public:
  StringId() = default;
  explicit StringId(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& str() const noexcept { return value_; }
  [[nodiscard]] std::string_view view() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  friend bool operator==(const StringId&, const StringId&) = default;
  friend auto operator<=>(const StringId&, const StringId&) = default;

 private:
  std::string value_;
};

/// A channel's full ARN: what messages are routed by.
using ChannelArn = StringId<struct ChannelArnTag>;
/// A stream's full ARN.
using StreamArn = StringId<struct StreamArnTag>;
/// The id a viewer chose for itself (X-Amz-ClientId); empty for the master.
using ClientId = StringId<struct ClientIdTag>;
/// The public half of a credential.
using AccessKeyId = StringId<struct AccessKeyIdTag>;

/// One connection of this process. `worker` is the thread it lives on, `serial` never repeats on that thread.
struct ConnId {
  std::uint32_t worker = 0;
  std::uint64_t serial = 0;

  friend bool operator==(const ConnId&, const ConnId&) = default;
  friend auto operator<=>(const ConnId&, const ConnId&) = default;
};

}  // namespace heliograph

template <class Tag>
struct std::hash<heliograph::StringId<Tag>> {
  std::size_t operator()(const heliograph::StringId<Tag>& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());
  }
};

template <>
struct std::hash<heliograph::ConnId> {
  std::size_t operator()(const heliograph::ConnId& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.serial * 0x9E3779B97F4A7C15ULL ^ id.worker);
  }
};
