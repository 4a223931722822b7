// @aws-sdk v3 and amazon-kinesis-video-streams-webrtc, unmodified, over https and wss.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testSampleFlow } from './support/sample_flow.mjs';

const kit = testSampleFlow('js_v3.mjs');
const call = (operation, input, options) => kit.sdk.do('call', 'video', operation, input, options);

test('errors are the classes that the v3 SDK models, with the request id', async () => {
  await call('CreateSignalingChannel', { ChannelName: 'taken' });
  const { ChannelInfo } = await call('DescribeSignalingChannel', { ChannelName: 'taken' });
  const { ChannelARN } = ChannelInfo;
  const stale = {
    ChannelARN,
    CurrentVersion: 'stale',
    SingleMasterConfiguration: { MessageTtlSeconds: 30 },
  };
  const cases = [
    ['CreateSignalingChannel', { ChannelName: 'taken' }, 'ResourceInUseException', 400],
    ['CreateSignalingChannel', { ChannelName: 'no spaces' }, 'InvalidArgumentException', 400],
    ['DescribeSignalingChannel', { ChannelName: 'nobody' }, 'ResourceNotFoundException', 404],
    ['UpdateSignalingChannel', stale, 'VersionMismatchException', 400],
    ['TagResource', { ResourceARN: ChannelARN, Tags: [] }, 'InvalidArgumentException', 400],
  ];

  for (const [operation, input, code, status] of cases) {
    await assert.rejects(
      call(operation, input),
      (error) => {
        assert.equal(error.code, code);
        assert.equal(error.status, status);
        assert.equal(error.modelled, true);
        assert.equal(error.fault, 'client');
        assert.match(error.requestId, /^[0-9a-f-]{36}$/);
        assert.notEqual(error.message, '');
        return true;
      },
      operation,
    );
  }
});

test('the v3 paginator walks every page', async () => {
  const names = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
  for (const ChannelName of names) await call('CreateSignalingChannel', { ChannelName });
  const ChannelNameCondition = { ComparisonOperator: 'BEGINS_WITH', ComparisonValue: 'page-' };

  const pages = await kit.sdk.do('listAll', { MaxResults: 2, ChannelNameCondition });

  assert.deepEqual(
    pages.map((page) => page.length),
    [2, 2, 1],
  );
  assert.deepEqual(pages.flat().sort(), names);
});

test('tags go in as a list and come out as a map', async () => {
  const { ChannelARN } = await call('CreateSignalingChannel', {
    ChannelName: 'tagged',
    Tags: [{ Key: 'site', Value: 'Büro 東京' }],
  });
  await call('TagResource', { ResourceARN: ChannelARN, Tags: [{ Key: 'floor', Value: '' }] });
  const both = await call('ListTagsForResource', { ResourceARN: ChannelARN });
  await call('UntagResource', { ResourceARN: ChannelARN, TagKeyList: ['site', 'unknown'] });
  const one = await call('ListTagsForResource', { ResourceARN: ChannelARN });

  assert.deepEqual(both.Tags, { site: 'Büro 東京', floor: '' });
  assert.deepEqual(one.Tags, { floor: '' });
});

test('media storage is DISABLED, and nobody gets a WEBRTC endpoint', async () => {
  const { ChannelARN } = await call('CreateSignalingChannel', { ChannelName: 'no-storage' });
  const wanted = { Protocols: ['WEBRTC'], Role: 'MASTER' };

  const described = await call('DescribeMediaStorageConfiguration', { ChannelARN });
  const endpoint = call('GetSignalingChannelEndpoint', {
    ChannelARN,
    SingleMasterChannelEndpointConfiguration: wanted,
  });

  assert.equal(described.MediaStorageConfiguration.Status, 'DISABLED');
  await assert.rejects(endpoint, { code: 'InvalidArgumentException', status: 400, modelled: true });
});
