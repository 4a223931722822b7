// The error table: statuses, types and bodies as the service models and real logs have them.
#include "wire/error_table.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

namespace heliograph::wire {
namespace {

constexpr auto kEveryCode = static_cast<unsigned>(Errc::kCorrupt) + 1;

TEST(ErrorTableTest, ModelledErrorsHaveTheStatusOfTheirSurface) {
  struct Case {
    Errc code;
    Surface surface;
    int status;
    const char* type;
  };
  const Case cases[] = {
      {Errc::kAccessDenied, Surface::kControlPlane, 401, "AccessDeniedException"},
      {Errc::kAccessDenied, Surface::kSignaling, 401, "NotAuthorizedException"},
      {Errc::kAccessDenied, Surface::kStorage, 403, "AccessDeniedException"},
      {Errc::kAccessDenied, Surface::kHandshake, 403, "AccessDeniedException"},
      {Errc::kNotAuthorized, Surface::kControlPlane, 401, "NotAuthorizedException"},
      {Errc::kNotAuthorized, Surface::kSignaling, 401, "NotAuthorizedException"},
      {Errc::kResourceNotFound, Surface::kControlPlane, 404, "ResourceNotFoundException"},
      {Errc::kResourceNotFound, Surface::kHandshake, 404, "ResourceNotFoundException"},
      {Errc::kInvalidArgument, Surface::kControlPlane, 400, "InvalidArgumentException"},
      {Errc::kInvalidArgument, Surface::kHandshake, 400, "InvalidArgumentException"},
      {Errc::kClientLimitExceeded, Surface::kSignaling, 400, "ClientLimitExceededException"},
      {Errc::kClientLimitExceeded, Surface::kHandshake, 400, "ClientLimitExceededException"},
      {Errc::kResourceInUse, Surface::kControlPlane, 400, "ResourceInUseException"},
      {Errc::kVersionMismatch, Surface::kControlPlane, 400, "VersionMismatchException"},
      {Errc::kNoDataRetention, Surface::kControlPlane, 400, "NoDataRetentionException"},
      {Errc::kInvalidDevice, Surface::kControlPlane, 400, "InvalidDeviceException"},
      {Errc::kInvalidResourceFormat, Surface::kControlPlane, 400, "InvalidResourceFormatException"},
      {Errc::kAccountChannelLimitExceeded, Surface::kControlPlane, 400, "AccountChannelLimitExceededException"},
      {Errc::kAccountStreamLimitExceeded, Surface::kControlPlane, 400, "AccountStreamLimitExceededException"},
      {Errc::kDeviceStreamLimitExceeded, Surface::kControlPlane, 400, "DeviceStreamLimitExceededException"},
      {Errc::kTagsPerResourceExceededLimit, Surface::kControlPlane, 400, "TagsPerResourceExceededLimitException"},
      {Errc::kInvalidClient, Surface::kSignaling, 400, "InvalidClientException"},
      {Errc::kSessionExpired, Surface::kSignaling, 400, "SessionExpiredException"},
      {Errc::kSignatureMismatch, Surface::kControlPlane, 403, "InvalidSignatureException"},
      {Errc::kSignatureExpired, Surface::kSignaling, 403, "InvalidSignatureException"},
      {Errc::kUnrecognizedClient, Surface::kStorage, 403, "UnrecognizedClientException"},
      {Errc::kMissingAuthenticationToken, Surface::kControlPlane, 403, "MissingAuthenticationTokenException"},
      {Errc::kIncompleteSignature, Surface::kControlPlane, 403, "IncompleteSignatureException"},
      {Errc::kExpiredToken, Surface::kControlPlane, 403, "ExpiredTokenException"},
      {Errc::kSignatureMismatch, Surface::kHandshake, 403, "AccessDeniedException"},
      {Errc::kSignatureExpired, Surface::kHandshake, 403, "AccessDeniedException"},
      {Errc::kUnrecognizedClient, Surface::kHandshake, 403, "AccessDeniedException"},
      {Errc::kMissingAuthenticationToken, Surface::kHandshake, 403, "AccessDeniedException"},
      {Errc::kIncompleteSignature, Surface::kHandshake, 400, "InvalidArgumentException"},
      {Errc::kBadRequest, Surface::kControlPlane, 400, "BadRequestException"},
      {Errc::kBadRequest, Surface::kHandshake, 400, "InvalidArgumentException"},
      {Errc::kLoginRequired, Surface::kControlPlane, 401, "LoginRequired"},
      {Errc::kInternalFailure, Surface::kControlPlane, 500, "InternalFailureException"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.type) + " on surface " + std::to_string(static_cast<int>(c.surface)));

    const ErrorAnswer answer = to_http(c.code, c.surface);

    EXPECT_EQ(answer.status, c.status);
    EXPECT_EQ(answer.type, c.type);
  }
}

TEST(ErrorTableTest, MessageMemberIsCapitalOnlyForModelledErrorsOutsideStorage) {
  EXPECT_EQ(to_http(Errc::kResourceNotFound, Surface::kControlPlane).body,
            R"({"__type":"ResourceNotFoundException","Message":"The requested channel is not found or not active."})");
  EXPECT_EQ(to_http(Errc::kInvalidArgument, Surface::kSignaling, "m").body,
            R"({"__type":"InvalidArgumentException","Message":"m"})");
  EXPECT_EQ(to_http(Errc::kInvalidArgument, Surface::kStorage, "m").body,
            R"({"__type":"InvalidArgumentException","message":"m"})");
  EXPECT_EQ(to_http(Errc::kInvalidClient, Surface::kSignaling, "m").body,
            R"({"__type":"InvalidClientException","message":"m"})");
}

TEST(ErrorTableTest, AuthenticationTextsAreThoseOfTheRealService) {
  EXPECT_EQ(
      to_http(Errc::kSignatureMismatch, Surface::kControlPlane).body,
      R"({"__type":"InvalidSignatureException","message":"The request signature we calculated does not match the )"
      R"(signature you provided. Check your AWS Secret Access Key and signing method. Consult the service )"
      R"(documentation for details."})");
  EXPECT_EQ(
      to_http(Errc::kUnrecognizedClient, Surface::kControlPlane).body,
      R"({"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid"})");
}

