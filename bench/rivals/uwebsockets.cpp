// A bare relay on uWebSockets, which neither Debian nor npm has: built only when HELIOGRAPH_UWEBSOCKETS names a folder
// with its sources (bench/README.md).
#include <App.h>

#include <string>
#include <vector>

#include "rivals/bare.hpp"

namespace {

struct Data {
  std::size_t number = 0;
};
using Socket = uWS::WebSocket<false, true, Data>;
std::vector<Socket*> sockets;

}  // namespace

int main(int argc, char** argv) {
  using namespace heliograph::bench;
  const int port = port_from(argc, argv);
  uWS::App::WebSocketBehavior<Data> behaviour;
  behaviour.compression = uWS::DISABLED;
  behaviour.maxPayloadLength = 64 * 1024;
  behaviour.maxBackpressure = 1024 * 1024;
  behaviour.upgrade = [](auto* response, auto* request, auto* context) {
    const std::string query = "/?" + std::string(request->getQuery());
    response->template upgrade<Data>({number_in(query).value_or(0)}, request->getHeader("sec-websocket-key"),
                                     request->getHeader("sec-websocket-protocol"),
                                     request->getHeader("sec-websocket-extensions"), context);
  };
  behaviour.open = [](Socket* socket) {
    const std::size_t number = socket->getUserData()->number;
    if (sockets.size() <= (number | 1U)) sockets.resize((number | 1U) + 1024);
    sockets[number] = socket;
  };
  behaviour.message = [](Socket* socket, std::string_view text, uWS::OpCode code) {
    if (Socket* partner = sockets[partner_of(socket->getUserData()->number)]) partner->send(text, code);
  };
  behaviour.close = [](Socket* socket, int, std::string_view) {
    Socket*& known = sockets[socket->getUserData()->number];
    if (known == socket) known = nullptr;
  };
  uWS::App().ws<Data>("/*", std::move(behaviour)).listen("127.0.0.1", port, [](auto*) {}).run();
}
