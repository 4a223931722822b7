// A WebSocket on a socket: any handshake and any frame can be sent, and what comes is seen frame by frame.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { until } from '../../support/heliographd.mjs';
import { connect, parseAnswer } from './raw_http.mjs';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** One frame as bytes. A client masks; `masked: false` and `rsv` are for those that break the rules. */
export function frame(kind, payload, { fin = true, masked = true, rsv = 0 } = {}) {
  const data = Buffer.from(payload);
  const size = data.length;
  const length = size < 126 ? [size] : size < 65_536 ? [126, size >> 8, size & 255] : [127, 0, 0, 0, 0, ...int32(size)];
  length[0] |= masked ? 0x80 : 0;
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | kind, ...length]);
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

const int32 = (n) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

/** What browsers and every library send; the C SDK's differ and are its test's business. */
const usualHeaders = (host) => [
  ['Host', host],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
  ['Sec-WebSocket-Version', '13'],
];

export class RawWebSocket {
  /** Everything that came and was not asked for. */
  #frames = [];
  #input = Buffer.alloc(0);
  #socket;
  ended = false;

  /** Performs the handshake; `answer.status` is 101 when the socket is open, else `answer.body` says why not. */
  static async open(service, target, { headers = usualHeaders(new URL(service.https).host), tls = true } = {}) {
    const peer = new RawWebSocket();
    peer.#socket = await connect(service, { tls });
    peer.#socket.on('data', (bytes) => (peer.#input = Buffer.concat([peer.#input, bytes])));
    for (const end of ['close', 'end', 'error']) peer.#socket.on(end, () => (peer.ended = true));
    const lines = [`GET ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
    peer.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await until(() => peer.#takeAnswer(), 'the handshake is answered');
    if (peer.answer.status !== 101) peer.drop();
    return peer;
  }

  #takeAnswer() {
    const end = this.#input.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const answer = parseAnswer(this.#input.toString());
    const length = answer.status === 101 ? 0 : Number(answer.headers['content-length'] ?? 0);
    if (this.#input.length < end + 4 + length) return false;
    this.answer = { ...answer, body: answer.status === 101 ? '' : answer.body };
    this.#input = this.#input.subarray(end + 4 + length);
    return true;
  }

  /** Takes the frames out of what has come. The service must not mask, fragment or use a reserved bit. */
  #takeFrames() {
    for (;;) {
      const input = this.#input;
      if (input.length < 2) return;
      if ((input[0] & 0xf0) !== 0x80 || input[1] & 0x80)
        throw new Error(`not a frame of a service: ${input.toString('hex', 0, 8)}`);
      const short = input[1] & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (input.length < head) return;
      const size = short < 126 ? short : short === 126 ? input.readUInt16BE(2) : Number(input.readBigUInt64BE(2));
      if (input.length < head + size) return;
      this.#frames.push({ kind: input[0] & 0x0f, payload: input.subarray(head, head + size) });
      this.#input = input.subarray(head + size);
    }
  }

  /** Whether the next frame is of that kind; it stays the next one. */
  async sees(kind) {
    await until(() => {
      this.#takeFrames();
      return this.#frames.length > 0 || this.ended;
    }, 'a frame comes');
    if (this.#frames.length === 0) throw new Error('the connection ended without a frame');
    return this.#frames[0].kind === kind;
  }

  /** The next frame, whatever it is. */
  async frame() {
    await this.sees(opcode.text);
    return this.#frames.shift();
  }

  /** The next frame, which must be text: its characters. */
  async text() {
    const { kind, payload } = await this.frame();
    if (kind !== opcode.text) throw new Error(`expected text, got opcode ${kind}: ${payload.toString('latin1')}`);
    return payload.toString();
  }

  async message() {
    return JSON.parse(await this.text());
  }

  /** Waits for the close frame and for the end of the connection. */
  async closed() {
    const { kind, payload } = await this.frame();
    if (kind !== opcode.close)
      throw new Error(`expected a close frame, got opcode ${kind}: ${payload.toString('latin1')}`);
    const end = { code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.toString('utf8', 2) };
    if (!this.ended) this.write(frame(opcode.close, payload.subarray(0, 2)));
    await until(() => this.ended, 'the service hangs up after its close frame');
    return end;
  }

  /** Frames that nobody has asked for. */
  get unread() {
    this.#takeFrames();
    return this.#frames;
  }

  /** Bytes as they are; gives false when the kernel takes no more for now. */
  write(bytes) {
    return this.#socket.write(bytes);
  }

  send(message) {
    this.write(frame(opcode.text, typeof message === 'string' ? message : JSON.stringify(message)));
  }

  /** Stops reading, as a peer whose process is stuck. */
  stall() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /** Reads all there is up to the close frame: how many frames, and its code. */
  async drained() {
    let received = 0;
    for (; !(await this.sees(opcode.close)); ++received) this.#frames.shift();
    return { received, code: (await this.closed()).code };
  }

  /** Says goodbye as the RFC has it. */
  async close() {
    this.write(frame(opcode.close, [3, 232]));
    await this.closed();
  }

  drop() {
    this.ended = true;
    this.#socket.destroy();
  }

  /** Until the kernel takes bytes again, or the connection has ended. */
  async whenWritable() {
    if (!this.#socket.writableNeedDrain) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    const ends = ['drain', 'close'].map((event) => once(this.#socket, event, { signal }).catch(() => {}));
    await Promise.race(ends);
    waiting.abort();
  }
}
