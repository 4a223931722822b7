// Errors of the service, as the AWS SDKs read them.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sdk/channel/error_answer.hpp"
#include "wire/error_table.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

net::HttpReply reply(int status, std::string body, std::string type = {}) {
  net::HttpReply made{status, {}, std::move(body)};
  if (!type.empty()) made.headers.push_back({"x-amzn-errortype", std::move(type)});
  return made;
}

TEST(ErrorAnswerTest, HeaderWinsOverTheBodysTypeAndDecorationsAreStripped) {
  struct Case {
    const char* header;
    const char* body;
    const char* type;
  };
  constexpr Case kCases[] = {
      {"ResourceNotFoundException", R"({"__type":"InvalidArgumentException"})", "ResourceNotFoundException"},
      {"ResourceNotFoundException:http://internal.amazon.com/coral/", "{}", "ResourceNotFoundException"},
      {"com.amazonaws#ResourceNotFoundException", "{}", "ResourceNotFoundException"},
      {"", R"({"__type":"com.amazonaws#ResourceNotFoundException:http://x/"})", "ResourceNotFoundException"},
      {"", R"({"code":"ResourceNotFoundException"})", "ResourceNotFoundException"},
      {"", R"({"Code":"ResourceNotFoundException"})", "ResourceNotFoundException"},
      {"", R"({"__type":7,"code":null})", ""},
      {"", "<html>", ""},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.body);

    const ErrorAnswer answer = read_error(reply(404, c.body, c.header));

    EXPECT_EQ(answer.type, c.type);
    EXPECT_EQ(answer.error.code, Errc::kResourceNotFound);
  }
}

TEST(ErrorAnswerTest, DetailHasStatusTypeTextAndRequestId) {
  auto refused = reply(404, R"({"Message":"no such channel"})", "ResourceNotFoundException");
  refused.headers.push_back({"X-Amzn-RequestId", "9f4a"});

  EXPECT_EQ(read_error(refused).error.detail, "404 ResourceNotFoundException: no such channel (request 9f4a)");
  EXPECT_EQ(read_error(reply(502, "")).error.detail, "502: without a reason");
  EXPECT_EQ(read_error(reply(502, "bad gateway")).error.detail, "502: bad gateway");
}

TEST(ErrorAnswerTest, TokenInTheAnswerIsLeftOutHoweverItIsSpelledAndWhereverTheTextIsCut) {
  const std::string token = "IQoJ/" + std::string(1000, 'x') + "+==";
  const TokenSpellings spellings(token);
  for (const std::string& spelled : {token, wire::percent_encode(token)}) {
    const std::string text = "The Canonical String should have been\nX-Amz-Security-Token=" + spelled + "&X-Amz-Date=1";

    const auto as_json =
        read_error(reply(403, boost::json::serialize(boost::json::object{{"message", text}})), spellings.views());
    const auto as_text = read_error(reply(403, text, "SignatureDoesNotMatch"), spellings.views());

    EXPECT_EQ(as_json.error.detail,
              "403: The Canonical String should have been X-Amz-Security-Token=[removed]&X-Amz-Date=1");
    EXPECT_EQ(as_text.error.detail,
              "403 SignatureDoesNotMatch: The Canonical String should have been "
              "X-Amz-Security-Token=[removed]&X-Amz-Date=1");
  }
}

TEST(ErrorAnswerTest, WhateverHeliographdAnswersComesBackAsTheSameCode) {
  for (int i = 0; i <= static_cast<int>(Errc::kServiceUnavailable); ++i) {
    const auto code = static_cast<Errc>(i);
    const auto sent = wire::to_http(code, wire::Surface::kControlPlane);
    SCOPED_TRACE(sent.type);

    const ErrorAnswer answer = read_error(reply(sent.status, sent.body, std::string(sent.type)));

    EXPECT_EQ(static_cast<int>(answer.error.code), i);
  }
}

TEST(ErrorAnswerTest, AnswersOfTheLayerInFrontAreKnownByTheirText) {
  struct Case {
    const char* text;
    Errc code;
  };
  // As in public logs of the real service: 403, a message, no type.
  constexpr Case kCases[] = {
      {"Signature expired: 20231107T044734Z is now earlier than 20231107T045305Z", Errc::kSignatureExpired},
      {"Signature not yet current: 20231107T044734Z is still later", Errc::kSignatureNotYetCurrent},
      {"The request signature we calculated does not match the signature you provided.", Errc::kSignatureMismatch},
      {"The security token included in the request is invalid", Errc::kUnrecognizedClient},
      {"The security token included in the request is expired", Errc::kExpiredToken},
      {"no", Errc::kAccessDenied},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(read_error(reply(403, std::string(R"({"message":")") + c.text + "\"}")).error.code, c.code);
  }
}

TEST(ErrorAnswerTest, WithoutATypeThatIsKnownTheStatusDecides) {
  struct Case {
    int status;
    Errc code;
    bool is_temporary;
  };
  constexpr Case kCases[] = {
      {400, Errc::kBadRequest, false},         {401, Errc::kAccessDenied, false},
      {403, Errc::kAccessDenied, false},       {404, Errc::kResourceNotFound, false},
      {405, Errc::kMethodNotAllowed, false},   {413, Errc::kPayloadTooLarge, false},
      {429, Errc::kClientLimitExceeded, true}, {500, Errc::kInternalFailure, true},
      {502, Errc::kServiceUnavailable, true},  {503, Errc::kServiceUnavailable, true},
      {504, Errc::kServiceUnavailable, true},  {302, Errc::kBadRequest, false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.status);

    const ErrorAnswer answer = read_error(reply(c.status, "{}", "SomethingNewException"));

    EXPECT_EQ(answer.error.code, c.code);
    EXPECT_EQ(answer.is_temporary, c.is_temporary);
  }
}

TEST(ErrorAnswerTest, ThrottlingIsA400ThatIsWorthAnotherTry) {
  for (const char* type : {"ClientLimitExceededException", "ThrottlingException", "TooManyRequestsException"}) {
    SCOPED_TRACE(type);

    const ErrorAnswer answer = read_error(reply(400, "{}", type));

    EXPECT_EQ(answer.error.code, Errc::kClientLimitExceeded);
    EXPECT_TRUE(answer.is_throttling && answer.is_temporary);
  }
  EXPECT_FALSE(read_error(reply(400, "{}", "AccountChannelLimitExceededException")).is_temporary);
}

}  // namespace
}  // namespace heliograph::sdk
