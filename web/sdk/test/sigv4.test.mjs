// Presigned URLs: byte for byte those of the AWS package.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { FakeWebSocket, ours, packages, root, settle, upstream } from '../test-support/packages.mjs';
import { Random } from '../test-support/random.mjs';

const vectors = JSON.parse(readFileSync(join(root, 'tests/vectors/sigv4_presign.json'), 'utf8'));
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const KEY_ID = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const UNICODE = [...`${PRINTABLE}äßéñ日本語кириллица🦊\u0000\u007f`];

/** `date`, as for a client whose clock is `offset` wrong. */
function randomCase(random) {
  const credentials = {
    accessKeyId: random.text(KEY_ID, 16, 20),
    // Upstream signs with the low byte of every character: a key beyond ASCII has no meaning there.
    secretAccessKey: random.text(random.chance(0.5) ? BASE64 : PRINTABLE, 1, 60),
  };
  if (random.chance(0.5)) credentials.sessionToken = random.text(random.chance(0.5) ? BASE64 : UNICODE, 1, 900);
  const queryParams = {};
  for (let left = random.below(5); left > 0; --left) {
    queryParams[random.text('abcXYZ-._~0189', 1, 12)] = random.text(UNICODE, 0, 40);
  }
  if (random.chance(0.8))
    queryParams['X-Amz-ChannelARN'] = `arn:aws:kinesisvideo:r:1:channel/${random.text(BASE64, 1, 9)}/1`;
  if (random.chance(0.5)) queryParams['X-Amz-ClientId'] = random.text(UNICODE, 1, 30);
  const port = random.chance(0.3) ? `:${1 + random.below(65535)}` : '';
  const path = random.chance(0.5) ? `/${random.text("abc/%20~!*'()", 0, 12)}` : '';
  return {
    credentials,
    queryParams,
    endpoint: `wss://${random.pick(['localhost', '127.0.0.1', '[::1]', 'v-1a2b3c4d.kinesisvideo.eu-west-1.amazonaws.com'])}${port}${path}`,
    region: random.pick(['us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1', 'local']),
    service: random.pick([undefined, 'kinesisvideo', 'execute-api']),
    date: new Date(random.below(4_102_444_800) * 1000 + random.below(1000)),
  };
}

const sign = ({ SigV4RequestSigner }, { region, credentials, service, endpoint, queryParams, date }) =>
  new SigV4RequestSigner(region, credentials, service).getSignedURL(endpoint, queryParams, date);

