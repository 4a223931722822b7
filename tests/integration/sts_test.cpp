// Temporary credentials of a whole service: how they are had, what they allow, and when they end.
#include <gmock/gmock.h>

#include <future>

#include "support/hook_receiver.hpp"
#include "support/identity_fixture.hpp"
#include "support/token_issuer.hpp"
#include "wire/uri.hpp"

namespace heliograph::server {
namespace {

using test::credentials_in;
using test::element;
using test::HttpAnswer;
using ::testing::HasSubstr;

constexpr const char* kAccount = R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                     "Principal": {"AWS": "000000000000"}}})";
constexpr const char* kRole = "&RoleArn=arn:aws:iam::000000000000:role/";

class StsTest : public test::IdentityFixture {
 protected:
  HttpAnswer ask(const std::string& action, const std::string& more, const wire::SigningCredential& as) {
    return sts("Action=" + action + test::kVersion + more, as);
  }
  HttpAnswer assume(const std::string& role, const wire::SigningCredential& as, const std::string& more = "") {
    return ask("AssumeRole", kRole + role + "&RoleSessionName=cam-7" + more, as);
  }
  void expect_refused(const HttpAnswer& answer, int status, const char* code, const std::string& text) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(element(answer.body, "Code"), code);
    EXPECT_THAT(element(answer.body, "Message"), HasSubstr(text));
    EXPECT_EQ(element(answer.body, "RequestId"), answer.header("x-amzn-RequestId"));
  }
};

TEST_F(StsTest, CallerIsToldWhoItIs) {
  start();
  const auto ann = add_viewer("ann");
  add_role("viewer", kAccount);

  const auto administrator = ask("GetCallerIdentity", "", key);
  const auto user = ask("GetCallerIdentity", "", ann);
  const auto session = ask("GetCallerIdentity", "", credentials_in(assume("viewer", key)));

  EXPECT_EQ(element(administrator.body, "Arn"), "arn:aws:iam::000000000000:user/default");
  EXPECT_EQ(element(administrator.body, "UserId"), key.access_key_id);
  EXPECT_EQ(element(user.body, "Arn"), "arn:aws:iam::000000000000:user/ann");
  EXPECT_THAT(element(user.body, "UserId"), ::testing::StartsWith("AIDA"));
  EXPECT_EQ(element(user.body, "Account"), "000000000000");
  EXPECT_EQ(element(session.body, "Arn"), "arn:aws:sts::000000000000:assumed-role/viewer/cam-7");
  EXPECT_EQ(user.header("Content-Type"), "text/xml");
}

TEST_F(StsTest, SessionTokenOfAUserAllowsWhatTheUserMayOnAllDoors) {
  start();
  const std::string door = create_channel("front-door");
  const auto session = credentials_in(ask("GetSessionToken", "&DurationSeconds=900", add_viewer("ann")));

  EXPECT_THAT(session.access_key_id, ::testing::StartsWith("ASIA"));
  EXPECT_EQ(describe(session), 200);
  EXPECT_EQ(call("/createSignalingChannel", R"({"ChannelName": "mine"})", session).status, 401);
  auto master = join({.channel = door});
  test::WsClient viewer(test::BlockingClient(port), target({.channel = door, .client = "v"}, session), host);
  test::Pair(std::move(master), std::move(viewer), "v").expect_undisturbed();
}

TEST_F(StsTest, KeyWithoutItsTokenAndTokenWithoutItsKeyAreNothing) {
  start();
  create_channel("front-door");
  const auto ann = add_viewer("ann");
  const auto session = credentials_in(ask("GetSessionToken", "", ann));
  auto bare = session;
  bare.session_token = Secret();
  auto swapped = ann;
  swapped.session_token = session.session_token;
  auto guessed = session;
  guessed.secret_access_key = Secret("guessed");

  for (const auto& wrong : {bare, swapped, guessed}) EXPECT_EQ(describe(wrong), 403);
  expect_refused(ask("GetCallerIdentity", "", bare), 403, "InvalidClientTokenId", "security token");
}

TEST_F(StsTest, SessionsExpireForCallsAndConnections) {
  start();
  const std::string door = create_channel("front-door");
  const auto session = credentials_in(ask("GetSessionToken", "&DurationSeconds=900", add_viewer("ann")));
  EXPECT_EQ(describe(session), 200);

  clock.skip(std::chrono::seconds(901));

  const auto answer = call("/describeSignalingChannel", R"({"ChannelName": "front-door"})", session);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "ExpiredTokenException");
  const auto refused = knock(target({.channel = door, .client = "v"}, session));
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("expired"));
  expect_refused(ask("GetCallerIdentity", "", session), 403, "ExpiredToken", "expired");
}

