// `heliograph master` streams to the call page in Chromium and Firefox, and takes what they send.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { Browser, browserNames } from './browsers.mjs';
import {
  clearStage,
  end,
  expectHidden,
  expectStream,
  hidingNeeds,
  reaches,
  readCall,
  readRecording,
  say,
  Studio,
  watchConnections,
} from './native.mjs';

/** What Debian's browsers take without a download, and one that has got it. */
const KINDS = [
  { kind: 'chromium', name: 'chromium', options: {}, codec: 'h264', sends: 'h264' },
  { kind: 'firefox', name: 'firefox', options: {}, codec: 'vp8', sends: 'vp8' },
  // It has a decoder of H.264 then, and no encoder.
  { kind: 'firefox with H.264', name: 'firefox', options: { h264: true }, codec: 'h264' },
].filter(({ name }) => browserNames.includes(name));

describe('native master', { concurrency: false, timeout: 600_000 }, () => {
  let studio;
  const browsers = new Map();

  before(async () => {
    studio = await Studio.start({ turn: 'auto' });
    for (const { kind, name, options } of KINDS) browsers.set(kind, await Browser.start(name, options));
  });
  afterEach(() => clearStage(studio, [...browsers.values()]));
  after(async () => {
    for (const browser of browsers.values()) await browser.stop();
    await studio?.stop();
  });

  const startViewer = async (kind, channel, options = {}) => {
    const tab = await browsers.get(kind).newTab(studio.service.http, watchConnections);
    await tab.start('viewer', { channel, name: kind, ...options });
    return tab;
  };
  /** For the text of a failure. */
  const tell = (kind, master) => async () =>
    `${await browsers.get(kind).tell()}\nthe master wrote:\n${master.output.slice(-3000)}`;

  test('streams to three browsers at once, each in a codec that it takes, chats with each and records each', async () => {
    const channel = studio.newChannel();
    const master = await studio.master(channel, '--record', join(studio.folder, channel));
    const viewers = [];
    for (const one of KINDS)
      viewers.push({ ...one, tab: await startViewer(one.kind, channel, { camera: true, microphone: true }) });

    for (const { kind, codec, tab } of viewers) await expectStream(tab, { codec, context: tell(kind, master) });

    for (const { kind, tab } of viewers) await tab.say(`I am ${kind}`);
    for (const one of viewers) {
      const heard = await master.until(
        () => master.events.find((event) => event.event === 'text' && event.text === `I am ${one.kind}`),
        `${one.kind} is heard`,
      );
      say(master, `/to ${heard.viewer} only ${one.kind}`);
      one.client = heard.viewer;
    }
    say(master, 'all of you');
    for (const { kind, tab } of viewers) {
      await tab.hears('all of you');
      assert.deepEqual(await tab.thread(), [`me: I am ${kind}`, `them: only ${kind}`, 'them: all of you']);
    }

    for (const { kind, sends, tab } of viewers)
      await reaches(
        () => readCall(tab),
        (call) => call.sentAudio.bytes > 8_000 && (!sends || call.sentVideo.frames > 60),
        `${kind} has sent something worth recording`,
        tell(kind, master),
      );
    assert.equal(await end(master), 0, master.output);
    for (const { kind, sends, client } of viewers) {
      const recording = await readRecording(join(studio.folder, channel, `${client}-${index(master, client)}.mkv`));
      assert.equal(recording.audio?.codec, 'opus', kind);
      assert.equal(recording.video?.codec, sends, kind);
      assert.ok(recording.seconds > 2, `${kind}: ${JSON.stringify(recording)}`);
      if (sends) assert.ok(recording.video.frames > 30, `${kind}: ${JSON.stringify(recording)}`);
    }
  });

  /** The number in the name of a viewer's recording. */
  const index = (master, client) =>
    /-(\d+)\.mkv$/.exec(master.events.find((one) => one.event === 'recording' && one.viewer === client).text)[1];

  for (const { kind, codec } of KINDS.slice(0, 2))
    test(`relay only: ${kind} gets the stream through coturn, and chats`, async () => {
      const channel = studio.newChannel();
      const master = await studio.master(channel, '--relay-only');
      const tab = await startViewer(kind, channel, { relayOnly: true });

      await expectStream(tab, { codec, context: tell(kind, master) });

      await tab.say('around the corner');
      await master.until(() => master.output.includes('"text":"around the corner"'), 'the page is heard');
      say(master, 'and back');
      await tab.hears('and back');
      assert.deepEqual((await readCall(tab)).path, ['relay', 'relay']);
      assert.doesNotMatch(studio.service.log, /warning coturn/, 'coturn has nothing to complain about');
      assert.equal(await end(master), 0, master.output);
      await tab.seesInLog('The master left', 5_000);
    });

  test('--codec vp8 is what is sent when it is asked for', async () => {
    const channel = studio.newChannel();
    const master = await studio.master(channel, '--codec', 'vp8');
    const [{ kind }] = KINDS;
    const tab = await startViewer(kind, channel);

    await expectStream(tab, { codec: 'vp8', context: tell(kind, master) });
  });
});

for (const name of browserNames)
  test(
    `native master: ${name} that hides its addresses behind mDNS names`,
    { skip: hidingNeeds, timeout: 120_000 },
    async (context) => {
      const studio = await Studio.start();
      context.after(() => studio.stop());
      const browser = await Browser.start(name, { hidden: true });
      context.after(() => browser.stop());
      const master = await studio.master('cam');
      const tab = await browser.newTab(studio.service.http, watchConnections);

      await tab.start('viewer', { channel: 'cam', name: 'Hidden' });

      await expectStream(tab, {
        codec: name === 'firefox' ? 'vp8' : 'h264',
        context: async () => `${await browser.tell()}\nthe master wrote:\n${master.output.slice(-3000)}`,
      });
      expectHidden(await readCall(tab));
    },
  );
