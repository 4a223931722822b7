// Clients of different kinds on one channel: each understands what the others' spelling became on the way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent } from './support/agent.mjs';
import { messageAsC, openAsC, readMessageAsC } from './support/c_client.mjs';
import { createChannel, payloadOf, readPayload } from './support/world.mjs';

let service;
let js;
let python;
before(async () => {
  service = await Heliographd.start();
  [js, python] = await Promise.all([Agent.start('js_v3.mjs', service), Agent.start('boto3_agent.py', service)]);
});
after(async () => {
  await Promise.all([js?.stop(), python?.stop()]);
  await service?.stop();
});

const endpoint = () => service.https.replace('https', 'wss');
const offerOf = (who) => ({ type: 'offer', sdp: `v=0 of ${who}` });
const answerTo = (who) => ({ type: 'answer', sdp: `v=0 to ${who}` });

async function openJs(peer, channelARN, clientId) {
  await js.do('open', peer, { channelARN, channelEndpoint: endpoint(), clientId });
  await js.event(peer, 'open');
}

test('a JavaScript master serves a Python viewer and a C viewer', async () => {
  const arn = await createChannel(service, 'js-master');
  await openJs('master', arn);
  await python.do('open', 'viewer', endpoint(), arn, 'from-python');
  const c = await openAsC(service, arn, 'from-c');

  const pythonsOffer = { action: 'SDP_OFFER', messagePayload: payloadOf(offerOf('python')) };
  await python.do('send', 'viewer', JSON.stringify(pythonsOffer));
  c.send(messageAsC('SDP_OFFER', 'ProducerMaster', payloadOf(offerOf('c'))));
  const offers = [await js.event('master', 'sdpOffer'), await js.event('master', 'sdpOffer')];
  for (const { from } of offers) await js.do('sendSdpAnswer', 'master', answerTo(from), from);
  const pythons = JSON.parse((await python.event('viewer', 'text')).text);
  const cs = readMessageAsC(await c.text());

  assert.deepEqual(Object.fromEntries(offers.map(({ from, sdp }) => [from, sdp])), {
    'from-python': offerOf('python'),
    'from-c': offerOf('c'),
  });
  assert.deepEqual(readPayload(pythons), answerTo('from-python'));
  assert.deepEqual([cs.type, cs.payload, cs.sender], ['SDP_ANSWER', payloadOf(answerTo('from-c')), undefined]);
  await c.close();
});

test('a C master serves a JavaScript viewer', async () => {
  const arn = await createChannel(service, 'c-master');
  const master = await openAsC(service, arn);
  await openJs('viewer', arn, 'from-js');

  await js.do('sendSdpOffer', 'viewer', offerOf('js'));
  const offer = readMessageAsC(await master.text());
  master.send(messageAsC('SDP_ANSWER', offer.sender, payloadOf(answerTo('js'))));
  master.send(messageAsC('ICE_CANDIDATE', offer.sender, payloadOf({ candidate: 'of c' })));
  const answer = await js.event('viewer', 'sdpAnswer');
  const candidate = await js.event('viewer', 'iceCandidate');

  assert.deepEqual([offer.type, offer.sender], ['SDP_OFFER', 'from-js']);
  assert.deepEqual(answer.sdp, answerTo('js'));
  assert.deepEqual(candidate.candidate, { candidate: 'of c' });
  await master.close();
});
