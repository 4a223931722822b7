// An imitation of the C WebRTC SDK and of the FreeRTOS library on sockets: neither runs here, what they send is known.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';

import { Heliographd } from '../support/heliographd.mjs';
import { callAsC, messageAsC, openAsC, readAsC, readMessageAsC } from './support/c_client.mjs';
import { frame, opcode } from './support/raw_websocket.mjs';
import { payloadOf } from './support/world.mjs';

let service;
before(async () => (service = await Heliographd.start({ turn: 'auto' })));
after(async () => service?.stop());

const describe = (name) => callAsC(service, '/describeSignalingChannel', `{\n\t"ChannelName": "${name}"\n}`);
const createBody = (name) =>
  `{\n\t"ChannelName": "${name}",\n\t"ChannelType": "SINGLE_MASTER",\n\t"SingleMasterConfiguration": {\n\t\t"MessageTtlSeconds": 60\n\t}\n}`;

async function create(name) {
  const created = await callAsC(service, '/createSignalingChannel', createBody(name));
  assert.equal(created.status, 200, created.body);
  return readAsC(created.body, 'ChannelARN');
}

const getIce = (where, arn) =>
  callAsC(
    where,
    '/v1/get-ice-server-config',
    `{\n\t"ChannelARN": "${arn}",\n\t"ClientId": "ProducerMaster",\n\t"Service": "TURN"\n}`,
  );

test('C: describe says 404, create makes the channel, describe finds it', async () => {
  const missing = await describe('ScaryTestChannel');
  const created = await callAsC(service, '/createSignalingChannel', createBody('ScaryTestChannel'));
  const found = await describe('ScaryTestChannel');

  assert.equal(missing.status, 404);
  assert.equal(created.status, 200);
  const arn = readAsC(found.body, 'ChannelARN');
  assert.equal(readAsC(created.body, 'ChannelARN'), arn);
  assert.match(arn, /^arn:aws:kinesisvideo:us-east-1:\d{12}:channel\/ScaryTestChannel\/\d{13}$/);
  assert.ok(arn.length >= 59, 'the SDK wants at least 59 characters of an ARN');
  assert.equal(readAsC(found.body, 'ChannelStatus'), 'ACTIVE');
  assert.equal(readAsC(found.body, 'MessageTtlSeconds'), '60');
});

test('C: endpoints are port-less for who asks without a port, and nothing in them is escaped', async () => {
  const arn = await create('c-endpoints');

  const answer = await callAsC(
    service,
    '/getSignalingChannelEndpoint',
    `{\n\t"ChannelARN": "${arn}",\n\t"SingleMasterChannelEndpointConfiguration": {\n\t\t"Protocols": ["WSS", "HTTPS"],\n\t\t"Role": "MASTER"\n\t}\n}`,
  );

  assert.equal(answer.status, 200);
  assert.ok(!answer.body.includes('\\'));
  assert.match(answer.body, /"wss:\/\/localhost"/);
  assert.match(answer.body, /"https:\/\/localhost"/);
});

test('C: the relay list is within its bounds', async () => {
  const arn = await create('c-ice');

  const { status, body } = await getIce(service, arn);

  assert.equal(status, 200);
  assert.ok(!body.includes('\\'), 'URIs and passwords are read without unescaping');
  const { IceServerList } = JSON.parse(body);
  assert.ok(IceServerList.length >= 1 && IceServerList.length <= 5);
  for (const { Uris, Username, Password, Ttl } of IceServerList) {
    assert.ok(Uris.length >= 1 && Uris.length <= 4);
    for (const text of [...Uris, Username, Password]) assert.ok(text.length > 0 && text.length <= 256);
    assert.ok(Number.isInteger(Ttl) && Ttl > 30 && Ttl <= 86_400);
  }
});

