// Prints requests that the AWS SDKs for JavaScript (v2 and v3) really send, as a JSON array for signed_requests.py. The clients talk
// to a socket of this program that answers every request with an empty object. Run as README.md says.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const credentials = { accessKeyId: 'AKIA4F7WJQR7FMMWMNXI', secretAccessKey: 'FakeSecretKey' };
const arn = 'arn:aws:kinesisvideo:us-west-2:123456789012:channel/demo-channel/1712136149494';
const region = 'us-west-2';
const vectors = [];
let naming;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const headers = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    headers.push([request.rawHeaders[i], request.rawHeaders[i + 1]]);
  vectors.push({ ...naming, request: { method: request.method, target: request.url, headers, body } });
  response.setHeader('Content-Type', 'application/json');
  response.end('{}');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const endpoint = `http://127.0.0.1:${server.address().port}`;

const AWS = require('aws-sdk');
for (const sessionToken of [undefined, 'FakeSessionToken']) {
  const source = `aws-sdk ${AWS.VERSION} (JavaScript v2), captured`;
  const options = { region, endpoint, credentials: { ...credentials, sessionToken } };
  const suffix = sessionToken ? ', token' : '';
  naming = { name: `JS v2 DescribeSignalingChannel${suffix}`, source };
  await new AWS.KinesisVideo(options).describeSignalingChannel({ ChannelName: 'demo-channel' }).promise();
  naming = { name: `JS v2 GetIceServerConfig${suffix}`, source };
  await new AWS.KinesisVideoSignalingChannels(options)
    .getIceServerConfig({ ChannelARN: arn, ClientId: 'viewer-1' })
    .promise();
}

const video = require('@aws-sdk/client-kinesis-video');
const signaling = require('@aws-sdk/client-kinesis-video-signaling');
const storage = require('@aws-sdk/client-kinesis-video-webrtc-storage');
const source = 'AWS SDK for JavaScript v3 (version: see the user agent), captured';
for (const sessionToken of [undefined, 'FakeSessionToken']) {
  const options = { region, endpoint, credentials: { ...credentials, sessionToken } };
  const suffix = sessionToken ? ', token' : '';
  naming = { name: `JS v3 CreateSignalingChannel${suffix}`, source };
  await new video.KinesisVideoClient(options).send(
    new video.CreateSignalingChannelCommand({ ChannelName: 'demo-channel', Tags: [{ Key: 'Grüße', Value: '東京' }] }),
  );
  naming = { name: `JS v3 ListSignalingChannels${suffix}`, source };
  await new video.KinesisVideoClient(options).send(new video.ListSignalingChannelsCommand({}));
  naming = { name: `JS v3 GetIceServerConfig${suffix}`, source };
  await new signaling.KinesisVideoSignalingClient(options).send(
    new signaling.GetIceServerConfigCommand({ ChannelARN: arn }),
  );
  naming = { name: `JS v3 JoinStorageSession${suffix}`, source };
  await new storage.KinesisVideoWebRTCStorageClient(options).send(
    new storage.JoinStorageSessionCommand({ channelArn: arn }),
  );
}
naming = { name: 'JS v3 base path', source };
await new video.KinesisVideoClient({ region, endpoint: `${endpoint}/base/path`, credentials }).send(
  new video.DescribeSignalingChannelCommand({ ChannelName: 'demo-channel' }),
);
naming = { name: 'JS v3 base path with an escape', source };
await new video.KinesisVideoClient({ region, endpoint: `${endpoint}/base%20path`, credentials }).send(
  new video.DescribeSignalingChannelCommand({ ChannelName: 'demo-channel' }),
);
server.close();
server.closeAllConnections();
process.stdout.write(JSON.stringify(vectors));
