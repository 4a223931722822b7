// Where this package does something else than the AWS package, on purpose. Everything else is meant to be the same.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { base64, FakeWebSocket, ours, settle, upstream } from '../test-support/packages.mjs';
import { CANDIDATES, master, OFFER, Scene, SIGNED, viewer } from '../test-support/scene.mjs';

beforeEach(() => FakeWebSocket.install());

describe('what differs, on purpose', () => {
  it('a viewer of a FULL_MESH channel names whom it sends to; the AWS package lets no viewer do so', async () => {
    const member = viewer({ fullMesh: true });
    const [mine, theirs] = [await Scene.open(ours, member), await Scene.open(upstream, member)];

    mine.client.sendSdpOffer(OFFER, 'bob');

    assert.equal(JSON.parse(mine.socket.sent[0]).recipientClientId, 'bob');
    assert.throws(() => theirs.client.sendSdpOffer(OFFER, 'bob'), /Unexpected recipient client id/);
  });

  it("close tells code and reason; the AWS package's tells nothing", async () => {
    const [mine, theirs] = [await Scene.open(ours), await Scene.open(upstream)];

    for (const { socket } of [mine, theirs]) socket.fire('close', { code: 4001, reason: 'replaced' });

    assert.deepEqual(mine.events, [['close', { code: 4001, reason: 'replaced' }]]);
    assert.deepEqual(theirs.events, [['close']]);
  });

  it('GO_AWAY and RECONNECT_ICE_SERVER are events; the AWS package drops them', async () => {
    for (const [lib, expected] of [
      [ours, ['goAway', 'reconnectIceServer']],
      [upstream, []],
    ]) {
      const { client, socket } = await Scene.open(lib);
      const seen = [];
      for (const event of ['goAway', 'reconnectIceServer']) client.on(event, () => seen.push(event));

      socket.receive({ messageType: 'GO_AWAY', messagePayload: '' });
      socket.receive({ messageType: 'RECONNECT_ICE_SERVER' });

      assert.deepEqual(seen, expected);
    }
  });

  it('closing and opening again while the signer works makes one socket; the AWS package makes two', async () => {
    for (const [lib, expected] of [
      [ours, 1],
      [upstream, 2],
    ]) {
      FakeWebSocket.install();
      const answers = [];
      const getSignedURL = () => new Promise((resolve) => answers.push(resolve));
      const { client } = new Scene(lib, master({ requestSigner: { getSignedURL } }));

      client.open();
      client.close();
      client.open();
      for (const answer of answers) answer(SIGNED);
      await settle();

      assert.equal(FakeWebSocket.all.length, expected);
    }
  });

  it("a signer's error after close() is of no interest; the AWS package emits it, closed or open again", async () => {
    for (const [lib, expected] of [
      [ours, [['close']]],
      [upstream, [['close'], ['error', 'late']]],
    ]) {
      let fail;
      const getSignedURL = () => new Promise((_resolve, reject) => (fail = reject));
      const scene = new Scene(lib, master({ requestSigner: { getSignedURL } }));

      scene.client.open();
      scene.client.close();
      fail('late');
      await settle();

      assert.deepEqual(scene.log, expected);
    }
  });

  it('a message that is null is ignored; the AWS package throws in the socket', async () => {
    const [mine, theirs] = [await Scene.open(ours), await Scene.open(upstream)];

    mine.socket.receive('null');

    assert.deepEqual(mine.take(), []);
    assert.throws(() => theirs.socket.receive('null'), TypeError);
  });

  it('any sender id is just an id; __proto__ breaks the AWS package', async () => {
    const [mine, theirs] = [await Scene.open(ours), await Scene.open(upstream)];

    mine.receive('ICE_CANDIDATE', CANDIDATES[0], '__proto__');
    mine.receive('SDP_OFFER', OFFER, '__proto__');
    theirs.receive('ICE_CANDIDATE', CANDIDATES[0], '__proto__');

    assert.deepEqual(mine.take(), [
      ['sdpOffer', OFFER, '__proto__'],
      ['iceCandidate', CANDIDATES[0], '__proto__'],
    ]);
    // It took Object.prototype for "has sent its SDP".
    assert.deepEqual(theirs.take(), [['iceCandidate', CANDIDATES[0], '__proto__']]);
  });

  it('texts beyond ASCII arrive whole, also those of the AWS package; that one cannot read UTF-8', async () => {
    const payload = { type: 'offer', sdp: 's=Grüße 🦊' };
    const [mine, theirs] = [await Scene.open(ours), await Scene.open(upstream)];

    for (const scene of [mine, theirs]) scene.receive('SDP_OFFER', payload, 'v');
    mine.client.sendSdpOffer(payload);
    theirs.client.sendSdpOffer({ sdp: 'Grüße' });

    assert.deepEqual(mine.take(), [['sdpOffer', payload, 'v']]);
    assert.equal(theirs.take()[0][1].sdp.startsWith('s=GrÃ'), true);
    assert.equal(JSON.parse(mine.socket.sent[0]).messagePayload, base64(payload));
    mine.socket.receive({ messageType: 'SDP_OFFER', messagePayload: JSON.parse(theirs.socket.sent[0]).messagePayload });
    assert.deepEqual(mine.take(), [['sdpOffer', { sdp: 'Grüße' }, undefined]]);
  });

  it('the AWS package fails in Node without a WebSocket (node_websocket.test.mjs has what this one does)', async () => {
    delete globalThis.WebSocket;
    const scene = new Scene(upstream, master());

    scene.client.open();
    await settle();

    assert.equal(scene.take()[0][1].message, 'WebSocket is not defined');
  });

  it('the option webSocket goes before the platform; the AWS package has none', async () => {
    const made = [];
    class Other extends FakeWebSocket {
      constructor(url) {
        super(url);
        made.push(url);
      }
    }

    await Scene.open(ours, master({ webSocket: Other }));
    assert.deepEqual(made, [SIGNED]);
    await Scene.open(upstream, master({ webSocket: Other }));

    assert.deepEqual(made, [SIGNED]);
  });
});
