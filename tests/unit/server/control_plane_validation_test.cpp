// What the control plane refuses, and in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using testing::HasSubstr;

const std::string kSomeArn = "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/door/1712136149494";

std::string with(const std::string& rest) { return R"({"ChannelARN":")" + kSomeArn + R"(",)" + rest + "}"; }
std::string with_resource(const std::string& rest) { return R"({"ResourceARN":")" + kSomeArn + R"(",)" + rest + "}"; }

std::string many_tags(int count) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += (i == 0 ? "" : ",") + (R"({"Key":"k)" + std::to_string(i)) + R"(","Value":""})";
  return list;
}

struct Case {
  Operation operation;
  std::string body;
  const char* type;
  const char* message;  ///< Must be in the answer.
};

void expect_refusals(const std::vector<Case>& cases) {
  test::ApiWorld world;
  world.create("door");
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(to_string(c.operation)) + ' ' + c.body.substr(0, 200));
    const auto answer = world.call(c.operation, c.body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.error_type, c.type);
    EXPECT_THAT(answer.body, HasSubstr(c.message));
    boost::json::error_code problem;
    EXPECT_EQ(boost::json::parse(answer.body, problem).at("__type").as_string(), c.type);
  }
  EXPECT_EQ(world.store.channel_count(), 1U);
  EXPECT_TRUE(world.events.seen.empty());
}

constexpr const char* kInvalid = "InvalidArgumentException";
constexpr auto kCreate = Operation::kCreateSignalingChannel;
constexpr auto kDescribe = Operation::kDescribeSignalingChannel;
constexpr auto kList = Operation::kListSignalingChannels;
constexpr auto kUpdate = Operation::kUpdateSignalingChannel;
constexpr auto kDelete = Operation::kDeleteSignalingChannel;
constexpr auto kEndpoint = Operation::kGetSignalingChannelEndpoint;
constexpr auto kTag = Operation::kTagResource;
constexpr auto kUntag = Operation::kUntagResource;
constexpr auto kListTags = Operation::kListTagsForResource;
constexpr auto kIce = Operation::kGetIceServerConfig;

TEST(ControlPlaneValidationTest, BodiesThatAreNotObjectsAreBadRequests) {
  expect_refusals({
      {kList, "{", "BadRequestException", "not JSON"},
      {kList, "[]", "BadRequestException", "must be a JSON object"},
      {kList, "null", "BadRequestException", "must be a JSON object"},
      {kList, "{} {}", "BadRequestException", "not JSON"},
      {kList, "{\"NextToken\":\"\xFF\"}", "BadRequestException", "not JSON"},
      {kList, std::string(1000, '['), "BadRequestException", "not JSON"},
  });
}

TEST(ControlPlaneValidationTest, NamesTheMemberAndTheRule) {
  const char* name_rule = "ChannelName must match [a-zA-Z0-9_.-]+ and be 1 to 256 characters";
  expect_refusals({
      {kCreate, "{}", kInvalid, "ChannelName is required"},
      {kCreate, R"({"ChannelName":null})", kInvalid, "ChannelName is required"},
      {kCreate, R"({"ChannelName":""})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":"a b"})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":"a/b"})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":"tür"})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":"a\u0000"})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":")" + std::string(257, 'a') + "\"}", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":7})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":["a"]})", kInvalid, name_rule},
      {kCreate, R"({"ChannelName":"a","ChannelType":"MESH"})", kInvalid,
       "ChannelType must be SINGLE_MASTER or FULL_MESH"},
      {kCreate, R"({"ChannelName":"a","SingleMasterConfiguration":[]})", kInvalid,
       "SingleMasterConfiguration must be an object"},
      {kDescribe, "{}", kInvalid, "ChannelName or ChannelARN is required"},
      {kDescribe, R"({"ChannelARN":"door"})", kInvalid, "ChannelARN must match arn:"},
      {kDescribe, R"({"ChannelARN":")" + kSomeArn + R"(x"})", kInvalid, "ChannelARN must match arn:"},
      {kUpdate, with(R"("CurrentVersion":"a-b")"), kInvalid, "CurrentVersion must match [a-zA-Z0-9]+"},
      {kUpdate, with(R"("SingleMasterConfiguration":{"MessageTtlSeconds":60})"), kInvalid,
       "CurrentVersion is required"},
      {kUpdate, with(R"("CurrentVersion":"a")"), kInvalid, "SingleMasterConfiguration.MessageTtlSeconds is required"},
      {kDelete, "{}", kInvalid, "ChannelARN is required"},
      {kDelete, with(R"("CurrentVersion":"")"), kInvalid, "CurrentVersion must match"},
  });
}