test('C: without a relay there still is an entry, since the SDK gives up on an empty list', async () => {
  const bare = await Heliographd.start();
  try {
    const created = await callAsC(bare, '/createSignalingChannel', createBody('bare'));
    const { status, body } = await getIce(bare, readAsC(created.body, 'ChannelARN'));

    assert.equal(status, 200);
    const [entry] = JSON.parse(body).IceServerList;
    assert.deepEqual(entry.Uris, ['stun:localhost:3478']);
    assert.ok(entry.Ttl > 30 && entry.Username.includes(':') && entry.Password !== '');
  } finally {
    await bare.stop();
  }
});

test('C: media storage is DISABLED', async () => {
  const arn = await create('c-storage');

  const { status, body } = await callAsC(
    service,
    '/describeMediaStorageConfiguration',
    `{\n\t"ChannelARN": "${arn}"\n}`,
  );

  assert.equal(status, 200);
  assert.equal(readAsC(body, 'Status'), 'DISABLED');
});

test('C: a clock that is off is told so in the words that the SDK looks for, with the Date to correct it by', async () => {
  const late = await callAsC(service, '/listSignalingChannels', '{}', { skewSeconds: -600 });
  const early = await callAsC(service, '/listSignalingChannels', '{}', { skewSeconds: 600 });

  assert.equal(late.status, 403);
  assert.match(late.body, /Signature expired/);
  assert.equal(early.status, 403);
  assert.match(early.body, /Signature not yet current/);
  for (const { headers } of [late, early]) assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 5000);
});

test('C: deleting twice is 200, then 404, both of which the SDK takes for success', async () => {
  const arn = await create('c-delete');
  const remove = () => callAsC(service, '/deleteSignalingChannel', `{\n\t"ChannelARN": "${arn}"\n}`);

  assert.equal((await remove()).status, 200);
  assert.equal((await remove()).status, 404);
});

test('C: master and viewer meet over presigned URLs of a week and converse in their spelling', async () => {
  const arn = await create('c-talk');
  const master = await openAsC(service, arn);
  const viewer = await openAsC(service, arn, 'ConsumerViewer');
  assert.deepEqual([master.answer.status, viewer.answer.status], [101, 101]);
  assert.equal(viewer.answer.headers['sec-websocket-protocol'], undefined);
  const iceServers = JSON.parse((await getIce(service, arn)).body).IceServerList;

  // A viewer names its master by convention; the master is reached whatever the name. The ICE servers are not passed on.
  viewer.send(messageAsC('SDP_OFFER', 'ProducerMaster', payloadOf('offer'), { correlationId: 'c1', iceServers }));
  const offer = await master.text();
  master.send(messageAsC('SDP_ANSWER', 'ConsumerViewer', payloadOf('answer')));
  const answer = await viewer.text();
  master.send(messageAsC('ICE_CANDIDATE', 'ConsumerViewer', payloadOf('candidate')));
  const candidate = await viewer.text();

  assert.deepEqual(readMessageAsC(offer), { type: 'SDP_OFFER', payload: payloadOf('offer'), sender: 'ConsumerViewer' });
  assert.ok(!offer.includes('IceServerList'));
  assert.deepEqual(readMessageAsC(answer), { type: 'SDP_ANSWER', payload: payloadOf('answer'), sender: undefined });
  assert.deepEqual(readMessageAsC(candidate).payload, payloadOf('candidate'));
  assert.deepEqual([master.unread, viewer.unread], [[], []]); // No acknowledgement, no status for what was accepted.
  await viewer.close();
  await master.close();
});

test('C: the largest payload that the service documents stays within the frame that the SDK can read', async () => {
  const arn = await create('c-large');
  const master = await openAsC(service, arn);
  const viewer = await openAsC(service, arn, 'v'.repeat(256));
  const payload = 'QUFB'.repeat(2500);

  viewer.send(messageAsC('SDP_OFFER', 'ProducerMaster', payload));

  assert.deepEqual(readMessageAsC(await master.text()), { type: 'SDP_OFFER', payload, sender: 'v'.repeat(256) });
  await viewer.close();
  await master.close();
});

