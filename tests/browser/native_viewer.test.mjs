// `heliograph viewer` watches and records the call page as the master, in Chromium and Firefox.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { until } from '../support/heliographd.mjs';
import { Browser, browserNames } from './browsers.mjs';
import {
  clearStage,
  end,
  expectHidden,
  hidingNeeds,
  readCall,
  readRecording,
  say,
  Studio,
  watchConnections,
} from './native.mjs';

/** What a browser sends to somebody who takes both, H.264 rather. Debian's Firefox has none without a download. */
const CODECS = { chromium: 'h264', firefox: 'vp8' };

for (const name of browserNames) {
  describe(`native viewer of a master in ${name}`, { concurrency: false, timeout: 300_000 }, () => {
    let studio;
    let browser;

    before(async () => {
      studio = await Studio.start({ turn: 'auto' });
      browser = await Browser.start(name);
    });
    afterEach(() => clearStage(studio, [browser]));
    after(async () => {
      await browser?.stop();
      await studio?.stop();
    });

    const startMaster = async (channel, options = {}) => {
      const tab = await browser.newTab(studio.service.http, watchConnections);
      await tab.start('master', { channel, name: 'Ada', camera: true, microphone: true, ...options });
      await tab.is('master', 'open');
      await until(() => tab.has('preview'), 'the camera is on');
      return tab;
    };
    /** Watches for some seconds; gives the summary. */
    const watch = async (viewer, pictures = 60) => {
      await viewer.until(() => viewer.frames >= pictures, `${pictures} pictures came`);
      await viewer.until(() => viewer.last('stats').audio.frames > 50, 'sound came');
      assert.equal(await end(viewer), 0, viewer.output);
      return viewer.last('summary');
    };
    const expectRecording = async (path, summary, codec) => {
      const recording = await readRecording(path);
      const facts = JSON.stringify({ recording, summary });
      assert.equal(recording.video?.codec, codec, facts);
      assert.equal(recording.audio?.codec, 'opus', facts);
      assert.ok(Math.abs(recording.seconds - summary.video.seconds) <= 0.7, facts);
      assert.ok(recording.video.frames >= summary.video.frames * 0.9, facts);
      assert.equal(recording.complaints, '', facts);
    };

    test('records it to a file of the right length, and chats', async () => {
      const channel = studio.newChannel();
      const path = join(studio.folder, `${channel}.mkv`);
      const master = await startMaster(channel);

      const viewer = studio.viewer(channel, '--record', path, '--chat', '--name', 'recorder');
      await master.sees('recorder', 'here');
      say(viewer, 'are you on?');
      await master.hears('are you on?');
      await master.say('we are');
      await viewer.until(() => viewer.last('text')?.text.endsWith('we are'), 'the page is heard');
      const summary = await watch(viewer, 100);

      assert.equal(summary.connections, 1, viewer.output);
      assert.equal(summary.video.codec.toLowerCase(), CODECS[name]);
      await expectRecording(path, summary, CODECS[name]);
      // At once, by its goodbye, and not when ICE has given it up.
      await master.sees('recorder', 'left', 5_000);
    });

    test('relay only: it is recorded through coturn', async () => {
      const channel = studio.newChannel();
      const path = join(studio.folder, `${channel}.mkv`);
      const master = await startMaster(channel, { relayOnly: true });

      const viewer = studio.viewer(channel, '--record', path, '--relay-only', '--name', 'around');
      await master.sees('around', 'here');
      const { path: way } = await until(
        async () => {
          const call = await readCall(master);
          return call?.path.length === 2 && call;
        },
        () => browser.tell(),
      );
      const summary = await watch(viewer);

      assert.deepEqual(way, ['relay', 'relay']);
      assert.match(viewer.last('path').text, /through the relay/);
      await expectRecording(path, summary, CODECS[name]);
    });

    test('both ways: the page sees what the viewer sends', async () => {
      const channel = studio.newChannel();
      const master = await startMaster(channel);

      const viewer = studio.viewer(channel, '--headless', '--send', 'test', '--size', '320x240', '--fps', '15');
      await viewer.until(() => viewer.frames > 15, 'the viewer sees the page');

      await master.seesVideo();
      const call = await readCall(master);
      assert.equal(call.video.codec, CODECS[name]);
      assert.equal(call.audio.codec, 'opus');
    });

    test('--codec vp8 is what comes when it is asked for', async () => {
      const channel = studio.newChannel();
      const path = join(studio.folder, `${channel}.mkv`);
      await startMaster(channel);

      const summary = await watch(studio.viewer(channel, '--record', path, '--codec', 'vp8'));

      await expectRecording(path, summary, 'vp8');
    });
  });

  test(
    `native viewer: a master in ${name} that hides its addresses behind mDNS names`,
    { skip: hidingNeeds, timeout: 120_000 },
    async (context) => {
      const studio = await Studio.start();
      context.after(() => studio.stop());
      const browser = await Browser.start(name, { hidden: true });
      context.after(() => browser.stop());
      const master = await browser.newTab(studio.service.http, watchConnections);
      await master.start('master', { channel: 'cam', name: 'Hidden' });
      await master.is('master', 'open');

      const viewer = studio.viewer('cam', '--headless', '--chat', '--name', 'finder');
      await master.sees('finder', 'here');
      say(viewer, 'found you');
      await master.hears('found you');
      await master.say('so you did');
      await viewer.until(() => viewer.last('text')?.text.endsWith('so you did'), 'the page is heard');

      expectHidden(await readCall(master));
      assert.equal(viewer.count('call'), 0, viewer.output);
    },
  );
}
