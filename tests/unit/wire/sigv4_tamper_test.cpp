// One byte changed anywhere a signature covers, and the request is refused.
#include <gtest/gtest.h>

#include "support/signed_request.hpp"
#include "wire/sigv4_verify.hpp"

namespace heliograph::wire {
namespace {

using test::load_vectors;
using test::SignedRequest;
using test::text_of;

/// Another byte that means something else: not the other case of a letter or of an escape's digit, not another space.
char other(char c) { return static_cast<char>(c ^ 1); }

/// Changes each byte of `text`, which is part of `request`, in turn. @return how many there were.
std::size_t expect_all_covered(SignedRequest& request, std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    const char original = text[i];
    text[i] = other(original);
    EXPECT_FALSE(test::authenticate(request)) << "byte " << i << " of " << text;
    text[i] = original;
  }
  return end - begin;
}

std::string to_lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The rows whose names are given.
std::vector<SignedRequest> requests(const char* file, const std::vector<std::string>& names) {
  std::vector<SignedRequest> found;
  for (const auto& row : load_vectors(file)) {
    if (std::find(names.begin(), names.end(), text_of(row.as_object(), "name")) != names.end()) {
      found.push_back(test::to_signed_request(row));
    }
  }
  EXPECT_EQ(found.size(), names.size());
  return found;
}

TEST(SigV4TamperTest, EveryByteOfAPresignedRequestIsCovered) {
  for (auto& request :
       requests("sigv4_queries.json", {"C SDK viewer, token", "iOS viewer, colons raw, port not signed, token",
                                       "Android viewer, port not signed", "GStreamer master"})) {
    ASSERT_TRUE(test::authenticate(request));
    expect_all_covered(request, request.method, 0, request.method.size());
    expect_all_covered(request, request.target, 0, request.target.size());
    // The mobile signers leave the port out, so the name is all that is covered with them.
    std::string& host = *request.header("Host");
    expect_all_covered(request, host, 0, std::min(host.find(':'), host.size()));
    request.body = "x";
    EXPECT_FALSE(test::authenticate(request));
  }
}

TEST(SigV4TamperTest, EveryByteOfAJavaScriptUrlIsCovered) {
  for (const auto& row : load_vectors("sigv4_presign.json")) {
    if (text_of(row.as_object(), "name") != "host with port") continue;
    const auto& input = row.at("input").as_object();
    auto request = test::to_upgrade_request(text_of(row.at("expected").as_object(), "url"));
    request.credential = {text_of(input, "accessKeyId"), Secret(text_of(input, "secretAccessKey")), Secret(),
                          std::nullopt};
    request.now = WallTime(std::chrono::milliseconds(input.at("dateMs").as_int64()));
    ASSERT_TRUE(test::authenticate(request));

    EXPECT_GT(expect_all_covered(request, request.target, 0, request.target.size()), 300U);
    EXPECT_EQ(expect_all_covered(request, *request.header("Host"), 0, 14), 14U);
  }
}

TEST(SigV4TamperTest, EveryByteOfASignedRequestIsCovered) {
  for (auto& request :
       requests("sigv4_headers.json",
                {"JS v3 GetIceServerConfig, token", "JS v2 DescribeSignalingChannel",
                 "botocore GetIceServerConfig, token", "untidy headers", "C SDK DescribeSignalingChannel, token"})) {
    ASSERT_TRUE(test::authenticate(request));
    const std::string covered = ";" + std::string(parse_authentication(request.view())->signed_headers) + ";";
    expect_all_covered(request, request.method, 0, request.method.size());
    expect_all_covered(request, request.target, 0, request.target.size());
    expect_all_covered(request, request.body, 0, request.body.size());
    for (auto& [name, value] : request.headers) {
      const std::string key = to_lower(name);
      if (key == "authorization") {
        // The key id is not part of what is signed; another one makes the caller look up another secret.
        const std::size_t key_id = value.find("Credential=") + 11;
        const std::size_t scope = value.find('/', key_id);
        expect_all_covered(request, value, 0, key_id);
        expect_all_covered(request, value, scope, value.size());
      } else if (key == "x-amz-security-token" || covered.find(";" + key + ";") != std::string::npos) {
        // Spaces at the ends and runs of spaces mean nothing, but a byte that is no space does.
        expect_all_covered(request, value, 0, value.size());
      }
    }
  }
}

TEST(SigV4TamperTest, ReSpelledNameCannotTurnAViewerIntoAMaster) {
  // The role follows from X-Amz-ClientId. Spelled otherwise the name still verifies, so it must still be found.
  auto request = requests("sigv4_queries.json", {"C SDK viewer"}).front();
  request.target.replace(request.target.find("X-Amz-ClientId"), 14, "X%2DAmz%2DClientId");

  ASSERT_TRUE(test::authenticate(request));
  const auto claim = parse_authentication(request.view());
  EXPECT_EQ(claim->query.find("X-Amz-ClientId"), "ConsumerViewer");
}

}  // namespace
}  // namespace heliograph::wire
