// A bare relay on libwebsockets: its poll loop, a queue for each connection, one message for each writeable callback.
#include <libwebsockets.h>

#include <array>
#include <csignal>
#include <deque>
#include <new>
#include <string>
#include <vector>

#include "rivals/bare.hpp"

namespace heliograph::bench {
namespace {

struct Session {
  lws* socket = nullptr;
  std::size_t number = 0;
  std::string coming;             ///< The fragments of a message.
  std::deque<std::string> queue;  ///< Each with LWS_PRE bytes of room before it.
};
std::vector<Session*> sessions;

std::optional<std::size_t> number_of(lws* socket) {
  std::array<char, 64> argument{};
  // libwebsockets keeps each argument of the query apart: "id=7".
  if (lws_hdr_copy_fragment(socket, argument.data(), argument.size(), WSI_TOKEN_HTTP_URI_ARGS, 0) < 0) {
    return std::nullopt;
  }
  return number_in("/?" + std::string(argument.data()));
}

void relay(Session& from, const void* bytes, std::size_t size) {
  from.coming.append(static_cast<const char*>(bytes), size);
  if (lws_is_final_fragment(from.socket) == 0) return;
  if (Session* partner = sessions[partner_of(from.number)]) {
    partner->queue.push_back(std::string(LWS_PRE, '\0') + from.coming);
    lws_callback_on_writable(partner->socket);
  }
  from.coming.clear();
}

int write_one(Session& to) {
  if (to.queue.empty()) return 0;
  std::string& text = to.queue.front();
  const std::size_t size = text.size() - LWS_PRE;
  auto* bytes = reinterpret_cast<unsigned char*>(text.data()) + LWS_PRE;
  if (lws_write(to.socket, bytes, size, LWS_WRITE_TEXT) < static_cast<int>(size)) return -1;
  to.queue.pop_front();
  if (!to.queue.empty()) lws_callback_on_writable(to.socket);
  return 0;
}

int on_event(lws* socket, lws_callback_reasons why, void* user, void* bytes, std::size_t size) {
  auto* session = static_cast<Session*>(user);
  switch (why) {
    case LWS_CALLBACK_ESTABLISHED: {
      const auto number = number_of(socket);
      new (session) Session{.socket = socket, .number = number.value_or(0), .coming = {}, .queue = {}};
      if (!number) return -1;
      if (sessions.size() <= (*number | 1U)) sessions.resize((*number | 1U) + 1024);
      sessions[*number] = session;
      return 0;
    }
    case LWS_CALLBACK_RECEIVE:
      relay(*session, bytes, size);
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return write_one(*session);
    case LWS_CALLBACK_CLOSED:
      if (sessions[session->number] == session) sessions[session->number] = nullptr;
      session->~Session();
      return 0;
    default:
      return 0;
  }
}

}  // namespace
}  // namespace heliograph::bench

int main(int argc, char** argv) {
  using heliograph::bench::on_event;
  const std::uint16_t port = heliograph::bench::port_from(argc, argv);
  const std::array<lws_protocols, 2> protocols{
      lws_protocols{"relay", on_event, sizeof(heliograph::bench::Session), 64 * 1024, 0, nullptr, 0},
      lws_protocols{nullptr, nullptr, 0, 0, 0, nullptr, 0}};
  lws_set_log_level(LLL_ERR, nullptr);
  lws_context_creation_info info{};
  info.port = port;
  info.iface = "127.0.0.1";
  info.protocols = protocols.data();
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  lws_context* context = lws_create_context(&info);
  if (context == nullptr) return 1;
  std::signal(SIGTERM, [](int) { std::_Exit(0); });
  while (lws_service(context, 0) >= 0) {
  }
}
