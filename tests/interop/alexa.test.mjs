// SendAlexaOfferToMaster with unmodified SDKs: the call lasts until the master has answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent, awscli, clientEnvironment, run } from './support/agent.mjs';
import { createChannel, join, payloadOf } from './support/world.mjs';

let service;
before(async () => (service = await Heliographd.start()));
after(async () => service?.stop());

const offer = payloadOf({ type: 'offer', sdp: 'v=0\r\n' });
const answer = payloadOf({ type: 'answer', sdp: 'v=0\r\n' });
const sdks = [
  { file: 'boto3_agent.py', operation: 'send_alexa_offer_to_master' },
  { file: 'js_v3.mjs', operation: 'SendAlexaOfferToMaster' },
  { file: 'js_v2.mjs', operation: 'SendAlexaOfferToMaster' },
];

/** Answers one offer of `SenderClientId`. */
async function answerOnce(master, sender) {
  const message = await master.message();
  assert.deepEqual(message, { messageType: 'SDP_OFFER', messagePayload: offer, senderClientId: sender });
  master.send({ action: 'SDP_ANSWER', messagePayload: answer, recipientClientId: sender });
}

for (const { file, operation } of sdks) {
  test(`${file}: the master gets the offer, the caller its answer`, async () => {
    const arn = await createChannel(service, `alexa-${file.replace(/\W/g, '-')}`);
    const sdk = await Agent.start(file, service);
    const options = file.endsWith('.py') ? { endpoint_url: service.https } : { endpoint: service.https };
    const input = { ChannelARN: arn, SenderClientId: 'echo-show', MessagePayload: offer };
    const call = () => sdk.do('call', 'signaling', operation, input, options);

    const early = call();
    const master = await join(service, arn);
    await answerOnce(master, 'echo-show');
    const [first, second] = [await early, await Promise.all([call(), answerOnce(master, 'echo-show')])];

    assert.equal(first.Answer, answer);
    assert.equal(second[0].Answer, answer);
    await assert.rejects(sdk.do('call', 'signaling', operation, { ...input, MessagePayload: '?' }, options), {
      code: 'InvalidArgumentException',
      status: 400,
    });
    await sdk.stop();
    await master.close();
  });
}

test('awscli: the answer is printed', async () => {
  const arn = await createChannel(service, 'alexa-cli');
  const master = await join(service, arn);
  const args = ['kinesis-video-signaling', 'send-alexa-offer-to-master', '--endpoint-url', service.https];
  args.push('--channel-arn', arn, '--sender-client-id', 'echo', '--message-payload', offer);

  const [{ code, stdout, stderr }] = await Promise.all([
    run(awscli, args, clientEnvironment(service)),
    answerOnce(master, 'echo'),
  ]);

  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).Answer, answer);
  await master.close();
});
