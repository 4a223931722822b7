// What messages become, and which candidates wait for whom, run against this package and the AWS package.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { base64, FakeWebSocket, packages } from '../test-support/packages.mjs';
import { ANSWER, CANDIDATES, master, OFFER, Scene, viewer } from '../test-support/scene.mjs';

beforeEach(() => FakeWebSocket.install());

for (const [name, lib] of packages) {
  describe(`${name}: receiving`, () => {
    for (const [type, event, payload] of [
      ['SDP_OFFER', 'sdpOffer', OFFER],
      ['SDP_ANSWER', 'sdpAnswer', ANSWER],
    ]) {
      it(`${type} is the event ${event} with the payload and the sender`, async () => {
        const scene = await Scene.open(lib);

        scene.receive(type, payload, 'v');
        scene.receive(type, payload);

        assert.deepEqual(scene.take(), [
          [event, payload, 'v'],
          [event, payload, undefined],
        ]);
      });

      it(`candidates wait for the ${type} of their sender, and follow it in their order`, async () => {
        const scene = await Scene.open(lib);

        scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'v');
        scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'v');
        assert.deepEqual(scene.take(), []);
        scene.receive(type, payload, 'v');
        scene.receive('ICE_CANDIDATE', CANDIDATES[2], 'v');

        assert.deepEqual(scene.take(), [
          [event, payload, 'v'],
          ['iceCandidate', CANDIDATES[0], 'v'],
          ['iceCandidate', CANDIDATES[1], 'v'],
          ['iceCandidate', CANDIDATES[2], 'v'],
        ]);
      });

      it(`candidates are let go by a ${type} of their own sender only`, async () => {
        const scene = await Scene.open(lib);

        scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'a');
        scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'b');
        scene.receive('ICE_CANDIDATE', CANDIDATES[2]);
        scene.receive(type, payload, 'b');
        scene.receive(type, payload);

        assert.deepEqual(scene.take(), [
          [event, payload, 'b'],
          ['iceCandidate', CANDIDATES[1], 'b'],
          [event, payload, undefined],
          ['iceCandidate', CANDIDATES[2], undefined],
        ]);
        assert.deepEqual(scene.client.getPendingIceCandidates('a'), [CANDIDATES[0]]);
      });

      it(`with buffering, candidates wait after the ${type} until they are drained`, async () => {
        const scene = await Scene.open(lib, master({ enableEarlyIceCandidateBuffering: true }));

        scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'v');
        scene.receive(type, payload, 'v');
        assert.deepEqual(scene.take(), [[event, payload, 'v']]);
        scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'v');
        assert.deepEqual(scene.take(), [['iceCandidate', CANDIDATES[1], 'v']]);
        scene.client.drainPendingIceCandidates('v');

        assert.deepEqual(scene.take(), [['iceCandidate', CANDIDATES[0], 'v']]);
      });
    }

    it('a sender without id and one called MASTER share their candidates', async () => {
      const scene = await Scene.open(lib, viewer());

      scene.receive('ICE_CANDIDATE', CANDIDATES[0]);
      scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'MASTER');
      scene.receive('SDP_ANSWER', ANSWER);

      assert.deepEqual(scene.take(), [
        ['sdpAnswer', ANSWER, undefined],
        ['iceCandidate', CANDIDATES[0], undefined],
        ['iceCandidate', CANDIDATES[1], undefined],
      ]);
    });

    it('draining before any SDP lets go what waits and what comes', async () => {
      const scene = await Scene.open(lib);
      scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'v');

      scene.client.drainPendingIceCandidates('v');
      scene.client.drainPendingIceCandidates('v');
      scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'v');

      assert.deepEqual(scene.take(), [
        ['iceCandidate', CANDIDATES[0], 'v'],
        ['iceCandidate', CANDIDATES[1], 'v'],
      ]);
    });

    it('what waits can be read, and the list is a copy', async () => {
      const scene = await Scene.open(lib);
      scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'v');
      scene.receive('ICE_CANDIDATE', CANDIDATES[1]);

      scene.client.getPendingIceCandidates('v').length = 0;

      assert.deepEqual(scene.client.getPendingIceCandidates('v'), [CANDIDATES[0]]);
      assert.deepEqual(scene.client.getPendingIceCandidates(), [CANDIDATES[1]]);
      assert.deepEqual(scene.client.getPendingIceCandidates('other'), []);
    });

    it('resetting a sender loses what waits, and makes candidates wait for its next SDP', async () => {
      const scene = await Scene.open(lib);
      scene.receive('SDP_OFFER', OFFER, 'v');
      scene.receive('SDP_OFFER', OFFER, 'other');
      scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'third');
      scene.take();

      scene.client.resetIceCandidateState('v');
      scene.client.resetIceCandidateState('third');
      scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'v');
      scene.receive('ICE_CANDIDATE', CANDIDATES[2], 'other');

      assert.deepEqual(scene.take(), [['iceCandidate', CANDIDATES[2], 'other']]);
      assert.deepEqual(scene.client.getPendingIceCandidates('v'), [CANDIDATES[1]]);
      assert.deepEqual(scene.client.getPendingIceCandidates('third'), []);
    });

    it('who has sent its SDP is remembered over a reconnect', async () => {
      const scene = await Scene.open(lib);
      scene.receive('SDP_OFFER', OFFER, 'v');
      scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'late');
      scene.socket.fire('close');
      await scene.open();

      scene.receive('ICE_CANDIDATE', CANDIDATES[1], 'v');

      assert.deepEqual(scene.take(), [['iceCandidate', CANDIDATES[1], 'v']]);
      assert.deepEqual(scene.client.getPendingIceCandidates('late'), [CANDIDATES[0]]);
    });

    it('a logger is told of candidates that nobody listens to', async () => {
      const told = { debug: 0, warn: [] };
      const logger = { debug: () => ++told.debug, log() {}, warn: (...data) => told.warn.push(data) };
      const scene = await Scene.open(lib, master({ logger }));
      scene.client.removeAllListeners('iceCandidate');

      scene.receive('ICE_CANDIDATE', CANDIDATES[0], 'v');
      scene.receive('SDP_OFFER', OFFER, 'v');

      assert.ok(told.debug > 0);
      assert.equal(told.warn.length, 1);
      assert.equal(told.warn[0][0], '[SignalingClient]');
      assert.equal(told.warn[0].at(-1).includes(CANDIDATES[0].candidate), true);
    });

    it('STATUS_RESPONSE is the event statusResponse with its object, payload or not', async () => {
      const scene = await Scene.open(lib);
      const statusResponse = {
        correlationId: 'c',
        success: false,
        errorType: 'E',
        statusCode: '400',
        description: 'why',
      };

      scene.socket.receive({ messageType: 'STATUS_RESPONSE', statusResponse });
      scene.socket.receive({ messageType: 'STATUS_RESPONSE', messagePayload: '', statusResponse });
      scene.receive('STATUS_RESPONSE', {}, 'v', { statusResponse });

      assert.deepEqual(scene.take(), Array(3).fill(['statusResponse', statusResponse]));
    });

    for (const [what, message] of [
      ['nothing', ''],
      ['no JSON', 'hello'],
      ['a number', '1'],
      ['a string', '"SDP_OFFER"'],
      ['an array', '[]'],
      ['an empty object', '{}'],
      ['no payload', { messageType: 'SDP_OFFER' }],
      ['an empty payload', { messageType: 'SDP_OFFER', messagePayload: '' }],
      ['a payload that is not base64', { messageType: 'SDP_OFFER', messagePayload: '%%%' }],
      ['a payload that is no JSON', { messageType: 'SDP_OFFER', messagePayload: 'aGVsbG8=' }],
      ['a payload that is null', { messageType: 'SDP_OFFER', messagePayload: base64(null) }],
      ['an unknown type', { messageType: 'SOMETHING_NEW', messagePayload: base64(OFFER) }],
      ['no type', { messagePayload: base64(OFFER) }],
      ['a status without its object', { messageType: 'STATUS_RESPONSE' }],
      ['a type in small letters', { messageType: 'sdp_offer', messagePayload: base64(OFFER) }],
    ]) {
      it(`ignores ${what}, for the service may learn to say more`, async () => {
        const scene = await Scene.open(lib);

        scene.socket.receive(message);

        assert.deepEqual(scene.take(), []);
        assert.equal(scene.client.readyState, 1);
      });
    }

    it('reads payloads without padding', async () => {
      const scene = await Scene.open(lib);
      const payload = { type: 'offer', sdp: 'ab' };

      scene.socket.receive({ messageType: 'SDP_OFFER', messagePayload: base64(payload).replace(/=+$/, '') });

      assert.deepEqual(scene.take(), [['sdpOffer', payload, undefined]]);
    });
  });
}