TEST_F(StsTest, SessionsOutliveARestartButNotTheirUserOrRole) {
  start();
  create_channel("front-door");
  add_role("viewer", kAccount);
  const auto of_user = credentials_in(ask("GetSessionToken", "", add_viewer("ann")));
  const auto of_role = credentials_in(assume("viewer", key));
  stop();
  start();
  EXPECT_EQ(describe(of_user), 200);
  EXPECT_EQ(describe(of_role), 200);

  EXPECT_EQ(heliograph("user remove ann").code, 0);
  EXPECT_EQ(heliograph("role remove viewer").code, 0);

  EXPECT_EQ(describe(of_user), 403);
  EXPECT_EQ(describe(of_role), 403);
}

TEST_F(StsTest, SessionPolicyLimitsTheRoleAndAddsNothing) {
  start();
  create_channel("front-door");
  add_role("viewer", kAccount);
  const auto with_policy = [&](const std::string& action) {
    return credentials_in(
        assume("viewer", key,
               "&Policy=" + wire::percent_encode(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)"
                                                 R"("Action":"kinesisvideo:)" +
                                                 action + R"(","Resource":"*"}})")));
  };

  EXPECT_EQ(describe(with_policy("*")), 200);
  EXPECT_EQ(call("/createSignalingChannel", R"({"ChannelName": "mine"})", with_policy("*")).status, 401);
  const auto denied =
      call("/describeSignalingChannel", R"({"ChannelName": "front-door"})", with_policy("ConnectAsViewer"));
  EXPECT_EQ(denied.status, 401);
  EXPECT_THAT(denied.body, HasSubstr("assumed-role/viewer/cam-7 is not authorized"));
  EXPECT_THAT(denied.body, HasSubstr("because no session policy allows"));
}

TEST_F(StsTest, RoleNeedsTrustAndForAnAccountsUsersAPolicyToo) {
  start();
  const auto ann = add_viewer("ann");
  const auto bob = add_user("bob", file("assume.json", R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
      "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/of-*"}})"));
  add_role("of-account", kAccount);
  add_role("of-ann", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"AWS": "arn:aws:iam::000000000000:user/ann"}}})");
  add_role("guarded", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                          "Principal": {"AWS": "000000000000"},
                          "Condition": {"StringEquals": {"sts:ExternalId": "42"}}}})");

  EXPECT_EQ(assume("of-account", key).status, 200) << "an administrator may";
  EXPECT_EQ(assume("of-account", bob).status, 200);
  expect_refused(assume("of-account", ann), 403, "AccessDenied",
                 "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sts:AssumeRole on resource: "
                 "arn:aws:iam::000000000000:role/of-account");
  EXPECT_EQ(assume("of-ann", ann).status, 200) << "who is named needs no policy";
  expect_refused(assume("of-ann", bob), 403, "AccessDenied", "user/bob");
  expect_refused(assume("guarded", key), 403, "AccessDenied", "role/guarded");
  EXPECT_EQ(assume("guarded", key, "&ExternalId=42").status, 200);
  expect_refused(assume("nowhere", key), 403, "AccessDenied", "role/nowhere");
}

TEST_F(StsTest, RevokingAKeyEndsTheRoleSessionsThatItAskedForAlsoThoseThatTheyAskedFor) {
  start();
  create_channel("front-door");
  const auto ann = add_viewer("ann");
  add_role("of-ann", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"AWS": "arn:aws:iam::000000000000:user/ann"}}})");
  add_role("viewer", kAccount);
  const auto of_ann = credentials_in(assume("of-ann", ann));
  const auto of_session = credentials_in(assume("of-ann", credentials_in(ask("GetSessionToken", "", ann))));
  const auto of_default = credentials_in(assume("viewer", key));
  for (const auto& session : {of_ann, of_session, of_default}) EXPECT_EQ(describe(session), 200);

  EXPECT_EQ(heliograph("revoke " + ann.access_key_id).code, 0);

  EXPECT_EQ(describe(of_ann), 403);
  EXPECT_EQ(describe(of_session), 403);
  EXPECT_EQ(describe(of_default), 200);
}

