// What the package exports and what its constructor takes: as in the AWS package.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { beforeEach, describe, it } from 'node:test';

import { FakeWebSocket, ours, packages, require, upstream, UPSTREAM } from '../test-support/packages.mjs';
import { ENDPOINT, master, Scene, SIGNED, thrownBy, viewer } from '../test-support/scene.mjs';

beforeEach(() => FakeWebSocket.install());

describe('exports', () => {
  it('are those of the AWS package, in name and kind', () => {
    const shape = (lib) =>
      Object.keys(lib)
        .sort()
        .map((name) => [name, name === 'VERSION' ? '' : typeof lib[name]]);

    assert.deepEqual(shape(ours), shape(upstream));
  });

  it('have the same roles', () => assert.deepEqual({ ...ours.Role }, { ...upstream.Role }));

  it('have the same public methods', () => {
    const privates =
      /^(constructor|connect|send|on[A-Z]\w+|debug|asyncOpen|sendMessage|cleanupWebSocket|emit(Or|Pending)\w+|validate\w+|getSignatureKey|currentCredentials)$/;
    const methods = (type) => Object.getOwnPropertyNames(type.prototype).filter((name) => !privates.test(name));

    for (const name of ['SignalingClient', 'SigV4RequestSigner']) {
      assert.deepEqual(methods(ours[name]).sort(), methods(upstream[name]).sort(), name);
    }
    for (const method of Object.getOwnPropertyNames(EventEmitter.prototype).filter((name) => /^[a-z]/.test(name))) {
      assert.equal(typeof ours.SignalingClient.prototype[method], typeof EventEmitter.prototype[method], method);
    }
  });

  it('name the version of the AWS package whose API this is', () => {
    const { version } = require(`${UPSTREAM}/package.json`);

    assert.equal(ours.VERSION, version);
  });

  it('give the same STUN URLs', () => {
    for (const useFipsEndpoints of [false, true]) {
      for (const useDualStackEndpoints of [false, true]) {
        for (const region of ['us-east-1', 'us-gov-west-1', 'cn-north-1']) {
          const config = { useFipsEndpoints, useDualStackEndpoints, region };
          assert.equal(ours.generateStunUrl(config), upstream.generateStunUrl(config));
        }
      }
    }
  });
});

describe('the constructor', () => {
  const keys = { accessKeyId: 'a', secretAccessKey: 's' };
  const cases = [undefined, null, ''].flatMap((nothing) => [
    [`config ${JSON.stringify(nothing)}`, nothing],
    ...['role', 'channelARN', 'region', 'channelEndpoint', 'clientId'].flatMap((name) => [
      [`viewer without ${name} (${JSON.stringify(nothing)})`, viewer({ [name]: nothing })],
      [`master without ${name} (${JSON.stringify(nothing)})`, master({ [name]: nothing })],
    ]),
    [`no signer, credentials ${JSON.stringify(nothing)}`, master({ requestSigner: nothing, credentials: nothing })],
  ]);
  cases.push(
    ['master', master()],
    ['viewer', viewer()],
    ['master with a clientId', master({ clientId: 'x' })],
    ['master with a clientId that is 0', master({ clientId: 0 })],
    ['credentials instead of a signer', master({ requestSigner: undefined, credentials: keys })],
    ['empty credentials', master({ requestSigner: undefined, credentials: {} })],
    ['both credentials and a signer', master({ credentials: keys })],
    ['a role that is none', master({ role: 'SPECTATOR' })],
    ['a role that is none, with a clientId', viewer({ role: 'SPECTATOR' })],
    ['a lower case role', viewer({ role: 'viewer' })],
  );

  for (const [name, config] of cases) {
    it(`takes or refuses alike: ${name}`, () => {
      assert.equal(
        thrownBy(() => new ours.SignalingClient(config)),
        thrownBy(() => new upstream.SignalingClient(config)),
      );
    });
  }

  for (const [name, lib] of packages) {
    it(`${name}: refuses with the texts that programs match on`, () => {
      assert.throws(() => new lib.SignalingClient(master({ role: undefined })), {
        message: 'role cannot be undefined',
      });
      assert.throws(() => new lib.SignalingClient(viewer({ clientId: '' })), { message: 'clientId cannot be empty' });
      assert.throws(() => new lib.SignalingClient(master({ clientId: 'x' })), { message: 'clientId should be null' });
      assert.throws(() => new lib.SignalingClient(null), { message: 'SignalingClientConfig cannot be null' });
    });

    it(`${name}: keeps a copy of the configuration`, async () => {
      const config = master();
      const scene = new Scene(lib, config);
      config.channelEndpoint = 'wss://changed';
      let asked;
      config.requestSigner.getSignedURL = async (endpoint) => ((asked = endpoint), SIGNED);

      await scene.open();

      assert.equal(asked, ENDPOINT);
    });

    it(`${name}: buffers early candidates only when told so by true itself`, () => {
      for (const [value, expected] of [
        [undefined, false],
        [false, false],
        [true, true],
        [1, false],
        ['true', false],
      ]) {
        const client = new lib.SignalingClient(master({ enableEarlyIceCandidateBuffering: value }));
        assert.equal(client.isEarlyIceCandidateBufferingEnabled(), expected, String(value));
      }
    });

    it(`${name}: connects to nothing yet`, () => {
      const { client } = new Scene(lib, master());

      assert.equal(client.readyState, 3);
      assert.equal(FakeWebSocket.all.length, 0);
    });
  }
});
