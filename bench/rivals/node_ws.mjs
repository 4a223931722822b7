// A bare relay on the `ws` package, as its documentation shows it.
import { WebSocketServer } from 'ws';

const partners = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const number = Number(new URL(request.url, 'ws://localhost').searchParams.get('id'));
  partners.set(number, socket);
  socket.on('message', (text) => partners.get(number ^ 1)?.send(text, { binary: false }));
  socket.on('close', () => {
    if (partners.get(number) === socket) partners.delete(number);
  });
});
