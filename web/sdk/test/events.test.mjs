// Listeners, run against this package and the AWS package.
import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { beforeEach, describe, it } from 'node:test';

import { base64, FakeWebSocket, packages, settle } from '../test-support/packages.mjs';
import { master, OFFER, Scene } from '../test-support/scene.mjs';

beforeEach(() => FakeWebSocket.install());

for (const [name, lib] of packages) {
  describe(`${name}: events`, () => {
    it("works with node:events' once and on", async () => {
      const { client, socket } = await Scene.open(lib);
      const opened = once(client, 'open');
      socket.fire('open');
      assert.deepEqual(await opened, []);

      const failed = once(client, 'open');
      client.emit('error', new Error('broken'));
      await assert.rejects(failed, /broken/);

      const offers = on(client, 'sdpOffer');
      socket.receive({ messageType: 'SDP_OFFER', messagePayload: base64(OFFER), senderClientId: 'v' });
      assert.deepEqual((await offers.next()).value, [OFFER, 'v']);
      await offers.return();
      assert.equal(client.listenerCount('sdpOffer'), 1);
    });

    it("reads payloads of the URL's base64 alphabet, as Android writes them", async () => {
      const { client, socket } = await Scene.open(lib);
      const offer = { type: 'offer', sdp: '~~>>??~~' };
      const offers = [];
      client.on('sdpOffer', (...args) => offers.push(args));

      const messagePayload = Buffer.from(JSON.stringify(offer)).toString('base64url');
      socket.receive({ messageType: 'SDP_OFFER', messagePayload, senderClientId: 'v' });

      assert.match(messagePayload, /[-_]/);
      assert.deepEqual(offers, [[offer, 'v']]);
    });

    it('calls listeners as an EventEmitter does', () => {
      const client = new lib.SignalingClient(master());
      const calls = [];
      const say = (word) =>
        function (...args) {
          calls.push([word, this === client, ...args]);
        };
      const twice = say('twice');

      assert.equal(client.on('a', say('on')), client);
      client.once('a', say('once')).addListener('a', twice).addListener('a', twice);
      client.prependListener('a', say('first')).prependOnceListener('a', say('first once'));
      assert.equal(client.emit('a', 1, 2), true);
      assert.equal(client.emit('nobody'), false);
      client.off('a', twice).removeListener('b', twice);
      client.emit('a');

      const words = calls.map(([word]) => word);
      assert.deepEqual(words, ['first once', 'first', 'on', 'once', 'twice', 'twice', 'first', 'on', 'twice']);
      assert.deepEqual(calls[0], ['first once', true, 1, 2]);
      assert.equal(client.listenerCount('a'), 3);
      assert.deepEqual(client.eventNames(), ['a']);
      assert.equal(client.listeners('a').at(-1), twice);
      client.removeAllListeners();
      assert.deepEqual(client.eventNames(), []);
    });

    it('of a listener added twice, the last is removed first', () => {
      const client = new lib.SignalingClient(master());
      const calls = [];
      const twice = () => calls.push('twice');
      client.on('a', twice);
      client.on('a', () => calls.push('other'));
      client.on('a', twice);

      client.off('a', twice).emit('a');

      assert.deepEqual(calls, ['twice', 'other']);
    });

    it('a listener added or removed while emitting counts from the next time on', () => {
      const client = new lib.SignalingClient(master());
      const calls = [];
      const second = () => calls.push('second');
      client.on('a', () => {
        calls.push('first');
        client.off('a', second);
        client.on('a', () => calls.push('late'));
      });
      client.on('a', second);

      client.emit('a');

      assert.deepEqual(calls, ['first', 'second']);
    });

    it('throws an error that nobody listens to, and refuses listeners that are no functions', () => {
      const client = new lib.SignalingClient(master());

      assert.throws(() => client.emit('error', new Error('unheard')), /unheard/);
      assert.throws(() => client.emit('error', 'unheard'), /Unhandled error/);
      assert.throws(() => client.on('a', undefined), TypeError);
      assert.throws(() => client.once('a', {}), TypeError);
      assert.equal(client.setMaxListeners(20), client);
      assert.equal(client.getMaxListeners(), 20);
    });

    it('can be subclassed', async () => {
      class Mine extends lib.SignalingClient {
        emit(event, ...args) {
          this.last = event;
          return super.emit(event, ...args);
        }
      }
      const mine = new Mine(master());

      mine.open();
      await settle();
      FakeWebSocket.all[0].fire('open');

      assert.equal(mine.last, 'open');
      assert.ok(mine instanceof lib.SignalingClient);
    });
  });
}
