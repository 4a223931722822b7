// Rates as unmodified SDKs meet them: the documented error, once; with --throttle-status 429 they try again by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent } from './support/agent.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { createChannel, join, targetOf } from './support/world.mjs';

const slow = ['--limit', 'rate-DescribeSignalingChannel-per-channel=1', '--limit', 'rate-candidates=1'];
const sdks = [
  { file: 'boto3_agent.py', describe: 'describe_signaling_channel' },
  { file: 'js_v3.mjs', describe: 'DescribeSignalingChannel' },
  { file: 'js_v2.mjs', describe: 'DescribeSignalingChannel', models: false, options: { maxRetries: 20 } },
];

let documented;
let retried;
before(async () => {
  documented = await Heliographd.start({ flags: ['--limits', 'aws', ...slow] });
  retried = await Heliographd.start({ flags: ['--limits', 'aws', ...slow, '--throttle-status', '429'] });
});
after(async () => {
  await documented?.stop();
  await retried?.stop();
});

/** Calls until `isOver` likes an outcome: a machine may be too slow for the first call to be over its rate. */
async function callUntil(call, isOver) {
  for (let i = 0; i < 200; ++i) {
    const outcome = await call().then(
      (answer) => ({ answer }),
      (error) => ({ error }),
    );
    if (isOver(outcome)) return outcome;
  }
  throw new Error('two hundred calls passed');
}

for (const { file, describe, models = true, options = {} } of sdks) {
  test(`${file}: a call over the rate is ClientLimitExceededException, status 400`, async () => {
    const ChannelName = `documented-${file.replace(/\W/g, '-')}`;
    await createChannel(documented, ChannelName);
    const agent = await Agent.start(file, documented);
    const call = () => agent.do('call', 'video', describe, { ChannelName });

    const { error } = await callUntil(call, (outcome) => outcome.error);
    await agent.stop();

    assert.equal(error.code, 'ClientLimitExceededException');
    assert.equal(error.status, 400);
    assert.match(error.text ?? error.message, /Limit exceeded on number of requests for DescribeSignalingChannel API/);
    if (models) assert.equal(error.modelled, true);
  });

  test(`${file}: with --throttle-status 429 the SDK tries again and succeeds`, async () => {
    const ChannelName = `retried-${file.replace(/\W/g, '-')}`;
    const arn = await createChannel(retried, ChannelName);
    // Attempts enough for any luck with the random waits between them: the rate is one call per second.
    const agent = await Agent.start(file, retried, { AWS_MAX_ATTEMPTS: '10' });
    const call = () => agent.do('call', 'video', describe, { ChannelName }, options);

    const { answer, error } = await callUntil(call, (outcome) => outcome.error || outcome.answer.attempts > 1);
    await agent.stop();

    assert.equal(error, undefined);
    assert.ok(answer.attempts > 1);
    assert.equal(answer.ChannelInfo.ChannelARN, arn);
  });
}

test('three viewers a second may connect, the next is refused with type and text', async () => {
  const arn = await createChannel(documented, 'connects');
  let refused;
  for (let i = 0; i < 200 && !refused; ++i) {
    const peer = await RawWebSocket.open(documented, targetOf(documented, arn, 'again'));
    if (peer.answer.status !== 101) refused = peer.answer;
    peer.drop();
  }

  assert.equal(refused.status, 400);
  assert.equal(refused.headers['x-amzn-errortype'], 'ClientLimitExceededException');
  assert.match(JSON.parse(refused.body).Message, /ConnectAsViewer API for resource 'connects': 3 per second/);
});

test('candidates over the rate are told, and the JavaScript SDK hears of it', async () => {
  const arn = await createChannel(documented, 'candidates');
  const agent = await Agent.start('js_v3.mjs', documented);
  const master = await join(documented, arn);
  await agent.do('open', 'viewer', {
    channelARN: arn,
    channelEndpoint: documented.https.replace('https:', 'wss:'),
    clientId: 'viewer',
  });
  await agent.event('viewer', 'open');
  const candidate = (n) => ({
    candidate: `candidate:${n} 1 udp 1 192.0.2.1 9 typ host`,
    sdpMid: '0',
    sdpMLineIndex: 0,
  });

  const count = 50;
  for (let n = 0; n < count; ++n) await agent.do('sendIceCandidate', 'viewer', candidate(n), undefined, `c${n}`);
  await agent.do('sendSdpOffer', 'viewer', { type: 'offer', sdp: 'v=0\r\n' });
  let passed = 0;
  while ((await master.message()).messageType === 'ICE_CANDIDATE') ++passed;

  assert.ok(passed < count);
  for (let told = 0; told < count - passed; ++told) {
    const { status } = await agent.event('viewer', 'statusResponse');
    assert.deepEqual([status.errorType, status.statusCode], ['ClientLimitExceededException', '400']);
  }
  assert.deepEqual(agent.unexpected, []);
  await agent.do('close', 'viewer');
  await agent.stop();
  await master.close();
});
