// examples/policies allow exactly what they say: every action on every kind of resource.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "support/paths.hpp"
#include "support/policy_case.hpp"

namespace heliograph::core {
namespace {

using test::decide;
using test::Facts;
using test::kAllowed;
using test::kExplicitDeny;
using test::parse_policy;

// Service authorization reference, Amazon Kinesis Video Streams: the actions that have to do with WebRTC.
constexpr const char* kActions[] = {
    "CreateSignalingChannel",
    "UpdateSignalingChannel",
    "DeleteSignalingChannel",
    "ConnectAsMaster",
    "ConnectAsViewer",
    "SendAlexaOfferToMaster",
    "UpdateMediaStorageConfiguration",
    "JoinStorageSession",
    "JoinStorageSessionAsViewer",
    "CreateStream",
    "UpdateStream",
    "DeleteStream",
    "UpdateDataRetention",
    "PutMedia",
    "GetSignalingChannelEndpoint",
    "GetIceServerConfig",
    "DescribeMediaStorageConfiguration",
    "ListTagsForResource",
    "ListTagsForStream",
    "GetDataEndpoint",
    "GetMedia",
    "DescribeSignalingChannel",
    "ListSignalingChannels",
    "DescribeStream",
    "ListStreams",
    "DescribeMappedResourceConfiguration",
    "TagResource",
    "UntagResource",
    "TagStream",
    "UntagStream",
};

constexpr const char* kScope = "arn:aws:kinesisvideo:us-east-1:000000000000:";
constexpr const char* kResources[] = {
    "channel/front-door/1712136149494",    // its own
    "channel/front-door/*",                // its own, not made yet
    "channel/front-door-2/1712136149494",  // another's
    "channel/front/1712136149494",         // another's
    "stream/front-door/1712136149494",     // a stream
};

Policy example(const std::string& name) {
  std::ifstream file(test::source_dir() + "/examples/policies/" + name);
  EXPECT_TRUE(file) << name;
  return parse_policy(std::string(std::istreambuf_iterator<char>(file), {}), name);
}

/// The pairs "Action resource" that are allowed, among all there are.
std::set<std::string> allowed(const Policy& policy, const Facts& facts = {}) {
  std::set<std::string> pairs;
  for (const std::string action : kActions) {
    for (const std::string resource : kResources)
      if (decide({policy}, "kinesisvideo:" + action, kScope + resource, facts) == kAllowed)
        pairs.insert(action + ' ' + resource);
    if (decide({policy}, "kinesisvideo:" + action, "*", facts) == kAllowed) pairs.insert(action + " *");
  }
  return pairs;
}

std::set<std::string> own_channel(std::initializer_list<const char*> actions) {
  std::set<std::string> pairs;
  for (const std::string action : actions) {
    pairs.insert(action + ' ' + kResources[0]);
    pairs.insert(action + ' ' + kResources[1]);
  }
  return pairs;
}

TEST(ExamplePoliciesTest, AViewerWatchesOneChannel) {
  EXPECT_EQ(allowed(example("viewer.json")),
            own_channel({"DescribeSignalingChannel", "DescribeMediaStorageConfiguration", "GetSignalingChannelEndpoint",
                         "GetIceServerConfig", "ConnectAsViewer"}));
}

TEST(ExamplePoliciesTest, AMasterServesOneChannel) {
  EXPECT_EQ(allowed(example("master.json")),
            own_channel({"DescribeSignalingChannel", "DescribeMediaStorageConfiguration", "GetSignalingChannelEndpoint",
                         "GetIceServerConfig", "ConnectAsMaster"}));
}

TEST(ExamplePoliciesTest, AnAdministratorDoesEverything) {
  EXPECT_EQ(allowed(example("admin.json")).size(), std::size(kActions) * (std::size(kResources) + 1));
}

TEST(ExamplePoliciesTest, ADeviceHasTheChannelOfItsName) {
  const Policy policy = example("device.json");
  const Facts device{"credentials-iot:ThingName=front-door", "aws:SecureTransport=true"};

  EXPECT_EQ(allowed(policy, device),
            own_channel({"CreateSignalingChannel", "DescribeSignalingChannel", "DescribeMediaStorageConfiguration",
                         "GetSignalingChannelEndpoint", "GetIceServerConfig", "ConnectAsMaster"}));
}

TEST(ExamplePoliciesTest, ADeviceWithoutANameOrWithoutTlsHasNothing) {
  const Policy policy = example("device.json");

  EXPECT_TRUE(allowed(policy, {"aws:SecureTransport=true"}).empty());
  EXPECT_TRUE(allowed(policy, {"credentials-iot:ThingName=front-door", "aws:SecureTransport=false"}).empty());
  EXPECT_EQ(decide({policy}, "kinesisvideo:ConnectAsMaster", std::string(kScope) + kResources[0],
                   {"credentials-iot:ThingName=front-door", "aws:SecureTransport=false"}),
            kExplicitDeny);
}

}  // namespace
}  // namespace heliograph::core
