// Partition: a part of AWS with names of its own.
#pragma once

#include <string_view>

namespace heliograph::wire {

struct Partition {
  std::string_view region_prefix;      ///< Of its regions: "cn-".
  std::string_view name;               ///< "aws-cn"
  std::string_view suffix;             ///< Of hosts: "amazonaws.com.cn".
  std::string_view dual_stack_suffix;  ///< Of hosts with IPv4 and IPv6: "api.amazonwebservices.com.cn".
};

/// The partition that a region belongs to; "aws" for regions that are in no other.
[[nodiscard]] const Partition& find_partition(std::string_view region) noexcept;

}  // namespace heliograph::wire
