// Streams as set-up scripts make them, with unmodified clients: settings and tags, no media.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { Agent, awscli, clientEnvironment, run } from './support/agent.mjs';

let service;
before(async () => (service = await Heliographd.start()));
after(async () => service?.stop());

const sdks = [
  { file: 'boto3_agent.py', name: (operation) => operation.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase() },
  { file: 'js_v3.mjs', name: (operation) => operation },
  { file: 'js_v2.mjs', name: (operation) => operation },
];

for (const { file, name } of sdks) {
  test(`${file}: a stream lives: create, describe, list, update, retention, tags, data endpoint, delete`, async () => {
    const StreamName = `life-${file.replace(/\W/g, '-')}`;
    const sdk = await Agent.start(file, service);
    const call = (operation, input) => sdk.do('call', 'video', name(operation), input);
    const describe = async () => (await call('DescribeStream', { StreamName })).StreamInfo;

    const { StreamARN } = await call('CreateStream', { StreamName, MediaType: 'video/h264', Tags: { site: 'Büro' } });
    const first = await describe();
    await call('UpdateDataRetention', {
      StreamName,
      CurrentVersion: first.Version,
      Operation: 'INCREASE_DATA_RETENTION',
      DataRetentionChangeInHours: 24,
    });
    const second = await describe();
    await call('UpdateStream', { StreamARN, CurrentVersion: second.Version, DeviceName: 'cam' });
    await call('TagStream', { StreamARN, Tags: { floor: '2' } });
    await call('UntagStream', { StreamARN, TagKeyList: ['site'] });
    const { Tags } = await call('ListTagsForStream', { StreamARN });
    const { DataEndpoint } = await call('GetDataEndpoint', { StreamARN, APIName: 'PUT_MEDIA' });
    const condition = { ComparisonOperator: 'BEGINS_WITH', ComparisonValue: StreamName };
    const { StreamInfoList } = await call('ListStreams', { StreamNameCondition: condition });
    const third = await describe();
    await call('DeleteStream', { StreamARN, CurrentVersion: third.Version });

    assert.match(StreamARN, new RegExp(`^arn:aws:kinesisvideo:us-east-1:\\d{12}:stream/${StreamName}/\\d{13}$`));
    assert.deepEqual([first.Status, first.DataRetentionInHours, first.MediaType], ['ACTIVE', 0, 'video/h264']);
    assert.deepEqual([third.DataRetentionInHours, third.DeviceName], [24, 'cam']);
    assert.equal(new Set([first.Version, second.Version, third.Version]).size, 3);
    assert.deepEqual(Tags, { floor: '2' });
    assert.equal(DataEndpoint, service.https);
    assert.deepEqual(
      StreamInfoList.map((stream) => stream.StreamARN),
      [StreamARN],
    );
    await assert.rejects(describe(), { code: 'ResourceNotFoundException', status: 404 });
    await sdk.stop();
  });
}

test('awscli: create-stream, describe-stream, delete-stream', async () => {
  const aws = async (...args) => {
    const done = await run(
      awscli,
      ['kinesisvideo', ...args, '--endpoint-url', service.https, '--output', 'json'],
      clientEnvironment(service),
    );
    assert.equal(done.code, 0, done.stderr);
    return done.stdout ? JSON.parse(done.stdout) : {};
  };

  const { StreamARN } = await aws('create-stream', '--stream-name', 'cli', '--data-retention-in-hours', '1');
  const { StreamInfo } = await aws('describe-stream', '--stream-name', 'cli');
  await aws('delete-stream', '--stream-arn', StreamARN);
  const { StreamInfoList } = await aws('list-streams');

  assert.deepEqual([StreamInfo.StreamARN, StreamInfo.DataRetentionInHours], [StreamARN, 1]);
  assert.deepEqual(StreamInfoList, []);
});

test('streams are there after a restart', async () => {
  const sdk = await Agent.start('boto3_agent.py', service);
  const call = (operation, input) => sdk.do('call', 'video', operation, input);
  const { StreamARN } = await call('create_stream', { StreamName: 'lasting', Tags: { k: 'v' } });

  await service.down('SIGKILL');
  await service.up();

  assert.equal((await call('describe_stream', { StreamName: 'lasting' })).StreamInfo.StreamARN, StreamARN);
  assert.deepEqual((await call('list_tags_for_stream', { StreamName: 'lasting' })).Tags, { k: 'v' });
  await sdk.stop();
});
