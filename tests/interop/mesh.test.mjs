// FULL_MESH channels, which the real service has in its model and refuses: any member reaches any member.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent } from './support/agent.mjs';
import { messageAsC, openAsC, readMessageAsC } from './support/c_client.mjs';
import { payloadOf } from './support/world.mjs';

const { SignalingClient } = createRequire(import.meta.url)('../../web/sdk');

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

const offer = { type: 'offer', sdp: 'v=0\r\n' };
const answer = { type: 'answer', sdp: 'v=0\r\n' };

async function createMesh(ChannelName) {
  const input = { ChannelName, ChannelType: 'FULL_MESH' };
  return (await boto3.do('call', 'video', 'create_signaling_channel', input, {})).ChannelARN;
}

/** A member with this package's SDK: the service signs for it. */
async function member(channelARN, clientId) {
  const client = new SignalingClient({
    channelARN,
    channelEndpoint: service.http.replace('http:', 'ws:'),
    region: service.region,
    role: 'VIEWER',
    clientId,
    fullMesh: true,
    credentials: service.credentials,
  });
  const said = [];
  const waiting = [];
  for (const event of ['sdpOffer', 'sdpAnswer', 'iceCandidate']) {
    client.on(event, (what, sender) =>
      waiting.length > 0 ? waiting.shift()([event, sender]) : said.push([event, sender]),
    );
  }
  client.next = () =>
    said.length > 0 ? Promise.resolve(said.shift()) : new Promise((resolve) => waiting.push(resolve));
  await new Promise((resolve, reject) => {
    client.on('open', resolve);
    client.on('error', reject);
    client.open();
  });
  return client;
}

test('boto3 makes a FULL_MESH channel and sees its type', async () => {
  const arn = await createMesh('mesh-type');

  const { ChannelInfo } = await boto3.do('call', 'video', 'describe_signaling_channel', { ChannelARN: arn }, {});

  assert.equal(ChannelInfo.ChannelType, 'FULL_MESH');
});

test('each of three members calls each other by id', async () => {
  const arn = await createMesh('mesh-three');
  const names = ['alice', 'bob', 'carol'];
  const members = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await member(arn, name)])));

  for (const caller of names) {
    for (const callee of names.filter((name) => name !== caller)) {
      members[caller].sendSdpOffer(offer, callee);
      assert.deepEqual(await members[callee].next(), ['sdpOffer', caller]);
      members[callee].sendSdpAnswer(answer, caller);
      assert.deepEqual(await members[caller].next(), ['sdpAnswer', callee]);
    }
  }

  for (const name of names) members[name].close();
});

test('a viewer of the C SDK, which names its recipient, is a member like any other', async () => {
  const arn = await createMesh('mesh-c');
  const alice = await member(arn, 'alice');
  const native = await openAsC(service, arn, 'native');

  native.send(messageAsC('SDP_OFFER', 'alice', payloadOf(offer)));
  assert.deepEqual(await alice.next(), ['sdpOffer', 'native']);
  alice.sendSdpAnswer(answer, 'native');
  assert.equal(readMessageAsC(await native.text()).sender, 'alice');

  alice.close();
  await native.close();
});

test('the aws profile refuses them, as the real service does', async () => {
  const strict = await Heliographd.start({ flags: ['--limits', 'aws'] });
  const sdk = await Agent.start('boto3_agent.py', strict);
  const input = { ChannelName: 'mesh', ChannelType: 'FULL_MESH' };

  await assert.rejects(sdk.do('call', 'video', 'create_signaling_channel', input, {}), {
    name: 'InvalidArgumentException',
    status: 400,
  });

  await sdk.stop();
  await strict.stop();
});
