// Debian's boto3, unmodified: calls, exception classes, pages; and a wss URL that botocore presigned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent } from './support/agent.mjs';

let service;
let boto3;
before(async () => {
  service = await Heliographd.start();
  boto3 = await Agent.start('boto3_agent.py', service);
});
after(async () => {
  await boto3?.stop();
  await service?.stop();
});

const call = (operation, input = {}, options = {}) => boto3.do('call', 'video', operation, input, options);
const create = async (name) => (await call('create_signaling_channel', { ChannelName: name })).ChannelARN;
const describe = async (input) => (await call('describe_signaling_channel', input)).ChannelInfo;
const payload = (text) => Buffer.from(JSON.stringify(text)).toString('base64');

test('a channel lives: create, describe, update, delete', async () => {
  const ChannelARN = await create('life');
  const first = await describe({ ChannelName: 'life' });
  await call('update_signaling_channel', {
    ChannelARN,
    CurrentVersion: first.Version,
    SingleMasterConfiguration: { MessageTtlSeconds: 120 },
  });
  const second = await describe({ ChannelARN });
  await call('delete_signaling_channel', { ChannelARN, CurrentVersion: second.Version });

  assert.equal(first.ChannelARN, ChannelARN);
  assert.match(ChannelARN, /^arn:aws:kinesisvideo:us-east-1:\d{12}:channel\/life\/\d{13}$/);
  assert.equal(first.ChannelStatus, 'ACTIVE');
  assert.deepEqual(second.SingleMasterConfiguration, { MessageTtlSeconds: 120 });
  assert.notEqual(second.Version, first.Version);
  // str() of a datetime: had botocore got no number, the call would have raised.
  assert.match(first.CreationTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  await assert.rejects(describe({ ChannelARN }), { name: 'ResourceNotFoundException' });
});

test('errors are the classes of client.exceptions', async () => {
  const ChannelARN = await create('errors');
  const gone = ChannelARN.replace(/\d$/, (digit) => (Number(digit) + 1) % 10);
  const ttl = (seconds) => ({ SingleMasterConfiguration: { MessageTtlSeconds: seconds } });
  const cases = [
    ['create_signaling_channel', { ChannelName: 'errors' }, 'ResourceInUseException', 400],
    ['create_signaling_channel', { ChannelName: 'ünicode' }, 'InvalidArgumentException', 400],
    ['create_signaling_channel', { ChannelName: 'x', ChannelType: 'MESH' }, 'InvalidArgumentException', 400],
    ['create_signaling_channel', { ChannelName: 'x', ...ttl(121) }, 'InvalidArgumentException', 400],
    ['describe_signaling_channel', {}, 'InvalidArgumentException', 400],
    ['describe_signaling_channel', { ChannelARN: gone }, 'ResourceNotFoundException', 404],
    ['describe_signaling_channel', { ChannelARN: 'arn:aws:s3:::bucket' }, 'InvalidArgumentException', 400],
    ['update_signaling_channel', { ChannelARN, CurrentVersion: 'stale', ...ttl(30) }, 'VersionMismatchException', 400],
    ['update_signaling_channel', { ChannelARN, CurrentVersion: 'stale' }, 'InvalidArgumentException', 400],
    [
      'update_signaling_channel',
      { ChannelARN: gone, CurrentVersion: 'v', ...ttl(9) },
      'ResourceNotFoundException',
      404,
    ],
    ['delete_signaling_channel', { ChannelARN, CurrentVersion: 'stale' }, 'VersionMismatchException', 400],
    ['delete_signaling_channel', { ChannelARN: gone }, 'ResourceNotFoundException', 404],
    ['get_signaling_channel_endpoint', { ChannelARN: gone }, 'ResourceNotFoundException', 404],
    ['list_signaling_channels', { NextToken: 'bm90IG91cnM=' }, 'InvalidArgumentException', 400],
    ['list_signaling_channels', { MaxResults: 10_001 }, 'InvalidArgumentException', 400],
    ['list_tags_for_resource', { ResourceARN: gone }, 'ResourceNotFoundException', 404],
  ];

  for (const [operation, input, name, status] of cases) {
    const expected = (error) => {
      assert.deepEqual([error.name, error.code, error.status, error.modelled], [name, name, status, true]);
      assert.match(error.requestId, /^[0-9a-f-]{36}$/);
      assert.notEqual(error.text, '');
      return true;
    };
    await assert.rejects(call(operation, input), expected, `${operation} ${JSON.stringify(input)}`);
  }
});

test('the 51st tag is TagsPerResourceExceededLimitException', async () => {
  const ResourceARN = await create('tags');
  const tags = (from, count) =>
    Array.from({ length: count }, (_, i) => ({ Key: `k${from + i}`, Value: `v${from + i}` }));

  await call('tag_resource', { ResourceARN, Tags: tags(0, 50) });
  const overflow = call('tag_resource', { ResourceARN, Tags: tags(50, 1) });

  await assert.rejects(overflow, { name: 'TagsPerResourceExceededLimitException', status: 400, modelled: true });
  await call('untag_resource', { ResourceARN, TagKeyList: tags(1, 49).map((tag) => tag.Key) });
  assert.deepEqual((await call('list_tags_for_resource', { ResourceARN })).Tags, { k0: 'v0' });
});

test('pages hold what was asked for, and every channel once', async () => {
  const names = ['walk-a', 'walk-b', 'walk-c', 'walk-d', 'walk-e'];
  for (const name of names) await create(name);
  const ChannelNameCondition = { ComparisonOperator: 'BEGINS_WITH', ComparisonValue: 'walk-' };

  const pages = await boto3.do('listAll', { ChannelNameCondition }, 2);
  const everything = await call('list_signaling_channels');

  assert.deepEqual(
    pages.map((page) => page.length),
    [2, 2, 1],
  );
  assert.deepEqual(pages.flat().sort(), names);
  assert.equal(everything.NextToken, undefined);
});

test('endpoints and ICE servers come for a role', async () => {
  const ChannelARN = await create('endpoints');
  const ask = (SingleMasterChannelEndpointConfiguration) =>
    call('get_signaling_channel_endpoint', { ChannelARN, SingleMasterChannelEndpointConfiguration });

  const both = await ask({ Protocols: ['HTTPS', 'WSS'], Role: 'VIEWER' });
  const one = await ask({ Protocols: ['WSS'], Role: 'MASTER' });
  const ice = await boto3.do(
    'call',
    'signaling',
    'get_ice_server_config',
    { ChannelARN, ClientId: 'viewer-1', Service: 'TURN' },
    { endpoint_url: service.https },
  );

  assert.deepEqual(both.ResourceEndpointList, [
    { Protocol: 'HTTPS', ResourceEndpoint: service.https },
    { Protocol: 'WSS', ResourceEndpoint: service.https.replace('https', 'wss') },
  ]);
  assert.deepEqual(one.ResourceEndpointList, [
    { Protocol: 'WSS', ResourceEndpoint: service.https.replace('https', 'wss') },
  ]);
  assert.equal(ice.status, 200);
  await assert.rejects(ask({ Protocols: ['WEBRTC'], Role: 'MASTER' }), {
    name: 'InvalidArgumentException',
    status: 400,
  });
});

test('signatures of nobody known here, and of another region, are refused with their reason', async () => {
  const { accessKeyId } = service.credentials;
  const list = (options) => call('list_signaling_channels', {}, options);

  const wrong = { aws_access_key_id: accessKeyId, aws_secret_access_key: 'x' };
  const unknown = { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE', aws_secret_access_key: 'x' };

  await assert.rejects(list(wrong), { code: 'InvalidSignatureException', status: 403, text: /does not match/ });
  await assert.rejects(list(unknown), { code: 'UnrecognizedClientException', status: 403, text: /security token/ });
  await assert.rejects(list({ region_name: 'eu-west-1' }), { code: 'InvalidSignatureException', text: /region/ });
});

test('sockets whose URL botocore presigned exchange offer, answer and candidates', async () => {
  const arn = await create('sockets');
  const endpoint = service.https.replace('https', 'wss');
  const send = (peer, message) => boto3.do('send', peer, JSON.stringify(message));
  const text = async (peer) => JSON.parse((await boto3.event(peer, 'text')).text);
  await boto3.do('open', 'master', endpoint, arn);
  await boto3.do('open', 'viewer', endpoint, arn, 'boto-viewer');

  await send('viewer', { action: 'SDP_OFFER', messagePayload: payload({ type: 'offer', sdp: 'v=0' }) });
  const offer = await text('master');
  await send('master', {
    action: 'SDP_ANSWER',
    messagePayload: payload({ type: 'answer', sdp: 'v=0' }),
    recipientClientId: offer.senderClientId,
  });
  const answer = await text('viewer');
  await send('master', {
    action: 'ICE_CANDIDATE',
    messagePayload: payload({ candidate: 'c1' }),
    recipientClientId: offer.senderClientId,
  });
  await send('viewer', { action: 'ICE_CANDIDATE', messagePayload: payload({ candidate: 'c2' }) });
  const candidates = [await text('viewer'), await text('master')];

  assert.deepEqual(offer, {
    messageType: 'SDP_OFFER',
    messagePayload: payload({ type: 'offer', sdp: 'v=0' }),
    senderClientId: 'boto-viewer',
  });
  assert.deepEqual(answer, { messageType: 'SDP_ANSWER', messagePayload: payload({ type: 'answer', sdp: 'v=0' }) });
  assert.deepEqual(candidates, [
    { messageType: 'ICE_CANDIDATE', messagePayload: payload({ candidate: 'c1' }) },
    { messageType: 'ICE_CANDIDATE', messagePayload: payload({ candidate: 'c2' }), senderClientId: 'boto-viewer' },
  ]);
  for (const peer of ['viewer', 'master']) await boto3.do('close', peer);
  assert.deepEqual(
    [(await boto3.event('viewer', 'close')).code, (await boto3.event('master', 'close')).code],
    [1000, 1000],
  );
  assert.deepEqual(boto3.unexpected, []);
});

test('a deleted channel closes its sockets with 4002, and refuses new ones with 404', async () => {
  const arn = await create('deleted');
  const endpoint = service.https.replace('https', 'wss');
  await boto3.do('open', 'master', endpoint, arn);

  await call('delete_signaling_channel', { ChannelARN: arn });
  const end = await boto3.event('master', 'close');

  assert.deepEqual([end.code, end.reason], [4002, 'channel was deleted']);
  await assert.rejects(boto3.do('open', 'viewer', endpoint, arn, 'late'), { status: 404 });
});
