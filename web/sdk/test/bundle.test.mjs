// What is published: its size, its dependencies, every way to load it, and that it runs where it says it does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

import {
  base64,
  FakeWebSocket,
  ours,
  require,
  root,
  sdk,
  settle,
  upstream,
  UPSTREAM,
} from '../test-support/packages.mjs';

const NAME = '@heliograph/webrtc';
const requireOurs = createRequire(join(sdk, 'package.json'));
const read = (path) => readFileSync(join(sdk, path), 'utf8');
const gzippedSize = (text) => gzipSync(text, { level: 9 }).length;
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** What npm installs for a package, itself included. */
function installed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const entry = lock.packages[`node_modules/${name}`] ?? {};
  const { dependencies = {} } = entry.link ? lock.packages[entry.resolved] : entry;
  for (const dependency of Object.keys(dependencies)) installed(dependency, found);
  return found;
}

/** A page's globals, as far as the package may need them. */
function page() {
  const window = { TextEncoder, TextDecoder, console, setTimeout, clearTimeout, queueMicrotask };
  window.window = window;
  return createContext(window);
}

describe('the script for pages', () => {
  const script = read('dist/kvs-webrtc.min.js');

  it('is at most 10 kB compressed, and smaller than that of the AWS package', () => {
    const theirs = readFileSync(require.resolve(`${UPSTREAM}/dist/kvs-webrtc.min.js`));

    assert.ok(gzippedSize(script) <= 10_000, `${gzippedSize(script)} bytes`);
    assert.ok(gzippedSize(script) < gzippedSize(theirs));
  });

  for (const [what, wrap] of [
    ['a script tag', (text) => text],
    ['a strict function', (text) => `(function () { 'use strict'; ${text} })()`],
  ]) {
    it(`makes window.KVSWebRTC in ${what}`, () => {
      const window = page();

      runInContext(wrap(script), window);

      assert.deepEqual(Object.keys(window.KVSWebRTC).sort(), Object.keys(upstream).sort());
      assert.equal(window.KVSWebRTC.VERSION, ours.VERSION);
      assert.equal(window.KVSWebRTC.Role.MASTER, 'MASTER');
    });
  }

  it('has under window.KVSWebRTC what the script of the AWS package has', () => {
    const [mine, theirs] = [page(), page()];
    Object.assign(theirs, { crypto, atob, btoa, self: theirs });

    runInContext(script, mine);
    runInContext(readFileSync(require.resolve(`${UPSTREAM}/dist/kvs-webrtc.min.js`), 'utf8'), theirs);

    // It lists names of types as undefined.
    const shape = (lib) =>
      Object.keys(lib)
        .filter((name) => lib[name] !== undefined)
        .map((name) => [name, typeof lib[name]])
        .sort();
    assert.deepEqual(shape(mine.KVSWebRTC), shape(theirs.KVSWebRTC));
    assert.equal(mine.KVSWebRTC.VERSION, theirs.KVSWebRTC.VERSION);
  });

  it('signs and connects with the WebSocket of the page, without crypto.subtle, which http pages lack', async () => {
    const window = page();
    const urls = [];
    window.WebSocket = class {
      constructor(url) {
        urls.push(url);
      }
      addEventListener() {}
    };
    runInContext(script, window);
    const { SignalingClient, Role } = window.KVSWebRTC;
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const config = { channelARN: 'arn', channelEndpoint: 'wss://host', region: 'r', role: Role.MASTER, credentials };

    new SignalingClient(config).open();
    while (urls.length === 0) await new Promise(setImmediate);

    const date = new URL(urls[0]).searchParams.get('X-Amz-Date');
    const at = new Date(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const signer = new upstream.SigV4RequestSigner('r', credentials);
    assert.equal(urls[0], await signer.getSignedURL('wss://host', { 'X-Amz-ChannelARN': 'arn' }, at));
  });

  it('reads and writes UTF-8 where there is no TextEncoder or TextDecoder, as in jsdom', async () => {
    const window = page();
    delete window.TextEncoder;
    delete window.TextDecoder;
    window.WebSocket = FakeWebSocket;
    FakeWebSocket.install();
    runInContext(script, window);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'schlüssel' };
    const config = { channelARN: 'arn', channelEndpoint: 'wss://host', region: 'r', role: 'MASTER', credentials };
    const client = new window.KVSWebRTC.SignalingClient(config);
    const offer = { type: 'offer', sdp: 's=Grüße 🦊' };
    const got = [];
    client.on('sdpOffer', (...args) => got.push(JSON.stringify(args)));

    client.open();
    while (FakeWebSocket.all.length === 0) await settle();
    const [socket] = FakeWebSocket.all;
    socket.fire('open');
    client.sendSdpOffer(offer);
    for (const messagePayload of [
      base64(offer),
      Buffer.from('{"sdp":"Gr\\u00fc\xdfe"}', 'latin1').toString('base64'),
    ]) {
      socket.receive({ messageType: 'SDP_OFFER', messagePayload, senderClientId: 'v' });
    }

    const url = new URL(socket.url);
    const at = new Date(
      url.searchParams.get('X-Amz-Date').replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'),
    );
    const signer = new ours.SigV4RequestSigner('r', credentials);
    assert.equal(socket.url, await signer.getSignedURL('wss://host', { 'X-Amz-ChannelARN': 'arn' }, at));
    assert.equal(JSON.parse(socket.sent[0]).messagePayload, base64(offer));
    assert.deepEqual(got, [JSON.stringify([offer, 'v']), JSON.stringify([{ sdp: 'Grüße' }, 'v'])]);
  });

  it('says what to do where there is no WebSocket at all', async () => {
    const window = page();
    runInContext(script, window);
    const requestSigner = { getSignedURL: async () => 'wss://host' };
    const config = { channelARN: 'arn', channelEndpoint: 'wss://host', region: 'r', role: 'MASTER', requestSigner };
    const client = new window.KVSWebRTC.SignalingClient(config);

    const error = await new Promise((resolve) => {
      client.on('error', resolve);
      client.open();
    });

    assert.equal(error.message, 'There is no WebSocket on this platform; pass one as the option webSocket.');
  });

  for (const file of ['dist/kvs-webrtc.min.js', 'dist/index.mjs']) {
    it(`${file} has nothing of Node in it`, () => {
      assert.doesNotMatch(read(file), /\brequire\(|from ?["'](node:|crypto|https?|stream)|\bBuffer\b|\bprocess\./);
    });
  }
});

describe('loading', () => {
  it('requires and imports the same API', async () => {
    const imported = await import(NAME);

    assert.deepEqual(Object.keys({ ...imported }).sort(), Object.keys(requireOurs(NAME)).sort());
    assert.deepEqual(Object.keys(await import('../dist/index.mjs')).sort(), Object.keys(imported).sort());
  });

  for (const deep of [
    'SignalingClient',
    'SigV4RequestSigner',
    'Role',
    'FipsUtils',
    'RequestSigner',
    'QueryParams',
    'index',
  ]) {
    for (const path of [`lib/${deep}`, `lib/${deep}.js`]) {
      it(`gives by ${path} what the AWS package gives by it`, async () => {
        const mine = requireOurs(`${NAME}/${path}`);
        const theirs = require(`${UPSTREAM}/${path}`);

        assert.deepEqual(Object.keys(mine).sort(), Object.keys(theirs).sort());
        assert.deepEqual(Object.keys((await import(`${NAME}/${path}`)).default).sort(), Object.keys(theirs).sort());
      });
    }
  }

  it('has the other files that programs name, too', () => {
    for (const path of ['dist/kvs-webrtc.min.js', 'package.json']) {
      assert.ok(requireOurs.resolve(`${NAME}/${path}`).endsWith(path));
    }
  });

  it('works under the name of the AWS package, as `npm install NAME@npm:@heliograph/webrtc` installs it', async () => {
    const project = mkdtempSync(join(tmpdir(), 'heliograph-alias-'));
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(sdk, join(project, 'node_modules', UPSTREAM), 'dir');
    const script = `
      const { SignalingClient, Role } = require('${UPSTREAM}');
      const { SigV4RequestSigner } = require('${UPSTREAM}/lib/SigV4RequestSigner');
      import('${UPSTREAM}').then((es) => console.log(Role.VIEWER, typeof SignalingClient, typeof SigV4RequestSigner, typeof es.SignalingClient));`;

    const printed = execFileSync(process.execPath, ['-e', script], { cwd: project, encoding: 'utf8' });

    rmSync(project, { recursive: true });
    assert.equal(printed, 'VIEWER function function function\n');
  });
});

describe('the package', () => {
  it('installs at most two packages, itself included', () => {
    const found = [...installed(NAME)];

    assert.ok(found.length <= 2, found.join(' '));
    assert.ok(installed(UPSTREAM).size > found.length);
  });

  it('publishes what its manifest points at', () => {
    const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));
    const published = targets(manifest.exports).concat(manifest.main, manifest.module, manifest.types, manifest.unpkg);

    for (const path of published.filter((each) => !each.includes('*'))) assert.ok(read(path).length > 0, path);
    for (const path of published.filter((each) => each !== './package.json'))
      assert.match(path, /^(\.\/)?(lib|dist)\//);
  });

  it('brings its license, and the notice of what is bundled with it', () => {
    assert.equal(read('LICENSE'), readFileSync(join(root, 'LICENSE'), 'utf8'));
    for (const file of ['kvs-webrtc.min.js', 'index.mjs', 'node.mjs']) {
      assert.match(read(`dist/${file}`), /^\/\* @heliograph\/webrtc \d+\.\d+\.\d+, Apache-2\.0 \*\//);
      assert.match(read(`dist/${file}`), /noble-hashes - MIT License/);
    }
  });

  it('uses nothing that Node 18 lacks', () => {
    // What came to JavaScript after ES2020 the compiler refuses (tsconfig.json: lib); these are what platforms added.
    const newer =
      /\b(globalThis\.|fetch\(|structuredClone|navigator\b|AbortSignal|import\.meta|node:sqlite|\.(to|from)Base64\()/;
    const { lib, target } = JSON.parse(read('tsconfig.json')).compilerOptions;
    const files = readdirSync(join(sdk, 'src'));

    assert.deepEqual([target, lib], ['ES2020', ['ES2020', 'DOM']]);
    assert.equal(manifest.engines.node, '>=18');
    assert.ok(files.length > 5);
    for (const file of files) assert.doesNotMatch(read(`src/${file}`), newer, file);
  });
});
