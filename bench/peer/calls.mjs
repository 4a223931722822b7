// How long it takes from the start of a viewer to its first picture, and what signatures and a client cost. See bench/README.md.
//
//   node bench/peer/calls.mjs [RUNS]      programs from build/bin, or from HELIOGRAPH_BIN
//
// One service and one native master, both kept; each viewer is started anew. The steps have the names that the AWS
// WebRTC SDK for JavaScript gives them in its test page.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { Browser, browserNames } from '../../tests/browser/browsers.mjs';
import { end, Studio, watchConnections } from '../../tests/browser/native.mjs';
import { root, until } from '../../tests/support/heliographd.mjs';

const runs = Number(process.argv[2] ?? 50);

/** Median, 90 %, and the worst. */
function spread(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const round = (value) => (value === undefined ? '-' : value.toFixed(value < 10 ? 1 : 0));
  return `${round(at(0.5)).padStart(7)} ${round(at(0.9)).padStart(7)} ${round(at(1)).padStart(7)}  (${sorted.length})`;
}

/** @param timelines of each run: { step: { start, end } } in ms since the viewer was started. */
function print(title, timelines) {
  console.log(`\n${title}: ms, median, 90 % and worst (runs)`);
  const steps = new Map();
  for (const timeline of timelines)
    for (const [name, { start }] of Object.entries(timeline)) steps.set(name, (steps.get(name) ?? 0) + start);
  for (const name of steps.keys()) {
    const present = timelines.filter((timeline) => timeline[name]);
    console.log(`  ${name.padEnd(46)} from ${spread(present.map((timeline) => timeline[name].start))}`);
    console.log(`  ${''.padEnd(46)} took ${spread(present.map(({ [name]: step }) => step.end - step.start))}`);
  }
}

async function nativeViewers(studio, channel) {
  const timelines = [];
  for (let i = 0; i < runs; ++i) {
    const viewer = studio.viewer(channel);
    await viewer.until(() => viewer.frames > 0, 'the viewer sees the master');
    await end(viewer);
    timelines.push(viewer.last('summary').timeline);
  }
  return timelines;
}

/** In the page: when its start button was pressed, when its channel opened, when its first picture was shown. */
function watchCall() {
  const marks = (window.marks = {});
  const mark = (name) => (marks[name] ??= performance.now());
  addEventListener('click', (event) => event.target.closest('[data-testid="start-viewer"]') && mark('start'), true);
  const RealSocket = window.WebSocket;
  window.WebSocket = class extends RealSocket {
    constructor(...given) {
      super(...given);
      mark('connecting');
      this.addEventListener('open', () => mark('open'));
    }
  };
  const RealPeer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends RealPeer {
    constructor(...given) {
      super(...given);
      this.addEventListener('connectionstatechange', () => this.connectionState === 'connected' && mark('connected'));
      this.addEventListener('track', () => {
        const wait = setInterval(() => {
          const video = document.querySelector('[data-testid="remote-video"]');
          if (!video) return;
          clearInterval(wait);
          video.requestVideoFrameCallback(() => mark('picture'));
        }, 1);
      });
    }
    async setLocalDescription(...given) {
      mark('offer');
      return super.setLocalDescription(...given);
    }
    async setRemoteDescription(...given) {
      mark('answer');
      return super.setRemoteDescription(...given);
    }
    createDataChannel(...given) {
      const channel = super.createDataChannel(...given);
      channel.addEventListener('open', () => mark('talk'));
      return channel;
    }
  };
}

/** The marks and requests of a page as steps. */
function readTimeline(tab) {
  return tab.page.evaluate(() => {
    const { start, connecting, open, offer, answer, connected, talk, picture } = window.marks;
    const steps = {};
    const put = (name, from, to) => (steps[name] = { start: from - start, end: to - start });
    const requests = {
      describeSignalingChannel: 'describe-channel',
      getSignalingChannelEndpoint: 'get-signaling-channel-endpoint',
      'get-ice-server-config': 'get-ice-server-config',
    };
    for (const entry of performance.getEntriesByType('resource'))
      for (const [path, name] of Object.entries(requests))
        if (entry.name.toLowerCase().endsWith(path.toLowerCase()) && entry.startTime >= start)
          put(`signaling-viewer-${name}`, entry.startTime, entry.responseEnd);
    put('signaling-connect-as-viewer', connecting, open);
    put('signaling-viewer', start, open);
    put('sdp-exchange-viewer', offer, answer);
    put('pc-establishment-viewer', answer, connected);
    put('datachannel-viewer', start, talk);
    put('ttff-after-pc-viewer', connected, picture);
    put('ttff', start, picture);
    return steps;
  });
}

async function browserViewers(studio, channel, name) {
  const browser = await Browser.start(name);
  const timelines = [];
  try {
    for (let i = 0; i < runs; ++i) {
      const tab = await browser.newTab(studio.service.http, watchCall);
      await tab.start('viewer', { channel, name });
      await until(
        () => tab.page.evaluate(() => window.marks.picture && window.marks.talk),
        `${name} sees the master`,
        40_000,
      );
      timelines.push(await readTimeline(tab));
      await browser.closeTabs();
    }
  } finally {
    await browser.stop();
  }
  return timelines;
}

/** Microseconds for each of `count` URLs by the AWS package. */
async function awsSignatures(count) {
  const require = createRequire(new URL('../../tests/package.json', import.meta.url));
  const { SigV4RequestSigner } = require('amazon-kinesis-video-streams-webrtc');
  const signer = new SigV4RequestSigner('us-east-1', { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
  const parameters = {
    'X-Amz-ChannelARN': 'arn:aws:kinesisvideo:us-east-1:123456789012:channel/demo/1700000000000',
    'X-Amz-ClientId': 'viewer-1',
  };
  const sign = async (times) => {
    for (let i = 0; i < times; ++i)
      await signer.getSignedURL('wss://v-1.kinesisvideo.us-east-1.amazonaws.com', parameters, new Date(1.7e12 + i));
  };
  await sign(1000); // Until it has been compiled.
  const start = performance.now();
  await sign(count);
  return ((performance.now() - start) * 1000) / count;
}

function ourSignatures() {
  const flags = ['--benchmark_filter=^presign_url$', '--benchmark_format=json', '--benchmark_repetitions=5'];
  const said = execFileSync(join(root, 'build/bench/bin/bench_micro'), flags, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const median = JSON.parse(said).benchmarks.find((one) => one.aggregate_name === 'median');
  return { ns: 1e-3, us: 1, ms: 1e3 }[median.time_unit] * median.real_time;
}

async function residentOfTalker(studio) {
  const channel = studio.newChannel();
  const master = studio.program('chat', channel, '--master', '--create');
  await master.until(() => master.output.includes('waiting for viewers'), 'the master is there');
  const viewer = studio.program('chat', channel, '--viewer');
  await viewer.until(() => viewer.output.includes('the master is here'), 'the viewer can talk');
  const status = readFileSync(`/proc/${viewer.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024;
}

const studio = await Studio.start();
try {
  const channel = studio.newChannel();
  await studio.master(channel);
  print('native viewer', await nativeViewers(studio, channel));
  for (const name of browserNames)
    print(`${name}, viewer of the call page`, await browserViewers(studio, channel, name));
  console.log(
    `\nsignatures, µs each: ours ${ourSignatures().toFixed(2)}, the AWS package's ${(await awsSignatures(20_000)).toFixed(2)}`,
  );
  console.log(
    `a viewer with a data channel only (heliograph chat): ${(await residentOfTalker(studio)).toFixed(1)} MiB resident`,
  );
} finally {
  await studio.stop();
}
