// The JSON shapes of credentials: what each takes, and what it says about what it does not.
#include "wire/credential_answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace heliograph::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr WallTime kEnd{std::chrono::milliseconds(1699332454000)};

using Parse = Result<Credentials> (*)(std::string_view);
struct Shape {
  const char* name;
  Parse parse;
  const char* good;
};
const Shape kShapes[] = {
    {"process", parse_process_credentials,
     R"({"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"wJalr","SessionToken":"tok","Expiration":"2023-11-07T04:47:34Z"})"},
    {"container", parse_container_credentials,
     R"({"AccessKeyId":"ASIA","SecretAccessKey":"wJalr","Token":"tok","Expiration":"2023-11-07T04:47:34Z","RoleArn":"r"})"},
    {"instance", parse_instance_credentials,
     R"({"Code":"Success","LastUpdated":"2023-11-07T03:00:00Z","Type":"AWS-HMAC","AccessKeyId":"ASIA",)"
     R"("SecretAccessKey":"wJalr","Token":"tok","Expiration":"2023-11-07T04:47:34Z"})"},
    {"iot", parse_iot_credentials,
     R"({"credentials":{"accessKeyId":"ASIA","secretAccessKey":"wJalr","sessionToken":"tok","expiration":"2023-11-07T04:47:34Z"}})"},
    {"cognito", parse_cognito_credentials,
     R"({"IdentityId":"r:1","Credentials":{"AccessKeyId":"ASIA","SecretKey":"wJalr","SessionToken":"tok","Expiration":1.699332454E9}})"},
};

TEST(CredentialAnswersTest, EachSourceHasItsOwnNames) {
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.name);
    const auto credentials = shape.parse(shape.good);
    ASSERT_TRUE(credentials) << credentials.error().detail;
    EXPECT_EQ(credentials->access_key_id, "ASIA");
    EXPECT_EQ(credentials->secret_access_key.reveal(), "wJalr");
    EXPECT_EQ(credentials->session_token.reveal(), "tok");
    EXPECT_EQ(credentials->expires, kEnd);
  }
}

TEST(CredentialAnswersTest, WhatIsMissingOrOfAnotherKindIsNamedAndNothingQuoted) {
  for (const Shape& shape : kShapes) {
    for (const char* value : {"\"ASIA\"", "\"wJalr\"", "\"tok\"", "\"2023-11-07T04:47:34Z\"", "1.699332454E9"}) {
      for (const char* instead : {"\"\"", "null", "7", "[\"wJalr\"]", "{}"}) {
        std::string text = shape.good;
        const auto at = text.find(value);
        if (at == std::string::npos) continue;
        text.replace(at, std::string(value).size(), instead);
        // A number is a date, and a program need not give a token or an end.
        if (std::string(instead) == "7" && text.find("xpiration\":7") != std::string::npos) continue;
        if (std::string(instead) == "null" && shape.parse == parse_process_credentials && value[1] != 'A' &&
            value[1] != 'w')
          continue;
        SCOPED_TRACE(text);
        const auto credentials = shape.parse(text);
        ASSERT_FALSE(credentials);
        EXPECT_EQ(credentials.error().code, Errc::kCorrupt);
        EXPECT_THAT(credentials.error().detail, HasSubstr("is missing or not"));
        EXPECT_THAT(credentials.error().detail, Not(HasSubstr("wJalr")));
      }
    }
    for (const char* text : {"", "[]", "null", "\"wJalr\"", "{\"AccessKeyId\":", "<html/>"})
      EXPECT_FALSE(shape.parse(text)) << shape.name << text;
  }
}

TEST(CredentialAnswersTest, ProgramMayGiveAPermanentKeyInVersionOneOnly) {
  const auto permanent = parse_process_credentials(R"({"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"})");
  ASSERT_TRUE(permanent);
  EXPECT_TRUE(permanent->session_token.empty());
  EXPECT_FALSE(permanent->expires);

  for (const char* version : {"2", "\"1\"", "1.0", "null"}) {
    const auto other = parse_process_credentials(std::string(R"({"AccessKeyId":"A","SecretAccessKey":"s","Version":)") +
                                                 version + "}");
    ASSERT_FALSE(other) << version;
    EXPECT_THAT(other.error().detail, HasSubstr("Version"));
  }
}

TEST(CredentialAnswersTest, InstanceMayBeToldWhyItGetsNone) {
  const auto refused = parse_instance_credentials(
      R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role camera."})");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kAccessDenied);
  EXPECT_EQ(refused.error().detail, "AssumeRoleUnauthorizedAccess: EC2 cannot assume the role camera.");
}

TEST(CredentialAnswersTest, NumbersThatAreNoTimeAreRefused) {
  for (const char* number : {"-1", "1e300", "253402300800", "true"})
    EXPECT_FALSE(parse_cognito_credentials(
        std::string(R"({"Credentials":{"AccessKeyId":"A","SecretKey":"s","SessionToken":"t","Expiration":)") + number +
        "}}"))
        << number;
}

TEST(CredentialAnswersTest, RefusalsAreReadInTheirThreeSpellings) {
  EXPECT_EQ(parse_json_refusal(R"({"Code":"AccessDenied","Message":"no"})").code, "AccessDenied");
  EXPECT_EQ(parse_json_refusal(R"({"message":"no"})").message, "no");
  EXPECT_EQ(parse_json_refusal(R"({"__type":"com.amazonaws.cognito#NotAuthorizedException"})").code,
            "NotAuthorizedException");
  EXPECT_EQ(parse_json_refusal("<html>").code, "");
  EXPECT_EQ(*parse_cognito_identity(R"({"IdentityId":"eu-west-1:1"})"), "eu-west-1:1");
  EXPECT_FALSE(parse_cognito_identity(R"({"IdentityId":7})"));
}

}  // namespace
}  // namespace heliograph::wire
