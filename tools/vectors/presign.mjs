// Writes tests/vectors/sigv4_presign.json: URLs as the published JavaScript signer makes them, for signers to reproduce byte
// for byte and for verifiers to accept. Run as README.md says, in a folder that has the npm package installed.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const { SigV4RequestSigner } = require('amazon-kinesis-video-streams-webrtc');
const { version } = require('amazon-kinesis-video-streams-webrtc/package.json');
const source = `amazon-kinesis-video-streams-webrtc ${version}, SigV4RequestSigner.getSignedURL`;

const keys = { accessKeyId: 'AKIA4F7WJQR7FMMWMNXI', secretAccessKey: 'FakeSecretKey' };
const withToken = { ...keys, sessionToken: 'FakeSessionToken' };
const arn = 'arn:aws:kinesisvideo:us-west-2:123456789012:channel/demo-channel/1712136149494';
const test = { 'X-Amz-TestParam': 'test-param-value' };
const viewer = { 'X-Amz-ChannelARN': arn, 'X-Amz-ClientId': 'viewer-1' };
const master = { 'X-Amz-ChannelARN': arn };
const viewerHost = 'wss://v-0a1b2c3d.kinesisvideo.us-west-2.amazonaws.com';
// What a temporary token looks like: long, with every character that base64 has and a URL gives a meaning to.
const longToken = `IQoJb3JpZ2luX2VjE/${'Ab+/9='.repeat(120)}==`;

const cases = [
  { name: 'upstream test: token', endpoint: 'wss://kvs.awsamazon.com', credentials: withToken, query: test },
  { name: 'upstream test: no token', endpoint: 'wss://kvs.awsamazon.com', credentials: keys, query: test },
  {
    name: 'upstream test: path',
    endpoint: 'wss://kvs.awsamazon.com/path/path/path',
    credentials: withToken,
    query: test,
  },
  { name: 'viewer', endpoint: viewerHost, credentials: withToken, query: viewer },
  { name: 'viewer without token', endpoint: viewerHost, credentials: keys, query: viewer },
  {
    name: 'master',
    endpoint: 'wss://m-0a1b2c3d.kinesisvideo.us-west-2.amazonaws.com',
    credentials: keys,
    query: master,
  },
  { name: 'trailing slash', endpoint: `${viewerHost}/`, credentials: keys, query: viewer },
  { name: 'host with port', endpoint: 'wss://localhost:3000', credentials: keys, query: viewer },
  { name: 'IPv6 host with port', endpoint: 'wss://[::1]:3000', credentials: keys, query: viewer },
  { name: 'base path', endpoint: 'wss://kvs.example.org/gateway/ws/', credentials: keys, query: viewer },
  { name: 'long token', endpoint: viewerHost, credentials: { ...keys, sessionToken: longToken }, query: viewer },
  { name: 'no parameters of its own', endpoint: viewerHost, credentials: keys, query: {} },
  { name: 'empty value', endpoint: viewerHost, credentials: keys, query: { ...master, 'X-Amz-Empty': '' } },
  {
    name: 'characters that encodeURIComponent leaves',
    endpoint: viewerHost,
    credentials: keys,
    query: { ...master, 'X-Amz-Left': "a!b'c(d)e*f~g-h_i.j" },
  },
  {
    name: 'characters that must be encoded',
    endpoint: viewerHost,
    credentials: keys,
    query: { ...master, 'X-Amz-Odd': 'a b+c/d=e&f%g?h#i"j<k>l:m;n,o@p$q[r]s|t\\u^v`w{x}y' },
  },
  {
    name: 'UTF-8 value',
    endpoint: viewerHost,
    credentials: keys,
    query: { ...master, 'X-Amz-Text': 'Grüße, 東京 \u{1F4F7}' },
  },
  {
    name: 'names sort by code unit',
    endpoint: viewerHost,
    credentials: keys,
    query: { b: '1', a: '2', B: '3', A: '4', _: '5', 0: '6', '~': '7', '-': '8', '.': '9', aa: '10', 'a-': '11' },
  },
  {
    name: 'the signer wins over the caller',
    endpoint: viewerHost,
    credentials: keys,
    query: { ...master, 'X-Amz-Expires': '1', 'X-Amz-Date': '20000101T000000Z' },
  },
  {
    name: 'China',
    region: 'cn-north-1',
    endpoint: 'wss://v-0a1b2c3d.kinesisvideo.cn-north-1.amazonaws.com.cn',
    credentials: withToken,
    query: {
      'X-Amz-ChannelARN': 'arn:aws-cn:kinesisvideo:cn-north-1:123456789012:channel/c/1712136149494',
      'X-Amz-ClientId': 'v',
    },
  },
  {
    name: 'milliseconds are cut',
    date: '2023-11-07T04:47:34.999Z',
    endpoint: viewerHost,
    credentials: keys,
    query: viewer,
  },
  { name: 'leap day', date: '2024-02-29T23:59:59.000Z', endpoint: viewerHost, credentials: keys, query: viewer },
];

const vectors = [];
for (const { name, region = 'us-west-2', date = '2019-12-01T00:00:00.000Z', endpoint, credentials, query } of cases) {
  const url = await new SigV4RequestSigner(region, credentials).getSignedURL(endpoint, query, new Date(date));
  vectors.push({
    name,
    source,
    input: { endpoint, queryParams: query, region, ...credentials, date, dateMs: Date.parse(date) },
    expected: { url, signature: new URL(url).searchParams.get('X-Amz-Signature') },
  });
}
writeFileSync(
  new URL('../../tests/vectors/sigv4_presign.json', import.meta.url),
  `${JSON.stringify(vectors, null, 1)}\n`,
);
