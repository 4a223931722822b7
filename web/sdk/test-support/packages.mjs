// The package under test, the AWS package it stands in for, and what drives both without a network.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sdk = join(dirname(fileURLToPath(import.meta.url)), '..');
export const root = join(sdk, '../..');

/** Other people's packages are those that the tests' workspace pins. */
export const require = createRequire(join(root, 'tests/package.json'));

export const UPSTREAM = 'amazon-kinesis-video-streams-webrtc';
export const upstream = require(UPSTREAM);
export const ours = createRequire(join(sdk, 'package.json'))('@heliograph/webrtc');
export const packages = [
  ['heliograph', ours],
  ['upstream', upstream],
];

/** A WebSocket whose other end is the test. `all` are those made since it was installed as the platform's. */
export class FakeWebSocket {
  static all = [];
  sent = [];
  closes = [];
  #listeners = [];

  static install() {
    FakeWebSocket.all = [];
    globalThis.WebSocket = FakeWebSocket;
  }

  constructor(url) {
    this.url = url;
    FakeWebSocket.all.push(this);
  }

  addEventListener(type, listener) {
    this.#listeners.push({ type, listener });
  }

  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((entry) => entry.type !== type || entry.listener !== listener);
  }

  get listenerCount() {
    return this.#listeners.length;
  }

  send(data) {
    this.sent.push(data);
  }

  close(...args) {
    this.closes.push(args);
  }

  /** What the platform would report. */
  fire(type, event = {}) {
    for (const entry of this.#listeners.filter((each) => each.type === type)) entry.listener({ type, ...event });
  }

  receive(message) {
    this.fire('message', { data: typeof message === 'string' ? message : JSON.stringify(message) });
  }
}

/** As messagePayload has it. */
export const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64');

/** Lets everything that waits for promises only go on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
