// Opening, closing and sending, run against this package and the AWS package.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { base64, FakeWebSocket, packages, settle } from '../test-support/packages.mjs';
import { ANSWER, ARN, CANDIDATES, ENDPOINT, master, OFFER, Scene, SIGNED, viewer } from '../test-support/scene.mjs';

beforeEach(() => FakeWebSocket.install());

for (const [name, lib] of packages) {
  describe(`${name}: opening and closing`, () => {
    for (const [role, config, query] of [
      ['master', master, { 'X-Amz-ChannelARN': ARN }],
      ['viewer', viewer, { 'X-Amz-ChannelARN': ARN, 'X-Amz-ClientId': 'viewer-1' }],
    ]) {
      it(`has the connection of a ${role} signed with endpoint, parameters and date`, async () => {
        let call;
        const scene = new Scene(
          lib,
          config({ requestSigner: { getSignedURL: async (...args) => ((call = args), SIGNED) } }),
        );

        await scene.open();

        assert.deepEqual(call.slice(0, 2), [ENDPOINT, query]);
        assert.ok(call[2] instanceof Date && Math.abs(call[2].getTime() - Date.now()) < 10_000);
        assert.equal(call.length, 3);
        assert.equal(scene.socket.url, SIGNED);
      });
    }

    for (const [offset, expected] of [
      [3_600_000, 3_600_000],
      [-5000, -5000],
      [0, 0],
      [undefined, 0],
      [null, 0],
      [NaN, 0],
    ]) {
      it(`moves the date by a systemClockOffset of ${offset}`, async () => {
        let date;
        const requestSigner = { getSignedURL: async (_endpoint, _query, at) => ((date = at), SIGNED) };

        await Scene.open(lib, master({ requestSigner, systemClockOffset: offset }));

        assert.ok(Math.abs(date.getTime() - Date.now() - expected) < 5000, String(date));
      });
    }

    it('has the readyState of a WebSocket', async () => {
      const { client } = new Scene(lib, master());
      const seen = [client.readyState];

      client.open();
      seen.push(client.readyState);
      await settle();
      const [socket] = FakeWebSocket.all;
      socket.fire('open');
      seen.push(client.readyState);
      client.close();
      seen.push(client.readyState);
      socket.fire('close');
      seen.push(client.readyState);

      assert.deepEqual(seen, [3, 0, 1, 2, 3]);
    });

    it('emits open once the socket is', async () => {
      const scene = new Scene(lib, master());

      scene.client.open();
      await settle();
      assert.deepEqual(scene.take(), []);
      FakeWebSocket.all[0].fire('open');

      assert.deepEqual(scene.take(), [['open']]);
    });

    it('refuses to open twice: while signing, connecting, open, and closing', async () => {
      const text = { message: 'Client is already open, opening, or closing' };
      const { client } = new Scene(lib, master());

      client.open();
      assert.throws(() => client.open(), text);
      await settle();
      assert.throws(() => client.open(), text);
      FakeWebSocket.all[0].fire('open');
      assert.throws(() => client.open(), text);
      client.close();
      assert.throws(() => client.open(), text);
    });

    it('closes the socket without code or reason, and emits close when it is closed', async () => {
      const scene = await Scene.open(lib);

      scene.client.close();
      assert.deepEqual(scene.socket.closes, [[]]);
      assert.deepEqual(scene.take(), []);
      scene.socket.fire('close');

      assert.deepEqual(scene.take(), [['close']]);
    });

    it('closes before the socket exists: close is emitted at once and no socket is made', async () => {
      const scene = new Scene(lib, master());

      scene.client.open();
      scene.client.close();

      assert.deepEqual(scene.take(), [['close']]);
      await settle();
      assert.equal(FakeWebSocket.all.length, 0);
    });

    it('does nothing when what is closed is closed', () => {
      const scene = new Scene(lib, master());

      scene.client.close();

      assert.deepEqual(scene.take(), []);
    });

    it('is closed when the other end closes, hears nothing more of that socket, and can be opened again', async () => {
      const scene = await Scene.open(lib);

      scene.socket.fire('close');
      assert.deepEqual(scene.take(), [['close']]);
      assert.equal(scene.socket.listenerCount, 0);
      await scene.open();
      scene.receive('SDP_OFFER', OFFER, 'v');

      assert.equal(FakeWebSocket.all.length, 2);
      assert.deepEqual(scene.take(), [['sdpOffer', OFFER, 'v']]);
    });

    it('can be opened again from inside a close listener', async () => {
      const scene = await Scene.open(lib);
      scene.client.once('close', () => scene.client.open());

      scene.socket.fire('close');
      await settle();
      FakeWebSocket.all[1].fire('open');

      assert.deepEqual(scene.take(), [['close'], ['open']]);
    });

    it('emits the error of a signer, and goes on "connecting" until close()', async () => {
      const failure = new Error('no credentials');
      const scene = new Scene(lib, master({ requestSigner: { getSignedURL: () => Promise.reject(failure) } }));

      scene.client.open();
      await settle();
      assert.deepEqual(scene.take(), [['error', failure]]);
      assert.throws(() => scene.client.open(), /already open/);
      scene.client.close();

      assert.deepEqual(scene.take(), [['close']]);
    });

    it('emits the error of a signer that throws instead of rejecting', async () => {
      const failure = new Error('thrown');
      const requestSigner = {
        getSignedURL() {
          throw failure;
        },
      };
      const scene = new Scene(lib, master({ requestSigner }));

      scene.client.open();
      await settle();

      assert.deepEqual(scene.take(), [['error', failure]]);
    });

    it("passes the socket's error event on as it is", async () => {
      const scene = await Scene.open(lib);

      scene.socket.fire('error', { message: 'broken' });

      assert.deepEqual(scene.take(), [['error', { type: 'error', message: 'broken' }]]);
      assert.equal(scene.client.readyState, 1);
    });

    it('emits the error of a WebSocket that cannot be made', async () => {
      globalThis.WebSocket = class {
        constructor() {
          throw new SyntaxError('not a URL');
        }
      };
      const scene = new Scene(lib, master());

      scene.client.open();
      await settle();

      assert.deepEqual(
        scene.take().map(([event, error]) => [event, error.message]),
        [['error', 'not a URL']],
      );
    });
  });

  describe(`${name}: sending`, () => {
    for (const [method, payload, action] of [
      ['sendSdpOffer', OFFER, 'SDP_OFFER'],
      ['sendSdpAnswer', ANSWER, 'SDP_ANSWER'],
      ['sendIceCandidate', CANDIDATES[0], 'ICE_CANDIDATE'],
    ]) {
      const messagePayload = base64(payload);
      const notOpen = {
        message: 'Could not send message because the connection to the signaling service is not open.',
      };

      it(`${method} puts exactly these bytes on the wire`, async () => {
        const { client, socket } = await Scene.open(lib);

        client[method](payload, 'v');
        client[method](payload);
        client[method](payload, '', '');
        client[method](payload, 'v', 'correlation.1-A_');

        assert.deepEqual(socket.sent, [
          `{"action":"${action}","messagePayload":"${messagePayload}","recipientClientId":"v"}`,
          `{"action":"${action}","messagePayload":"${messagePayload}"}`,
          `{"action":"${action}","messagePayload":"${messagePayload}"}`,
          `{"action":"${action}","messagePayload":"${messagePayload}","recipientClientId":"v","correlationId":"correlation.1-A_"}`,
        ]);
      });

      it(`${method} uses toJSON, as an RTCIceCandidate and an RTCSessionDescription have`, async () => {
        const { client, socket } = await Scene.open(lib);

        client[method]({ hidden: 1, toJSON: () => payload });

        assert.deepEqual(JSON.parse(socket.sent[0]), { action, messagePayload });
      });

      it(`${method} refuses before open, while connecting, while closing and after close`, async () => {
        const scene = new Scene(lib, master());

        assert.throws(() => scene.client[method](payload), notOpen);
        scene.client.open();
        assert.throws(() => scene.client[method](payload), notOpen);
        await settle();
        const [socket] = FakeWebSocket.all;
        assert.throws(() => scene.client[method](payload), notOpen);
        socket.fire('open');
        scene.client.close();
        assert.throws(() => scene.client[method](payload), notOpen);
        socket.fire('close');
        assert.throws(() => scene.client[method](payload), notOpen);
        assert.deepEqual(socket.sent, []);
      });

      it(`${method} of a viewer refuses a recipient`, async () => {
        const { client, socket } = await Scene.open(lib, viewer());

        assert.throws(() => client[method](payload, 'someone'), {
          message:
            'Unexpected recipient client id. As the VIEWER, messages must not be sent with a recipient client id.',
        });
        client[method](payload, undefined, 'c1');

        assert.deepEqual(socket.sent, [
          `{"action":"${action}","messagePayload":"${messagePayload}","correlationId":"c1"}`,
        ]);
      });

      it(`${method} takes correlation ids of 1 to 256 letters, digits, '_', '.' and '-'`, async () => {
        const { client } = await Scene.open(lib);

        client[method](payload, 'v', 'x'.repeat(256));
        for (const bad of ['x'.repeat(257), 'a b', 'ä', 'a/b', 'a\n']) {
          assert.throws(() => client[method](payload, 'v', bad), {
            message: 'Correlation id does not fit the constraint!',
          });
        }
      });
    }
  });
}
