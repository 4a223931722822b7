import { createHash, randomBytes } from 'crypto';
import { request as httpRequest } from 'http';
import type { ClientRequest, IncomingMessage } from 'http';
import { request as httpsRequest } from 'https';
import type { Duplex } from 'stream';

import { EventEmitter } from './EventEmitter';
import { encodeFrame, FrameError, FrameReader, Opcode } from './frames';
import { fromUtf8, toUtf8 } from './text';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const CLOSE_TIMEOUT_MS = 5000;
/** As much of a refusal's text as an error shows. */
const MOST_REFUSAL_BYTES = 1000;

/**
 * The part of the WebSocket interface that SignalingClient needs, for Node without one (before 22). Text messages only; TLS as
 * node:https does it, so NODE_EXTRA_CA_CERTS works.
 */
export class NodeWebSocket {
  private readonly events = new EventEmitter();
  private readonly reader = new FrameReader();
  private readonly request: ClientRequest;
  private socket: Duplex | null = null;
  private closeCode = 1006;
  private closeReason = '';
  private isCloseSent = false;
  private isOver = false;
  private closeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string) {
    const isSecure = url.startsWith('wss:');
    if (!isSecure && !url.startsWith('ws:')) throw new SyntaxError(`'${url}' is not a WebSocket URL`);
    const key = randomBytes(16).toString('base64');
    this.request = (isSecure ? httpsRequest : httpRequest)(url.replace(/^ws/, 'http'), {
      agent: false,
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key },
    });
    this.request.on('upgrade', (response, socket, head) => this.onUpgrade(response, socket, head, key));
    this.request.on('response', (response) => this.onRefusal(response));
    this.request.on('error', (error) => this.fail(error));
    this.request.end();
  }

  addEventListener(type: string, listener: (event: any) => void): void {
    this.events.on(type, listener);
  }

  removeEventListener(type: string, listener: (event: any) => void): void {
    this.events.off(type, listener);
  }

  send(data: string): void {
    if (!this.socket) throw new Error('The connection is not open yet.');
    if (!this.isCloseSent) this.write(Opcode.Text, toUtf8(data));
  }

  close(code = 1000, reason = ''): void {
    if (this.isOver || this.isCloseSent) return;
    if (!this.socket) {
      this.request.destroy();
      this.finish();
      return;
    }
    this.sendClose(code, reason);
    this.closeTimer = setTimeout(() => this.finish(), CLOSE_TIMEOUT_MS);
  }

  private onUpgrade(response: IncomingMessage, socket: Duplex, head: Buffer, key: string): void {
    const expected = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    if (this.isOver) return void socket.destroy();
    if (response.headers['sec-websocket-accept'] !== expected) {
      socket.destroy();
      return this.fail(new Error('The server does not speak WebSocket: Sec-WebSocket-Accept is wrong.'));
    }
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.onBytes(bytes));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.finish());
    this.events.emit('open', { type: 'open' });
    if (head.length > 0) this.onBytes(head);
  }

  /** Any answer but 101. Its text says why: browsers hide it, here it can be shown. */
  private onRefusal(response: IncomingMessage): void {
    let body = Buffer.alloc(0);
    response.on('data', (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length >= MOST_REFUSAL_BYTES) response.destroy();
    });
    // After the whole text, and also when it is cut off.
    response.on('close', () => {
      const text = body.subarray(0, MOST_REFUSAL_BYTES).toString('utf8');
      this.fail(new Error(`Unexpected server response: ${response.statusCode}${text ? ` ${text}` : ''}`));
    });
  }

  private onBytes(bytes: Uint8Array): void {
    if (this.isOver) return;
    try {
      for (const { opcode, payload } of this.reader.push(bytes)) this.onFrame(opcode, payload);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.sendClose(error.code, error.message);
      this.closeCode = error.code;
      this.closeReason = error.message;
      this.finish();
    }
  }

  private onFrame(opcode: Opcode, payload: Uint8Array): void {
    if (this.isOver) return;
    if (opcode === Opcode.Text) this.events.emit('message', { type: 'message', data: decode(payload) });
    else if (opcode === Opcode.Binary) this.events.emit('message', { type: 'message', data: payload.buffer });
    else if (opcode === Opcode.Ping) this.write(Opcode.Pong, payload);
    else if (opcode === Opcode.Close) this.onClose(payload);
  }

  private onClose(payload: Uint8Array): void {
    this.closeCode = payload.length >= 2 ? (payload[0]! << 8) | payload[1]! : 1005;
    this.closeReason = decode(payload.subarray(2));
    this.sendClose(payload.length >= 2 ? this.closeCode : null, '');
    this.finish();
  }

  private sendClose(code: number | null, reason: string): void {
    if (this.isCloseSent || !this.socket) return;
    const text = toUtf8(reason).slice(0, 123);
    this.write(Opcode.Close, code === null ? new Uint8Array(0) : Uint8Array.from([code >> 8, code & 0xff, ...text]));
    this.isCloseSent = true;
  }

  private write(opcode: Opcode, payload: Uint8Array): void {
    this.socket?.write(encodeFrame(opcode, payload, randomBytes(4)));
  }

  private fail(error: Error): void {
    if (this.isOver) return;
    if (this.events.listenerCount('error') > 0) {
      this.events.emit('error', { type: 'error', error, message: error.message });
    }
    this.finish();
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.closeTimer);
    const { socket } = this;
    if (socket && !socket.destroyed) {
      socket.end();
      // A server that never ends its side would keep the program running.
      const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
      socket.once('close', () => clearTimeout(timer));
    }
    const { closeCode: code, closeReason: reason } = this;
    // As in browsers, 'close' never comes from inside close().
    queueMicrotask(() => this.events.emit('close', { type: 'close', code, reason, wasClean: code !== 1006 }));
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new FrameError(1007, 'the text is not UTF-8');
  }
}
