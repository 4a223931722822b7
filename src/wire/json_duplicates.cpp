// A walk over the text with the names of the objects that are open.
#include "wire/json_duplicates.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace heliograph::wire {
namespace {

namespace json = boost::json;

/// What Boost.JSON's parser calls; an error ends it.
class NameKeeper {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open_.emplace_back(), true; }
  bool on_object_end(std::size_t, json::error_code&) { return open_.pop_back(), true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    key_.append(part.data(), part.size());
    if (!open_.back().insert(key_).second) {
      duplicate = std::move(key_);
      error = json::error::syntax;
      return false;
    }
    key_.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  std::optional<std::string> duplicate;

 private:
  std::vector<std::set<std::string>> open_;
  std::string key_;
};

}  // namespace

std::optional<std::string> find_duplicate_member(std::string_view text) {
  json::basic_parser<NameKeeper> parser{json::parse_options()};
  json::error_code ignored;
  parser.write_some(false, text.data(), text.size(), ignored);
  return std::move(parser.handler().duplicate);
}

}  // namespace heliograph::wire
