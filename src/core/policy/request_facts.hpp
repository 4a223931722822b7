// RequestFacts: the circumstances of a request, told as text under the names of condition keys.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/access_request.hpp"
#include "heliograph/result.hpp"

namespace heliograph::core {

/// For tools and tests; the service fills an AccessContext from what it has.
class RequestFacts {
 public:
  RequestFacts() = default;
  RequestFacts(const RequestFacts&) = delete;
  RequestFacts& operator=(const RequestFacts&) = delete;

  /// "aws:SourceIp", "203.0.113.7". aws:TagKeys may be given several times, every other key once; aws:CurrentTime and
  /// aws:EpochTime are one. Fails with kInvalidArgument: no such key, or not a value of it.
  [[nodiscard]] Result<void> set(std::string_view key, std::string_view value);

  /// Valid until the next set().
  [[nodiscard]] AccessContext view() const;

 private:
  std::deque<std::string> texts_;  ///< What the views below look at.
  AccessContext single_;
  std::vector<TagView> principal_tags_;
  std::vector<TagView> request_tags_;
  std::vector<TagView> resource_tags_;
  std::vector<std::string_view> tag_keys_;
};

}  // namespace heliograph::core
