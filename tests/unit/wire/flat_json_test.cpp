// The flat JSON reader against a table of RFC 8259's corners, and against Boost.JSON on many damaged texts.
#include "wire/flat_json.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/message_properties.hpp"
#include "wire/json_scan.hpp"

namespace heliograph::wire {
namespace {

/// "name=kind:value;…" or "!" and the rule broken.
std::string read_all(std::string_view text) {
  std::string scratch;
  FlatJsonReader reader(text, scratch);
  std::string all;
  while (const auto member = reader.next()) {
    constexpr char kKinds[] = {'s', 'n', 'o', '?'};
    all += std::string(member->name) + "=" + kKinds[static_cast<int>(member->kind)] + ":" + std::string(member->value) +
           ";";
  }
  return reader.failure().empty() ? all : "!" + std::string(reader.failure());
}

TEST(FlatJsonTest, ReadsWhatTheTableSays) {
  const struct {
    const char* text;
    const char* read;
  } cases[] = {
      {"{}", ""},
      {" { } ", ""},
      {R"({"a":"b"})", "a=s:b;"},
      {R"({"":""})", "=s:;"},
      {R"({"a":null,"b":true,"c":false,"d":-0.5e+10,"e":[1,"]"],"f":{"g":"}"}})",
       R"(a=n:null;b=?:true;c=?:false;d=?:-0.5e+10;e=?:[1,"]"];f=o:{"g":"}"};)"},
      {R"({"a":"1","a":"2"})", "a=s:1;a=s:2;"},
      {R"({"a":"\"\\\/\b\f\n\r\t"})", "a=s:\"\\/\b\f\n\r\t;"},
      {R"({"a":"\u0041\u00e9\u20ac\ud83d\ude00"})", "a=s:A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80;"},
      {R"({"a":"0123456789012345678\"0123456789"})", "a=s:0123456789012345678\"0123456789;"},
      {"", "!the text is not a JSON object"},
      {"\xEF\xBB\xBF{}", "!the text is not a JSON object"},
      {"[]", "!the text is not a JSON object"},
      {"{", "!the name of a member is missing"},
      {R"({"a")", "!a colon after the name of a member is missing"},
      {R"({"a":)", "!a value is missing"},
      {R"({"a":"b")", "!a comma or the end of the object is missing"},
      {R"({"a":"b",})", "!the name of a member is missing"},
      {R"({,"a":"b"})", "!the name of a member is missing"},
      {R"({a:"b"})", "!the name of a member is missing"},
      {R"({'a':"b"})", "!the name of a member is missing"},
      {R"({"a":"b"}{})", "!text follows the JSON object"},
      {R"({"a":"b)", "!a string is not closed"},
      {R"({"a":"\)", "!a string is not closed"},
      {R"({"a":"\x"})", "!a string holds an unknown escape"},
      {R"({"a":"\u12g4"})", "!\\u is not followed by four hexadecimal digits"},
      {R"({"a":"\u12)", "!\\u is not followed by four hexadecimal digits"},
      {R"({"a":"\ude00"})", "!a string holds half of a surrogate pair"},
      {R"({"a":"\ud83d\u0041"})", "!a string holds half of a surrogate pair"},
      {R"({"a":["\ud83d"]})", "!a string holds half of a surrogate pair"},
      {"{\"a\":\"\x01\"}", "!a string holds a control character"},
      {"{\"a\":[\"\x1f\"]}", "!a string holds a control character"},
      {R"({"a":tru})", "!a value is missing or is not JSON"},
      {R"({"a":+1})", "!a value is missing or is not JSON"},
      {R"({"a":-})", "!a value is missing or is not JSON"},
      {R"({"a":.5})", "!a value is missing or is not JSON"},
      {R"({"a":NaN})", "!a value is missing or is not JSON"},
      {R"({"a":1.})", "!a number has no digits after its point"},
      {R"({"a":1e})", "!a number has no exponent of one to three digits"},
      {R"({"a":1e1000})", "!a number has no exponent of one to three digits"},
      {R"({"a":[1 2]})", "!a comma or the end of the array is missing"},
      {R"({"a":[1,]})", "!a value is missing or is not JSON"},
      {R"({"a":{"b" 1}})", "!a colon after the name of a member is missing"},
      {R"({"a":[}})", "!a value is missing or is not JSON"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(read_all(c.text), c.read);
    test::check_flat_json(c.text);
  }
}

