// A reader of the XML that is needed, and of no more.
#include "wire/xml_leaves.hpp"

#include <cstdint>
#include <utility>

#include "wire/utf8.hpp"

namespace heliograph::wire {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; }

void append_utf8(std::string& out, std::uint32_t c) {
  const auto tail = [&out](std::uint32_t bits) { out += static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    tail(c);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    tail(c >> 6U);
    tail(c);
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    tail(c >> 12U);
    tail(c >> 6U);
    tail(c);
  }
}

/// What XML allows in a document (XML 1.0, 2.2).
bool is_character(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c < 0xD800 || (c > 0xDFFF && c < 0xFFFE) || (c > 0xFFFF && c < 0x110000);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<std::vector<XmlLeaf>> read() {
    if (!is_utf8(text_)) return Error{Errc::kCorrupt, "the XML is not UTF-8"};
    for (const unsigned char c : text_)
      if (!is_character(c)) return Error{Errc::kCorrupt, "the XML has a control character"};
    if (run()) return std::move(leaves_);
    return Error{Errc::kCorrupt, "byte " + std::to_string(at_) + " of the XML: " + why_};
  }

 private:
  struct Open {
    std::string_view name;
    std::size_t path_size;  ///< Of the parent's path.
    bool has_elements = false;
  };

  bool run() {
    if (take("<?xml")) {
      const auto end = text_.find("?>", at_);
      if (end == std::string_view::npos) return refuse("the declaration has no end");
      at_ = end + 2;
    }
    if (!skip_between() || !open_element()) return false;
    while (!open_.empty()) {
      if (at_ == text_.size()) return refuse("an element has no end");
      if (text_[at_] != '<') {
        if (!take_text()) return false;
      } else if (text_.substr(at_).starts_with("<!--")) {
        if (!skip_comment()) return false;
      } else if (text_.substr(at_).starts_with("</")) {
        if (!close_element()) return false;
      } else if (!open_element()) {
        return false;
      }
    }
    if (!skip_between()) return false;
    return at_ == text_.size() || refuse("something follows the document");
  }

  bool refuse(const char* why) {
    why_ = why;
    return false;
  }
  bool take(std::string_view literal) {
    if (!text_.substr(at_).starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }
  bool skip_space() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ > from;
  }
  bool skip_comment() {
    const auto end = text_.find("--", at_ + 4);
    if (end == std::string_view::npos || !text_.substr(end).starts_with("-->")) return refuse("a comment has no end");
    at_ = end + 3;
    return true;
  }
  /// Blanks and comments outside the document's element.
  bool skip_between() {
    skip_space();
    while (text_.substr(at_).starts_with("<!--")) {
      if (!skip_comment()) return false;
      skip_space();
    }
    return true;
  }
  std::string_view take_name() {
    const std::size_t from = at_;
    if (at_ < text_.size() && is_name_start(text_[at_]))
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  bool skip_attributes() {
    while (skip_space() && at_ < text_.size() && is_name_start(text_[at_])) {
      take_name();
      if (!take("=") || at_ == text_.size()) return refuse("an attribute has no value");
      const char quote = text_[at_];
      if (quote != '"' && quote != '\'') return refuse("an attribute's value has no quotes");
      const auto end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) return refuse("an attribute's value has no end");
      if (text_.substr(at_, end - at_).find_first_of("<&") != std::string_view::npos)
        return refuse("an attribute has a character that is not read here");
      at_ = end + 1;
    }
    return true;
  }
  bool open_element() {
    if (!take("<")) return refuse("expected an element");
    const std::string_view name = take_name();
    if (name.empty()) return refuse("expected an element's name");
    if (open_.size() == kMostXmlDepth) return refuse("too many levels");
    if (!open_.empty()) {
      if (!is_blank(value_)) return refuse("text stands beside an element");
      open_.back().has_elements = true;
    }
    open_.push_back({name, path_.size()});
    if (!path_.empty()) path_ += '/';
    path_ += name;
    value_.clear();
    if (!skip_attributes()) return false;
    if (take("/>")) return end_element();
    return take(">") || refuse("an element's tag has no end");
  }
  bool close_element() {
    at_ += 2;
    if (take_name() != open_.back().name) return refuse("an element ends that did not begin");
    skip_space();
    if (!take(">")) return refuse("an element's tag has no end");
    return end_element();
  }
  bool end_element() {
    if (open_.back().has_elements) {
      if (!is_blank(value_)) return refuse("text stands beside an element");
    } else {
      if (leaves_.size() == kMostXmlLeaves) return refuse("too many elements");
      leaves_.push_back({path_, value_});
    }
    path_.resize(open_.back().path_size);
    open_.pop_back();
    value_.clear();
    return true;
  }
  bool take_text() {
    const char c = text_[at_];
    if (c == '&') return take_reference();
    ++at_;
    value_ += c;
    return true;
  }
  bool take_reference() {
    constexpr std::pair<std::string_view, char> kNamed[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (const auto& [name, meaning] : kNamed) {
      if (!take(name)) continue;
      value_ += meaning;
      return true;
    }
    if (!take("&#")) return refuse("a reference is not one that is known");
    const std::uint32_t base = take("x") ? 16 : 10;
    std::uint32_t number = 0;
    std::size_t digits = 0;
    for (; at_ < text_.size() && text_[at_] != ';'; ++at_, ++digits) {
      const char c = text_[at_];
      std::uint32_t digit = 16;
      if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
      if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
      if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
      number = number * base + digit;
      if (digit >= base || number > 0x10FFFF) return refuse("a reference is not a character's number");
    }
    if (digits == 0 || !take(";") || !is_character(number)) return refuse("a reference is not a character's number");
    append_utf8(value_, number);
    return true;
  }
  static bool is_blank(std::string_view text) {
    for (const char c : text)
      if (!is_space(c)) return false;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const char* why_ = "";
  std::vector<Open> open_;
  std::string path_;
  std::string value_;
  std::vector<XmlLeaf> leaves_;
};

}  // namespace

Result<std::vector<XmlLeaf>> read_xml_leaves(std::string_view text) { return Reader(text).read(); }

}  // namespace heliograph::wire
