// Against a real heliographd: this package and the AWS package at either end, and what a refusal looks like.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { Heliographd } from '../../../tests/support/heliographd.mjs';
import { ours, require, sdk, upstream } from '../test-support/packages.mjs';

const { WebSocket } = require('ws');
const OFFER = { type: 'offer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n' };
const ANSWER = { type: 'answer', sdp: 'v=0\r\no=- 3 4 IN IP4 127.0.0.1\r\n' };
const candidate = (port) => ({
  candidate: `candidate:1 1 udp 2122260223 192.0.2.1 ${port} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

let service;
let channels = 0;
const open = [];

before(async () => {
  service = await Heliographd.start();
  const ca = readFileSync(service.caFile);
  /** The AWS package takes the platform's. */
  globalThis.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url, { ca });
    }
  };
});

after(async () => {
  for (const client of open) {
    client.removeAllListeners();
    client.on('error', () => {});
    client.close();
  }
  await service.stop();
});

/** The channel's ARN, region and endpoint: what a program asks the control plane for. */
async function join(channelName, role, clientId) {
  const response = await fetch(`http://127.0.0.1:${service.port}/_heliograph/v1/join`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ channelName, role, clientId }),
  });
  assert.equal(response.status, 200);
  return response.json();
}

const newChannel = () => `sdk-test-${++channels}`;

/** This package connects in plain text on this machine, with its own WebSocket; the AWS package knows wss:// only. */
async function makeClient(lib, channelName, role, { clientId, ...more } = {}) {
  const { channelArn, region, endpoint } = await join(channelName, role, clientId);
  const { NodeWebSocket } = require('@heliograph/webrtc/lib/NodeWebSocket');
  const client = new lib.SignalingClient({
    channelARN: channelArn,
    channelEndpoint: lib === ours ? endpoint : endpoint.replace('ws://', 'wss://'),
    region,
    role,
    clientId,
    credentials: service.credentials,
    webSocket: NodeWebSocket,
    ...more,
  });
  open.push(client);
  return client;
}

async function opened(client) {
  const isOpen = once(client, 'open');
  client.open();
  await isOpen;
  return client;
}

/** What opening fails with. The close that follows is waited for. */
async function refusal(client) {
  const closed = new Promise((resolve) => client.once('close', resolve));
  const failed = new Promise((resolve) => client.once('error', resolve));
  client.once('open', () => assert.fail('it was let in'));
  client.open();
  const { message } = await failed;
  await closed;
  client.removeAllListeners();
  return message;
}

describe('through a real service', () => {
  for (const [what, masterLib, viewerLib] of [
    ['this package at both ends', ours, ours],
    ['the AWS package as master', upstream, ours],
    ['the AWS package as viewer', ours, upstream],
    ['the AWS package at both ends', upstream, upstream],
  ]) {
    it(`offer, answer and candidates cross: ${what}`, async () => {
      const channel = newChannel();
      const master = await opened(await makeClient(masterLib, channel, 'MASTER'));
      const viewer = await opened(await makeClient(viewerLib, channel, 'VIEWER', { clientId: 'viewer-1' }));
      const got = { master: [], viewer: [] };
      for (const [name, client] of [
        ['master', master],
        ['viewer', viewer],
      ]) {
        for (const event of ['sdpOffer', 'sdpAnswer', 'iceCandidate', 'statusResponse']) {
          client.on(event, (...args) => got[name].push([event, ...args]));
        }
      }
      master.on('sdpOffer', (_offer, from) => {
        master.sendIceCandidate(candidate(1), from, 'c1');
        master.sendSdpAnswer(ANSWER, from, 'a1');
        master.sendIceCandidate(candidate(2), from);
      });
      const twoAtViewer = count(viewer, 'iceCandidate', 2);
      const twoAtMaster = count(master, 'iceCandidate', 2);

      viewer.sendIceCandidate(candidate(3));
      viewer.sendSdpOffer(OFFER, undefined, 'o1');
      viewer.sendIceCandidate(candidate(4), undefined, 'c4');
      await Promise.all([twoAtViewer, twoAtMaster]);

      assert.deepEqual(got.master, [
        ['sdpOffer', OFFER, 'viewer-1'],
        ['iceCandidate', candidate(3), 'viewer-1'],
        ['iceCandidate', candidate(4), 'viewer-1'],
      ]);
      assert.deepEqual(got.viewer, [
        ['sdpAnswer', ANSWER, undefined],
        ['iceCandidate', candidate(1), undefined],
        ['iceCandidate', candidate(2), undefined],
      ]);
    });
  }

  it('an offer waits for the master', async () => {
    const channel = newChannel();
    const viewer = await opened(await makeClient(ours, channel, 'VIEWER', { clientId: 'early' }));
    viewer.sendSdpOffer(OFFER);
    const master = await makeClient(ours, channel, 'MASTER');
    const offered = once(master, 'sdpOffer');

    master.open();

    assert.deepEqual(await offered, [OFFER, 'early']);
  });

  it('texts beyond ASCII and client ids with odd characters arrive whole', async () => {
    const channel = newChannel();
    const master = await opened(await makeClient(ours, channel, 'MASTER'));
    const offer = { type: 'offer', sdp: 's=Grüße 日本 🦊' };
    const offered = once(master, 'sdpOffer');

    const viewer = await opened(await makeClient(ours, channel, 'VIEWER', { clientId: 'a.b_c-1' }));
    viewer.sendSdpOffer(offer);

    assert.deepEqual(await offered, [offer, 'a.b_c-1']);
  });

  it('a status response says what was wrong, by correlation id', async () => {
    const master = await opened(await makeClient(ours, newChannel(), 'MASTER'));
    const answered = once(master, 'statusResponse');

    master.sendSdpAnswer(ANSWER, undefined, 'no-recipient');

    const [status] = await answered;
    assert.match(status.description, /recipientClientId is missing/);
    assert.deepEqual(
      { ...status, description: '' },
      {
        correlationId: 'no-recipient',
        errorType: 'InvalidArgumentException',
        statusCode: '400',
        description: '',
        success: false,
      },
    );
  });

  it('a second master takes the place of the first, which is told so', async () => {
    const channel = newChannel();
    const first = await opened(await makeClient(ours, channel, 'MASTER'));
    const closed = once(first, 'close');

    await opened(await makeClient(ours, channel, 'MASTER'));

    const [{ code, reason }] = await closed;
    assert.equal(code, 4001);
    assert.match(reason, /replaced by a newer connection/);
  });

  it('closing is answered with 1000', async () => {
    const master = await opened(await makeClient(ours, newChannel(), 'MASTER'));
    const closed = once(master, 'close');

    master.close();

    assert.deepEqual(await closed, [{ code: 1000, reason: '' }]);
  });
});

