// Camera and microphone, and what to do when they are not to be had.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DeviceError, explain, openDevice } from '../src/call/devices';

function setNavigator(value: unknown): void {
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
}

const mediaDevices = (getUserMedia: (constraints: MediaStreamConstraints) => Promise<unknown>) =>
  setNavigator({ mediaDevices: { getUserMedia } });

describe('explain', () => {
  for (const [error, text] of [
    ['NotAllowedError', /camera was refused. Allow it in the address bar/],
    ['NotFoundError', /There is no camera. Plug one in/],
    ['OverconstrainedError', /There is no camera/],
    ['NotReadableError', /in use by another program/],
    ['AbortError', /could not be started \(AbortError\)/],
    ['', /could not be started\. /],
  ] as const) {
    it(`${error || 'an error without a name'}: says what was wrong, and that the chat goes on`, () => {
      assert.match(explain('camera', error), text);
      assert.match(explain('microphone', error), /microphone.*chat goes on/);
    });
  }
});

describe('openDevice', () => {
  it('asks for the one device, and gives its track', async () => {
    const track = {};
    const asked: MediaStreamConstraints[] = [];
    mediaDevices(async (constraints) => (asked.push(constraints), { getTracks: () => [track] }));

    assert.equal(await openDevice('camera'), track);
    assert.equal(await openDevice('microphone'), track);

    assert.deepEqual(
      asked.map(({ audio, video }) => [Boolean(audio), Boolean(video)]),
      [
        [false, true],
        [true, false],
      ],
    );
  });

  it('fails with a text to show', async () => {
    mediaDevices(() => Promise.reject(Object.assign(new Error('x'), { name: 'NotAllowedError' })));
    await assert.rejects(
      openDevice('camera'),
      (error) => error instanceof DeviceError && /refused/.test(error.message),
    );

    mediaDevices(() => Promise.reject('no error at all'));
    await assert.rejects(openDevice('camera'), /could not be started/);
  });

  it('says what to do on a page where browsers give no devices', async () => {
    setNavigator({});

    await assert.rejects(openDevice('microphone'), /only to pages on https or localhost/);
  });
});
