// Signatures by the hundred: whatever botocore and the JS signers sign is let in, and with one character changed it is not.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Heliographd } from '../support/heliographd.mjs';
import { clientEnvironment, python, run } from './support/agent.mjs';
import { dice, seed } from './support/dice.mjs';
import { createChannel } from './support/world.mjs';

const require = createRequire(import.meta.url);
const { SignatureV4 } = require('@smithy/signature-v4');
const { Sha256 } = require('@aws-crypto/sha256-js');
const { SigV4RequestSigner } = require('amazon-kinesis-video-streams-webrtc');
const agents = join(dirname(fileURLToPath(import.meta.url)), 'agents');
const letters = [..."abcXYZ019-._~!*'();:@&=+$,/?%#[] äßλ🎥"];

let service;
let arn;
let sockets;
before(async () => {
  service = await Heliographd.start();
  arn = await createChannel(service, 'signatures');
  sockets = new http.Agent({ keepAlive: true, maxSockets: 4 });
});
after(async () => {
  sockets?.destroy();
  await service?.stop();
});

/** Sends a request as it is, a GET as a WebSocket's upgrade. Gives status and AWS error type. */
function send({ method, target, headers, body }) {
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port: service.port,
      method,
      path: target,
      headers: method === 'GET' ? { ...headers, ...upgrade } : headers,
      agent: method === 'GET' ? undefined : sockets,
    });
    request.on('error', reject);
    request.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode });
    });
    request.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, type: answer.headers['x-amzn-errortype'], text }));
    });
    request.end(body);
  });
}

const targetOf = (url) => url.slice(url.indexOf('/', url.indexOf('//') + 2));

async function signedByBotocore(count) {
  const environment = clientEnvironment(service, { CHANNEL_ARN: arn });
  const words = [join(agents, 'random_signer.py'), String(seed), String(count), String(service.port), service.region];
  const { code, stdout, stderr } = await run(python, words, environment);
  assert.equal(code, 0, stderr);
  const requests = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(requests.length, count);
  return requests.map(({ url, ...rest }) => ({ ...rest, target: targetOf(url) }));
}

/** The signer of the JS SDK v3: headers. */
async function signedBySmithy(count) {
  const random = dice(seed);
  const signer = new SignatureV4({
    service: 'kinesisvideo',
    region: service.region,
    credentials: service.credentials,
    sha256: Sha256,
  });
  const requests = [];
  for (let i = 0; i < count; ++i) {
    const query = Object.fromEntries(
      Array.from({ length: random.below(4) }, (_, n) => [
        `q${n}${random.text(letters, 0, 4)}`,
        random.text(letters, 0, 20),
      ]),
    );
    const body = JSON.stringify({
      MaxResults: 1 + random.below(10_000),
      [random.text(letters, 0, 8)]: random.text(letters, 0, 200),
    });
    const signed = await signer.sign({
      method: 'POST',
      protocol: 'http:',
      hostname: 'localhost',
      port: service.port,
      path: '/listSignalingChannels',
      query,
      headers: {
        host: `localhost:${service.port}`,
        'content-type': 'application/json',
        'x-some': `a  b ${random.below(1e6)}`,
      },
      body,
    });
    // As the SDK's own handler writes it.
    const escape = (text) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const pairs = Object.entries(query).map(([name, value]) => `${escape(name)}=${escape(value)}`);
    const target = `/listSignalingChannels${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
    requests.push({ method: 'POST', target, headers: signed.headers, body });
  }
  return requests;
}

/** The signer of the AWS package for browsers: URLs, always wss, which the host alone decides. */
async function signedByPackage(count) {
  const random = dice(seed + 1);
  const signer = new SigV4RequestSigner(service.region, service.credentials);
  const requests = [];
  for (let i = 0; i < count; ++i) {
    const extra = Object.fromEntries(
      Array.from({ length: random.below(4) }, (_, n) => [`q${n}`, random.text(letters, 0, 20)]),
    );
    const query = { 'X-Amz-ChannelARN': arn, 'X-Amz-ClientId': `js-${i}`, ...extra };
    const url = await signer.getSignedURL(`wss://localhost:${service.port}`, query);
    requests.push({ method: 'GET', target: targetOf(url), headers: { Host: `localhost:${service.port}` }, body: '' });
  }
  return requests;
}

