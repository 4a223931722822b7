// What an offer means to a master.
#include "cli/call/offer_rules.hpp"

#include <gtest/gtest.h>

namespace heliograph::cli {
namespace {

std::string sdp_of(const std::string& ufrag, const std::string& fingerprint, const std::string& origin = "- 1 2") {
  return "v=0\r\no=" + origin +
         " IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:" + ufrag +
         "\r\na=ice-pwd:secret\r\na=fingerprint:" + fingerprint + "\r\n";
}

TEST(OfferRulesTest, FactsAreReadOfEitherLineEndAndCase) {
  const auto crlf = read_facts(sdp_of("aB1+", "sha-256 AB:CD"));
  const auto lf = read_facts("o=- 1 3 IN IP4 0.0.0.0\na=fingerprint:SHA-256 ab:cd\na=ice-ufrag:aB1+\n");

  EXPECT_EQ(crlf.ufrag, "aB1+");
  EXPECT_EQ(crlf.fingerprint, "sha-256 ab:cd");
  EXPECT_EQ(crlf.session, "- 1");
  EXPECT_TRUE(is_same_peer(crlf, lf));
  EXPECT_EQ(read_facts("").fingerprint, "");
}

TEST(OfferRulesTest, EveryCase) {
  const auto known = read_facts(sdp_of("one", "sha-256 AA"));
  struct Case {
    const char* name;
    std::optional<DescriptionFacts> known;
    std::string offer;
    std::size_t others;
    OfferStep step;
  };
  for (const Case& c :
       {Case{"first", std::nullopt, sdp_of("one", "sha-256 AA"), 0, OfferStep::kNewPeer},
        Case{"one more", std::nullopt, sdp_of("one", "sha-256 AA"), 1, OfferStep::kNewPeer},
        Case{"one too many", std::nullopt, sdp_of("one", "sha-256 AA"), 2, OfferStep::kRefuse},
        Case{"message twice", known, sdp_of("one", "sha-256 AA"), 1, OfferStep::kRepeat},
        Case{"ICE restart", known, sdp_of("two", "sha-256 AA"), 1, OfferStep::kSamePeer},
        Case{"renegotiation", known, sdp_of("one", "sha-256 AA") + "a=sendrecv\r\n", 1, OfferStep::kSamePeer},
        Case{"next version", known, sdp_of("two", "sha-256 AA", "- 1 3"), 1, OfferStep::kSamePeer},
        Case{"next connection of a program with one certificate", known, sdp_of("two", "sha-256 AA", "- 9 0"), 1,
             OfferStep::kReplacePeer},
        Case{"page reloaded", known, sdp_of("two", "sha-256 BB"), 1, OfferStep::kReplacePeer},
        Case{"page reloaded where it is full", known, sdp_of("two", "sha-256 BB"), 5, OfferStep::kReplacePeer},
        Case{"no certificate named", read_facts("v=0\n"), "v=0\n", 0, OfferStep::kReplacePeer}}) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(judge_offer(c.known, read_facts(c.offer), {.others = c.others, .most = 2}), c.step);
  }
}

TEST(OfferRulesTest, NotMoreThanSomeAreRefusedAtATime) {
  const auto offer = read_facts(sdp_of("one", "sha-256 AA"));
  const auto step = [&](std::size_t refused) {
    return judge_offer(std::nullopt, offer, {.others = 2, .most = 2, .refused = refused});
  };
  EXPECT_EQ(step(kMostRefused - 1), OfferStep::kRefuse);
  EXPECT_EQ(step(kMostRefused), OfferStep::kPassOver);
  EXPECT_EQ(judge_offer(std::nullopt, offer, {.others = 1, .most = 2, .refused = kMostRefused}), OfferStep::kNewPeer);
}

TEST(OfferRulesTest, WhatWasSaidBeforeIsNoAnswerToAnotherOffer) {
  Question question(read_facts(sdp_of("one", "sha-256 AA")));
  question.answer("answer to one");
  ASSERT_EQ(question.answer(), "answer to one");

  question.ask(read_facts(sdp_of("two", "sha-256 AA")));

  EXPECT_EQ(question.offer().ufrag, "two");
  EXPECT_EQ(question.answer(), std::nullopt) << "the same offer once more must not be answered with it";
}

TEST(AnswerRulesTest, EveryCase) {
  const auto master = read_facts(sdp_of("one", "sha-256 AA"));
  struct Case {
    const char* name;
    AnswerState state;
    std::string answer;
    AnswerStep step;
  };
  for (const Case& c :
       {Case{"first", {.is_waiting = true}, sdp_of("one", "sha-256 AA"), AnswerStep::kTake},
        Case{"message twice", {.master = master}, sdp_of("one", "sha-256 AA"), AnswerStep::kIgnore},
        Case{"to an ICE restart", {true, true, master}, sdp_of("two", "sha-256 AA"), AnswerStep::kTake},
        Case{"of before the ICE restart, once more",
             {true, true, master},
             sdp_of("one", "sha-256 AA"),
             AnswerStep::kIgnore},
        Case{"the same while nothing is up", {true, false, master}, sdp_of("one", "sha-256 AA"), AnswerStep::kIgnore},
        Case{"of another master", {true, false, master}, sdp_of("two", "sha-256 BB"), AnswerStep::kBegin},
        Case{"second of two", {false, false, master}, sdp_of("two", "sha-256 BB"), AnswerStep::kFail},
        Case{"second of two, where the first works",
             {false, true, master},
             sdp_of("two", "sha-256 BB"),
             AnswerStep::kIgnore},
        Case{"before anything was asked", {}, sdp_of("one", "sha-256 AA"), AnswerStep::kIgnore}}) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(judge_answer(c.state, read_facts(c.answer)), c.step);
  }
}

}  // namespace
}  // namespace heliograph::cli
