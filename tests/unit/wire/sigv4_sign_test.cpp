// Signing, against what the AWS signers make: tests/vectors/sigv4_presign.json and sigv4_headers.json.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/signed_request.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::wire {
namespace {

using test::load_vectors;
using test::text_of;

struct PresignRow {
  std::string endpoint, region;
  std::vector<std::pair<std::string, std::string>> params;
  SigningCredential credential;
  WallTime date;

  explicit PresignRow(const boost::json::value& row) {
    const auto& input = row.at("input").as_object();
    endpoint = text_of(input, "endpoint");
    region = text_of(input, "region");
    for (const auto& [name, value] : input.at("queryParams").as_object()) {
      params.emplace_back(std::string(name), std::string(value.as_string()));
    }
    credential = {text_of(input, "accessKeyId"), Secret(text_of(input, "secretAccessKey")),
                  Secret(text_of(input, "sessionToken")), std::nullopt};
    date = WallTime(std::chrono::milliseconds(input.at("dateMs").as_int64()));
  }

  [[nodiscard]] Result<std::string> presign(SigningKeyCache& cache) const {
    std::vector<ParamView> views;
    for (const auto& [name, value] : params) views.push_back({name, value});
    return presign_url({.endpoint = endpoint, .params = views, .region = region}, credential, date, cache);
  }
};

const SigningCredential kKey{"AKIDEXAMPLE", Secret("secret"), Secret(), std::nullopt};
constexpr WallTime kNow{std::chrono::milliseconds(1700000000000)};

TEST(PresignTest, UrlsAreThoseOfTheJavaScriptSigner) {
  SigningKeyCache cache;
  for (const auto& row : load_vectors("sigv4_presign.json")) {
    SCOPED_TRACE(text_of(row.as_object(), "name"));

    const auto url = PresignRow(row).presign(cache);

    ASSERT_TRUE(url) << url.error().detail;
    EXPECT_EQ(*url, text_of(row.at("expected").as_object(), "url"));
  }
}

TEST(PresignTest, PlainWebSocketKeepsItsScheme) {
  SigningKeyCache cache;

  const auto url =
      presign_url({.endpoint = "ws://localhost:3000", .params = {}, .region = "us-east-1"}, kKey, kNow, cache);

  ASSERT_TRUE(url);
  EXPECT_TRUE(url->starts_with("ws://localhost:3000/?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
}

TEST(PresignTest, WhatCannotBeSignedIsRefusedWithTheReason) {
  const ParamView odd[] = {{"a b", "1"}};
  const ParamView signature[] = {{"X-Amz-Signature", "1"}};
  struct Case {
    const char* name;
    PresignRequest request;
    const char* reason;
  };
  const Case cases[] = {
      {"https", {.endpoint = "https://h", .params = {}, .region = "r"}, "should start with wss://"},
      {"empty", {.endpoint = "", .params = {}, .region = "r"}, "should start with wss://"},
      {"no host", {.endpoint = "wss://", .params = {}, .region = "r"}, "names no host"},
      {"no host but a path", {.endpoint = "wss:///p", .params = {}, .region = "r"}, "names no host"},
      {"query", {.endpoint = "wss://h/?a=1", .params = {}, .region = "r"}, "must not have a query"},
      {"fragment", {.endpoint = "wss://h/#a", .params = {}, .region = "r"}, "must not have a query"},
      {"name", {.endpoint = "wss://h", .params = odd, .region = "r"}, "'a b' must be named with"},
      {"signature", {.endpoint = "wss://h", .params = signature, .region = "r"}, "X-Amz-Signature"},
      {"never valid",
       {.endpoint = "wss://h", .params = {}, .region = "r", .expires = std::chrono::seconds(0)},
       "not for 0"},
      {"too long",
       {.endpoint = "wss://h", .params = {}, .region = "r", .expires = std::chrono::seconds(604801)},
       "604801"},
  };
  SigningKeyCache cache;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const auto url = presign_url(c.request, kKey, kNow, cache);

    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, Errc::kInvalidArgument);
    EXPECT_NE(url.error().detail.find(c.reason), std::string::npos) << url.error().detail;
  }
}

TEST(SignHeadersTest, AuthorizationIsThatOfTheAwsSdks) {
  SigningKeyCache cache;
  std::size_t compared = 0;
  for (const auto& row : load_vectors("sigv4_headers.json")) {
    SCOPED_TRACE(text_of(row.as_object(), "name"));
    if (text_of(row.as_object(), "source").find("captured") == std::string::npos) continue;
    auto request = test::to_signed_request(row);
    const auto claim = parse_authentication(request.view());
    ASSERT_TRUE(claim);
    std::vector<HeaderView> extra;  // What the SDK has signed besides the three that sign_headers() adds.
    HeaderSignRequest sign{
        .method = request.method, .target = request.target, .body = request.body, .region = "us-west-2"};
    std::string authorization;
    for (const auto& [name, value] : request.headers) {
      std::string lower = name;
      for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      if (lower == "host") sign.host = value;
      if (lower == "authorization") authorization = value;
      const bool is_added = lower == "host" || lower == "x-amz-date" || lower == "x-amz-security-token";
      const std::string all = ";" + std::string(claim->signed_headers) + ";";
      if (!is_added && all.find(";" + lower + ";") != std::string::npos) extra.push_back({name, value});
    }
    sign.headers = extra;

    const auto headers = sign_headers(sign, request.credential, request.now, cache);

    EXPECT_EQ(headers.authorization, authorization);
    EXPECT_EQ(headers.x_amz_date, claim->amz_date);
    EXPECT_EQ(headers.x_amz_security_token.reveal(), request.credential.session_token.reveal());
    ++compared;
  }
  EXPECT_GT(compared, 20U);
}

TEST(SigningKeyTest, DerivationMatchesTheDocumentedExample) {
  // SigV4 documentation, "Deriving the signing key": its example key, date, region and service.
  const Secret secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

  const auto key = derive_signing_key(secret, {"20120215", "us-east-1", "iam"});

  EXPECT_EQ(to_hex(key), "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
}

TEST(SigningKeyTest, CacheGivesTheDerivedKeyWhateverItHolds) {
  SigningKeyCache cache(2);  // Collisions are certain.
  for (int round = 0; round < 2; ++round) {
    for (const char* id : {"a", "b", "c"}) {
      for (const char* region : {"us-east-1", "eu-west-1"}) {
        const SigningCredential credential{id, Secret(std::string("secret of ") + id), Secret(), std::nullopt};
        const SigningScope scope{"20231107", region};
        EXPECT_EQ(cache.signing_key(credential, scope), derive_signing_key(credential.secret_access_key, scope));
      }
    }
  }
}

TEST(SigningKeyTest, ChangedSecretIsNotServedFromTheCache) {
  SigningKeyCache cache(1);
  const SigningScope scope{"20231107", "us-east-1"};
  const SigningCredential before{"id", Secret("before"), Secret(), std::nullopt};
  const SigningCredential after{"id", Secret("after!"), Secret(), std::nullopt};

  const auto old_key = cache.signing_key(before, scope);
  const auto new_key = cache.signing_key(after, scope);

  EXPECT_NE(old_key, new_key);
  EXPECT_EQ(new_key, derive_signing_key(after.secret_access_key, scope));
}

TEST(SigningKeyTest, CacheServesMoreThreadsThanItHasShards) {
  SigningKeyCache cache(2);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;

  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&cache, &wrong, i] {
      for (int round = 0; round < 50; ++round) {
        const std::string id = std::to_string((i + round) % 5);
        const SigningCredential credential{id, Secret("secret of " + id), Secret(), std::nullopt};
        const SigningScope scope{"20231107", "us-east-1"};
        if (cache.signing_key(credential, scope) != derive_signing_key(credential.secret_access_key, scope)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace heliograph::wire