async function expectAllIn(requests) {
  for (const request of requests) {
    const answer = await send(request);
    assert.equal(
      answer.status,
      request.method === 'GET' ? 101 : 200,
      `seed ${seed}: ${JSON.stringify({ request, answer })}`,
    );
  }
}

/** Every place of a request that is signed: [where, how many characters]. The query's percent escapes are left alone: `%2f` is `%2F`. */
function placesOf({ target, headers, body }) {
  const authorization = headers.Authorization ?? headers.authorization;
  const list = authorization ? /SignedHeaders=([^,]+)/.exec(authorization)[1].split(';') : ['host'];
  const places = [];
  const add = (part, text, isFit = () => true) => {
    for (let i = 0; i < text.length; ++i) if (/[a-z0-9]/i.test(text[i]) && isFit(i)) places.push([part, i]);
  };
  add('target', target, (i) => !/%[0-9a-f]?$/i.test(target.slice(Math.max(0, i - 2), i)));
  add('body', body);
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === 'authorization' || list.includes(name.toLowerCase())) add(name, headers[name]);
  }
  return places;
}

function mutate(request, random) {
  const places = placesOf(request);
  const [part, at] = places[random.below(places.length)];
  const change = (text) => {
    const others = [...'abcdefghijklmnopqrstuvwxyz0123456789'].filter((c) => c !== text[at].toLowerCase());
    return text.slice(0, at) + others[random.below(others.length)] + text.slice(at + 1);
  };
  if (part === 'target' || part === 'body') return { ...request, [part]: change(request[part]), part };
  return { ...request, headers: { ...request.headers, [part]: change(request.headers[part]) }, part };
}

/** What is answered before anybody is let in. */
const refusals = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'UnknownOperationException',
  'AccessDeniedException',
]);

async function expectAllOut(requests, count) {
  const random = dice(seed + 2);
  const seen = {};
  for (let i = 0; i < count; ++i) {
    const changed = mutate(requests[random.below(requests.length)], random);
    const answer = await send(changed);
    const said = `seed ${seed}: ${JSON.stringify({ changed, answer })}`;
    assert.ok(answer.status >= 400 && answer.status < 500, said);
    // A query whose signature cannot be read is an invalid argument. What the query asks for is looked at after the signature.
    const isUnread = answer.type === 'InvalidArgumentException' && !/X-Amz-(ChannelARN|ClientId)/.test(answer.text);
    assert.ok(refusals.has(answer.type) || (changed.method === 'GET' && isUnread), said);
    seen[answer.type] = (seen[answer.type] ?? 0) + 1;
  }
  return seen;
}

test('300 random requests signed by botocore are let in, 300 with one character changed are not', async (t) => {
  const requests = await signedByBotocore(300);

  await expectAllIn(requests);
  const seen = await expectAllOut(requests, 300);

  t.diagnostic(`refused as ${JSON.stringify(seen)}`);
});

test('150 random requests signed by the JS SDK are let in, 150 with one character changed are not', async (t) => {
  const requests = await signedBySmithy(150);

  await expectAllIn(requests);
  const seen = await expectAllOut(requests, 150);

  t.diagnostic(`refused as ${JSON.stringify(seen)}`);
});

test('150 random URLs signed by the AWS package are let in, 150 with one character changed are not', async (t) => {
  const requests = await signedByPackage(150);

  await expectAllIn(requests);
  const seen = await expectAllOut(requests, 150);

  t.diagnostic(`refused as ${JSON.stringify(seen)}`);
});
