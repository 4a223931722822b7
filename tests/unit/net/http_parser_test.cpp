// HttpParser: what is taken, what is refused and how, whatever the pieces it comes in.
#include "net/http_parser.hpp"

#include <gtest/gtest.h>

#include "support/http_stream.hpp"

namespace heliograph::net {
namespace {

using test::HttpTranscript;
using test::parse_http;
using test::pieces_of;

/// Whole, byte by byte, in two at every place: always the same.
HttpTranscript parse_every_way(std::string_view stream, HttpLimits limits = {}) {
  const HttpTranscript whole = parse_http(stream, {}, limits);
  for (const std::size_t size : {1U, 2U, 7U}) {
    EXPECT_TRUE(parse_http(stream, pieces_of(size, stream), limits).same_as(whole)) << "in pieces of " << size;
  }
  for (std::size_t cut = 1; cut < std::min<std::size_t>(stream.size(), 300); ++cut) {
    EXPECT_TRUE(parse_http(stream, {cut}, limits).same_as(whole)) << "cut at " << cut;
  }
  return whole;
}

TEST(HttpParserTest, TakesRequests) {
  struct Case {
    const char* name;
    const char* stream;
    std::vector<std::string> requests;
  };
  const Case cases[] = {
      {"get", "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /a?b=c\nHost: h\n\n"}},
      {"body",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz",
       {"POST /\nHost: h\nContent-Length: 3\n\nxyz"}},
      {"empty body",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
       {"POST /\nHost: h\nContent-Length: 0\n\n"}},
      {"pipelined",
       "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
       {"GET /1\nHost: h\n\n", "GET /2\nHost: h\n\n"}},
      {"chunked",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
       {"POST /\nHost: h\nTransfer-Encoding: chunked\n\nabcde"}},
      {"coding spelled otherwise",
       "POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n",
       {"POST /\nHost: h\ntransfer-encoding: CHUNKED\n\n"}},
      {"a trailer is no header",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nAuthorization: x\r\n"
       "Host: other\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
       {"POST /\nHost: h\nTransfer-Encoding: chunked\n\na", "GET /2\nHost: h\n\n"}},
      {"close",
       "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
       {"GET / (last)\nHost: h\nConnection: close\n\n"}},
      {"1.0 ends", "GET / HTTP/1.0\r\n\r\n", {"GET / (last)\n\n"}},
      {"1.0 ends even if it asks not to",
       "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
       {"GET / (last)\nConnection: keep-alive\n\n"}},
      {"1.0 cannot upgrade", "GET / HTTP/1.0\r\nUpgrade: websocket\r\n\r\n", {"GET / (last)\n\n"}},
      {"absolute form", "GET http://h:1/a?b HTTP/1.1\r\nHost: h:1\r\n\r\n", {"GET /a?b\nHost: h:1\n\n"}},
      {"absolute form without a path", "GET https://h HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /\nHost: h\n\n"}},
      {"absolute form with only a query", "GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /?q\nHost: h\n\n"}},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", {"OPTIONS *\nHost: h\n\n"}},
      {"order and repetition are kept",
       "GET / HTTP/1.1\r\nB: 1\r\nHost: h\r\nA: 2\r\nB: 3\r\n\r\n",
       {"GET /\nB: 1\nB: 3\nHost: h\nA: 2\n\n"}},
      {"an unknown method is somebody else's business",
       "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n",
       {"BREW /pot\nHost: h\n\n"}},
      {"unfinished", "GET / HTTP/1.1\r\nHost: h\r\n", {}},
      {"unfinished body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxy", {}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const HttpTranscript transcript = parse_every_way(c.stream);

    EXPECT_EQ(transcript.requests, c.requests);
    EXPECT_EQ(transcript.refused, std::nullopt);
  }
}

