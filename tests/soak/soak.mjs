// The soak: a crowd, writers and an operator with bad manners, all at once, and the reckoning afterwards.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { Heliographd, until } from '../support/heliographd.mjs';
import { Crowd } from './crowd.mjs';
import { Ledger } from './ledger.mjs';
import { signedCall } from './calls.mjs';
import { childrenOf, vitalsOf } from './vitals.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills coturn, if it is up; it must come back with another pid. */
async function killCoturn(service) {
  const [pid] = await childrenOf(service.pid, 'turnserver');
  if (pid === undefined) return 0;
  process.kill(pid, 'SIGKILL');
  await until(
    async () => (await childrenOf(service.pid, 'turnserver')).some((one) => one !== pid),
    'coturn is back',
    60_000,
  );
  return 1;
}

/** What it holds when everybody is gone: the lowest of some seconds, since frees come late. */
async function atRest(service) {
  let least = await vitalsOf(service.pid);
  for (let i = 0; i < 20; ++i) {
    await pause(500);
    const now = await vitalsOf(service.pid);
    least = { memory: Math.min(least.memory, now.memory), descriptors: Math.min(least.descriptors, now.descriptors) };
  }
  return least;
}

async function withCrowd(service, arns, connections, during) {
  const crowd = new Crowd(service);
  crowd.start(arns, connections);
  await until(
    () => crowd.sockets.size >= connections * 0.8,
    () => `${crowd.sockets.size} of ${connections} are in`,
    120_000,
  );
  await during(crowd);
  await crowd.stop();
  return crowd;
}

/**
 * @param seconds      in all, about
 * @param connections  at once
 * Gives the figures; throws when something was lost or stays taken.
 */
export async function soak({ seconds, connections, say = () => {} }) {
  const service = await Heliographd.start({ turn: 'auto', flags: ['--drain-notice', '0', '--drain-window', '5'] });
  const figures = { coturnKills: 0, hangups: 0, opened: 0, refused: 0, echoes: 0 };
  const ledger = new Ledger(service);
  try {
    const arns = [];
    for (let i = 0; i < connections / 4; ++i) {
      const made = await signedCall(service, '/createSignalingChannel', { ChannelName: `room-${i}` });
      arns.push(made.json.ChannelARN);
    }
    const count = (crowd) => {
      for (const what of ['opened', 'refused', 'echoes']) figures[what] += crowd[what];
      assert.deepEqual(crowd.lost, [], 'messages between two that stayed');
    };
    const trouble = (length) => async (crowd) => {
      const end = Date.now() + length * 1000;
      for (let turn = 1; Date.now() < end; ++turn) {
        await pause(Math.min(5_000, Math.max(0, end - Date.now())));
        process.kill(service.pid, 'SIGHUP');
        ++figures.hangups;
        if (turn % 4 === 1) figures.coturnKills += await killCoturn(service);
        if (turn % 12 === 0)
          say(
            `${crowd.sockets.size} connected, ${crowd.echoes} echoes, ${ledger.acknowledged} writes, ${JSON.stringify(await vitalsOf(service.pid))}`,
          );
      }
    };
    ledger.start(4);

    // First everything that ends a process, with the crowd inside.
    count(
      await withCrowd(service, arns, connections, async (crowd) => {
        await trouble(seconds / 10)(crowd);
        say('SIGKILL');
        await service.down('SIGKILL');
        await service.up();
        await until(() => crowd.sockets.size >= connections * 0.8, 'the crowd comes back', 120_000);
        await trouble(seconds / 10)(crowd);
        say('drain');
        await service.down('SIGTERM');
        await service.up();
        await until(() => crowd.sockets.size >= connections * 0.8, 'the crowd comes back', 120_000);
      }),
    );
    // Then one process for the rest, in rounds of equal work, so that what it keeps can be told from what it needs.
    const rests = [];
    for (let round = 0; round < 4; ++round) {
      count(await withCrowd(service, arns, connections, trouble((seconds * 0.8) / 4)));
      rests.push(await atRest(service));
      say(`round ${round + 1}, at rest: ${JSON.stringify(rests.at(-1))}`);
    }
    await ledger.stop();
    figures.acknowledgedWrites = ledger.acknowledged;
    figures.unanswered = ledger.unanswered;
    figures.channelsCompared = await ledger.check();
    figures.memoryAtRestKiB = rests.map(({ memory }) => memory);
    figures.descriptorsAtRest = rests.map(({ descriptors }) => descriptors);

    const [, second, , last] = rests;
    assert.ok(last.descriptors <= second.descriptors + 2, `descriptors stay open: ${JSON.stringify(rests)}`);
    // Allocators keep some; what leaks grows with every round. Channels that stay cost a little of SQLite's cache.
    assert.ok(last.memory <= second.memory * 1.1 + 2048, `memory stays taken: ${JSON.stringify(rests)}`);
    assert.ok(figures.coturnKills > 0 && figures.echoes > 0 && figures.acknowledgedWrites > 0);
    return figures;
  } finally {
    await ledger.stop().catch(() => {});
    await service.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [minutes = 30, connections = 2000] = process.argv.slice(2).map(Number);
  const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
  const figures = await soak({ seconds: minutes * 60, connections, say });
  console.log(JSON.stringify(figures, null, 1));
}
