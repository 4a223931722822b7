// XML of STS: any text is leaves or an error; leaves written as a document are read again; credentials are whole.
#include <cstdint>
#include <string>
#include <string_view>

#include "support/check.hpp"
#include "wire/sts_answer.hpp"
#include "wire/xml_leaves.hpp"

namespace {

void append_escaped(std::string& xml, std::string_view text) {
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>' || c == '\r')
      xml += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else
      xml += c;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto leaves = wire::read_xml_leaves(text);
  if (!leaves) {
    test::check(leaves.error().code == Errc::kCorrupt && leaves.error().detail.size() < 120,
                "an error says why, briefly");
  } else {
    test::check(!leaves->empty(), "a document has an element, and that one without elements");
    std::string written = "<r>";
    for (const wire::XmlLeaf& leaf : *leaves) {
      written += "<l>";
      append_escaped(written, leaf.text);
      written += "</l>";
    }
    const auto again = wire::read_xml_leaves(written + "</r>");
    test::check(again && again->size() == leaves->size(), "what is written is read again");
    for (std::size_t i = 0; i < again->size(); ++i)
      test::check(again->at(i).path == "r/l" && again->at(i).text == leaves->at(i).text, "texts stay what they are");
  }
  if (const auto credentials = wire::parse_sts_credentials(text, "AssumeRole")) {
    test::check(leaves.has_value(), "credentials are read from a document");
    test::check(!credentials->access_key_id.empty() && !credentials->secret_access_key.empty() &&
                    !credentials->session_token.empty() && credentials->expires.has_value(),
                "credentials are whole");
  }
  static_cast<void>(wire::parse_sts_refusal(text));
  return 0;
}
