// Channels and sockets on them for tests that write their own bytes, and a pair whose conversation must not suffer.
import assert from 'node:assert/strict';

import { RawWebSocket } from './raw_websocket.mjs';
import { request } from './raw_http.mjs';
import { amzDate, authorize, presign } from './sigv4.mjs';

export const payloadOf = (what) => Buffer.from(JSON.stringify(what)).toString('base64');
export const readPayload = (message) => JSON.parse(Buffer.from(message.messagePayload, 'base64').toString());

const hostOf = (service) => new URL(service.https).host;

/** A signed call of the control plane, its answer read. */
export async function call(service, path, input) {
  const body = JSON.stringify(input);
  const signed = { host: hostOf(service), 'x-amz-date': amzDate() };
  const authorization = authorize({ path, body, signed, region: service.region, credentials: service.credentials });
  const answer = await request(service, {
    target: path,
    headers: [
      ['Host', signed.host],
      ['X-Amz-Date', signed['x-amz-date']],
      ['Authorization', authorization],
      ['Content-Type', 'application/json'],
      ['Content-Length', Buffer.byteLength(body)],
    ],
    body,
  });
  return { ...answer, json: JSON.parse(answer.body) };
}

export async function createChannel(service, name) {
  const { json } = await call(service, '/createSignalingChannel', { ChannelName: name });
  assert.ok(json.ChannelARN, JSON.stringify(json));
  return json.ChannelARN;
}

/** The target that opens a viewer, or a master when there is no client id; `more` bends the signature. */
export const targetOf = (service, arn, clientId, more = {}) =>
  presign({
    host: hostOf(service),
    region: service.region,
    credentials: service.credentials,
    query: { 'X-Amz-ChannelARN': arn, ...(clientId ? { 'X-Amz-ClientId': clientId } : {}) },
    ...more,
  });

/** An open socket. */
export async function join(service, arn, clientId) {
  const peer = await RawWebSocket.open(service, targetOf(service, arn, clientId));
  assert.equal(peer.answer.status, 101, peer.answer.body);
  return peer;
}

/** A master and a viewer who count together: each number goes to the master and back. */
export class Conversation {
  #count = 0;

  static async start(service, arn) {
    const pair = new Conversation();
    pair.master = await join(service, arn);
    pair.viewer = await join(service, arn, 'bystander');
    return pair;
  }

  async #round() {
    const n = ++this.#count;
    this.viewer.send({ action: 'ICE_CANDIDATE', messagePayload: payloadOf({ n }) });
    const asked = await this.master.message();
    assert.deepEqual([asked.senderClientId, readPayload(asked)], ['bystander', { n }]);
    this.master.send({ action: 'ICE_CANDIDATE', messagePayload: payloadOf({ n }), recipientClientId: 'bystander' });
    assert.deepEqual(readPayload(await this.viewer.message()), { n });
  }

  /** Goes on talking while something happens, and for two rounds after it. Nothing else may reach the two. */
  async during(happening) {
    let isOver = false;
    const done = happening().finally(() => (isOver = true));
    const talk = async () => {
      while (!isOver) await this.#round();
      for (let i = 0; i < 2; ++i) await this.#round();
    };
    const [outcome] = await Promise.all([done, talk()]);
    assert.deepEqual([this.master.unread, this.viewer.unread], [[], []]);
    return outcome;
  }

  stop() {
    this.viewer.drop();
    this.master.drop();
  }
}
