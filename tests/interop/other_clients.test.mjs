// Imitations of clients that cannot run here: GStreamer's awskvswebrtcsink, go2rtc, and the Android and iOS samples. What
// differs between them is how they spell the presigned URL and the messages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { strict } from './support/sigv4.mjs';
import { call, createChannel, join, payloadOf, targetOf } from './support/world.mjs';

let service;
before(async () => (service = await Heliographd.start({ turn: 'auto' })));
after(async () => service?.stop());

async function open(target) {
  const peer = await RawWebSocket.open(service, target);
  assert.equal(peer.answer.status, 101, peer.answer.body);
  return peer;
}

/** The port left out of what is signed, though the client sends it in Host. */
const withoutPort = (arn, clientId, more) => targetOf(service, arn, clientId, { host: 'localhost', ...more });

test('GStreamer: 300 seconds, always a recipient, sometimes an empty one', async () => {
  const arn = await createChannel(service, 'gstreamer');
  const sink = await open(targetOf(service, arn, undefined, { expires: 300 }));
  const viewer = await join(service, arn, 'browser');

  viewer.send({ action: 'SDP_OFFER', messagePayload: payloadOf('offer') });
  const offer = await sink.message();
  sink.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('answer'), recipientClientId: offer.senderClientId });
  const answer = await viewer.message();
  // The only viewer there is: no doubt about whom an empty recipient means.
  sink.send({ action: 'ICE_CANDIDATE', messagePayload: payloadOf('candidate'), recipientClientId: '' });
  const candidate = await viewer.message();

  // Both members must be there as strings, or its parser fails.
  for (const message of [offer, answer, candidate]) {
    assert.equal(typeof message.messageType, 'string');
    assert.equal(typeof message.messagePayload, 'string');
  }
  await viewer.close();
  await sink.close();
});

test('GStreamer: every member of a status is a string, or its parser fails', async () => {
  const arn = await createChannel(service, 'gstreamer-status');
  const sink = await open(targetOf(service, arn, undefined, { expires: 300 }));

  sink.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('x'), recipientClientId: '', correlationId: 'c' });
  const { messageType, statusResponse } = await sink.message();

  assert.equal(messageType, 'STATUS_RESPONSE');
  for (const member of ['correlationId', 'errorType', 'statusCode', 'description']) {
    assert.equal(typeof statusResponse[member], 'string', member);
  }
  await sink.close();
});

test('GStreamer: the relay user name has a colon, without which the sink panics', async () => {
  const arn = await createChannel(service, 'gstreamer-ice');

  const { json } = await call(service, '/v1/get-ice-server-config', { ChannelARN: arn });

  for (const { Uris, Username } of json.IceServerList) {
    assert.ok(Username.includes(':'));
    // It becomes turn(s)://user:password@host:port?transport=…
    for (const uri of Uris) assert.match(uri, /^turns?:[^:/?]+:\d+\?transport=(udp|tcp)$/);
  }
});

test('go2rtc: its own client id as the recipient, messages that end in a line break', async () => {
  const arn = await createChannel(service, 'go2rtc');
  const master = await join(service, arn);
  const go2rtc = await open(targetOf(service, arn, 'go2rtc-1'));
  const write = (message) => go2rtc.send(`${JSON.stringify(message)}\n`);

  write({ action: 'SDP_OFFER', recipientClientId: 'go2rtc-1', messagePayload: payloadOf({ type: 'offer', sdp: '' }) });
  write({ action: 'ICE_CANDIDATE', recipientClientId: '', messagePayload: payloadOf({ candidate: 'c' }) });
  const received = [await master.message(), await master.message()];
  master.send({ action: 'SDP_ANSWER', messagePayload: payloadOf('answer'), recipientClientId: 'go2rtc-1' });
  const answer = await go2rtc.message();

  assert.deepEqual(
    received.map((message) => [message.messageType, message.senderClientId]),
    [
      ['SDP_OFFER', 'go2rtc-1'],
      ['ICE_CANDIDATE', 'go2rtc-1'],
    ],
  );
  // It decodes the payload as padded base64 of the standard alphabet: what the master sent must come unchanged.
  assert.equal(answer.messagePayload, payloadOf('answer'));
  await go2rtc.close();
  await master.close();
});

test('Android: the port is not signed, and base64 is of the URL alphabet without padding', async () => {
  const arn = await createChannel(service, 'android');
  const phone = await open(withoutPort(arn, 'android-1'));
  const master = await join(service, arn);
  const messagePayload = Buffer.from('{"candidate":"??>>~~"}').toString('base64url');
  assert.match(messagePayload, /[-_]/);

  phone.send({ action: 'ICE_CANDIDATE', messagePayload });

  assert.equal((await master.message()).messagePayload, messagePayload);
  await phone.close();
  await master.close();
});

test('iOS: colons and slashes stay raw in the URL and in what is signed; senderClientId in messages is its own business', async () => {
  const arn = await createChannel(service, 'ios');
  const raw = (text) => strict(text).replaceAll('%3A', ':');
  const phone = await open(withoutPort(arn, 'ios-1', { spell: raw, canonicalSpell: raw }));
  const master = await join(service, arn);

  phone.send({ action: 'SDP_OFFER', messagePayload: payloadOf('offer'), senderClientId: 'somebody-else' });

  assert.equal((await master.message()).senderClientId, 'ios-1');
  await phone.close();
  await master.close();
});

test('a URL that is spelt otherwise than it was signed is verified by what it means', async () => {
  const arn = await createChannel(service, 'spelling');
  const raw = (text) => strict(text).replaceAll('%3A', ':');

  const rawInTheUrl = await open(targetOf(service, arn, 'raw', { spell: raw }));
  const lowerCaseEscapes = await open(
    targetOf(service, arn, 'lower', { spell: (text) => strict(text).replace(/%../g, (hex) => hex.toLowerCase()) }),
  );

  await rawInTheUrl.close();
  await lowerCaseEscapes.close();
});
