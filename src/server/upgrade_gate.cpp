// From an upgrade request to a place in a channel.
#include "server/upgrade_gate.hpp"

#include <variant>

#include "server/answers.hpp"
#include "wire/error_table.hpp"

namespace heliograph::server {
namespace {

std::string_view action_of(wire::Role role) noexcept {
  return role == wire::Role::kMaster ? "ConnectAsMaster" : "ConnectAsViewer";
}

std::string error_type_of(const net::HttpResponse& response) {
  for (const net::HttpHeader& header : response.headers)
    if (header.name == "x-amzn-ErrorType") return header.value;
  return {};
}

net::HttpResponse refusal(const Error& error) { return error_response(error, wire::Surface::kHandshake); }

}  // namespace

void UpgradeGate::refuse(const Knock& knock, const Error& error, const net::UpgradeReply& reply,
                         std::string_view reason) {
  net::HttpResponse response = refusal(error);
  // What is our fault, the peer hears in general terms only.
  const bool is_fault = response.status >= 500 && error.code != Errc::kServiceUnavailable;
  if (reason.empty()) reason = error.detail.empty() ? wire::error_row(error.code).text : std::string_view(error.detail);
  // Two gates, so that a flood of strangers hides no failure.
  if (const auto held_back = (is_fault ? faults_ : refusals_).try_pass(parts_.clock.steady_now())) {
    const bool is_known = !knock.query.channel.empty();
    parts_.log.write(is_fault ? LogLevel::kError : LogLevel::kInfo, "connect refused",
                     {{"role", is_known ? wire::to_string(knock.query.role) : std::string_view{}},
                      {"client", knock.query.client.view()},
                      {"channel", knock.query.channel.view()},
                      {"conn", events::to_text(knock.conn)},
                      {"request_id", knock.request_id},
                      {"status", std::to_string(response.status)},
                      {"error", error_type_of(response)},
                      {"why", reason},
                      {"held_back", std::to_string(*held_back)}});
  }
  reply(std::move(response));
}

void UpgradeGate::admit(ConnId conn, const PrincipalPtr& caller, ConnectQuery query, RequestContext context,
                        std::optional<store::Channel> known, const net::UpgradeReply& reply) {
  const auto allowed = parts_.authorizer.authorize(*caller, action_of(query.role), {query.channel.str()}, context);
  const auto knock = [&]() { return Knock{conn, context.request_id, query}; };
  // A denial is in the log already, with the policies' reasons.
  if (!allowed && allowed.error().code == Errc::kAccessDenied) return reply(refusal(allowed.error()));
  if (!allowed) return refuse(knock(), allowed.error(), reply);
  const auto channel = known ? Result(*std::move(known)) : parts_.store.channel_by_arn(query.channel);
  if (!channel) return refuse(knock(), channel.error(), reply);
  // Who may not connect uses up nobody's rate.
  if (const auto paced = parts_.throttle.on_connect(context.at, query.role, channel->name); !paced)
    return refuse(knock(), paced.error(), reply);
  const ChannelRules rules{channel->message_ttl, channel->type == store::ChannelType::kFullMesh};
  if (context.user_agent.size() > events::ConnectionFacts::kMaxUserAgent)
    context.user_agent.resize(events::ConnectionFacts::kMaxUserAgent);
  const auto facts = std::make_shared<const events::ConnectionFacts>(
      events::ConnectionFacts{.conn = conn,
                              .channel = std::move(query.channel),
                              .role = query.role,
                              .client = std::move(query.client),
                              .since = context.now,
                              .address = std::move(context.source_ip),
                              .user_agent = std::move(context.user_agent),
                              .principal = caller,
                              .request_id = std::move(context.request_id)});
  if (parts_.guard == nullptr || !parts_.guard->is_asking()) return seat(facts, rules, context.note, reply);
  parts_.guard->check(*facts, [this, facts, rules, note = context.note, reply](const Result<void>& answer) {
    if (answer) return seat(facts, rules, note, reply);
    note_veto(note, answer.error());
    refuse(knock_of(*facts), answer.error(), reply);
  });
}

void UpgradeGate::seat(const events::FactsPtr& facts, const ChannelRules& rules,
                       const std::shared_ptr<AccessNote>& note, const net::UpgradeReply& reply) {
  const auto tag = parts_.signaling.admit(
      {facts->conn, facts->channel, facts->role, facts->client, rules.message_ttl, rules.is_mesh}, facts);
  if (!tag) return refuse(knock_of(*facts), tag.error(), reply);
  // Looked at behind the admission: whoever takes a key away first bars it, then ends those who are in.
  if (parts_.guard != nullptr && parts_.guard->is_barred(*facts)) {
    parts_.signaling.withdraw(facts->conn, *tag);
    note_refusal(note, "the access key was revoked");
    return refuse(knock_of(*facts), {Errc::kUnrecognizedClient, {}}, reply, "the access key was revoked");
  }
  reply(net::AcceptUpgrade{*tag});
}

net::UpgradeReply UpgradeGate::audited(const net::HttpRequest& request, PrincipalPtr caller,
                                       std::shared_ptr<AccessNote> note, std::string action, std::string channel,
                                       std::string request_id, net::UpgradeReply reply) const {
  return [this, caller = std::move(caller), note = std::move(note), key = std::string(claimed_key(request)),
          from = request.peer.address, action = std::move(action), channel = std::move(channel),
          id = std::move(request_id), reply = std::move(reply)](net::UpgradeDecision decision) {
    const auto* refused = std::get_if<net::HttpResponse>(&decision);
    const std::string error = refused == nullptr ? std::string{} : error_type_of(*refused);
    parts_.audit->write({.event = "connect",
                         .principal = caller.get(),
                         .key_id = key,
                         .from = from,
                         .action = action,
                         .resource = channel,
                         .allowed = note != nullptr && note->allowed,
                         .why = note == nullptr ? std::string_view{} : note->why,
                         .error = error,
                         .request_id = id});
    reply(std::move(decision));
  };
}

void UpgradeGate::decide(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply,
                         std::string request_id) {
  const auto signature = parts_.authenticator.authenticate_handshake(request, request_id);
  const PrincipalPtr caller = signature ? signature->principal : nullptr;
  auto query = signature ? to_connect_query(signature->query) : parse_connect_query(request.target);
  RequestContext context = to_context(request, request_id, parts_.clock);
  if (parts_.audit != nullptr) {
    if (caller) context.note = std::make_shared<AccessNote>();
    reply = audited(request, caller, context.note,
                    "kinesisvideo:" + std::string(query ? action_of(query->role) : "Connect"),
                    query ? query->channel.str() : std::string(), std::move(request_id), std::move(reply));
  }
  if (!signature) return reply(refusal(signature.error()));  // Logged, with an explanation.
  if (!query) return refuse({conn, context.request_id, {}}, query.error(), reply);

  if (!Authorizer::may_ask_store(*caller))
    if (auto known = parts_.store.recall_channel(query->channel))
      return admit(conn, caller, *std::move(query), std::move(context), std::move(known), reply);
  Knock knock{conn, context.request_id, *query};
  auto work = [this, conn, caller, query = *std::move(query), context = std::move(context), reply]() {
    admit(conn, caller, query, context, std::nullopt, reply);
  };
  auto on_failure = [this, knock, reply](const char* why) { refuse(knock, {Errc::kInternalFailure, why}, reply); };
  if (!parts_.executor.try_post(std::move(work), std::move(on_failure)))
    refuse(knock, {Errc::kServiceUnavailable, "too many requests wait for the store"}, reply);
}

void UpgradeGate::turn_away(ConnId conn, const net::HttpRequest& request, const Error& why,
                            const net::UpgradeReply& reply, const std::string& request_id) {
  const auto query = parse_connect_query(request.target);
  refuse({conn, request_id, query ? *query : ConnectQuery{}}, {why.code, {}}, reply, why.detail);
}

}  // namespace heliograph::server
