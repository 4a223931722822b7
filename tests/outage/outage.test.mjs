// What a native master and viewer do when the service, the relay or the network between them is away for a while.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { World } from './world.mjs';

/** Seconds. */
const outages = (process.env.HELIOGRAPH_OUTAGES ?? '5,20,60').split(',').map(Number);
/** From the end of an outage until pictures come again. */
const patienceMs = 30_000;

/** A master and a viewer who sees it. */
async function streaming(world, { flags = [], viewerFlags = [] } = {}) {
  const master = world.master(...flags);
  await master.until(() => master.count('open') > 0, 'the master is in the channel');
  const viewer = world.viewer(...flags, ...viewerFlags);
  await viewer.until(() => viewer.frames > 20, 'the viewer sees the master');
  return { master, viewer };
}

/** Both end at once when they are asked to: nothing hangs. */
async function expectOrderlyEnd(...programs) {
  for (const program of programs) {
    program.kill('SIGTERM');
    const end = await Promise.race([program.ended, pause(15_000, 'still there after 15 s')]);
    assert.equal(end, 0, program.output.slice(-2000));
  }
}

async function expectMoreFrames(viewer, why) {
  const before = viewer.frames;
  await viewer.until(() => viewer.frames > before + 20, `pictures come ${why}`, patienceMs);
}

async function expectStandstill(viewer) {
  const during = viewer.frames;
  await pause(1000);
  assert.equal(viewer.frames, during, 'nothing comes during the outage');
}

/** Pictures after an outage, and how long they took: two seconds of pictures are waited for. */
async function expectRecovery(viewer, why, context) {
  const healed = performance.now();
  await expectMoreFrames(viewer, why);
  context.diagnostic(`20 pictures more ${((performance.now() - healed) / 1000).toFixed(1)} s after the outage`);
}

/** Writes numbered lines to the viewer's chat while `body` runs; the master must hear every one, once and in order. */
async function chatThrough(master, viewer, body) {
  const lines = [];
  const timer = setInterval(() => {
    lines.push(`line ${lines.length}`);
    viewer.child.stdin.write(`${lines.at(-1)}\n`);
  }, 200);
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  const heard = () => master.events.filter(({ event }) => event === 'text').map(({ text }) => text);
  await master.until(() => heard().length >= lines.length, 'the master hears the last line', patienceMs);
  assert.deepEqual(heard(), lines);
}

/** How the viewer went on, by what it says at its end. */
function expectWayOn(viewer, isOneConnection, context) {
  const { connections, iceRestarts } = viewer.last('summary');
  context.diagnostic(`${connections} connections, ${iceRestarts} ICE restarts`);
  if (isOneConnection) assert.equal(connections, 1, 'it is still the first connection');
}

async function withWorld(options, body) {
  const world = await World.start(options);
  try {
    await body(world);
  } finally {
    await world.stop();
  }
}

async function serviceKilled(world, seconds, context) {
  const { master, viewer } = await streaming(world);
  world.service.kill('SIGKILL');
  await world.service.ended;
  await pause(seconds * 1000);
  await expectMoreFrames(viewer, 'while the service is away: peers do without');
  await world.startService();
  const back = performance.now();
  await master.until(() => master.count('open') > 1, 'the master comes back by itself', patienceMs);
  await viewer.until(() => viewer.count('open') > 1, 'so does the viewer', patienceMs);
  context.diagnostic(`both were back after ${((performance.now() - back) / 1000).toFixed(1)} s`);
  const second = world.viewer();
  await second.until(() => second.frames > 20, 'somebody new sees the master');
  await expectMoreFrames(viewer, 'all along');
  await expectOrderlyEnd(second, viewer, master);
}

async function relayKilled(world, seconds, context) {
  const { master, viewer } = await streaming(world, { flags: ['--relay-only'] });
  await writeFile(world.noRelay, '');
  process.kill(await world.relayPid(), 'SIGKILL');
  await pause(seconds * 1000);
  await expectStandstill(viewer);
  await rm(world.noRelay);
  await expectRecovery(viewer, 'through the relay that came back', context);
  assert.match(JSON.stringify(viewer.last('stats').connection ?? {}), /relay/);
  await expectOrderlyEnd(viewer, master);
  // Relays are allocated by the connection that uses them: an ICE restart finds those gone, and a new connection its own.
  expectWayOn(viewer, false, context);
}

async function networkCut(world, seconds, context, whose) {
  await world.tell('loss viewer 2');
  await world.tell('delay viewer 20');
  // An ICE restart mends what was not gone for longer than a master waits (15 s), and nothing that was said is lost. Where the
  // master was cut off, it may hear of the restart too late, when the viewer has begun anew.
  const isMended = whose === 'viewer' && seconds < 10;
  const { master, viewer } = await streaming(world, { viewerFlags: ['--chat'] });
  const outage = async () => {
    await world.tell(`cut ${whose}`);
    await pause(seconds * 1000);
    await expectStandstill(viewer);
    await world.tell(`heal ${whose}`);
    await expectRecovery(viewer, 'when the network is back', context);
  };
  await (isMended ? chatThrough(master, viewer, outage) : outage());
  const program = whose === 'master' ? master : viewer;
  // Shorter ones TCP gets over, and nobody notices.
  if (seconds >= 20) assert.ok(program.count('open') > 1, 'its signaling came back by itself');
  await expectOrderlyEnd(viewer, master);
  expectWayOn(viewer, isMended, context);
}

const stories = [
  ['the service is killed', serviceKilled],
  ['the relay is killed', relayKilled],
  ["the viewer's network is cut", (world, seconds, context) => networkCut(world, seconds, context, 'viewer')],
  ["the master's network is cut", (world, seconds, context) => networkCut(world, seconds, context, 'master')],
];

for (const [machine, options] of [
  ['a native master and viewer go on when', {}],
  ['and on a single processor when', { taskset: '0' }],
])
  describe(machine, { concurrency: 2 }, () => {
    for (const seconds of outages)
      for (const [name, story] of stories)
        test(`${name} for ${seconds} s`, (context) => withWorld(options, (world) => story(world, seconds, context)));
  });