describe('SigV4RequestSigner', () => {
  it('signs 500 random requests exactly as the AWS package does', async () => {
    const random = new Random(20240607);

    for (let number = 0; number < 500; ++number) {
      const request = randomCase(random);
      assert.equal(
        await sign(ours, request),
        await sign(upstream, request),
        `case ${number}: ${JSON.stringify(request)}`,
      );
    }
  });

  for (const { name, input, expected } of vectors) {
    it(`makes the URL of the vector "${name}"`, async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = input;

      const url = await sign(ours, {
        ...input,
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        date: new Date(input.date),
      });

      assert.equal(url, expected.url);
    });
  }

  it('signs for now when no date is given', async () => {
    const before = Date.now();
    const url = await new ours.SigV4RequestSigner('r', keys).getSignedURL('wss://host', {});

    const text = new URL(url).searchParams.get('X-Amz-Date');
    const signedAt = Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    assert.ok(signedAt > before - 1000 && signedAt <= Date.now(), text);
  });

  it('changes nothing that it is given', async () => {
    const queryParams = Object.freeze({ 'X-Amz-ChannelARN': 'arn' });

    await new ours.SigV4RequestSigner('r', Object.freeze({ ...keys })).getSignedURL('wss://host', queryParams);

    assert.deepEqual(queryParams, { 'X-Amz-ChannelARN': 'arn' });
  });

  for (const [name, lib] of packages) {
    it(`${name}: asks credentials with getPromise to refresh themselves before every signature`, async () => {
      let refreshes = 0;
      const credentials = {
        ...keys,
        async getPromise() {
          this.accessKeyId = `AKID${++refreshes}`;
          this.sessionToken = `token${refreshes}`;
        },
      };
      const signer = new lib.SigV4RequestSigner('r', credentials);

      const first = new URL(await signer.getSignedURL('wss://host', {})).searchParams;
      const second = new URL(await signer.getSignedURL('wss://host', {})).searchParams;

      assert.match(first.get('X-Amz-Credential'), /^AKID1\//);
      assert.equal(first.get('X-Amz-Security-Token'), 'token1');
      assert.match(second.get('X-Amz-Credential'), /^AKID2\//);
      assert.equal(second.get('X-Amz-Security-Token'), 'token2');
    });

    it(`${name}: passes on why credentials could not be refreshed`, async () => {
      const credentials = { ...keys, getPromise: () => Promise.reject(new Error('the token has expired')) };

      await assert.rejects(
        new lib.SigV4RequestSigner('r', credentials).getSignedURL('wss://host', {}),
        /token has expired/,
      );
    });

    for (const [what, endpoint, text] of [
      [
        'an https endpoint',
        'https://host',
        "Endpoint 'https://host' is not a secure WebSocket endpoint. It should start with 'wss://'.",
      ],
      ['a bare host', 'host', "Endpoint 'host' is not a secure WebSocket endpoint. It should start with 'wss://'."],
      ['a query', 'wss://host?a=b', "Endpoint 'wss://host?a=b' should not contain any query parameters."],
    ]) {
      it(`${name}: refuses ${what} with the known text`, async () => {
        await assert.rejects(new lib.SigV4RequestSigner('r', keys).getSignedURL(endpoint, {}), { message: text });
      });
    }

    for (const part of ['accessKeyId', 'secretAccessKey']) {
      for (const [value, problem] of [
        [undefined, 'undefined'],
        [null, 'null'],
        ['', 'empty'],
      ]) {
        it(`${name}: refuses credentials whose ${part} is ${problem}`, async () => {
          const signer = new lib.SigV4RequestSigner('r', { ...keys, [part]: value });

          await assert.rejects(signer.getSignedURL('wss://host', {}), {
            message: `credentials.${part} cannot be ${problem}`,
          });
        });
      }
    }

    it(`${name}: a client signs with its clock's offset, the channel's ARN and a viewer's id`, async () => {
      FakeWebSocket.install();
      const offset = -86_400_000 * 3;
      const client = new lib.SignalingClient({
        channelARN: 'arn:aws:kinesisvideo:r:1:channel/a b/1',
        channelEndpoint: 'wss://host',
        region: 'r',
        role: 'VIEWER',
        clientId: 'ä/1',
        credentials: keys,
        systemClockOffset: offset,
      });

      client.open();
      while (FakeWebSocket.all.length === 0) await settle();

      const query = new URL(FakeWebSocket.all[0].url).searchParams;
      const day = new Date(Date.now() + offset).toISOString().slice(0, 10).replaceAll('-', '');
      assert.equal(query.get('X-Amz-Date').slice(0, 8), day);
      assert.equal(query.get('X-Amz-ChannelARN'), 'arn:aws:kinesisvideo:r:1:channel/a b/1');
      assert.equal(query.get('X-Amz-ClientId'), 'ä/1');
    });
  }

  describe('where it does more than the AWS package', () => {
    it('takes a function that gives credentials, as the AWS SDK v3 has them', async () => {
      let calls = 0;
      const signer = new ours.SigV4RequestSigner('r', async () => ({ ...keys, sessionToken: `token${++calls}` }));

      const first = await signer.getSignedURL('wss://host', {});
      const second = await signer.getSignedURL('wss://host', {});

      assert.equal(new URL(first).searchParams.get('X-Amz-Security-Token'), 'token1');
      assert.equal(new URL(second).searchParams.get('X-Amz-Security-Token'), 'token2');
    });

    for (const endpoint of [
      'ws://localhost:3000',
      'ws://127.0.0.1:1',
      'ws://127.1.2.3/path',
      'ws://[::1]:80',
      'ws://localhost',
    ]) {
      it(`signs ${endpoint}: on this machine nobody listens in`, async () => {
        const url = await new ours.SigV4RequestSigner('r', keys).getSignedURL(endpoint, {});

        assert.ok(url.startsWith(endpoint), url);
      });
    }

    for (const endpoint of [
      'ws://host',
      'ws://localhost.example.com',
      'ws://127.0.0.1.example.com',
      'ws://10.0.0.1:3000',
    ]) {
      it(`does not sign ${endpoint}, and says why`, async () => {
        await assert.rejects(new ours.SigV4RequestSigner('r', keys).getSignedURL(endpoint, {}), {
          message:
            `Endpoint '${endpoint}' is not a secure WebSocket endpoint. It should start with 'wss://'.` +
            " ('ws://' is for localhost only.)",
        });
      });
    }

    it('signs texts beyond ASCII as UTF-8 where the AWS package cuts characters in half', async () => {
      const request = {
        region: 'r',
        credentials: { ...keys, secretAccessKey: 'schlüssel→' },
        endpoint: 'wss://h',
        queryParams: {},
      };

      assert.notEqual(await sign(ours, request), await sign(upstream, request));
    });
  });
});
