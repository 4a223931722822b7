// RequestReader: members out of a request's JSON, checked by the rules of the service model.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "server/api/text_rules.hpp"
#include "store/channel.hpp"

namespace heliograph::server::api {

/// Reads a request's body: a JSON object, or nothing at all, which counts as {}. Fails with kBadRequest.
[[nodiscard]] Result<boost::json::object> parse_body(std::string_view body);

/// Rules:
///   1. A member that is null counts as absent. Members nobody asks for are ignored (newer models have more).
///   2. The first member that breaks its rule decides the error; after it, reads give empty values. So an operation
///      reads all it needs, then asks error() once.
///   3. Errors are kInvalidArgument and name the member with its path ("Tags[2].Key") and the rule.
/// Lifetime: of the object it reads.
class RequestReader {
 public:
  explicit RequestReader(const boost::json::object& object) : object_(&object) {}

  [[nodiscard]] std::string text(std::string_view member, const TextRule& rule);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view member, const TextRule& rule);
  [[nodiscard]] std::optional<std::int64_t> optional_number(std::string_view member, std::int64_t min,
                                                            std::int64_t max);
  /// One of `choices`; their order gives the answer's index.
  [[nodiscard]] std::optional<std::size_t> optional_choice(std::string_view member,
                                                           std::span<const std::string_view> choices);
  /// Strings, `min` to `max` of them.
  [[nodiscard]] std::vector<std::string> texts(std::string_view member, const TextRule& rule, std::size_t min,
                                               std::size_t max);
  /// A list of {Key, Value}, of which the last of a key holds. Longer than kMaxTags is kTagsPerResourceExceededLimit.
  [[nodiscard]] store::Tags tags(std::string_view member, std::size_t min);

  /// A map of key to value, as stream operations have it; at least `min` of them. Likewise bounded.
  [[nodiscard]] store::Tags tag_map(std::string_view member, std::size_t min);

  /// Reads a member that is an object with `read(RequestReader&)`; absent, it is not called and the answer is false.
  template <class Read>
  bool object(std::string_view member, Read&& read) {
    const boost::json::object* inner = find_object(member);
    if (inner == nullptr) return false;
    RequestReader reader(*inner, path_of(member) + '.');
    read(reader);
    if (reader.error_) fail(*std::move(reader.error_));
    return true;
  }

  [[nodiscard]] bool has(std::string_view member) const;
  /// Says that a member breaks a rule that only the operation knows: "`member` `rule`".
  void reject(std::string_view member, std::string_view rule);
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  RequestReader(const boost::json::object& object, std::string path) : object_(&object), path_(std::move(path)) {}

  [[nodiscard]] const boost::json::value* find(std::string_view member) const;
  [[nodiscard]] const boost::json::object* find_object(std::string_view member);
  [[nodiscard]] const boost::json::array* find_list(std::string_view member, std::size_t min);
  [[nodiscard]] std::string path_of(std::string_view member) const { return path_ + std::string(member); }
  [[nodiscard]] std::optional<std::string> checked(const std::string& path, const boost::json::value& value,
                                                   const TextRule& rule);
  void fail(Error error);

  const boost::json::object* object_;
  std::string path_;  ///< Of the object within the body: "SingleMasterConfiguration."
  std::optional<Error> error_;
};

}  // namespace heliograph::server::api
