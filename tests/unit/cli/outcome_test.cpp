// What commands that change something print.
#include "cli/outcome.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace heliograph::cli {
namespace {

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

TEST(OutcomeTest, EndingNobodyIsAFailure) {
  const auto two = tell_kicked(object(R"({"disconnected":2})"));
  const auto none = tell_kicked(object(R"({"disconnected":0})"));

  EXPECT_EQ(two.code, 0);
  EXPECT_EQ(two.text, "connections ended: 2\n");
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(none.text, "");
  EXPECT_EQ(none.warning, "nobody who is connected matches");
}

TEST(OutcomeTest, UnknownKeyIsRevokedWithAWarning) {
  const auto known = tell_revoked("AKIAX", object(R"({"disconnected":1})"));
  const auto unknown = tell_revoked("AKIAX", object(R"({"disconnected":0,"known":false})"));

  EXPECT_EQ(known.text, "access key AKIAX is revoked; connections ended: 1\n");
  EXPECT_EQ(known.warning, "");
  EXPECT_EQ(unknown.code, 0);
  EXPECT_EQ(unknown.text, "access key AKIAX is revoked; connections ended: 0\n");
  EXPECT_EQ(unknown.warning, "no such key is known here; it is refused all the same");
}

TEST(OutcomeTest, RevokedKeysAreATable) {
  EXPECT_EQ(tell_revoked_keys(object(R"({"keys":[]})")).text, "no access key is revoked\n");
  EXPECT_EQ(tell_revoked_keys(object(R"({"keys":[{"accessKeyId":"AKIAX","time":"now","reason":"lost"}]})")).text,
            "KEY    SINCE  REASON\nAKIAX  now    lost\n");
}

}  // namespace
}  // namespace heliograph::cli
