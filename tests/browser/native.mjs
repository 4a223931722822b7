// Native masters and viewers beside browsers: the programs, what a page says of its call, and what a file holds.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { bin, Heliographd, until } from '../support/heliographd.mjs';
import { Program } from '../support/program.mjs';

/** A picture that two processors encode for several at once, and that is still one. */
const PICTURE = ['--size', '320x240', '--fps', '15', '--bitrate', '300'];

/** Browsers hide no loopback address: they do not use it unless they are told to, and then it stays as it is. */
export const hidingNeeds = Object.values(networkInterfaces())
  .flat()
  .some((address) => !address.internal)
  ? false
  : 'this machine has no address but loopback';

/** A service, the native programs that use it, and a folder for what they write. */
export class Studio {
  #programs = [];
  #lastChannel = 0;

  static async start(options) {
    const studio = new Studio();
    studio.service = await Heliographd.start(options);
    studio.folder = await mkdtemp(join(tmpdir(), 'heliograph-studio-'));
    return studio;
  }

  newChannel() {
    return `cam-${++this.#lastChannel}`;
  }

  /** In the channel when this returns, and listening to `say()`. */
  async master(channel, ...flags) {
    const master = this.program('master', channel, '--create', '--json', '--chat', ...PICTURE, ...flags);
    await master.until(() => master.count('open') > 0, 'the master is in the channel');
    return master;
  }

  viewer(channel, ...flags) {
    return this.program('viewer', channel, '--stats', ...flags);
  }

  /** `heliograph COMMAND CHANNEL` against the service. */
  program(command, channel, ...flags) {
    const program = new Program([join(bin, 'heliograph'), command, channel, '--data', this.service.data, ...flags]);
    this.#programs.push(program);
    return program;
  }

  /** Between tests: no program of the last one is left. */
  async endPrograms() {
    await Promise.all(this.#programs.splice(0).map((program) => end(program)));
  }

  async stop() {
    await this.endPrograms();
    await this.service.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Asks a program to end, and gives its exit code. One that does not end is killed, and the test fails. */
export async function end(program) {
  if (program.child.exitCode !== null || program.child.signalCode !== null) return program.ended;
  program.kill('SIGTERM');
  const patience = setTimeout(() => program.kill('SIGKILL'), 20_000);
  const code = await program.ended;
  clearTimeout(patience);
  assert.notEqual(code, 'SIGKILL', `it did not end; it wrote:\n${program.output.slice(-3000)}`);
  return code;
}

/** Has a native program say a line. */
export function say(program, line) {
  program.child.stdin.write(`${line}\n`);
}

/** Runs in a page ahead of its scripts, so that readCall() finds its connections and what went between them. */
export function watchConnections() {
  const Real = window.RTCPeerConnection;
  window.watchedPeers = [];
  window.RTCPeerConnection = class extends Real {
    gathered = [];
    constructor(...settings) {
      super(...settings);
      window.watchedPeers.push(this);
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.candidate) this.gathered.push(candidate.candidate);
      });
    }
  };
}

/** What the connected call of a page is like now; null without one. */
export function readCall(tab) {
  return tab.page.evaluate(async () => {
    const peer = window.watchedPeers.findLast((one) => one.connectionState === 'connected');
    if (!peer) return null;
    const reports = [...(await peer.getStats()).values()];
    const find = (type, kind) => {
      const found = reports.findLast((one) => one.type === type && one.kind === kind);
      if (!found) return { codec: '', bytes: 0, frames: 0 };
      const codec =
        reports
          .find((one) => one.id === found.codecId)
          ?.mimeType.split('/')[1]
          .toLowerCase() ?? '';
      return {
        codec,
        bytes: found.bytesReceived ?? found.bytesSent ?? 0,
        frames: found.framesDecoded ?? found.framesEncoded ?? 0,
      };
    };
    const pair = reports.find((one) => one.type === 'candidate-pair' && one.state === 'succeeded' && one.nominated);
    const typeOf = (id) => reports.find((one) => one.id === id)?.candidateType ?? '';
    return {
      video: find('inbound-rtp', 'video'),
      audio: find('inbound-rtp', 'audio'),
      sentVideo: find('outbound-rtp', 'video'),
      sentAudio: find('outbound-rtp', 'audio'),
      path: pair ? [typeOf(pair.localCandidateId), typeOf(pair.remoteCandidateId)] : [],
      gathered: peer.gathered,
    };
  });
}

/** What the page's video element shows: its size, how many pictures were shown since it was first asked, how many colours the present one has. */
export function readPicture(tab) {
  return tab.page.evaluate(() => {
    const video = document.querySelector('[data-testid="remote-video"]');
    if (!video || video.videoWidth === 0) return { width: 0, height: 0, shown: 0, colours: 0 };
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4 * 97) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    if (video.dataset.shown === undefined) {
      video.dataset.shown = 0;
      const count = () => {
        ++video.dataset.shown;
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
    const shown = Number(video.dataset.shown);
    return { width: video.videoWidth, height: video.videoHeight, shown, colours: colours.size };
  });
}

/** Until `probe` gives what `holds`; fails with the last that it gave. */
export async function reaches(probe, holds, what, context = () => '') {
  let last;
  await until(
    async () => holds((last = await probe())),
    async () => `${what}; last: ${JSON.stringify(last)}\n${await context()}`,
    40_000,
  );
  return last;
}

/** The page shows pictures of the native master, new ones all the time, and hears it. */
export async function expectStream(tab, { codec, context }) {
  const first = await reaches(
    () => readCall(tab),
    (call) => call?.video.frames > 0 && call.audio.bytes > 0,
    'pictures and sound arrive',
    context,
  );
  assert.equal(first.video.codec, codec);
  assert.equal(first.audio.codec, 'opus');
  await reaches(
    () => readCall(tab),
    (call) => call && call.video.bytes > first.video.bytes && call.audio.bytes > first.audio.bytes,
    'more of both arrives',
    context,
  );
  const before = await reaches(
    () => readPicture(tab),
    (picture) => picture.width === 320 && picture.height === 240 && picture.colours > 8,
    'a picture that is more than a colour is shown',
    context,
  );
  await reaches(
    () => readPicture(tab),
    (picture) => picture.shown >= before.shown + 15,
    'more pictures are shown',
    context,
  );
}

const run = promisify(execFile);

/** After a test: neither programs nor pages are left, and no page threw. */
export async function clearStage(studio, browsers) {
  const errors = browsers.flatMap((browser) => browser.tabs.flatMap((tab) => tab.errors));
  for (const browser of browsers) await browser.closeTabs();
  await studio.endPrograms();
  assert.deepEqual(errors, [], 'exceptions in the page');
}

/** The call came about although the page gave away none of its addresses. */
export function expectHidden({ gathered, path }) {
  assert.ok(gathered.length > 0);
  for (const candidate of gathered) assert.match(candidate, /\.local \d+ typ host|^candidate:\S+ \d+ tcp/i);
  assert.equal(path[0], 'host');
}

/** What is in a recording, after all of it was decoded: `seconds`, and for each stream codec and number of frames. */
export async function readRecording(path) {
  const entries = 'stream=codec_type,codec_name,nb_read_frames,width,height:format=duration';
  const flags = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', path];
  const { stdout, stderr } = await run('ffprobe', flags);
  const { streams, format } = JSON.parse(stdout);
  const find = (type) => {
    const stream = streams.find((one) => one.codec_type === type);
    return stream && { codec: stream.codec_name, frames: Number(stream.nb_read_frames), width: stream.width };
  };
  return { seconds: Number(format.duration), video: find('video'), audio: find('audio'), complaints: stderr };
}