TEST(HttpParserTest, RefusesWithTheStatusThatFits) {
  struct Case {
    const char* name;
    const char* stream;
    int status;
  };
  // RFC 7230 3.3.3, 5.4: everything that two servers could read differently is refused.
  const Case cases[] = {
      {"garbage", "\x01\x02\x03\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"length and coding",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"coding and length",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"the same length twice", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"length list", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
      {"negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
      {"length with a sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na", 400},
      {"length beyond 64 bits", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
      {"coding other than chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"chunked is not last", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501},
      {"gzip, chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"identity", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", 501},
      {"almost chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
      {"coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"line feed in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\nC: d\r\n\r\n", 400},
      {"bad chunk size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {"chunk longer than said",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400},
      {"authority form", "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"no slash", "GET a HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);

    const HttpTranscript transcript = parse_every_way(c.stream);

    EXPECT_EQ(transcript.refused, c.status);
    EXPECT_TRUE(transcript.requests.empty());
  }
}

TEST(HttpParserTest, NulInAHeaderIsRefused) {
  const HttpTranscript transcript = parse_every_way({"GET / HTTP/1.1\r\nHost: h\0x\r\n\r\n", 29});

  EXPECT_EQ(transcript.refused, 400);
}

constexpr HttpLimits kSmall{.max_header = 100, .max_body = 10};

std::string header_of(std::size_t size) {
  std::string header = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
  return header + std::string(size - header.size() - 4, 'a') + "\r\n\r\n";
}

TEST(HttpParserTest, HeaderMayHaveExactlyItsLimit) {
  EXPECT_EQ(parse_every_way(header_of(100), kSmall).requests.size(), 1U);
  EXPECT_EQ(parse_every_way(header_of(101), kSmall).refused, 431);
  EXPECT_EQ(parse_every_way(header_of(5000), kSmall).refused, 431);
}

TEST(HttpParserTest, HeaderThatComesLineByLineKeepsItsLimitToo) {
  std::string stream = "GET / HTTP/1.1\r\nHost: h\r\n";
  std::vector<std::size_t> cuts;
  for (int i = 0; i < 50; ++i) {
    cuts.push_back(stream.size());
    stream += "A: b\r\n";
  }
  stream += "\r\n";

  EXPECT_EQ(parse_http(stream, cuts, kSmall).refused, 431);
  EXPECT_EQ(parse_every_way(stream, kSmall).refused, 431);
}

TEST(HttpParserTest, BodyMayHaveExactlyItsLimit) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(parse_every_way(head + "Content-Length: 10\r\n\r\n0123456789", kSmall).requests.size(), 1U);
  EXPECT_EQ(parse_every_way(head + "Content-Length: 11\r\n\r\n0123456789a", kSmall).refused, 413);
  EXPECT_EQ(parse_every_way(head + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n", kSmall)
                .refused,
            413);
}

TEST(HttpParserTest, TooLongABodyIsRefusedBeforeItCame) {
  const auto transcript =
      parse_http("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n", {}, kSmall);

  EXPECT_EQ(transcript.refused, 413);
  EXPECT_EQ(transcript.continues, 0U);
}

TEST(HttpParserTest, ChunkLinesAndTrailersAreBounded) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string filler(200, 'x');

  EXPECT_EQ(parse_every_way(head + "1;" + filler + "\r\na\r\n0\r\n\r\n", kSmall).refused, 431);
  EXPECT_EQ(parse_every_way(head + "1\r\na\r\n0\r\nA: " + filler + "\r\n\r\n", kSmall).refused, 431);
  EXPECT_EQ(parse_every_way(head + "1\r\na\r\n0\r\nA: b\r\n\r\n", kSmall).requests.size(), 1U);
}

TEST(HttpParserTest, ContinueIsAskedForOnceAndOnlyWhileTheBodyIsMissing) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";

  EXPECT_EQ(parse_http(head + "ab").continues, 0U);
  EXPECT_EQ(parse_http(head + "ab", {head.size()}).continues, 1U);
  EXPECT_EQ(parse_http(head + "ab", {head.size(), head.size() + 1}).continues, 1U);
  EXPECT_EQ(parse_http(head + "ab", {head.size()}).requests.size(), 1U);
  EXPECT_EQ(parse_http("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").continues, 0U);
}

TEST(HttpParserTest, WhatWaitsForMoreIsBoundedByTheHeaderLimit) {
  const std::string stream = header_of(5000);

  const auto transcript = parse_http(stream, pieces_of(3, stream), kSmall);

  EXPECT_LE(transcript.longest_wait, kSmall.max_header);
}

TEST(HttpParserTest, IsIdleBetweenRequestsOnly) {
  HttpParser parser({});
  EXPECT_TRUE(parser.is_idle());

  ASSERT_TRUE(std::holds_alternative<HttpParser::Progress>(parser.feed("G")));

  EXPECT_FALSE(parser.is_idle());
}

}  // namespace
}  // namespace heliograph::net
