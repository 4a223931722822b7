// What a master's bitrate does on ways that are narrow or lossy. Bounds are wide: both cores may have other work.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { World } from './world.mjs';

const most = 1000;
/** As the master makes them of its own accord. */
const floor = 150;
const picture = ['--source', 'test', '--size', '480x270', '--fps', '20', '--bitrate', String(most)];
const patienceMs = 60_000;

async function withCall(flags, body) {
  const world = await World.start();
  try {
    const master = world.heliograph('master', 'master', '--create', '--json', ...picture, ...flags);
    await master.until(() => master.count('open') > 0, 'the master is in the channel');
    await world.tell('delay viewer 20');
    const viewer = world.viewer();
    await viewer.until(() => viewer.frames > 60, 'the viewer sees the master');
    assert.equal(target(master), most, 'nothing is in the way yet');
    await body(world, master, viewer);
  } finally {
    await world.stop();
  }
}

function target(master) {
  return master.last('stats').targetKbps;
}

/** What a viewer saw of what the master sent in some seconds, and the lowest bitrate meanwhile. */
async function watch(master, viewer, seconds) {
  const before = { sent: master.last('stats').frames, seen: viewer.last('stats').video };
  const told = master.count('stats');
  await master.until(() => master.count('stats') >= told + seconds, 'the master tells its figures');
  const seen = viewer.last('stats').video;
  const targets = master.events.filter((one) => one.event === 'stats').map((one) => one.targetKbps);
  const part = (seen.frames - before.seen.frames) / (master.last('stats').frames - before.sent);
  return { part, freezes: seen.freezes - before.seen.freezes, lowest: Math.min(...targets.slice(told)) };
}

async function settles(world, master, kbps) {
  const began = performance.now();
  await master.until(() => target(master) < kbps, `the bitrate falls below ${kbps}`, patienceMs);
  const fell = performance.now();
  while ((await world.queueAt('viewer')).inMs > 100) {
    assert.ok(performance.now() - fell < patienceMs, 'the queue drains');
    await pause(200);
  }
  return `below ${kbps} kbit/s after ${seconds(began, fell)}, the queue drained after ${seconds(began)}`;
}

function seconds(from, to = performance.now()) {
  return `${((to - from) / 1000).toFixed(1)} s`;
}

async function narrow(context, codec, withReturn) {
  await withCall(['--codec', codec], async (world, master, viewer) => {
    await world.tell('rate viewer 400 200');
    context.diagnostic(await settles(world, master, 400));
    await pause(3000);
    const calm = await watch(master, viewer, 12);
    context.diagnostic(`then ${JSON.stringify(calm)}`);
    assert.ok(calm.part > 0.65, 'pictures arrive');
    assert.ok(calm.lowest >= floor, 'at a bitrate worth having');
    if (!withReturn) return;
    await world.tell('rate viewer 0 0');
    const wide = performance.now();
    await master.until(() => target(master) > most * 0.9, 'the bitrate climbs back', patienceMs);
    context.diagnostic(`back at 90 % after ${seconds(wide)}`);
  });
}

describe('the bitrate follows the way to the viewer', () => {
  test('that becomes narrow, and wide again', (context) => narrow(context, 'h264', true));
  test('that becomes narrow, with VP8', (context) => narrow(context, 'vp8', false));

  test('but not loss that is not of its own making, and what is lost is sent again', (context) =>
    withCall([], async (world, master, viewer) => {
      await world.tell('loss viewer 2');
      const little = await watch(master, viewer, 12);
      context.diagnostic(`2 %: ${JSON.stringify(little)}`);
      assert.ok(little.lowest > most * 0.7, 'the bitrate stays');
      assert.ok(little.part > 0.65, 'pictures arrive');
      await world.tell('loss viewer 10');
      const much = await watch(master, viewer, 15);
      context.diagnostic(`10 %: ${JSON.stringify(much)}`);
      assert.ok(much.lowest > most * 0.35, 'the bitrate does not collapse');
      assert.ok(much.part > 0.5, 'pictures arrive');
    }));

  test('that is the worst, down to the floor, and who takes less gets fewer pictures', (context) =>
    withCall([], async (world, master, viewer) => {
      await world.tell('rate other 400 200');
      const other = world.otherViewer();
      await other.until(() => other.frames > 0, 'the other viewer sees the master');
      await master.until(() => target(master) < 400, 'the bitrate is for both', patienceMs);
      await world.tell('rate other 80 300');
      await master.until(() => target(master) === floor, 'the bitrate is the floor', patienceMs);
      const good = await watch(master, viewer, 8);
      context.diagnostic(`with one below the floor: ${JSON.stringify(good)}`);
      assert.ok(good.part > 0.7, 'who has a good way gets every picture');
      assert.equal(good.lowest, floor);
      const before = other.frames;
      await other.until(() => other.frames > before, 'and who has not gets some', patienceMs);

      other.kill('SIGTERM');
      const left = performance.now();
      await master.until(() => target(master) > most * 0.9, 'the bitrate is that of who is left', patienceMs);
      context.diagnostic(`back at 90 % after ${seconds(left)}`);
    }));
});