TEST(ControlPlaneValidationTest, NumbersMustBeWholeAndInRange) {
  const char* ttl_rule = "SingleMasterConfiguration.MessageTtlSeconds must be an integer from 5 to 120";
  const char* page_rule = "MaxResults must be an integer from 1 to 10000";
  std::vector<Case> cases;
  for (const char* ttl : {"4", "121", "-5", "5.5", "\"60\"", "true", "1e300", "18446744073709551615", "{}"}) {
    cases.push_back(
        {kCreate, std::string(R"({"ChannelName":"a","SingleMasterConfiguration":{"MessageTtlSeconds":)") + ttl + "}}",
         kInvalid, ttl_rule});
  }
  for (const char* limit : {"0", "10001", "-1", "1.5", "\"5\""}) {
    cases.push_back({kList, std::string(R"({"MaxResults":)") + limit + "}", kInvalid, page_rule});
  }
  expect_refusals(cases);
}

TEST(ControlPlaneValidationTest, TagsAreCheckedOneByOne) {
  const char* key_rule = R"(Tags[1].Key must match [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+ and be 1 to 128 characters)";
  const std::string good = R"({"Key":"a","Value":"b"},)";
  expect_refusals({
      {kTag, with_resource(R"("X":1)"), kInvalid, "Tags is required"},
      {kTag, with_resource(R"("Tags":[])"), kInvalid, "Tags must hold at least 1 value"},
      {kTag, with_resource(R"("Tags":{"a":"b"})"), kInvalid, "Tags must be a list"},
      {kTag, with_resource(R"("Tags":["a"])"), kInvalid, "Tags[0] must be an object with Key and Value"},
      {kTag, with_resource(R"("Tags":[)" + good + R"({"Key":"a"}])"), kInvalid, "Tags[1].Value is required"},
      {kTag, with_resource(R"("Tags":[)" + good + R"({"Key":"","Value":""}])"), kInvalid, key_rule},
      {kTag, with_resource(R"("Tags":[)" + good + R"({"Key":"a;b","Value":""}])"), kInvalid, key_rule},
      {kTag, with_resource(R"("Tags":[)" + good + R"({"Key":"a\u0085","Value":""}])"), kInvalid, key_rule},
      {kTag, with_resource(R"("Tags":[{"Key":"a","Value":")" + std::string(257, 'v') + "\"}]"), kInvalid,
       "Tags[0].Value must match"},
      {kTag, with_resource(R"("Tags":[)" + many_tags(51) + "]"), "TagsPerResourceExceededLimitException",
       "Tags must hold at most 50 tags"},
      {kCreate, R"({"ChannelName":"a","Tags":[)" + many_tags(51) + "]}", "TagsPerResourceExceededLimitException",
       "Tags must hold at most 50 tags"},
      {kUntag, with_resource(R"("TagKeyList":[])"), kInvalid, "TagKeyList must hold at least 1 value"},
      {kUntag, with_resource(R"("TagKeyList":["a",7])"), kInvalid, "TagKeyList[1] must match"},
      {kUntag, R"({"TagKeyList":["a"]})", kInvalid, "ResourceARN is required"},
      {kListTags, with_resource(R"("NextToken":"MTph")"), kInvalid, "NextToken must be"},
  });
}