TEST(ErrorTableTest, BodyKeepsWhatTheCSdkCannotUnescape) {
  EXPECT_EQ(to_http(Errc::kInvalidArgument, Surface::kControlPlane, R"(a/b=c+d&e "f" \g)").body,
            R"({"__type":"InvalidArgumentException","Message":"a/b=c+d&e \"f\" \\g"})");
}

TEST(ErrorTableTest, DetailsOfOurOwnFailuresStayWithUs) {
  const Error theirs{Errc::kInvalidArgument, "name it better"};
  const Error ours{Errc::kIo, "/var/lib/heliograph/heliograph.db: disk full"};

  EXPECT_EQ(to_http(theirs, Surface::kControlPlane).body,
            R"({"__type":"InvalidArgumentException","Message":"name it better"})");
  EXPECT_EQ(to_http(ours, Surface::kControlPlane).body, to_http(Errc::kIo, Surface::kControlPlane).body);
}

TEST(ErrorTableTest, EveryCodeHasAnAnswerOnEverySurfaceAndACloseCode) {
  for (unsigned i = 0; i < kEveryCode; ++i) {
    SCOPED_TRACE(i);
    const auto code = static_cast<Errc>(i);
    for (unsigned surface = 0; surface < kSurfaceCount; ++surface) {
      const ErrorAnswer answer = to_http(code, static_cast<Surface>(surface));
      const auto body = boost::json::parse(answer.body);
      EXPECT_TRUE(answer.status >= 400 && answer.status <= 599);
      EXPECT_EQ(body.at("__type").as_string(), answer.type);
      EXPECT_EQ(body.as_object().size(), 2U);
    }
    const ErrorRow& row = error_row(code);
    EXPECT_EQ(row.code, code);
    EXPECT_FALSE(row.status_response.type.empty());
    EXPECT_TRUE(row.status_response.status >= 400 && row.status_response.status <= 599);
    EXPECT_FALSE(row.close_reason.empty());
    // RFC 6455, 7.4: what an endpoint may put into a close frame.
    const bool is_defined = row.close_code >= 1000 && row.close_code <= 1014 && row.close_code != 1004 &&
                            row.close_code != 1005 && row.close_code != 1006;
    const bool is_private = row.close_code >= 4000 && row.close_code <= 4999;
    EXPECT_TRUE(is_defined || is_private) << row.close_code;
  }
}

TEST(ErrorTableTest, EndsThatAnApplicationMustTellApartHaveCodesOfTheirOwn) {
  const std::set<unsigned> codes{error_row(Errc::kReplaced).close_code, error_row(Errc::kChannelDeleted).close_code,
                                 error_row(Errc::kIdleTimeout).close_code, error_row(Errc::kPingTimeout).close_code,
                                 error_row(Errc::kGoingAway).close_code};

  EXPECT_EQ(codes.size(), 5U);
  EXPECT_EQ(error_row(Errc::kReplaced).close_code, 4001);
  EXPECT_EQ(error_row(Errc::kChannelDeleted).close_code, 4002);
}

}  // namespace
}  // namespace heliograph::wire
