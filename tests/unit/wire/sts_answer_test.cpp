// XML of STS: what is found in it, and what is not taken for it.
#include "wire/sts_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "wire/xml_leaves.hpp"

namespace heliograph::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The shape of botocore's model of sts, 2011-06-15, and of the examples in its API reference.
constexpr const char* kAnswer = R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <SourceIdentity/>
    <AssumedRoleUser><AssumedRoleId>ARO:cam-7</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/cam/cam-7</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalr&#x2F;XUtn&amp;FEMI&#43;</SecretAccessKey>
      <SessionToken>AQoDYXdz</SessionToken>
      <Expiration>2023-11-07T04:47:34Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata>
</AssumeRoleResponse>
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(StsAnswerTest, CredentialsAreFoundAndReferencesDecoded) {
  const auto credentials = parse_sts_credentials(kAnswer, "AssumeRole");

  ASSERT_TRUE(credentials) << credentials.error().detail;
  EXPECT_EQ(credentials->access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(credentials->secret_access_key.reveal(), "wJalr/XUtn&FEMI+");
  EXPECT_EQ(credentials->session_token.reveal(), "AQoDYXdz");
  EXPECT_EQ(credentials->expires, WallTime(std::chrono::milliseconds(1699332454000)));
}

TEST(StsAnswerTest, EachOfTheFourIsNeededOnceAndTheRefusalQuotesNone) {
  const struct {
    std::string xml;
    const char* why;
  } cases[] = {
      {with(kAnswer, "AssumeRoleResult>", "OtherResult>"), "XML"},
      {with(kAnswer, "<SessionToken>AQoDYXdz</SessionToken>", ""), "SessionToken"},
      {with(kAnswer, "<AccessKeyId>ASIAEXAMPLE</AccessKeyId>", "<AccessKeyId/>"), "AccessKeyId"},
      {with(kAnswer, "<SourceIdentity/>", "<Credentials><SecretAccessKey>x</SecretAccessKey></Credentials>"),
       "SecretAccessKey"},
      {with(kAnswer, "2023-11-07T04:47:34Z", "soon"), "Expiration"},
      {with(kAnswer, "</AssumeRoleResponse>", ""), "XML"},
      {"", "XML"},
      {"{}", "XML"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.xml);
    const auto credentials = parse_sts_credentials(c.xml, "AssumeRole");
    ASSERT_FALSE(credentials);
    EXPECT_EQ(credentials.error().code, Errc::kCorrupt);
    EXPECT_THAT(credentials.error().detail, HasSubstr(c.why));
    EXPECT_THAT(credentials.error().detail, Not(HasSubstr("wJalr")));
  }
  EXPECT_FALSE(parse_sts_credentials(kAnswer, "AssumeRoleWithWebIdentity"));
}

TEST(StsAnswerTest, RefusalsHaveACodeAndAMessage) {
  const auto refusal =
      parse_sts_refusal(R"(<ErrorResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><Error><Type>Sender</Type>)"
                        R"(<Code>AccessDenied</Code><Message>User &quot;ann&quot; is not authorized</Message></Error>)"
                        R"(<RequestId>1</RequestId></ErrorResponse>)");

  EXPECT_EQ(refusal.code, "AccessDenied");
  EXPECT_EQ(refusal.message, "User \"ann\" is not authorized");
  EXPECT_TRUE(parse_sts_refusal("<html><body>Bad Gateway</body></html>").code.empty());
  EXPECT_TRUE(parse_sts_refusal("Bad Gateway").code.empty());
}

TEST(XmlLeavesTest, TextsAreFoundByTheirPaths) {
  const auto read =
      read_xml_leaves("<a x='1' y=\"2\"><b>1 &lt; 2</b><!-- - --><c><d/><b>\xC3\xA4&#x20AC;</b></c></a >\n");
  ASSERT_TRUE(read) << read.error().detail;
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ(read->at(0).path + "=" + read->at(0).text, "a/b=1 < 2");
  EXPECT_EQ(read->at(1).path + "=" + read->at(1).text, "a/c/d=");
  EXPECT_EQ(read->at(2).path + "=" + read->at(2).text, "a/c/b=\xC3\xA4\xE2\x82\xAC");
}

TEST(XmlLeavesTest, WhatNoAnswerHasIsRefused) {
  std::string deep;
  for (int i = 0; i < 17; ++i) deep += "<a>";
  std::string many = "<a>";
  for (int i = 0; i < 1001; ++i) many += "<b/>";
  for (const std::string& text : {std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
                                  std::string("<a>&x;</a>"),
                                  std::string("<a><![CDATA[b]]></a>"),
                                  std::string("<a><?b?></a>"),
                                  std::string("<a>text<b/></a>"),
                                  std::string("<a><b/>text</a>"),
                                  std::string("<a></b>"),
                                  std::string("<a/><b/>"),
                                  std::string("<a>&#0;</a>"),
                                  std::string("<a>&#xD800;</a>"),
                                  std::string("<a>&#x110000;</a>"),
                                  std::string("<a>&#;</a>"),
                                  std::string("<a>&#99999999999999999999;</a>"),
                                  std::string("<a>\x01</a>"),
                                  std::string("<a>\xFF</a>"),
                                  std::string("<a b=c/>"),
                                  std::string("<a b='<'/>"),
                                  std::string("<a b"),
                                  std::string("<a><!-- -- --></a>"),
                                  std::string("< a/>"),
                                  std::string("<a b = 'c'/>"),
                                  std::string("x<a/>"),
                                  deep,
                                  many + "</a>"}) {
    const auto leaves = read_xml_leaves(text);
    ASSERT_FALSE(leaves) << text;
    EXPECT_EQ(leaves.error().code, Errc::kCorrupt);
  }
}

}  // namespace
}  // namespace heliograph::wire