test('C: a status names correlation, type, code as text, and description', async () => {
  const arn = await create('c-status');
  const master = await openAsC(service, arn);

  master.send(messageAsC('SDP_ANSWER', 'ConsumerViewer', 'not base64!', { correlationId: 'c9' }));
  const text = await master.text();

  assert.equal(readMessageAsC(text).type, 'STATUS_RESPONSE');
  assert.equal(readAsC(text, 'correlationId'), 'c9');
  assert.equal(readAsC(text, 'errorType'), 'InvalidArgumentException');
  assert.equal(readAsC(text, 'statusCode'), '400');
  assert.match(readAsC(text, 'description'), /messagePayload/);
  await master.close();
});

test('C: a ping is answered with its payload, between the fragments of a message', async () => {
  const arn = await create('c-ping');
  const master = await openAsC(service, arn);
  const viewer = await openAsC(service, arn, 'ConsumerViewer');
  const message = messageAsC('SDP_OFFER', 'ProducerMaster', payloadOf('in three parts'));

  viewer.write(frame(opcode.text, message.slice(0, 10), { fin: false }));
  viewer.write(frame(opcode.ping, 'lws'));
  viewer.write(frame(opcode.continuation, message.slice(10, 40), { fin: false }));
  viewer.write(frame(opcode.continuation, message.slice(40)));
  const pong = await viewer.frame();

  assert.deepEqual([pong.kind, pong.payload.toString()], [opcode.pong, 'lws']);
  assert.equal(readMessageAsC(await master.text()).payload, payloadOf('in three parts'));
  await viewer.close();
  await master.close();
});

test('C: a service that goes down says GO_AWAY, then closes with 1001; what the SDK cached is good afterwards', async () => {
  const passing = await Heliographd.start();
  try {
    const created = await callAsC(passing, '/createSignalingChannel', createBody('cached'));
    const arn = readAsC(created.body, 'ChannelARN');
    const master = await openAsC(passing, arn);

    const down = passing.down();
    const notice = await master.text();
    const end = await master.closed();
    await down;
    await passing.up();
    const again = await openAsC(passing, arn);

    assert.equal(notice, '{"messageType":"GO_AWAY"}');
    assert.equal(end.code, 1001);
    assert.equal(again.answer.status, 101);
    await again.close();
  } finally {
    await passing.stop();
  }
});

test('C: TLS 1.2 with and without ALPN and server name; nothing older', async () => {
  const ca = readFileSync(service.caFile);
  const shake = async (options) => {
    // Its certificate names the address, too, for who has no server name to send.
    const socket = connectTls({ host: '127.0.0.1', port: service.port, ca, ...options });
    await once(socket, 'secureConnect');
    const { authorized, alpnProtocol } = socket;
    const version = socket.getProtocol();
    socket.destroy();
    return { authorized, alpnProtocol, version };
  };

  const embedded = await shake({ maxVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'], servername: 'localhost' });
  const bare = await shake({ maxVersion: 'TLSv1.2' });
  const browser = await shake({ ALPNProtocols: ['h2', 'http/1.1'], servername: 'localhost' });

  assert.deepEqual(embedded, { authorized: true, alpnProtocol: 'http/1.1', version: 'TLSv1.2' });
  assert.deepEqual(bare, { authorized: true, alpnProtocol: false, version: 'TLSv1.2' });
  assert.deepEqual(browser, { authorized: true, alpnProtocol: 'http/1.1', version: 'TLSv1.3' });
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  await assert.rejects(shake(old), /protocol version|unsupported protocol/);
});

test('FreeRTOS: the first members of the describe answers are those that the library reads', async () => {
  const arn = await create('freertos');

  const channel = (await describe('freertos')).body;
  const storage = await callAsC(service, '/describeMediaStorageConfiguration', `{"ChannelARN": "${arn}"}`);

  assert.match(channel, /^\s*\{\s*"ChannelInfo"\s*:\s*\{/);
  assert.match(channel, /"SingleMasterConfiguration"\s*:\s*\{\s*"MessageTtlSeconds"\s*:\s*60\b/);
  assert.match(storage.body, /^\s*\{\s*"MediaStorageConfiguration"\s*:\s*\{/);
});