TEST(ControlPlaneValidationTest, EndpointAndIceMembersAreChecked) {
  expect_refusals({
      {kEndpoint, "{}", kInvalid, "ChannelARN is required"},
      {kEndpoint, with(R"("SingleMasterChannelEndpointConfiguration":{"Protocols":[]})"), kInvalid,
       "SingleMasterChannelEndpointConfiguration.Protocols must hold at least 1 value"},
      {kEndpoint, with(R"("SingleMasterChannelEndpointConfiguration":{"Protocols":["FTP"]})"), kInvalid,
       "must hold WSS, HTTPS or WEBRTC, not FTP"},
      {kEndpoint, with(R"("SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","HTTPS","WEBRTC"]})"),
       kInvalid, "media storage is not enabled"},
      {kEndpoint,
       with(R"("SingleMasterChannelEndpointConfiguration":{"Protocols":["WSS","WSS","WSS","WSS","WSS","WSS"]})"),
       kInvalid, "Protocols must hold at most 5 values"},
      {kEndpoint, with(R"("SingleMasterChannelEndpointConfiguration":{"Role":"ROOT"})"), kInvalid,
       "SingleMasterChannelEndpointConfiguration.Role must be MASTER or VIEWER"},
      {kIce, "{}", kInvalid, "ChannelARN is required"},
      {kIce, with(R"("ClientId":"")"), kInvalid, "ClientId must match [a-zA-Z0-9_.-]+"},
      {kIce, with(R"("Username":"a:b")"), kInvalid, "Username must match"},
      {kIce, with(R"("Service":"STUN")"), kInvalid, "Service must be TURN"},
  });
}

TEST(ControlPlaneValidationTest, ToleratesWhatDoesNoHarm) {
  test::ApiWorld world;
  const std::string longest(256, 'z');
  const std::vector<std::pair<Operation, std::string>> calls = {
      {kCreate, R"({"ChannelName":"a","Future":{"deep":[1,2,{}]},"Tags":null,"SingleMasterConfiguration":{}})"},
      {kCreate, R"({"ChannelName":"b","Tags":[],"SingleMasterConfiguration":{"MessageTtlSeconds":60.0}})"},
      {kCreate, R"({"ChannelName":"c","Tags":[{"Key":"\u00fc 1_.:/=+-@","Value":"東京"}]})"},
      {kCreate, R"({"ChannelName":")" + longest + "\"}"},
      {kDescribe, R"({ "ChannelName" : "\u0061" })"},
      {kList, ""},
      {kList, " \r\n\t"},
      {kList, "{}"},
      {kList, R"({"MaxResults":null,"NextToken":null,"ChannelNameCondition":{}})"},
      {kList, R"({"MaxResults":10000,"NextToken":""})"},
  };

  for (const auto& [operation, body] : calls) {
    SCOPED_TRACE(body);
    EXPECT_EQ(world.call(operation, body).status, 200) << world.call(operation, body).body;
  }
}

TEST(ControlPlaneValidationTest, PathsAreCaseSensitiveAndTakePostOnly) {
  EXPECT_EQ(find_operation("POST", "/createSignalingChannel").value(), kCreate);
  EXPECT_EQ(find_operation("POST", "/TagResource").value(), kTag);
  EXPECT_EQ(find_operation("POST", "/v1/get-ice-server-config").value(), kIce);
  for (const char* path : {"/CreateSignalingChannel", "/tagResource", "/describeSignalingChannel/", "/", ""}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(find_operation("POST", path).error().code, Errc::kUnknownOperation);
  }
  const auto wrong_method = find_operation("PUT", "/TagResource");
  EXPECT_EQ(wrong_method.error().code, Errc::kMethodNotAllowed);
  EXPECT_EQ(wrong_method.error().detail, "TagResource takes POST only");
}

}  // namespace
}  // namespace heliograph::server
