// Limits over real connections: the documented quotas of --limits aws, and those that hold always.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { frame, opcode, RawWebSocket } from './support/raw_websocket.mjs';
import { createChannel, join, payloadOf, targetOf } from './support/world.mjs';

let aws;
let small;
before(async () => {
  // Eleven viewers come at once: the rate of connects has tests of its own.
  aws = await Heliographd.start({ flags: ['--limits', 'aws', '--limit', 'rate-ConnectAsViewer-per-channel=0'] });
  small = await Heliographd.start({
    flags: ['--limit', 'max-viewers=2,max-payload=8', '--limit', 'max-waiting-messages=0'],
  });
});
after(async () => {
  await aws?.stop();
  await small?.stop();
});

test('--limits aws: ten viewers, the eleventh is refused, a known id may come again', async () => {
  const arn = await createChannel(aws, 'ten');
  const viewers = [];
  for (let i = 0; i < 10; ++i) viewers.push(await join(aws, arn, `viewer-${i}`));

  const eleventh = await RawWebSocket.open(aws, targetOf(aws, arn, 'viewer-10'));
  const again = await join(aws, arn, 'viewer-0');

  assert.equal(eleventh.answer.status, 400);
  assert.equal(eleventh.answer.headers['x-amzn-errortype'], 'ClientLimitExceededException');
  assert.equal((await viewers[0].closed()).code, 4001);
  for (const peer of [again, ...viewers.slice(1)]) peer.drop();
});

test('--limits aws: a payload of 10,000 characters passes, one more is told', async () => {
  const arn = await createChannel(aws, 'payload');
  const master = await join(aws, arn);
  const viewer = await join(aws, arn, 'viewer');
  const largest = 'QUFB'.repeat(2500);

  viewer.send({ action: 'SDP_OFFER', messagePayload: largest });
  viewer.send({ action: 'SDP_OFFER', messagePayload: `${largest}QUFB`, correlationId: 'too-much' });

  assert.equal((await master.message()).messagePayload, largest);
  const { statusResponse } = await viewer.message();
  assert.deepEqual([statusResponse.correlationId, statusResponse.errorType], ['too-much', 'InvalidArgumentException']);
  assert.match(statusResponse.description, /10000/);
  for (const peer of [viewer, master]) await peer.close();
});

test('--limits aws: a message of more than 40,000 bytes closes with 1009', async () => {
  const arn = await createChannel(aws, 'frame');
  const viewer = await join(aws, arn, 'viewer');

  viewer.write(frame(opcode.text, 'x'.repeat(40_001)));

  assert.equal((await viewer.closed()).code, 1009);
});

test('what waits for an absent recipient is bounded, and the sender is told', async () => {
  const open = await Heliographd.start();
  const arn = await createChannel(open, 'waiting');
  const viewer = await join(open, arn, 'viewer');
  const candidate = (n) => ({ action: 'ICE_CANDIDATE', messagePayload: payloadOf({ n }), correlationId: `c${n}` });

  for (let n = 1; n <= 257; ++n) viewer.send(candidate(n));
  const { statusResponse } = await viewer.message();
  const master = await join(open, arn);

  assert.deepEqual([statusResponse.correlationId, statusResponse.errorType], ['c257', 'ClientLimitExceededException']);
  for (let n = 1; n <= 256; ++n) assert.equal((await master.message()).messagePayload, payloadOf({ n }));
  for (const peer of [viewer, master]) await peer.close();
  await open.stop();
});

test('--limit: single limits change the profile', async () => {
  const arn = await createChannel(small, 'small');
  const viewer = await join(small, arn, 'viewer-1');
  const other = await join(small, arn, 'viewer-2');
  const third = await RawWebSocket.open(small, targetOf(small, arn, 'viewer-3'));
  const offer = (messagePayload, correlationId) => ({ action: 'SDP_OFFER', messagePayload, correlationId });

  viewer.send(offer('QUFBQUFBQUFB', 'too-large'));
  const large = (await viewer.message()).statusResponse;
  viewer.send(offer('QUFBQUFB', 'nobody-there'));
  const waiting = (await viewer.message()).statusResponse;

  assert.equal(third.answer.headers['x-amzn-errortype'], 'ClientLimitExceededException');
  assert.deepEqual([large.correlationId, large.errorType], ['too-large', 'InvalidArgumentException']);
  assert.deepEqual([waiting.correlationId, waiting.errorType], ['nobody-there', 'ClientLimitExceededException']);
  for (const peer of [viewer, other]) await peer.close();
});

test('--limit max-duration: GO_AWAY, then 1001', async () => {
  const service = await Heliographd.start({ flags: ['--limit', 'max-duration=2s', '--limit', 'go-away-grace=1s'] });
  const arn = await createChannel(service, 'short');
  const viewer = await join(service, arn, 'viewer');

  assert.deepEqual(await viewer.message(), { messageType: 'GO_AWAY' });
  assert.equal((await viewer.closed()).code, 1001);
  await service.stop();
});
