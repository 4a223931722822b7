// WebSocket servers for one test each, proper and not, and what a client reports of them.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'node:test';

import { require, sdk } from './packages.mjs';

const { WebSocketServer } = require('ws');
export const { NodeWebSocket } = createRequire(join(sdk, 'package.json'))('@heliograph/webrtc/lib/NodeWebSocket');
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const ends = [];

/** Has something undone after the test. */
export const atEnd = (end) => void ends.push(end);

export async function endAll() {
  for (const end of ends.splice(0)) await end();
}

afterEach(endAll);

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${server.address().port}/path?query=1`;
}

/** A proper server; `onSocket` has its end of each connection. */
export async function serve(onSocket = () => {}, options = {}) {
  const http = createServer();
  const server = new WebSocketServer({ server: http, ...options });
  server.on('connection', onSocket);
  atEnd(() => {
    for (const socket of server.clients) socket.terminate();
    return new Promise((resolve) => http.close(resolve));
  });
  return listen(http);
}

/** A server that answers the handshake with `answer(key)` and then does with the socket what it likes. */
export async function serveRaw(answer, onSocket = () => {}) {
  const sockets = new Set();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      socket.write(answer(/Sec-WebSocket-Key: (.*)\r\n/i.exec(bytes.toString())[1]));
      onSocket(socket);
    });
  });
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return listen(server);
}

export const switching = (key) =>
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Accept: ${createHash('sha1')
    .update(key + GUID)
    .digest('base64')}\r\n\r\n`;

/** A socket and what it reports, as [type, ...]. */
export function connect(url) {
  const socket = new NodeWebSocket(url);
  const seen = [];
  const next = (type) => new Promise((resolve) => socket.addEventListener(type, resolve));
  socket.addEventListener('open', () => seen.push(['open']));
  socket.addEventListener('message', ({ data }) => seen.push(['message', data]));
  socket.addEventListener('error', ({ message }) => seen.push(['error', message]));
  socket.addEventListener('close', ({ code, reason, wasClean }) => seen.push(['close', code, reason, wasClean]));
  return { socket, seen, opened: next('open'), message: () => next('message'), closed: next('close') };
}

/** A promise, and how to settle it. */
export function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
