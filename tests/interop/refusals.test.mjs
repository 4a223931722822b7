// What is refused before it gets in, by https and by handshake: the documented answer, while a pair goes on talking.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { connect, request } from './support/raw_http.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { amzDate, authorize } from './support/sigv4.mjs';
import { Conversation, createChannel, join, targetOf } from './support/world.mjs';

let service;
let arn;
let pair;
before(async () => {
  service = await Heliographd.start();
  arn = await createChannel(service, 'refusals');
  pair = await Conversation.start(service, arn);
});
after(async () => {
  pair?.stop();
  await service?.stop();
});

const host = () => new URL(service.https).host;
const encodedArn = () => encodeURIComponent(arn);
const nobody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
const wrongSecret = () => ({ ...service.credentials, secretAccessKey: 'x' });

/** Every refusal: the type in header and body, a text, a request id. */
function assertRefusal({ status, headers, body }, [wantedStatus, wantedType, wantedText], what) {
  assert.equal(status, wantedStatus, `${what}: ${body}`);
  assert.equal(headers['x-amzn-errortype'], wantedType, what);
  assert.match(headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/, what);
  const said = JSON.parse(body);
  assert.equal(said.__type, wantedType, what);
  assert.match(said.message ?? said.Message, wantedText, what);
}

const denied = (text) => [403, 'AccessDeniedException', text];
const invalid = (text) => [400, 'InvalidArgumentException', text];

/** Name → [target, refusal]. Made inside the tests, since they need the channel. */
const badHandshakes = () => ({
  'wrong secret': [targetOf(service, arn, 'v', { credentials: wrongSecret() }), denied(/does not match/)],
  'unknown key': [targetOf(service, arn, 'v', { credentials: nobody }), denied(/security token/)],
  'expired date': [targetOf(service, arn, 'v', { date: amzDate(-600) }), denied(/^Signature expired/)],
  'future date': [targetOf(service, arn, 'v', { date: amzDate(600) }), denied(/^Signature not yet current/)],
  'tampered query': [targetOf(service, arn, 'v').replace('ClientId=v', 'ClientId=w'), denied(/does not match/)],
  'a parameter more': [`${targetOf(service, arn, 'v')}&X-Amz-More=1`, denied(/does not match/)],
  'foreign region': [targetOf(service, arn, 'v', { region: 'eu-west-1' }), denied(/region/)],
  'foreign host': [
    targetOf(service, arn, 'v', { host: 'kinesisvideo.us-east-1.amazonaws.com' }),
    denied(/does not match/),
  ],
  'no signature': [`/?X-Amz-ChannelARN=${encodedArn()}&X-Amz-ClientId=v`, denied(/Missing Authentication Token/)],
  'no query': ['/', denied(/Missing Authentication Token/)],
  'expires in no time': [targetOf(service, arn, 'v', { expires: 0 }), invalid(/Expires/)],
  'expires after more than a week': [targetOf(service, arn, 'v', { expires: 604_801 }), invalid(/Expires/)],
  'expiry left out': [targetOf(service, arn, 'v').replace(/&X-Amz-Expires=\d+/, ''), invalid(/X-Amz-Expires/)],
  'a bad escape': [targetOf(service, arn, 'v').replace('ClientId=v', 'ClientId=%zz'), invalid(/./)],
  'unknown channel': [
    targetOf(service, arn.replace(/\d{13}$/, '1700000000000'), 'v'),
    [404, 'ResourceNotFoundException', /not found/],
  ],
  'no channel': [targetOf(service, '', 'v'), invalid(/X-Amz-ChannelARN/)],
  'a channel that is none': [targetOf(service, 'arn:aws:s3:::bucket', 'v'), invalid(/X-Amz-ChannelARN/)],
  'empty client id': [
    `${targetOf(service, arn, undefined, { query: { 'X-Amz-ChannelARN': arn, 'X-Amz-ClientId': '' } })}`,
    invalid(/X-Amz-ClientId/),
  ],
  'client id of AWS': [targetOf(service, arn, 'aWs_mine'), invalid(/X-Amz-ClientId/)],
  'client id with a space': [targetOf(service, arn, 'a b'), invalid(/X-Amz-ClientId/)],
  'client id of 257 characters': [targetOf(service, arn, 'v'.repeat(257)), invalid(/X-Amz-ClientId/)],
});

test('a handshake that may not be is refused with status, type and reason', async () => {
  for (const [what, [target, refusal]] of Object.entries(badHandshakes())) {
    const peer = await pair.during(() => RawWebSocket.open(service, target));

    assertRefusal(peer.answer, refusal, what);
  }
});

test('an hour-old URL that was signed for a day is let in', async () => {
  const target = targetOf(service, arn, 'patient', { date: amzDate(-3600), expires: 86_400 });

  const peer = await pair.during(() => RawWebSocket.open(service, target));

  assert.equal(peer.answer.status, 101);
  await peer.close();
});

