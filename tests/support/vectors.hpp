// Wire facts from tests/vectors: each file is a JSON array of objects with name, source, input and expected.
#pragma once

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/paths.hpp"

namespace heliograph::test {

/// The rows of a file in tests/vectors. Throws, and so fails the test, when the file is missing, no array, or empty.
inline boost::json::array load_vectors(const std::string& file) {
  std::ifstream stream(test::source_dir() + "/tests/vectors/" + file);
  if (!stream) throw std::runtime_error("cannot open tests/vectors/" + file);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  auto rows = boost::json::parse(text).as_array();
  if (rows.empty()) throw std::runtime_error("no rows in tests/vectors/" + file);
  return rows;
}

/// A string member; empty when it is absent or null.
inline std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value == nullptr || value->is_null() ? std::string() : std::string(value->as_string());
}

}  // namespace heliograph::test
