// The way of AWS' sample page, from a name to a conversation, for any agent that has an AWS SDK: both versions must pass it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../../support/heliographd.mjs';
import { Agent } from './agent.mjs';

const sdp = (type, who) => ({ type, sdp: `v=0\r\no=${who} 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n` });
const candidate = (who, n = 1) => ({
  candidate: `candidate:${n} 1 udp 2122260223 192.0.2.${n} 50000 typ host ufrag ${who}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

/** Registers the tests; gives what they share: `kit.service`, `kit.sdk`. */
export function testSampleFlow(agentFile) {
  const kit = {};
  before(async () => {
    kit.service = await Heliographd.start({ turn: 'auto' });
    kit.sdk = await Agent.start(agentFile, kit.service);
  });
  after(async () => {
    await kit.sdk?.stop();
    await kit.service?.stop();
  });

  const call = (...args) => kit.sdk.do('call', ...args);

  /** What the page does before it talks. */
  async function find(name, role) {
    const described = await call('video', 'DescribeSignalingChannel', { ChannelName: name });
    const { ChannelARN } = described.ChannelInfo;
    const { ResourceEndpointList } = await call('video', 'GetSignalingChannelEndpoint', {
      ChannelARN,
      SingleMasterChannelEndpointConfiguration: { Protocols: ['WSS', 'HTTPS'], Role: role },
    });
    const endpoints = Object.fromEntries(ResourceEndpointList.map((e) => [e.Protocol, e.ResourceEndpoint]));
    const ice = await call('signaling', 'GetIceServerConfig', { ChannelARN }, { endpoint: endpoints.HTTPS });
    return { channelARN: ChannelARN, channelEndpoint: endpoints.WSS, https: endpoints.HTTPS, ice: ice.IceServerList };
  }

  async function create(name) {
    await call('video', 'CreateSignalingChannel', { ChannelName: name });
    return find(name, 'MASTER');
  }

  async function open(peer, { channelARN, channelEndpoint }, clientId) {
    await kit.sdk.do('open', peer, { channelARN, channelEndpoint, clientId });
    await kit.sdk.event(peer, 'open');
  }

  async function close(...peers) {
    for (const peer of peers) {
      await kit.sdk.do('close', peer);
      await kit.sdk.event(peer, 'close');
    }
    assert.deepEqual(kit.sdk.unexpected, []);
  }

  test('a channel that is not there is ResourceNotFoundException, so that the page creates it', async () => {
    const missing = call('video', 'DescribeSignalingChannel', { ChannelName: 'not-there' });

    await assert.rejects(missing, { code: 'ResourceNotFoundException', status: 404 });
  });

  test('a channel is created, described and has both endpoints on this host', async () => {
    const created = await call('video', 'CreateSignalingChannel', { ChannelName: 'first' });
    const { ChannelInfo } = await call('video', 'DescribeSignalingChannel', { ChannelName: 'first' });
    const found = await find('first', 'VIEWER');

    assert.equal(ChannelInfo.ChannelARN, created.ChannelARN);
    assert.equal(ChannelInfo.ChannelStatus, 'ACTIVE');
    assert.equal(ChannelInfo.ChannelType, 'SINGLE_MASTER');
    assert.deepEqual(ChannelInfo.SingleMasterConfiguration, { MessageTtlSeconds: 60 });
    // A Date became text on its way here; a client that could not read the number would have made it null.
    assert.ok(Math.abs(Date.parse(ChannelInfo.CreationTime) - Date.now()) < 60_000, ChannelInfo.CreationTime);
    assert.equal(found.https, kit.service.https);
    assert.equal(found.channelEndpoint, kit.service.https.replace('https:', 'wss:'));
  });

  test('the relay is handed out with credentials, in the order of the real service', async () => {
    const { ice } = await create('relayed');

    assert.equal(ice.length, 1);
    assert.match(ice[0].Uris[0], /^turn:127\.0\.0\.1:\d+\?transport=udp$/);
    assert.match(ice[0].Uris[1], /^turns:127\.0\.0\.1:\d+\?transport=udp$/);
    assert.match(ice[0].Uris[2], /^turns:127\.0\.0\.1:\d+\?transport=tcp$/);
    assert.equal(ice[0].Ttl, 300);
    assert.match(ice[0].Username, /^\d{10}:./);
    assert.ok(ice[0].Password.length >= 20);
  });

  test('offer, answer and candidates pass both ways', async () => {
    const channel = await create('pair');
    await open('master', channel);
    await open('viewer', channel, 'viewer-1');

    await kit.sdk.do('sendSdpOffer', 'viewer', sdp('offer', 'viewer'));
    await kit.sdk.do('sendIceCandidate', 'viewer', candidate('viewer'));
    const offer = await kit.sdk.event('master', 'sdpOffer');
    const hisCandidate = await kit.sdk.event('master', 'iceCandidate');
    await kit.sdk.do('sendSdpAnswer', 'master', sdp('answer', 'master'), offer.from);
    await kit.sdk.do('sendIceCandidate', 'master', candidate('master'), offer.from);
    const answer = await kit.sdk.event('viewer', 'sdpAnswer');
    const masters = await kit.sdk.event('viewer', 'iceCandidate');

    assert.deepEqual(offer.sdp, sdp('offer', 'viewer'));
    assert.equal(offer.from, 'viewer-1');
    assert.deepEqual(hisCandidate.candidate, candidate('viewer'));
    assert.equal(hisCandidate.from, 'viewer-1');
    assert.deepEqual(answer.sdp, sdp('answer', 'master'));
    assert.equal(answer.from, undefined);
    assert.deepEqual(masters.candidate, candidate('master'));
    await close('viewer', 'master');
  });

  test('two viewers of one master are kept apart', async () => {
    const channel = await create('two-viewers');
    await open('master', channel);
    await open('left', channel, 'left');
    await open('right', channel, 'right');

    for (const who of ['left', 'right']) await kit.sdk.do('sendSdpOffer', who, sdp('offer', who));
    const offers = [await kit.sdk.event('master', 'sdpOffer'), await kit.sdk.event('master', 'sdpOffer')];
    for (const { from } of offers) await kit.sdk.do('sendSdpAnswer', 'master', sdp('answer', `to-${from}`), from);
    await kit.sdk.do('sendIceCandidate', 'master', candidate('to-right'), 'right');
    const answers = [await kit.sdk.event('left', 'sdpAnswer'), await kit.sdk.event('right', 'sdpAnswer')];
    const toRight = await kit.sdk.event('right', 'iceCandidate');

    for (const { from, sdp: got } of offers) assert.deepEqual(got, sdp('offer', from));
    assert.deepEqual(
      answers.map((answer) => answer.sdp),
      [sdp('answer', 'to-left'), sdp('answer', 'to-right')],
    );
    assert.deepEqual(toRight.candidate, candidate('to-right'));
    await close('left', 'right', 'master'); // And nobody was told anything else.
  });

  test('an offer sent before there is a master waits for it', async () => {
    const channel = await create('early');
    await open('viewer', channel, 'early-bird');
    await kit.sdk.do('sendSdpOffer', 'viewer', sdp('offer', 'early'));
    await kit.sdk.do('sendIceCandidate', 'viewer', candidate('early'));

    await open('master', channel);

    assert.deepEqual((await kit.sdk.event('master', 'sdpOffer')).sdp, sdp('offer', 'early'));
    assert.deepEqual((await kit.sdk.event('master', 'iceCandidate')).candidate, candidate('early'));
    await close('viewer', 'master');
  });

  test('a viewer leaves, comes back under its id, and gets what was written meanwhile', async () => {
    const channel = await create('comes-back');
    await open('master', channel);
    await open('viewer', channel, 'returning');
    await open('other', channel, 'staying');
    await close('viewer');

    await kit.sdk.do('sendSdpAnswer', 'master', sdp('answer', 'late'), 'returning');
    await open('viewer', channel, 'returning');
    const late = await kit.sdk.event('viewer', 'sdpAnswer');
    await kit.sdk.do('sendSdpOffer', 'viewer', sdp('offer', 'again'));
    const again = await kit.sdk.event('master', 'sdpOffer');

    assert.deepEqual(late.sdp, sdp('answer', 'late'));
    assert.deepEqual([again.from, again.sdp], ['returning', sdp('offer', 'again')]);
    await close('viewer', 'other', 'master');
  });

  test('what cannot be delivered is told when the message has a correlationId', async () => {
    const channel = await create('told');
    await open('master', channel);

    await kit.sdk.do('sendSdpAnswer', 'master', sdp('answer', 'nobody'), undefined, 'corr-1');
    const { status } = await kit.sdk.event('master', 'statusResponse');

    assert.equal(status.correlationId, 'corr-1');
    assert.equal(status.errorType, 'InvalidArgumentException');
    assert.equal(status.statusCode, '400');
    assert.match(status.description, /recipientClientId/);
    await close('master');
  });

  test('a deleted channel closes its connections and is gone', async () => {
    const channel = await create('short-lived');
    await open('master', channel);

    await call('video', 'DeleteSignalingChannel', { ChannelARN: channel.channelARN });
    await kit.sdk.event('master', 'close');

    const gone = call('video', 'DescribeSignalingChannel', { ChannelARN: channel.channelARN });
    await assert.rejects(gone, { code: 'ResourceNotFoundException', status: 404 });
  });

  test('a client whose clock is ten minutes off corrects it and gets in', async () => {
    const options = { systemClockOffset: -600_000, correctClockSkew: true };

    const listed = await call('video', 'ListSignalingChannels', {}, options);

    assert.equal(listed.status, 200);
    assert.equal(listed.attempts, 2);
  });

  test('a wrong secret is InvalidSignatureException, an unknown key UnrecognizedClientException', async () => {
    const { accessKeyId } = kit.service.credentials;
    const wrong = { credentials: { accessKeyId, secretAccessKey: 'x' } };
    const unknown = { credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' } };
    const list = (options) => call('video', 'ListSignalingChannels', {}, options);

    await assert.rejects(list(wrong), { code: 'InvalidSignatureException', status: 403, message: /does not match/ });
    await assert.rejects(list(unknown), { code: 'UnrecognizedClientException', status: 403 });
  });

  test('a connection with a wrong secret is refused with 403', async () => {
    const { channelARN, channelEndpoint } = await create('refused');
    const { accessKeyId } = kit.service.credentials;

    const credentials = { accessKeyId, secretAccessKey: 'x' };
    await kit.sdk.do('open', 'master', { channelARN, channelEndpoint, credentials });

    assert.match((await kit.sdk.event('master', 'error')).message, /403/);
    await kit.sdk.event('master', 'close');
  });

  return kit;
}
