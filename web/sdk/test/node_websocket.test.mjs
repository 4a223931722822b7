// The WebSocket that Node before 22 lacks, against the server of the package ws.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { connect, deferred, NodeWebSocket, serve } from '../test-support/servers.mjs';

describe('NodeWebSocket and a proper server', () => {
  it('opens the path and query it is given, and exchanges texts', async () => {
    let target;
    const url = await serve((peer, request) => {
      target = request.url;
      peer.on('message', (data) => peer.send(`echo ${data}`));
    });
    const { socket, seen, opened, message } = connect(url);

    await opened;
    socket.send('Grüße 🦊');
    await message();

    assert.equal(target, '/path?query=1');
    assert.deepEqual(seen, [['open'], ['message', 'echo Grüße 🦊']]);
  });

  it('gets a message that comes with the handshake', async () => {
    const { seen, message } = connect(await serve((peer) => peer.send('at once')));

    await message();

    assert.deepEqual(seen, [['open'], ['message', 'at once']]);
  });

  for (const size of [0, 125, 126, 65_535, 65_536, 1_048_576]) {
    it(`carries ${size} bytes both ways`, async () => {
      const text = 'z'.repeat(size);
      const { socket, seen, opened, message } = connect(
        await serve((peer) => peer.on('message', (data) => peer.send(`${data}`))),
      );

      await opened;
      socket.send(text);
      await message();

      assert.equal(seen[1][1] === text, true);
    });
  }

  it('puts fragments together, with a ping between them', async () => {
    const url = await serve((peer) => {
      peer.send('in ', { fin: false });
      peer.ping('now');
      peer.send('three ', { fin: false });
      peer.send('parts', { fin: true });
    });
    const { seen, message } = connect(url);

    await message();

    assert.deepEqual(seen[1], ['message', 'in three parts']);
  });

  it('answers pings with what they carry', async () => {
    const pong = deferred();
    const url = await serve((peer) => {
      peer.on('pong', pong.resolve);
      peer.ping('are you there?');
    });
    connect(url);

    assert.equal(String(await pong.promise), 'are you there?');
  });

  it('gives binary messages as an ArrayBuffer of just their bytes', async () => {
    const { seen, message } = connect(await serve((peer) => peer.send(Buffer.from([1, 2, 3]))));

    await message();

    assert.ok(seen[1][1] instanceof ArrayBuffer);
    assert.deepEqual([...new Uint8Array(seen[1][1])], [1, 2, 3]);
  });

  for (const [code, reason] of [
    [1000, ''],
    [1001, 'going away'],
    [4001, 'replaced by a newer connection'],
    [4999, 'ü'.repeat(60)],
  ]) {
    it(`reports that the server closed with ${code} '${reason.slice(0, 20)}'`, async () => {
      const peerClosed = deferred();
      const url = await serve((peer) => {
        peer.on('close', peerClosed.resolve);
        peer.close(code, reason);
      });
      const { seen, closed } = connect(url);

      await closed;

      assert.deepEqual(seen, [['open'], ['close', code, reason, true]]);
      assert.equal(await peerClosed.promise, code);
    });
  }

  it('reports a close without a code as 1005', async () => {
    const { seen, closed } = connect(await serve((peer) => peer.close()));

    await closed;

    assert.deepEqual(seen.at(-1), ['close', 1005, '', true]);
  });

  it('reports a connection that broke as 1006', async () => {
    const { seen, closed } = connect(await serve((peer) => peer.terminate()));

    await closed;

    assert.deepEqual(seen.at(-1), ['close', 1006, '', false]);
  });

  it('closes with the code and reason it is given, once, and never from inside close()', async () => {
    const peerClosed = deferred();
    const url = await serve((peer) => peer.on('close', (code, reason) => peerClosed.resolve([code, String(reason)])));
    const { socket, seen, opened, closed } = connect(url);
    await opened;

    socket.close(4000, 'enough');
    socket.close(4002, 'again');
    assert.deepEqual(seen, [['open']]);
    socket.send('too late');
    await closed;

    assert.deepEqual(await peerClosed.promise, [4000, 'enough']);
    assert.deepEqual(seen, [['open'], ['close', 4000, 'enough', true]]);
  });

  it('closes before it is open, with a close event and no error', async () => {
    const { socket, seen, closed } = connect(await serve());

    socket.close();
    assert.deepEqual(seen, []);
    await closed;

    assert.deepEqual(seen, [['close', 1006, '', false]]);
  });

  it('refuses to send before it is open', async () => {
    const { socket, closed } = connect(await serve());

    assert.throws(() => socket.send('early'), /not open yet/);

    socket.close();
    await closed;
  });

  it('hears nothing after removeEventListener', async () => {
    const { socket, seen, opened, message } = connect(await serve((peer) => peer.on('message', () => peer.send('x'))));
    const extra = () => seen.push('extra');
    await opened;
    socket.addEventListener('message', extra);
    socket.removeEventListener('message', extra);

    socket.send('');
    await message();

    assert.deepEqual(seen, [['open'], ['message', 'x']]);
  });

  it('refuses what is no WebSocket URL', () => {
    assert.throws(() => new NodeWebSocket('http://127.0.0.1/'), SyntaxError);
  });
});
