// HTTP on a socket, so that a test decides about every byte that is sent and sees how the answer arrived.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A connection that trusts the development CA, or plain TCP. ALPN as the C SDK pins it. */
export async function connect(service, { tls = true } = {}) {
  const { port } = service;
  const socket = tls
    ? connectTls({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        ca: readFileSync(service.caFile),
        ALPNProtocols: ['http/1.1'],
      })
    : connectPlain(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, tls ? 'secureConnect' : 'connect');
  return socket;
}

/** Status, headers (names in lower case) and body of one answer. */
export function parseAnswer(text) {
  const end = text.indexOf('\r\n\r\n');
  const [status, ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(status.split(' ')[1]), headers, body: text.slice(end + 4) };
}

/** Whether all of an answer is there, by its Content-Length. */
function isWhole(text) {
  if (!text.includes('\r\n\r\n')) return false;
  const { headers, body } = parseAnswer(text);
  return Buffer.byteLength(body) >= Number(headers['content-length'] ?? 0);
}

/** Sends a request line, headers as [name, value] and a body as they are; `reads` counts the pieces the answer came in. */
export async function request(service, { method = 'POST', target, headers, body = '', tls = true }) {
  const socket = await connect(service, { tls });
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  let text = '';
  let reads = 0;
  socket.setEncoding('utf8');
  const answered = new Promise((resolve, reject) => {
    socket.on('data', (piece) => {
      text += piece;
      reads += 1;
      if (isWhole(text)) resolve();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
  });
  socket.write(`${head}\r\n\r\n${body}`);
  await answered;
  socket.destroy();
  return { ...parseAnswer(text), reads, raw: text };
}
