// The texts in a small XML document, as services of the AWS query protocol answer with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::wire {

/// An element without elements in it.
struct XmlLeaf {
  std::string path;  ///< "ErrorResponse/Error/Code"
  std::string text;  ///< References decoded.
};

inline constexpr std::size_t kMostXmlDepth = 16;
inline constexpr std::size_t kMostXmlLeaves = 1000;

/// Reads elements, their texts, the five named references and those by number; attributes are passed over.
/// Fails with kCorrupt, saying at which byte and never quoting, on everything else and on what no such answer has: a
/// DOCTYPE (which could define what is read), CDATA, processing instructions behind the first, text beside elements,
/// and more than kMostXmlDepth levels or kMostXmlLeaves leaves.
[[nodiscard]] Result<std::vector<XmlLeaf>> read_xml_leaves(std::string_view text);

}  // namespace heliograph::wire
