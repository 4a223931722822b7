// The WebSocket that Node before 22 lacks, against servers that refuse or misbehave.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';

import { settle } from '../test-support/packages.mjs';
import {
  atEnd,
  connect,
  deferred,
  endAll,
  NodeWebSocket,
  serve,
  serveRaw,
  switching,
} from '../test-support/servers.mjs';

describe('NodeWebSocket and a server that refuses or misbehaves', () => {
  const refusal = (head, body) => `HTTP/1.1 403 Forbidden\r\n${head}\r\n\r\n${body}`;

  it('reports a refusal with status and text, as error and close', async () => {
    const body = '{"message":"The security token included in the request is expired"}';
    const url = await serveRaw(() => refusal(`Content-Length: ${body.length}`, body));
    const { seen, closed } = connect(url);

    await closed;

    assert.deepEqual(seen, [
      ['error', `Unexpected server response: 403 ${body}`],
      ['close', 1006, '', false],
    ]);
  });

  it('reports a refusal without text', async () => {
    const { seen, closed } = connect(await serveRaw(() => refusal('Content-Length: 0', '')));

    await closed;

    assert.equal(seen[0][1], 'Unexpected server response: 403');
  });

  it('reports a refusal whose text is cut off', async () => {
    const url = await serveRaw(
      () => refusal('Content-Length: 100', 'only this'),
      (socket) => socket.end(),
    );
    const { seen, closed } = connect(url);

    await closed;

    assert.equal(seen[0][1], 'Unexpected server response: 403 only this');
  });

  it('reports a refusal whose text never ends, by its first thousand bytes', async () => {
    const url = await serveRaw(() => refusal('Content-Length: 100000', 'x'.repeat(2000)));
    const { seen, closed } = connect(url);

    await closed;

    assert.equal(seen[0][1], `Unexpected server response: 403 ${'x'.repeat(1000)}`);
  });

  it('refuses an answer to another key', async () => {
    const { seen, closed } = connect(await serveRaw(() => switching('another key')));

    await closed;

    assert.deepEqual(seen, [
      ['error', 'The server does not speak WebSocket: Sec-WebSocket-Accept is wrong.'],
      ['close', 1006, '', false],
    ]);
  });

  it('reports that nobody listens', async () => {
    const url = await serve();
    await endAll();
    const { seen, closed } = connect(url);

    await closed;

    assert.match(seen[0][1], /ECONNREFUSED/);
    assert.deepEqual(seen[1], ['close', 1006, '', false]);
  });

  it('needs no error listener', async () => {
    const socket = new NodeWebSocket(await serveRaw(() => refusal('Content-Length: 0', '')));

    const { code } = await new Promise((resolve) => socket.addEventListener('close', resolve));

    assert.equal(code, 1006);
  });

  for (const [what, bytes, code] of [
    ['reserved bits', [0xc1, 0], 1002],
    ['text that is not UTF-8', [0x81, 1, 0xff], 1007],
    ['a close reason that is not UTF-8', [0x88, 3, 3, 0xe8, 0xff], 1007],
    ['a message that is too large', [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0], 1009],
  ]) {
    it(`answers ${what} with ${code}, after what came before it`, async () => {
      const answered = deferred();
      const url = await serveRaw(switching, (socket) => {
        socket.on('data', (data) => answered.resolve(data));
        socket.write(Buffer.from([0x81, 2, 0x6f, 0x6b, ...bytes]));
      });
      const { seen, closed } = connect(url);

      await closed;
      const answer = await answered.promise;

      assert.deepEqual(
        seen.map(([type]) => type),
        ['open', 'message', 'close'],
      );
      assert.equal(seen[2][1], code);
      assert.equal(answer[0], 0x88);
      assert.equal(((answer[6] ^ answer[2]) << 8) | (answer[7] ^ answer[3]), code);
    });
  }

  it('gives a server five seconds to answer a close, and five to end', async () => {
    let peer;
    const url = await serveRaw(switching, (socket) => {
      socket.allowHalfOpen = true;
      socket.on('data', () => {});
      peer = socket;
    });
    const { socket, seen, opened, closed } = connect(url);
    await opened;
    mock.timers.enable({ apis: ['setTimeout'] });
    atEnd(() => mock.timers.reset());

    socket.close(1000);
    mock.timers.tick(4999);
    await settle();
    assert.deepEqual(seen, [['open']]);
    mock.timers.tick(1);
    await closed;
    assert.deepEqual(seen.at(-1), ['close', 1006, '', false]);
    mock.timers.tick(5000);
    // By writing to who is gone TCP finds it out.
    for (; !peer.destroyed; await settle()) peer.write('still there?');
  });
});
