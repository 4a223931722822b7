// A bare relay on uWebSockets, which neither Debian nor npm has: built only when HELIOGRAPH_UWEBSOCKETS names a folder
// with its sources (bench/README.md).
#include <App.h>

#include <string>
#include <vector>

#include "rivals/bare.hpp"

namespace {

using namespace heliograph::bench;

struct Data {
  std::size_t number = 0;
};

template <bool kTls>
void serve(uWS::TemplatedApp<kTls>&& app, int port) {
  using Socket = uWS::WebSocket<kTls, true, Data>;
  static std::vector<Socket*> sockets;
  typename uWS::TemplatedApp<kTls>::template WebSocketBehavior<Data> behaviour;
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
  app.template ws<Data>("/*", std::move(behaviour)).listen("127.0.0.1", port, [](auto*) {}).run();
}

}  // namespace

/// uwebsockets_relay PORT [CERTIFICATE KEY]
int main(int argc, char** argv) {
  const bool is_tls = argc == 4;
  const int port = port_from(is_tls ? 2 : argc, argv);
  if (!is_tls) {
    serve<false>(uWS::App(), port);
    return 0;
  }
  uWS::SocketContextOptions options;
  options.cert_file_name = argv[2];
  options.key_file_name = argv[3];
  serve<true>(uWS::SSLApp(options), port);
}
