// What a browser asks before it lets a page call the service, and what it lets the page see of the answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { request } from './support/raw_http.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { call, createChannel, targetOf } from './support/world.mjs';

let service;
before(async () => (service = await Heliographd.start()));
after(async () => service?.stop());

const origin = ['Origin', 'https://pages.example.org'];

const operations = [
  '/createSignalingChannel',
  '/describeSignalingChannel',
  '/listSignalingChannels',
  '/updateSignalingChannel',
  '/deleteSignalingChannel',
  '/getSignalingChannelEndpoint',
  '/TagResource',
  '/UntagResource',
  '/ListTagsForResource',
  '/describeMediaStorageConfiguration',
  '/v1/get-ice-server-config',
];

/** The non-simple headers of the SDKs' browser builds; browsers sort them and write them in lower case. */
const sdkHeaders = {
  'AWS SDK v2': 'authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-user-agent',
  'AWS SDK v3':
    'amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-user-agent',
};

const list = (text) => (text ?? '').split(',').map((item) => item.trim().toLowerCase());

const host = () => ['Host', new URL(service.https).host];

for (const [sdk, headers] of Object.entries(sdkHeaders)) {
  test(`the preflight of every operation lets ${sdk} through, without a signature`, async () => {
    for (const target of operations) {
      const { status, headers: given } = await request(service, {
        method: 'OPTIONS',
        target,
        headers: [
          host(),
          origin,
          ['Access-Control-Request-Method', 'POST'],
          ['Access-Control-Request-Headers', headers],
        ],
      });

      assert.ok(status >= 200 && status < 300, `${target}: ${status}`); // Fetch standard: an ok status.
      assert.equal(given['access-control-allow-origin'], '*', target);
      assert.ok(list(given['access-control-allow-methods']).includes('post'), target);
      assert.deepEqual(
        list(headers).filter((name) => !list(given['access-control-allow-headers']).includes(name)),
        [],
        target,
      );
      assert.equal(given['access-control-max-age'], '172800', target);
    }
  });
}

/** A page may read the answer, the request id, the error's type, and the date by which v2 and v3 correct their clocks. */
function assertReadable({ headers }, what) {
  assert.equal(headers['access-control-allow-origin'], '*', what);
  const exposed = list(headers['access-control-expose-headers']);
  for (const name of ['x-amzn-requestid', 'x-amzn-errortype', 'date']) assert.ok(exposed.includes(name), what);
  assert.match(headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/, what);
  assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 5000, what);
}

test('answers can be read by a page', async () => {
  const arn = await createChannel(service, 'readable');
  for (const [path, input] of [
    ['/describeSignalingChannel', { ChannelName: 'readable' }],
    ['/listSignalingChannels', {}],
    ['/getSignalingChannelEndpoint', { ChannelARN: arn }],
    ['/ListTagsForResource', { ResourceARN: arn }],
    ['/v1/get-ice-server-config', { ChannelARN: arn }],
  ]) {
    const answer = await call(service, path, input);

    assert.equal(answer.status, 200, path);
    assertReadable(answer, path);
  }
});

test('errors can be read by a page, whichever layer they come from', async () => {
  const unsigned = (method, target, body = '{}', more = []) =>
    request(service, { method, target, headers: [host(), origin, ['Content-Length', body.length], ...more], body });
  const cases = [
    ['modelled, 404', await call(service, '/describeSignalingChannel', { ChannelName: 'nobody' }), 404],
    ['modelled, 400', await call(service, '/createSignalingChannel', { ChannelName: 'a b' }), 400],
    ['not signed', await unsigned('POST', '/listSignalingChannels'), 403],
    ['no such operation', await unsigned('POST', '/putMedia'), 404],
    ['no such method', await unsigned('PUT', '/listSignalingChannels'), 405],
    [
      'half a signature',
      await unsigned('POST', '/listSignalingChannels', '{}', [['Authorization', 'AWS4-HMAC-SHA256']]),
      403,
    ],
  ];

  for (const [what, answer, status] of cases) {
    assert.equal(answer.status, status, what);
    assert.match(answer.headers['x-amzn-errortype'], /^\w+Exception$/, what);
    assert.equal(JSON.parse(answer.body).__type, answer.headers['x-amzn-errortype'], what);
    assertReadable(answer, what);
  }
});

test('a WebSocket has no preflight, and any origin may open one: the signature is what counts', async () => {
  const headers = [
    host(),
    origin,
    ['Upgrade', 'websocket'],
    ['Connection', 'keep-alive, Upgrade'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
  ];
  const arn = await createChannel(service, 'from-a-page');

  const peer = await RawWebSocket.open(service, targetOf(service, arn, 'page'), { headers });

  assert.equal(peer.answer.status, 101);
  assert.equal(peer.answer.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.equal(peer.answer.headers['sec-websocket-extensions'], undefined);
  await peer.close();
});
