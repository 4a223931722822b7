// Presigned URLs of the C++ SDK, byte for byte those of the AWS JavaScript SDK and of botocore, on random inputs.
//
// The two do not agree with each other: they order a URL differently, and encodeURIComponent leaves `! ' ( ) *` as they are.
// The SDK has both as UrlForm; what is compared is the whole URL, signature included. Where none of the five characters occurs
// the signatures of both forms must be the same, and none occurs in what KVS has in its queries.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { root } from '../support/heliographd.mjs';
import { python } from './support/agent.mjs';
import { dice, seed } from './support/dice.mjs';

const require = createRequire(import.meta.url);
const { SigV4RequestSigner } = require('amazon-kinesis-video-streams-webrtc');
const presigner = join(dirname(fileURLToPath(import.meta.url)), 'agents', 'presigner.py');
const program = process.env.HELIOGRAPH_PRESIGN ?? join(root, 'build/dev/bin/presign');
const count = 500;

const lower = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const alphanumeric = [...lower, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** All that a channel's name and a client's id may have. */
const name = [...alphanumeric, ...'_.-'];
const base64 = [...alphanumeric, ...'+/='];
/** What signers disagree about: every ASCII mark, and characters of two, three and four bytes. */
const anything = [...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~aZ09', ...'äßλ€漢🎥'];
const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-2', 'us-gov-west-1', 'cn-north-1'];

const endpointOf = (random, segment) => {
  const host = random.pick([
    () => `v-${random.text([...'0123456789abcdef'], 8, 8)}.kinesisvideo.${random.pick(regions)}.amazonaws.com`,
    () => `${random.text(lower, 1, 12)}.example.org`,
    () => 'localhost',
    () => `${random.below(256)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
  ])();
  const port = random.pick(['', '', ':443', `:${1 + random.below(65_535)}`]);
  const path = random.pick(['', '/', Array.from({ length: 1 + random.below(3) }, () => `/${segment()}`).join('')]);
  return `wss://${host}${port}${path}`;
};

/** Half are what a signaling client asks for, the others have parameters of every sort. */
function inputs(start, form, segmentLetters) {
  const random = dice(start);
  return Array.from({ length: count }, (_, i) => {
    const region = random.pick(regions);
    const query = {
      'X-Amz-ChannelARN': `arn:aws:kinesisvideo:${region}:${100_000_000_000 + random.below(2 ** 32)}:channel/${random.text(name, 1, 256)}/${1_600_000_000_000 + random.below(2 ** 32)}`,
    };
    if (random.below(2)) query['X-Amz-ClientId'] = random.text(name, 1, 256);
    if (i % 2) for (let n = random.below(4); n > 0; --n) query[random.text(name, 1, 10)] = random.text(anything, 0, 30);
    return {
      // A letter in front: a segment of dots is one that botocore removes.
      endpoint: endpointOf(random, () => `p${random.text(segmentLetters, 0, 12)}`),
      query,
      date: random.pick([
        () => Date.UTC(2019, 11, 31, 23, 59, 59, 999),
        () => Date.UTC(2024, 1, 29, 0, 0, 0, 0),
        () => random.below(2 ** 31) * 1000 + random.below(1000),
      ])(),
      region,
      service: random.pick(['kinesisvideo', 'kinesisvideo', 'execute-api']),
      expires: form === 'javascript' ? 299 : 1 + random.below(604_800),
      accessKeyId: `AKIA${random.text(alphanumeric, 12, 16)}`,
      secretAccessKey: random.text(base64, 1, 60),
      sessionToken: random.below(2) ? random.text(base64, 1, 1200) : '',
      form,
    };
  });
}

async function signedBy(command, args, wanted) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.end(wanted.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, stderr);
  return stdout.split('\n').slice(0, -1);
}

const signedByUs = (wanted) => signedBy(program, [], wanted);
const signedByBotocore = (wanted) => signedBy(python, [presigner], wanted);
const signedByPackage = (wanted) =>
  Promise.all(
    wanted.map(({ endpoint, query, date, region, service, accessKeyId, secretAccessKey, sessionToken }) =>
      new SigV4RequestSigner(region, { accessKeyId, secretAccessKey, sessionToken }, service).getSignedURL(
        endpoint,
        query,
        new Date(date),
      ),
    ),
  );

function assertSame(ours, theirs, wanted) {
  assert.equal(ours.length, wanted.length);
  assert.equal(theirs.length, wanted.length);
  ours.forEach((url, i) => assert.equal(url, theirs[i], `seed ${seed}: ${JSON.stringify(wanted[i])}`));
  assert.equal(new Set(ours).size, wanted.length, 'every input is another');
}

before(() => assert.ok(existsSync(program), `${program} is missing; build it: ninja -C build/dev presign`));

test('500 random URLs are byte for byte those of the AWS JavaScript SDK', async () => {
  const wanted = inputs(seed, 'javascript', [...name, ..."!$&'()*+,;=:@%"]);

  assertSame(await signedByUs(wanted), await signedByPackage(wanted), wanted);
});

test('500 random URLs are byte for byte those of botocore', async () => {
  const wanted = inputs(seed + 1, 'botocore', [...name, ..."!$&'()*+,;=:@%"]);

  assertSame(await signedByUs(wanted), await signedByBotocore(wanted), wanted);
});

test('what KVS has in its queries is signed alike in both forms', async () => {
  const signature = (url) => /[?&]X-Amz-Signature=([0-9a-f]{64})/.exec(url)[1];
  const wanted = inputs(seed + 2, 'javascript', name).filter((_, i) => i % 2 === 0);

  const script = await signedByUs(wanted);
  const strict = await signedByUs(wanted.map((each) => ({ ...each, form: 'botocore' })));

  assert.deepEqual(script.map(signature), strict.map(signature));
});

test('endpoints that the AWS package refuses are refused', async () => {
  const [good] = inputs(seed, 'javascript', name);
  const bad = ['https://host', 'host', '', 'wss://host/?x=1', 'wss://host?'].map((endpoint) => ({ ...good, endpoint }));

  for (const each of bad) await assert.rejects(signedByPackage([each]));
  for (const answer of await signedByUs(bad)) assert.match(answer, /^error: Endpoint '/);
});