/** A call with one thing wrong; `bend` gets what is about to be sent. */
async function bentCall({
  path = '/listSignalingChannels',
  body = '{}',
  skew = 0,
  region,
  credentials,
  bend = () => {},
}) {
  const signed = { 'content-type': 'application/json', host: host(), 'x-amz-date': amzDate(skew) };
  const call = {
    target: path,
    body,
    headers: {
      Host: signed.host,
      'Content-Type': signed['content-type'],
      'X-Amz-Date': signed['x-amz-date'],
      Authorization: authorize({
        path,
        body,
        signed,
        region: region ?? service.region,
        credentials: credentials ?? service.credentials,
      }),
    },
  };
  bend(call);
  const length = ['Content-Length', Buffer.byteLength(call.body)];
  return request(service, { ...call, headers: [...Object.entries(call.headers), length] });
}

const signature = (text) => [403, 'InvalidSignatureException', text];

const badCalls = () => ({
  'wrong secret': [{ credentials: wrongSecret() }, signature(/does not match/)],
  'unknown key': [{ credentials: nobody }, [403, 'UnrecognizedClientException', /security token/]],
  'expired date': [{ skew: -301 }, signature(/^Signature expired: \d{8}T\d{6}Z is now earlier than /)],
  'future date': [{ skew: 320 }, signature(/^Signature not yet current: \d{8}T\d{6}Z is still later than /)],
  'foreign region': [{ region: 'eu-west-1' }, signature(/region/)],
  'body changed after signing': [{ bend: (call) => (call.body = '{ }') }, signature(/does not match/)],
  'path changed after signing': [
    { bend: (call) => (call.target = '/deleteSignalingChannel') },
    signature(/does not match/),
  ],
  'signed header changed': [
    { bend: (call) => (call.headers['Content-Type'] = 'text/plain') },
    signature(/does not match/),
  ],
  'signed header left out': [{ bend: (call) => delete call.headers['Content-Type'] }, signature(/content-type/)],
  'host not signed': [
    { bend: (call) => (call.headers.Authorization = call.headers.Authorization.replace(';host', '')) },
    [403, 'IncompleteSignatureException', /host/i],
  ],
  'no signature': [
    { bend: (call) => delete call.headers.Authorization },
    [403, 'MissingAuthenticationTokenException', /Missing Authentication Token/],
  ],
  'another way of signing': [
    { bend: (call) => (call.headers.Authorization = 'Basic dXNlcjpwYXNz') },
    [403, 'MissingAuthenticationTokenException', /./],
  ],
  'body that is not JSON': [{ body: '{"ChannelName": ' }, [400, 'BadRequestException', /JSON/]],
  'body that is a list': [{ body: '[]' }, [400, 'BadRequestException', /object/]],
});

test('a call that may not be is refused with status, type and reason', async () => {
  for (const [what, [bent, refusal]] of Object.entries(badCalls())) {
    const answer = await pair.during(() => bentCall(bent));

    assertRefusal(answer, refusal, what);
  }
});

test('operations of the real service that are not here yet say so', async () => {
  const notYet = ['/putMedia', '/getMedia', '/listFragments', '/updateImageGenerationConfiguration'];
  for (const path of notYet) {
    assertRefusal(await bentCall({ path }), [404, 'UnknownOperationException', /There is no operation/], path);
  }
});

test('a body without end is refused before it is read', async () => {
  const answer = await pair.during(() =>
    request(service, {
      target: '/listSignalingChannels',
      headers: [
        ['Host', host()],
        ['Content-Length', 1_000_000_000],
      ],
    }),
  );

  assert.equal(answer.status, 413);
});

test('a handshake that is none is refused', async () => {
  const key = ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='];
  const upgrade = [
    ['Host', host()],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
  ];
  const cases = {
    'no key': [[...upgrade, ['Sec-WebSocket-Version', '13']], 400],
    'short key': [[...upgrade, ['Sec-WebSocket-Version', '13'], ['Sec-WebSocket-Key', 'c2hvcnQ=']], 400],
    'version 8': [[...upgrade, ['Sec-WebSocket-Version', '8'], key], 426],
  };
  for (const [what, [headers, status]] of Object.entries(cases)) {
    const { answer } = await pair.during(() => RawWebSocket.open(service, targetOf(service, arn, 'v'), { headers }));

    assert.equal(answer.status, status, what);
  }
});

test('bytes that are neither TLS nor HTTP end their own connection only', async () => {
  const bytes = Buffer.from([0x16, 3, 1, 0xff, 0xff, ...Array(64).fill(0)]);
  for (const first of [bytes, Buffer.from('\x00\x01\x02\x03\r\n\r\n')]) {
    await pair.during(async () => {
      const socket = await connect(service, { tls: false });
      const ended = new Promise((resolve) => {
        for (const end of ['close', 'error']) socket.on(end, resolve);
      });
      socket.resume();
      socket.end(first);
      await ended;
    });
  }
});

test('a connection that is dropped without a word leaves its place to the next', async () => {
  await pair.during(async () => {
    for (let i = 0; i < 5; ++i) (await join(service, arn, 'dropper')).drop();
    await (await join(service, arn, 'dropper')).close();
  });
});