TEST_F(StsTest, RoleThatIsHadByTrustAloneIsNoDenialAnywhereButOneThatPoliciesDenyIs) {
  start();
  const auto ann = add_viewer("ann");
  const auto bob = add_user("bob", file("no-roles.json", R"({"Version": "2012-10-17", "Statement": {"Effect": "Deny",
      "Action": "sts:AssumeRole", "Resource": "*"}})"));
  add_role("of-both", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [
      "arn:aws:iam::000000000000:user/ann", "arn:aws:iam::000000000000:user/bob"]}}})");
  const auto refusals = [this]() {
    return boost::json::parse(get_signed("/_heliograph/v1/admin/refusals").body).at("refusals").as_array();
  };

  EXPECT_EQ(assume("of-both", ann).status, 200);
  EXPECT_TRUE(refusals().empty());
  EXPECT_EQ(log.text().find("access denied"), std::string::npos);

  expect_refused(assume("of-both", bob), 403, "AccessDenied", "with an explicit deny in an identity-based policy");
  EXPECT_EQ(refusals().size(), 1U);
  EXPECT_THAT(log.text(), HasSubstr("access denied by=bob action=sts:AssumeRole"));
}

TEST_F(StsTest, DurationsHaveTheLimitsOfAws) {
  start();
  add_role("long", kAccount, "--max-session 7200");
  const auto code = [&](const HttpAnswer& answer) { return element(answer.body, "Code"); };

  EXPECT_EQ(assume("long", key, "&DurationSeconds=7200").status, 200);
  EXPECT_EQ(code(assume("long", key, "&DurationSeconds=7201")), "ValidationError");
  EXPECT_EQ(code(assume("long", key, "&DurationSeconds=899")), "ValidationError");
  EXPECT_EQ(code(assume("long", key, "&DurationSeconds=soon")), "ValidationError");
  EXPECT_EQ(ask("GetSessionToken", "&DurationSeconds=129600", key).status, 200);
  EXPECT_EQ(code(ask("GetSessionToken", "&DurationSeconds=129601", key)), "ValidationError");
  const auto in_role = credentials_in(assume("long", key));
  expect_refused(ask("GetSessionToken", "", in_role), 403, "AccessDenied", "session credentials");
}

TEST_F(StsTest, MistakesAreToldInTheWordsOfSts) {
  start();
  add_role("viewer", kAccount);
  expect_refused(ask("DecodeAuthorizationMessage", "", key), 400, "InvalidAction", "DecodeAuthorizationMessage");
  expect_refused(sts("Action=GetCallerIdentity&Version=2010-01-01", key), 400, "InvalidAction", "2010-01-01");
  expect_refused(sts("Action=GetCallerIdentity&Action=AssumeRole", key), 400, "ValidationError", "more than once");
  expect_refused(sts("Action=GetCallerIdentity&Version=2011-06-15", std::nullopt), 403, "MissingAuthenticationToken",
                 "missing");
  expect_refused(ask("AssumeRole", "&RoleArn=x&RoleSessionName=ok", key), 400, "ValidationError", "RoleArn");
  expect_refused(ask("AssumeRole", std::string(kRole) + "viewer&RoleSessionName=a%2Fb", key), 400, "ValidationError",
                 "roleSessionName");
  expect_refused(assume("viewer", key, "&Policy=%7B%7D"), 400, "MalformedPolicyDocument", "Statement");
  expect_refused(assume("viewer", key, "&Policy=" + std::string(2049, 'x')), 400, "ValidationError", "2048");
  expect_refused(assume("viewer", key, "&SerialNumber=mfa"), 400, "ValidationError", "not supported");
  key.secret_access_key = Secret("guessed");
  expect_refused(ask("GetCallerIdentity", "", key), 403, "SignatureDoesNotMatch", "signature");
}

class WebIdentityTest : public StsTest {
 protected:
  WebIdentityTest() {
    config.oidc_issuers = {"https://login.example=" + file("jwks.json", issuer.jwks())};
    config.oidc_audiences = {"here"};
  }
  void start_with_role() {
    start();
    create_channel("front-door");
    add_role("camera", R"({"Statement": {"Effect": "Allow", "Principal": {"Federated": "login.example"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"login.example:aud": "here"}, "StringLike": {"login.example:sub": "cam-*"}}}})");
  }
  std::string claims(const std::string& subject, const std::string& audience, int minutes) {
    const auto expires =
        std::chrono::floor<std::chrono::seconds>(clock.wall_now() + std::chrono::minutes(minutes)).time_since_epoch();
    return R"({"iss":"https://login.example","sub":")" + subject + R"(","aud":[")" + audience + R"("],"exp":)" +
           std::to_string(expires.count()) + "}";
  }
  HttpAnswer assume_with(const std::string& token, const std::string& role = "camera") {
    return sts("Action=AssumeRoleWithWebIdentity&Version=2011-06-15" + std::string(kRole) + role +
                   "&RoleSessionName=cam-7&WebIdentityToken=" + token,
               std::nullopt);
  }