describe('what the service refuses', () => {
  const wrong = { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'wrong' };

  for (const [what, text, change] of [
    [
      'an unknown key',
      /^Unexpected server response: 403 .*token included in the request is invalid/,
      () => ({ credentials: wrong }),
    ],
    [
      'a wrong secret',
      /403 .*signature we calculated does not match/,
      () => ({ credentials: { ...service.credentials, secretAccessKey: 'wrong' } }),
    ],
    ['a clock that is an hour slow', /403 .*Signature expired/, () => ({ systemClockOffset: -3_600_000 })],
    ['a clock that is an hour fast', /403 .*Signature not yet current/, () => ({ systemClockOffset: 3_600_000 })],
    [
      'a channel that is not there',
      /404 .*ResourceNotFoundException/,
      () => ({ channelARN: 'arn:aws:kinesisvideo:us-east-1:000000000000:channel/none/1' }),
    ],
  ]) {
    it(`${what}: the error says why`, async () => {
      assert.match(await refusal(await makeClient(ours, newChannel(), 'MASTER', change())), text);
    });
  }

  it('a wrong clock is made good by systemClockOffset', async (t) => {
    const now = Date.now();
    t.mock.method(Date, 'now', () => now - 7_200_000);

    const text = await refusal(await makeClient(ours, newChannel(), 'MASTER'));
    assert.match(text, /Signature expired/);
    await opened(await makeClient(ours, newChannel(), 'MASTER', { systemClockOffset: 7_200_000 }));
  });

  it('a URL that was signed too long ago, until the signer gives a fresh one', async () => {
    let age = 600_000;
    const signer = new ours.SigV4RequestSigner(service.region, service.credentials);
    const requestSigner = {
      getSignedURL: (endpoint, query) => signer.getSignedURL(endpoint, query, new Date(Date.now() - age)),
    };
    const master = await makeClient(ours, newChannel(), 'MASTER', { requestSigner });

    assert.match(await refusal(master), /Signature expired/);
    age = 0;

    await opened(master);
  });

  for (const [what, refreshing] of [
    ['a function, as in the AWS SDK v3', (current) => async () => current()],
    [
      'an object with getPromise, as in the AWS SDK v2',
      (current) => ({
        ...wrong,
        async getPromise() {
          Object.assign(this, current());
        },
      }),
    ],
  ]) {
    it(`credentials that are no good any more, until they are refreshed: ${what}`, async () => {
      let current = wrong;
      const master = await makeClient(ours, newChannel(), 'MASTER', { credentials: refreshing(() => current) });

      assert.match(await refusal(master), /403/);
      current = service.credentials;

      await opened(master);
    });
  }
});

describe('over TLS', () => {
  const program = `
    const { SignalingClient } = require('@heliograph/webrtc');
    delete globalThis.WebSocket; // Node 22 has one.
    const client = new SignalingClient(JSON.parse(process.argv[1]));
    client.on('open', () => client.close());
    client.on('error', ({ message }) => console.log('error', message));
    client.on('close', ({ code }) => console.log('close', code));
    client.open();`;

  async function run(environment) {
    const { channelArn, region } = await join(newChannel(), 'MASTER');
    const channelEndpoint = service.https.replace('https', 'wss');
    const config = {
      channelARN: channelArn,
      channelEndpoint,
      region,
      role: 'MASTER',
      credentials: service.credentials,
    };
    const env = { PATH: process.env.PATH, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, JSON.stringify(config)], {
      cwd: sdk,
      env,
    });
    return stdout;
  }

  it('trusts the development CA by NODE_EXTRA_CA_CERTS', async () => {
    assert.equal(await run({ NODE_EXTRA_CA_CERTS: service.caFile }), 'close 1000\n');
  });

  it('trusts nobody unknown without it', async () => {
    assert.match(await run({}), /^error (unable to|self.signed).*\nclose 1006\n$/);
  });
});

describe('a service that goes down', () => {
  it('is noticed, and found again when it is back', async () => {
    const master = await opened(await makeClient(ours, newChannel(), 'MASTER'));
    const closed = once(master, 'close');

    await service.down();
    assert.deepEqual(await closed, [{ code: 1001, reason: 'service is going away' }]);
    assert.match(await refusal(master), /ECONNREFUSED/);
    await service.up();

    await opened(master);
  });
});

/** When `event` came `times` times. */
function count(client, event, times) {
  return new Promise((resolve) => {
    client.on(event, () => {
      times -= 1;
      if (times === 0) resolve();
    });
  });
}
