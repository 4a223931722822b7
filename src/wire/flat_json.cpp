// The scanner behind FlatJsonReader: one pass over the text.
#include "wire/flat_json.hpp"

#include "wire/json_scan.hpp"

namespace heliograph::wire {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

JsonMember::Kind kind_of(char first) noexcept {
  if (first == '{') return JsonMember::Kind::kObject;
  if (first == 'n') return JsonMember::Kind::kNull;
  return JsonMember::Kind::kOther;
}

}  // namespace

bool FlatJsonReader::read_member(JsonMember& member) {
  if (place_ == Place::kEnd || !failure_.empty()) return false;
  skip_space();
  if (place_ == Place::kStart) {
    if (!take('{')) return refuse("the text is not a JSON object");
    skip_space();
  }
  if (take('}')) {
    place_ = Place::kEnd;
    skip_space();
    return at_end() ? false : refuse("text follows the JSON object");
  }
  if (place_ == Place::kInside) {
    if (!take(',')) return refuse("a comma or the end of the object is missing");
    skip_space();
  }
  place_ = Place::kInside;

  if (!take('"')) return refuse("the name of a member is missing");
  if (!read_string(member.name)) return false;
  skip_space();
  if (!take(':')) return refuse("a colon after the name of a member is missing");
  skip_space();
  if (take('"')) return read_string_value(member);
  const std::size_t begin = at_;
  if (!skip_value(1)) return false;
  member.kind = kind_of(text_[begin]);
  member.value = text_.substr(begin, at_ - begin);
  return true;
}

void FlatJsonReader::skip_more_space() noexcept {
  while (!at_end()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++at_;
  }
}

bool FlatJsonReader::refuse(std::string_view rule) noexcept {
  if (failure_.empty()) failure_ = rule;
  return false;
}

bool FlatJsonReader::read_string(std::string_view& decoded) {
  const std::size_t begin = at_;
  at_ = find_string_stop(text_, at_);
  if (at_end()) return refuse("a string is not closed");
  if (text_[at_] != '"') return read_escaped_string(begin, decoded);
  decoded = text_.substr(begin, at_++ - begin);
  return true;
}

bool FlatJsonReader::read_string_value(JsonMember& member) {
  member.kind = JsonMember::Kind::kString;
  const std::size_t begin = at_;
  const std::size_t stop = find_base64_stop(text_, begin);
  // Payloads are long, and base64 to their end: they are looked at once.
  if (stop < text_.size() && text_[stop] == '"') {
    at_ = stop + 1;
    member.value = text_.substr(begin, stop - begin);
    member.base64_digits = stop - begin;
    return true;
  }
  at_ = find_string_stop(text_, stop);
  if (at_end()) return refuse("a string is not closed");
  if (text_[at_] == '"') {
    member.value = text_.substr(begin, at_++ - begin);
    member.base64_digits = stop - begin;
    return true;
  }
  return read_escaped_string(begin, member.value);
}

bool FlatJsonReader::read_escaped_string(std::size_t begin, std::string_view& decoded) {
  // Decoded text is never longer than its source, so one reservation keeps every view into the scratch in place.
  if (!scratch_reserved_) {
    scratch_->reserve(scratch_->size() + text_.size());
    scratch_reserved_ = true;
  }
  const std::size_t start = scratch_->size();
  scratch_->append(text_.substr(begin, at_ - begin));
  for (;;) {
    if (at_end()) return refuse("a string is not closed");
    if (take('"')) {
      decoded = std::string_view(*scratch_).substr(start);
      return true;
    }
    if (take('\\')) {
      if (!read_escape(scratch_)) return false;
      continue;
    }
    const std::size_t plain = at_;
    at_ = find_string_stop(text_, at_);
    if (at_ == plain) return refuse("a string holds a control character");
    scratch_->append(text_.substr(plain, at_ - plain));
  }
}