TEST(FlatJsonTest, NestingIsBoundedExactly) {
  const auto nested = [](int depth) {
    const auto count = static_cast<std::size_t>(depth);
    return R"({"a":)" + std::string(count, '[') + std::string(count, ']') + "}";
  };

  EXPECT_EQ(read_all(nested(FlatJsonReader::kMaxDepth - 1)).front(), 'a');
  EXPECT_EQ(read_all(nested(FlatJsonReader::kMaxDepth)), "!values are nested too deeply");
  EXPECT_EQ(read_all(nested(100'000)), "!values are nested too deeply");
}

TEST(FlatJsonTest, DecodedViewsStayWhereTheyAre) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += R"("\u0061)" + std::to_string(i) + R"(":"\u0062)" + std::to_string(i) + "\",";
  text.back() = '}';
  std::string scratch;
  FlatJsonReader reader(text, scratch);
  std::vector<JsonMember> members;

  while (const auto member = reader.next()) members.push_back(*member);

  ASSERT_EQ(members.size(), 100U);
  for (std::size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ(members[i].name, "a" + std::to_string(i));
    EXPECT_EQ(members[i].value, "b" + std::to_string(i));
  }
}

TEST(JsonScanTest, FindsEveryStopAtEveryPlace) {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string plain(size, '\x7f');
    EXPECT_EQ(find_string_stop(plain, 0), size);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char stop : {'"', '\\', '\0', '\x1f'}) {
        std::string text = plain;
        text[at] = stop;
        text.back() = '"';
        ASSERT_EQ(find_string_stop(text, 0), at) << size;
        ASSERT_EQ(find_string_stop(text, at / 2), at) << size;
      }
    }
  }
}

TEST(JsonScanTest, OnlyQuoteBackslashAndControlsStop) {
  for (int value = 0; value < 256; ++value) {
    const auto c = static_cast<char>(value);
    const bool stops = value < 0x20 || c == '"' || c == '\\';
    for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{64}}) {
      EXPECT_EQ(find_string_stop(std::string(size, c), 0), stops ? 0 : size) << value;
    }
  }
}

/// Texts near JSON: pieces of it strung together, and good messages with a few bytes changed.
class DamagedTexts {
 public:
  std::string next() {
    std::string text = below(2) == 0 ? strung() : message();
    for (std::size_t changes = below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = below(text.size());
      if (below(2) == 0) {
        text[at] = static_cast<char>(below(256));
      } else {
        text.erase(at, 1 + below(3));
      }
    }
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string strung() {
    static constexpr std::string_view kPieces[] = {
        "{",  "}",   "[",       "]",       ":",    ",", "\"a\"", "\"\"",   "null",    "1.5",
        "-0", "1e2", "\\u0041", "\"\\n\"", "true", " ", "\t",    "\"b\":", "{\"c\":", "\"\\ud83d\\ude00\""};
    std::string text = "{";
    for (std::size_t pieces = below(12); pieces > 0; --pieces) text += kPieces[below(std::size(kPieces))];
    return text + "}";
  }

  std::string message() {
    std::string text = R"({"action":"SDP_OFFER","messagePayload":"AAAA")";
    if (below(2) == 0) text += R"(,"recipientClientId":"v")";
    if (below(2) == 0) text += R"(,"CorrelationId" : "k\u0031")";
    if (below(2) == 0) text += R"(,"IceServerList":[{"Uris":["turn:a"],"Ttl":300,"Password":"p"}])";
    if (below(4) == 0) text += R"(,"statusResponse":{"statusCode":"400","success":false})";
    return text + "}";
  }

  std::mt19937 random_{20'231'121};
};

TEST(FlatJsonTest, AgreesWithBoostOnDamagedTexts) {
  DamagedTexts texts;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = texts.next();
    test::check_flat_json(text);
    test::check_client_message(text);
    test::check_service_message(text);
  }
}

}  // namespace
}  // namespace heliograph::wire
