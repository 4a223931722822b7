// Media storage, which is not offered, as unmodified SDKs are told so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent } from './support/agent.mjs';
import { call, createChannel } from './support/world.mjs';

let service;
let v2;
let v3;
before(async () => {
  service = await Heliographd.start();
  v2 = await Agent.start('js_v2.mjs', service);
  v3 = await Agent.start('js_v3.mjs', service);
});
after(async () => {
  await v2?.stop();
  await v3?.stop();
  await service?.stop();
});

test('the sample page may disable media storage, and is told when it enables it', async () => {
  const ChannelARN = await createChannel(service, 'page');
  const { StreamARN } = await v3.do('call', 'video', 'CreateStream', { StreamName: 'page' });
  const update = (sdk, MediaStorageConfiguration) =>
    sdk.do('call', 'video', 'UpdateMediaStorageConfiguration', { ChannelARN, MediaStorageConfiguration });

  for (const sdk of [v2, v3]) {
    assert.equal((await update(sdk, { Status: 'DISABLED', StreamARN: null })).status, 200);
    await assert.rejects(update(sdk, { Status: 'ENABLED', StreamARN }), {
      code: 'InvalidArgumentException',
      status: 400,
      message: /does not ingest media/,
    });
  }
});

test('no channel is mapped to a stream', async () => {
  const { StreamARN } = await v3.do('call', 'video', 'CreateStream', { StreamName: 'unmapped' });

  for (const sdk of [v2, v3]) {
    const answer = await sdk.do('call', 'video', 'DescribeMappedResourceConfiguration', { StreamARN });
    assert.deepEqual(answer.MappedResourceConfigurationList, []);
  }
});

test('joining a storage session is refused as for a channel without a stream', async () => {
  const channelArn = await createChannel(service, 'session');
  const options = { endpoint: service.https };
  const refusal = { code: 'InvalidArgumentException', status: 400, message: /No stream is mapped to the channel/ };

  await assert.rejects(v2.do('call', 'storage', 'JoinStorageSession', { channelArn }, options), refusal);
  const asViewer = { channelArn, clientId: 'viewer' };
  await assert.rejects(v2.do('call', 'storage', 'JoinStorageSessionAsViewer', asViewer, options), refusal);
  // The C SDK's viewers join where its masters do.
  assert.equal((await call(service, '/joinStorageSession', asViewer)).status, 400);
});