bool FlatJsonReader::read_escape(std::string* decoded) {
  if (at_end()) return refuse("a string is not closed");
  const char c = text_[at_++];
  char plain = 0;
  switch (c) {
    case 'u':
      return read_unicode_escape(decoded);
    case '"':
    case '\\':
    case '/':
      plain = c;
      break;
    case 'b':
      plain = '\b';
      break;
    case 'f':
      plain = '\f';
      break;
    case 'n':
      plain = '\n';
      break;
    case 'r':
      plain = '\r';
      break;
    case 't':
      plain = '\t';
      break;
    default:
      return refuse("a string holds an unknown escape");
  }
  if (decoded != nullptr) decoded->push_back(plain);
  return true;
}

bool FlatJsonReader::read_unicode_escape(std::string* decoded) {
  const auto first = read_four_hex();
  if (!first) return refuse("\\u is not followed by four hexadecimal digits");
  unsigned code = *first;
  if (code >= 0xDC00 && code <= 0xDFFF) return refuse("a string holds half of a surrogate pair");
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (!take('\\') || !take('u')) return refuse("a string holds half of a surrogate pair");
    const auto second = read_four_hex();
    if (!second || *second < 0xDC00 || *second > 0xDFFF) return refuse("a string holds half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (*second - 0xDC00);
  }
  if (decoded != nullptr) append_utf8(*decoded, code);
  return true;
}

std::optional<unsigned> FlatJsonReader::read_four_hex() noexcept {
  if (text_.size() - at_ < 4) return std::nullopt;
  unsigned code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_];
    unsigned digit = 0;
    if (is_digit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    code = code << 4 | digit;
    ++at_;
  }
  return code;
}

bool FlatJsonReader::skip_string() {
  for (;;) {
    at_ = find_string_stop(text_, at_);
    if (at_end()) return refuse("a string is not closed");
    if (take('"')) return true;
    if (!take('\\')) return refuse("a string holds a control character");
    if (!read_escape(nullptr)) return false;
  }
}

bool FlatJsonReader::skip_value(int depth) {
  if (at_end()) return refuse("a value is missing");
  switch (text_[at_]) {
    case '"':
      ++at_;
      return skip_string();
    case '{':
    case '[':
      if (depth >= kMaxDepth) return refuse("values are nested too deeply");
      return text_[at_++] == '{' ? skip_members(depth + 1) : skip_elements(depth + 1);
    case 't':
      return skip_word("true");
    case 'f':
      return skip_word("false");
    case 'n':
      return skip_word("null");
    default:
      return skip_number();
  }
}

bool FlatJsonReader::skip_members(int depth) {
  skip_space();
  if (take('}')) return true;
  for (;;) {
    if (!take('"')) return refuse("the name of a member is missing");
    if (!skip_string()) return false;
    skip_space();
    if (!take(':')) return refuse("a colon after the name of a member is missing");
    skip_space();
    if (!skip_value(depth)) return false;
    skip_space();
    if (take('}')) return true;
    if (!take(',')) return refuse("a comma or the end of the object is missing");
    skip_space();
  }
}

bool FlatJsonReader::skip_elements(int depth) {
  skip_space();
  if (take(']')) return true;
  for (;;) {
    if (!skip_value(depth)) return false;
    skip_space();
    if (take(']')) return true;
    if (!take(',')) return refuse("a comma or the end of the array is missing");
    skip_space();
  }
}

bool FlatJsonReader::skip_number() noexcept {
  const std::size_t begin = at_;
  static_cast<void>(take('-'));
  if (!take('0') && !skip_digits()) return refuse("a value is missing or is not JSON");
  if (take('.') && !skip_digits()) return refuse("a number has no digits after its point");
  if (take('e') || take('E')) {
    if (!take('+')) static_cast<void>(take('-'));
    const std::size_t exponent = at_;
    // Exponents beyond any double: parsers disagree on them (infinity or an error), so they are refused.
    if (!skip_digits() || at_ - exponent > 3) return refuse("a number has no exponent of one to three digits");
  }
  return at_ - begin <= kMaxNumber || refuse("a number is too long");
}

bool FlatJsonReader::skip_digits() noexcept {
  const std::size_t begin = at_;
  while (!at_end() && is_digit(text_[at_])) ++at_;
  return at_ != begin;
}

bool FlatJsonReader::skip_word(std::string_view word) noexcept {
  if (text_.substr(at_, word.size()) != word) return refuse("a value is missing or is not JSON");
  at_ += word.size();
  return true;
}

}  // namespace heliograph::wire
