// SignalingClient in Node: over its own WebSocket, over the platform's, and over one it is given.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { beforeEach, describe, it } from 'node:test';

import { base64, FakeWebSocket, ours, require, settle } from '../test-support/packages.mjs';
import { serve, serveRaw } from '../test-support/servers.mjs';

// Node 22 has one.
beforeEach(() => delete globalThis.WebSocket);

describe('SignalingClient in Node', () => {
  const config = (url) => ({
    channelARN: 'arn',
    channelEndpoint: 'ws://localhost',
    region: 'r',
    role: 'MASTER',
    requestSigner: { getSignedURL: async () => url },
  });

  it('uses NodeWebSocket where the platform has no WebSocket', async () => {
    const url = await serve((peer) =>
      peer.on('message', (data) => {
        const { messagePayload } = JSON.parse(data);
        peer.send(JSON.stringify({ messageType: 'SDP_OFFER', messagePayload, senderClientId: 'v' }));
      }),
    );
    const client = new ours.SignalingClient(config(url));
    const opened = once(client, 'open');
    client.open();
    await opened;

    const offered = once(client, 'sdpOffer');
    client.sendSdpAnswer({ type: 'answer', sdp: 'ä' }, 'v');
    assert.deepEqual(await offered, [{ type: 'answer', sdp: 'ä' }, 'v']);

    const closed = once(client, 'close');
    client.close();
    assert.deepEqual(await closed, [{ code: 1000, reason: '' }]);
  });

  it("uses the platform's where there is one", async () => {
    FakeWebSocket.install();

    new ours.SignalingClient(config('ws://localhost/1')).open();
    await settle();

    assert.deepEqual(
      FakeWebSocket.all.map(({ url }) => url),
      ['ws://localhost/1'],
    );
  });

  it("works over the package ws's WebSocket, by the option and as the platform's", async () => {
    const payload = { type: 'offer', sdp: 's' };
    const url = await serve((peer) =>
      peer.send(JSON.stringify({ messageType: 'SDP_OFFER', messagePayload: base64(payload) })),
    );
    const { WebSocket } = require('ws');

    for (const more of [{ webSocket: WebSocket }, {}]) {
      if (!more.webSocket) globalThis.WebSocket = WebSocket;
      const client = new ours.SignalingClient({ ...config(url), ...more });
      const offered = once(client, 'sdpOffer');
      client.open();
      assert.deepEqual(await offered, [payload, undefined]);
      const closed = once(client, 'close');
      client.close();
      await closed;
    }
  });

  it('emits error and close when the service refuses, and can be opened again', async () => {
    const url = await serveRaw(() => 'HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nwhy!');
    const client = new ours.SignalingClient(config(url));

    for (const round of [1, 2]) {
      const failed = new Promise((resolve) => client.once('error', resolve));
      const closed = new Promise((resolve) => client.once('close', resolve));
      client.open();
      assert.equal((await failed).message, 'Unexpected server response: 403 why!', `round ${round}`);
      assert.equal((await closed).code, 1006);
    }
  });
});
