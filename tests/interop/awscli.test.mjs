// Debian's aws, unmodified: what people and scripts see. A call takes a second of CPU, so independent ones run side by side.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Heliographd } from '../support/heliographd.mjs';
import { awscli, clientEnvironment, run } from './support/agent.mjs';

let service;
before(async () => (service = await Heliographd.start({ turn: 'auto' })));
after(async () => service?.stop());

/** One invocation of the program, its output read. */
async function aws(command, ...args) {
  const { code, stdout, stderr } = await run(
    awscli,
    [...command.split(' '), '--endpoint-url', service.https, '--output', 'json', ...args],
    clientEnvironment(service),
  );
  return { code, stderr, output: stdout.trim() ? JSON.parse(stdout) : null };
}

const video = (operation, ...args) => aws(`kinesisvideo ${operation}`, ...args);

/** An invocation that must succeed. */
async function ok(result) {
  const { code, stderr, output } = await result;
  assert.equal(code, 0, stderr);
  return output;
}

const create = async (name, ...args) =>
  (await ok(video('create-signaling-channel', '--channel-name', name, ...args))).ChannelARN;

/** What the program prints when the service has refused, and the exit code that says so. */
async function assertRefused(result, type, text) {
  const { code, stderr } = await result;
  assert.equal(code, 254, stderr);
  assert.match(stderr, new RegExp(`An error occurred \\(${type}\\) when calling the \\w+ operation`));
  assert.match(stderr, text);
}

describe('the AWS CLI', { concurrency: true }, () => {
  test('create, describe, list, update, delete', async () => {
    const arn = await create(
      'cli-life',
      '--channel-type',
      'SINGLE_MASTER',
      '--single-master-configuration',
      'MessageTtlSeconds=30',
    );
    const condition = 'ComparisonOperator=BEGINS_WITH,ComparisonValue=cli-li';
    const [described, listed] = await Promise.all([
      ok(video('describe-signaling-channel', '--channel-name', 'cli-life')),
      ok(video('list-signaling-channels', '--channel-name-condition', condition)),
    ]);
    const { ChannelInfo } = described;
    await ok(
      video(
        'update-signaling-channel',
        ...['--channel-arn', arn, '--current-version', ChannelInfo.Version],
        ...['--single-master-configuration', 'MessageTtlSeconds=90'],
      ),
    );
    const updated = (await ok(video('describe-signaling-channel', '--channel-arn', arn))).ChannelInfo;
    await assertRefused(
      video('delete-signaling-channel', '--channel-arn', arn, '--current-version', ChannelInfo.Version),
      'VersionMismatchException',
      /describe the channel/,
    );
    await ok(video('delete-signaling-channel', '--channel-arn', arn, '--current-version', updated.Version));

    assert.equal(ChannelInfo.ChannelARN, arn);
    assert.deepEqual(ChannelInfo.SingleMasterConfiguration, { MessageTtlSeconds: 30 });
    assert.match(ChannelInfo.CreationTime, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(listed.ChannelInfoList, [ChannelInfo]);
    assert.deepEqual(updated.SingleMasterConfiguration, { MessageTtlSeconds: 90 });
  });

  test('endpoints by protocol and role, and ICE servers from the endpoint given', async () => {
    const arn = await create('cli-endpoints');
    const ask = (protocols, role) =>
      video(
        'get-signaling-channel-endpoint',
        ...[
          '--channel-arn',
          arn,
          '--single-master-channel-endpoint-configuration',
          `Protocols=${protocols},Role=${role}`,
        ],
      );

    const [both, ice, storage] = await Promise.all([
      ok(ask('WSS,HTTPS', 'MASTER')),
      ok(aws('kinesis-video-signaling get-ice-server-config', '--channel-arn', arn, '--client-id', 'cli')),
      ok(video('describe-media-storage-configuration', '--channel-arn', arn)),
    ]);

    assert.deepEqual(both.ResourceEndpointList, [
      { Protocol: 'WSS', ResourceEndpoint: service.https.replace('https', 'wss') },
      { Protocol: 'HTTPS', ResourceEndpoint: service.https },
    ]);
    assert.equal(ice.IceServerList[0].Ttl, 300);
    assert.match(ice.IceServerList[0].Uris[0], /^turn:.*\?transport=udp$/);
    assert.equal(storage.MediaStorageConfiguration.Status, 'DISABLED');
    await assertRefused(ask('WEBRTC', 'VIEWER'), 'InvalidArgumentException', /WEBRTC/);
  });

  test('tag, list tags, untag', async () => {
    const arn = await create('cli-tags', '--tags', 'Key=site,Value=harbour', 'Key=old,Value=');
    await ok(video('tag-resource', '--resource-arn', arn, '--tags', 'Key=floor,Value=2', 'Key=site,Value=pier'));
    await ok(video('untag-resource', '--resource-arn', arn, '--tag-key-list', 'old', 'unknown'));
    const { Tags } = await ok(video('list-tags-for-resource', '--resource-arn', arn));

    assert.deepEqual(Tags, { floor: '2', site: 'pier' });
  });

  test('refusals have the type and the text, and exit code 254', async () => {
    await create('cli-taken');
    const arn = `arn:aws:kinesisvideo:us-east-1:000000000000:channel/cli-nobody/1700000000000`;

    await Promise.all([
      assertRefused(
        video('create-signaling-channel', '--channel-name', 'cli-taken'),
        'ResourceInUseException',
        /cli-taken/,
      ),
      assertRefused(
        video('create-signaling-channel', '--channel-name', 'a b'),
        'InvalidArgumentException',
        /ChannelName/,
      ),
    ]);
    await Promise.all([
      assertRefused(video('delete-signaling-channel', '--channel-arn', arn), 'ResourceNotFoundException', /not found/),
      assertRefused(
        aws('kinesis-video-signaling get-ice-server-config', '--channel-arn', arn),
        'ResourceNotFoundException',
        /not found/,
      ),
    ]);
  });
});
