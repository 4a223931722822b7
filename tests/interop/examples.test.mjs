// The programs of examples/ do what they say, each as a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Heliographd, root } from '../support/heliographd.mjs';

let service;
before(async () => {
  service = await Heliographd.start({ turn: 'auto' });
});
after(() => service?.stop());

async function run(command, ...args) {
  // Debian's own programs first: they are the ones that the set-up installs.
  const env = { ...process.env, ...service.environment, PATH: `/usr/bin:/bin:${process.env.PATH}` };
  const child = spawn(command, args, { env, cwd: join(root, 'examples') });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, output);
  return output;
}

test('shell/channel.sh creates a channel and shows its relay', { timeout: 60_000 }, async () => {
  const output = await run('shell/channel.sh', 'from-shell');

  assert.match(output, /^Created arn:aws:kinesisvideo:us-east-1:000000000000:channel\/from-shell\/\d+\nACTIVE\n/);
  assert.match(output, /turns?:/);
});

test('python/channels.py prints endpoints and relays', { timeout: 60_000 }, async () => {
  const output = await run('/usr/bin/python3', 'python/channels.py', 'from-python');

  assert.match(output, /signaling wss:\/\/localhost:\d+/);
  assert.match(output, /relay +turns?:\S+.*\(for \d+ s\)/);
});

test('node/hello.mjs exchanges an offer, an answer and a candidate', { timeout: 60_000 }, async () => {
  const output = await run(process.execPath, 'node/hello.mjs', 'from-node');

  assert.match(output, /master received an offer of viewer-1: offer of the viewer/);
  assert.match(output, /viewer received an answer: answer of the master/);
  assert.match(output, /viewer received a candidate: candidate of the master/);
});