  std::string web_request(const std::string& token) const {
    const std::string form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15" + std::string(kRole) +
                             "camera&RoleSessionName=cam-7&WebIdentityToken=" + token;
    return "POST / HTTP/1.1\r\nHost: " + host +
           "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(form.size()) +
           "\r\n\r\n" + form;
  }

  test::TokenIssuer issuer;
};

TEST_F(WebIdentityTest, TokenOfATrustedIssuerGivesTheRoleWithoutAKey) {
  start_with_role();
  for (const std::string& token :
       {issuer.rs256(claims("cam-7", "here", 5)), issuer.es256(claims("cam-7", "here", 5))}) {
    const auto answer = assume_with(token);

    EXPECT_EQ(describe(credentials_in(answer)), 200);
    EXPECT_EQ(element(answer.body, "SubjectFromWebIdentityToken"), "cam-7");
    EXPECT_EQ(element(answer.body, "Audience"), "here");
    EXPECT_EQ(element(answer.body, "Provider"), "https://login.example");
  }
}

TEST_F(WebIdentityTest, OtherTokensAreRefusedEachWithItsReason) {
  start_with_role();
  const test::TokenIssuer stranger;
  expect_refused(assume_with(issuer.rs256(claims("door-1", "here", 5))), 403, "AccessDenied", "Not authorized");
  expect_refused(assume_with(issuer.rs256(claims("cam-7", "here", 5)), "nowhere"), 403, "AccessDenied",
                 "Not authorized");
  expect_refused(assume_with(issuer.rs256(claims("cam-7", "there", 5))), 400, "InvalidIdentityToken", "audience");
  expect_refused(assume_with(issuer.rs256(claims("cam-7", "here", -5))), 400, "ExpiredTokenException", "expired");
  expect_refused(assume_with(stranger.rs256(claims("cam-7", "here", 5))), 400, "InvalidIdentityToken", "signature");
  expect_refused(assume_with("not-a-token"), 400, "InvalidIdentityToken", "three parts");
  expect_refused(assume_with(issuer.rs256(R"({"iss":"https://evil.example","sub":"cam-7","aud":"here","exp":1})")), 400,
                 "InvalidIdentityToken", "No OpenIDConnect provider");
}

TEST_F(WebIdentityTest, KeysThatTheIssuerChangesAreReadAgain) {
  start_with_role();
  const test::TokenIssuer next;
  expect_refused(assume_with(next.rs256(claims("cam-7", "here", 5))), 400, "InvalidIdentityToken", "signature");

  file("jwks.json", next.jwks());
  std::filesystem::last_write_time(dir.path() / "jwks.json",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::seconds(2));

  EXPECT_EQ(assume_with(next.rs256(claims("cam-7", "here", 5))).status, 200);
  expect_refused(assume_with(issuer.rs256(claims("cam-7", "here", 5))), 400, "InvalidIdentityToken", "signature");
}

TEST_F(WebIdentityTest, TokensThatWaitForTheKeysOfAUrlHoldUpNobody) {
  start_with_role();  // It is there when the service starts again.
  stop();
  std::promise<void> release;
  test::HookReceiver key_server;
  key_server.answer = [this, released = release.get_future().share()](const net::HttpRequest&, std::size_t) {
    released.wait();
    return net::HttpResponse{200, {}, issuer.jwks()};
  };
  config.oidc_issuers = {"https://login.example=" + key_server.url("/jwks").text()};
  start();

  std::vector<test::BlockingClient> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back(port);
    waiting.back().send(web_request(issuer.rs256(claims("cam-7", "here", 5))));
  }
  const int status = describe(key);
  release.set_value();

  EXPECT_EQ(status, 200);
  for (test::BlockingClient& client : waiting) EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(key_server.count(), 1U);
}

}  // namespace
}  // namespace heliograph::server
