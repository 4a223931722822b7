// Sockets that are in and misbehave: the close code or the status, while a pair on the same channel goes on talking.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { frame, opcode } from './support/raw_websocket.mjs';
import { Conversation, createChannel, join, payloadOf, readPayload } from './support/world.mjs';

let service;
let arn;
let pair;
before(async () => {
  service = await Heliographd.start();
  arn = await createChannel(service, 'bad-frames');
  pair = await Conversation.start(service, arn);
});
after(async () => {
  pair?.stop();
  await service?.stop();
});

const hello = JSON.stringify({ action: 'SDP_OFFER', messagePayload: payloadOf('hello') });
const { text, binary, close, ping, continuation } = opcode;

/** Name → [bytes, close code]. */
const fatal = {
  'a frame that is not masked': [frame(text, hello, { masked: false }), 1002],
  'a reserved bit': [frame(text, hello, { rsv: 4 }), 1002],
  'a reserved opcode': [frame(3, hello), 1002],
  'a ping in parts': [frame(ping, 'x', { fin: false }), 1002],
  'a ping of 126 bytes': [frame(ping, 'x'.repeat(126)), 1002],
  'a continuation of nothing': [frame(continuation, hello), 1002],
  'a message within a message': [Buffer.concat([frame(text, '{', { fin: false }), frame(text, hello)]), 1002],
  'a close code that nobody may send': [frame(close, [1005 >> 8, 1005 & 255]), 1002],
  'a close frame of one byte': [frame(close, [3]), 1002],
  'a binary message': [frame(binary, hello), 1003],
  'text that is not UTF-8': [frame(text, [0x7b, 0xff, 0xfe, 0x7d]), 1007],
  'a message of a megabyte': [frame(text, 'x'.repeat(1 << 20)), 1009],
  'a message of a megabyte in parts': [
    Buffer.concat([
      frame(text, 'x'.repeat(65_536), { fin: false }),
      ...Array.from({ length: 15 }, () => frame(continuation, 'x'.repeat(65_536), { fin: false })),
    ]),
    1009,
  ],
  'a length that no memory has': [Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4]), 1009],
};

for (const [what, [bytes, code]] of Object.entries(fatal)) {
  test(`${what} closes with ${code}, and nobody else notices`, async () => {
    const offender = await join(service, arn, 'offender');

    const end = await pair.during(() => {
      offender.write(bytes);
      return offender.closed();
    });

    assert.equal(end.code, code);
    assert.notEqual(end.reason, '');
  });
}

/** What is answered with a status, when it can be: the connection lives on. */
const refused = {
  'an action that is none': { action: 'SDP_REJECT', messagePayload: payloadOf('x') },
  'no action': { messagePayload: payloadOf('x') },
  'no payload': { action: 'SDP_OFFER' },
  'a payload that is not base64': { action: 'SDP_OFFER', messagePayload: '{"type":"offer"}' },
  'a payload over the limit': { action: 'SDP_OFFER', messagePayload: 'QUFB'.repeat(20_000) },
  'a recipient that cannot be': { action: 'SDP_OFFER', messagePayload: payloadOf('x'), recipientClientId: 'a b' },
};

for (const [what, message] of Object.entries(refused)) {
  test(`${what} is told by STATUS_RESPONSE, and only to who gave a correlationId`, async () => {
    const offender = await join(service, arn, 'offender');

    const answer = await pair.during(() => {
      offender.send(message); // Says nothing, gets nothing.
      offender.send({ ...message, correlationId: 'asked-for' });
      return offender.message();
    });

    assert.equal(answer.messageType, 'STATUS_RESPONSE');
    const { correlationId, errorType, statusCode, description, success } = answer.statusResponse;
    assert.deepEqual(
      [correlationId, errorType, statusCode, success],
      ['asked-for', 'InvalidArgumentException', '400', false],
    );
    assert.notEqual(description, '');
    await offender.close();
  });
}

test('text that is not JSON is dropped, and the connection lives on', async () => {
  const offender = await join(service, arn, 'offender');

  const pong = await pair.during(() => {
    for (const nonsense of ['', 'hello', '{"action":', '[]', 'null', '{"a":'.repeat(5000)]) offender.send(nonsense);
    offender.write(frame(ping, 'alive'));
    return offender.frame();
  });

  assert.deepEqual([pong.kind, pong.payload.toString()], [opcode.pong, 'alive']);
  await offender.close();
});

test('a viewer cannot reach another viewer', async () => {
  const channel = await createChannel(service, 'viewers-only');
  const master = await join(service, channel);
  const one = await join(service, channel, 'one');
  const two = await join(service, channel, 'two');

  await pair.during(async () => {
    one.send({ action: 'SDP_OFFER', messagePayload: payloadOf('to two?'), recipientClientId: 'two' });
    assert.equal((await master.message()).senderClientId, 'one');
    two.write(frame(ping, 'anything else?'));
    assert.equal((await two.frame()).kind, opcode.pong);
  });

  for (const peer of [one, two, master]) await peer.close();
});

test('a viewer whose id comes again is closed with 4001, and the newer one gets the mail', async () => {
  const older = await join(service, arn, 'twice');

  const newer = await pair.during(async () => {
    const newer = await join(service, arn, 'twice');
    assert.deepEqual(await older.closed(), {
      code: 4001,
      reason: 'replaced by a newer connection of the same role and id',
    });
    return newer;
  });
  pair.master.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('for the newer'), recipientClientId: 'twice' });

  assert.equal(readPayload(await newer.message()), 'for the newer');
  await newer.close();
});

test('a second master takes over: the first is closed with 4001, viewers stay and reach the second', async () => {
  const channel = await createChannel(service, 'takeover');
  const first = await join(service, channel);
  const viewer = await join(service, channel, 'viewer');

  const second = await pair.during(async () => {
    const second = await join(service, channel);
    assert.equal((await first.closed()).code, 4001);
    return second;
  });
  viewer.send({ action: 'SDP_OFFER', messagePayload: payloadOf('who is there?') });

  assert.equal((await second.message()).senderClientId, 'viewer');
  await viewer.close();
  await second.close();
});

test('a peer that stops reading is cut off, and the others neither wait nor notice', async () => {
  const channel = await createChannel(service, 'slow');
  const master = await join(service, channel);
  const slow = await join(service, channel, 'slow');
  const quick = await join(service, channel, 'quick');
  slow.stall();
  const messagePayload = 'QUFB'.repeat(15_000);

  await pair.during(async () => {
    // More than the outbox (4 MiB) and the kernel's buffers on both ends hold.
    for (let i = 0; i < 400; ++i) {
      master.send({ action: 'ICE_CANDIDATE', messagePayload, recipientClientId: 'slow' });
      await master.whenWritable();
    }
    master.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('still here'), recipientClientId: 'quick' });
    assert.equal(readPayload(await quick.message()), 'still here');
    const again = await join(service, channel, 'slow');
    master.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('welcome back'), recipientClientId: 'slow' });
    // What came after it had been cut off waited for its return.
    let waited = 0;
    let first = await again.message();
    for (; first.messageType === 'ICE_CANDIDATE'; first = await again.message()) ++waited;
    assert.equal(readPayload(first), 'welcome back');
    assert.ok(waited > 0 && waited < 400, `${waited} candidates waited`);
    again.drop();
  });

  slow.resume();
  const { code, received } = await slow.drained();
  assert.equal(code, 1008);
  assert.ok(received < 400, 'it was kept for who does not read');
  for (const peer of [quick, master]) peer.drop();
});
