// aws-sdk v2 and amazon-kinesis-video-streams-webrtc, unmodified, over https and wss.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testSampleFlow } from './support/sample_flow.mjs';

const kit = testSampleFlow('js_v2.mjs');
const call = (operation, input, options) => kit.sdk.do('call', 'video', operation, input, options);

test('errors have the code, the status and the request id', async () => {
  await call('CreateSignalingChannel', { ChannelName: 'taken' });
  const cases = [
    ['CreateSignalingChannel', { ChannelName: 'taken' }, 'ResourceInUseException', 400],
    ['CreateSignalingChannel', { ChannelName: 'no spaces' }, 'InvalidArgumentException', 400],
    ['DescribeSignalingChannel', { ChannelName: 'nobody' }, 'ResourceNotFoundException', 404],
  ];

  for (const [operation, input, code, status] of cases) {
    await assert.rejects(
      call(operation, input),
      { code, status, requestId: /^[0-9a-f-]{36}$/, message: /./ },
      operation,
    );
  }
});

test('a version is what update and delete compare', async () => {
  const { ChannelARN } = await call('CreateSignalingChannel', { ChannelName: 'versioned' });
  const describe = async () => (await call('DescribeSignalingChannel', { ChannelARN })).ChannelInfo;
  const before = await describe();
  await call('UpdateSignalingChannel', {
    ChannelARN,
    CurrentVersion: before.Version,
    SingleMasterConfiguration: { MessageTtlSeconds: 30 },
  });
  const updated = await describe();

  assert.equal(updated.SingleMasterConfiguration.MessageTtlSeconds, 30);
  assert.notEqual(updated.Version, before.Version);
  const stale = call('DeleteSignalingChannel', { ChannelARN, CurrentVersion: before.Version });
  await assert.rejects(stale, { code: 'VersionMismatchException', status: 400 });
  assert.equal((await call('DeleteSignalingChannel', { ChannelARN, CurrentVersion: updated.Version })).status, 200);
});

test('a media storage StreamARN is null, which the sample page compares with', async () => {
  const { ChannelARN } = await call('CreateSignalingChannel', { ChannelName: 'no-storage' });

  const { MediaStorageConfiguration } = await call('DescribeMediaStorageConfiguration', { ChannelARN });

  assert.deepEqual(MediaStorageConfiguration, { Status: 'DISABLED', StreamARN: null });
});
