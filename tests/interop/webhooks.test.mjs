// Webhooks with a receiver written from docs/webhooks.md: its own verification code, in Python and in Node; and what SIGKILL costs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Heliographd, root, until } from '../support/heliographd.mjs';
import { python } from './support/agent.mjs';

/** The one block of code in that language. */
const block = (text, language) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)[1];

const secret = 'a-secret-of-the-interop-test';
let scratch;
let code;
let isFromHeliograph;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'heliograph-webhook-'));
  code = await readFile(join(root, 'docs/webhooks.md'), 'utf8');
  await writeFile(join(scratch, 'verify.mjs'), block(code, 'js'));
  ({ isFromHeliograph } = await import(pathToFileURL(join(scratch, 'verify.mjs')).href));
  await writeFile(join(scratch, 'secret'), `${secret}\n`);
});
after(() => rm(scratch, { recursive: true, force: true }));

/** Takes webhooks; what it answers can be changed. */
class Receiver {
  requests = [];
  status = 204;
  #server;
  #port = 0;

  async up() {
    this.#server = createServer(async (request, response) => {
      const pieces = [];
      for await (const piece of request) pieces.push(piece);
      const body = Buffer.concat(pieces);
      this.requests.push({ headers: request.headers, body, event: JSON.parse(body) });
      response.writeHead(this.status).end();
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }
  async down() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
  get url() {
    return `http://127.0.0.1:${this.#port}/hook`;
  }
  /** Types of events, with the client's id. */
  get stories() {
    return this.requests.map(({ event }) => [event.type, event.connection?.clientId].filter(Boolean).join(' '));
  }
}

async function start(receiver) {
  return Heliographd.start({
    flags: ['--webhook', receiver.url, '--webhook-secret-file', join(scratch, 'secret')],
  });
}

async function createChannel(service, name) {
  const answer = await fetch(`${service.http}/_heliograph/v1/join`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ channelName: name, role: 'MASTER' }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).channelArn;
}

/** An open WebSocket of a viewer, by the address that the console would have signed. */
async function watch(service, arn, clientId) {
  const answer = await fetch(`${service.http}/_heliograph/v1/sign`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      endpoint: service.http.replace('http', 'ws'),
      queryParams: { 'X-Amz-ChannelARN': arn, 'X-Amz-ClientId': clientId },
    }),
  });
  const { url } = await answer.json();
  const { default: WebSocket } = await import('ws');
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

test('the signature is what the documented code expects, in Python and in Node', async () => {
  const receiver = new Receiver();
  await receiver.up();
  const service = await start(receiver);
  try {
    await until(() => receiver.requests.length === 1, 'the first event');
    const [{ headers, body, event }] = receiver.requests;
    const header = headers['heliograph-signature'];
    assert.equal(event.type, 'service.started');
    assert.equal(isFromHeliograph(secret, header, body), true);
    assert.equal(isFromHeliograph('another', header, body), false);
    assert.equal(isFromHeliograph(secret, header, Buffer.concat([body, Buffer.from(' ')])), false);
    assert.equal(isFromHeliograph(secret, header, body, -1), false, 'too old');
    assert.equal(isFromHeliograph(secret, 't=x,v1=y', body), false);
    const script = `${block(code, 'python')}
import sys
body = sys.stdin.buffer.read()
print(is_from_heliograph(${JSON.stringify(secret)}.encode(), sys.argv[1], body),
      is_from_heliograph(b"another", sys.argv[1], body), is_from_heliograph(b"x", "nonsense", body))`;
    const { stdout, stderr } = spawnSync(python, ['-c', script, header], { input: body, encoding: 'utf8' });
    assert.equal(stdout.trim(), 'True False False', stderr);
  } finally {
    await service.stop();
    await receiver.down();
  }
});

test('no event that was seen in the stream is lost when heliographd is killed', async () => {
  const receiver = new Receiver();
  await receiver.up();
  const service = await start(receiver);
  try {
    await until(() => receiver.requests.length === 1, 'the first event');
    await receiver.down();
    const arn = await createChannel(service, 'cam');
    const stream = await fetch(`${service.http}/_heliograph/v1/admin/events`);
    let seen = '';
    const reading = (async () => {
      for await (const piece of stream.body) seen += Buffer.from(piece).toString();
    })().catch(() => {});
    const ids = Array.from({ length: 20 }, (_, i) => `v${i}`);
    for (const id of ids) await watch(service, arn, id);
    await until(() => ids.every((id) => seen.includes(`"clientId":"${id}"`)), 'all are in the stream');

    await service.down('SIGKILL');
    await reading;
    await receiver.up();
    await service.up();

    const joined = ids.map((id) => `viewer.joined ${id}`);
    await until(
      () => joined.every((story) => receiver.stories.includes(story)),
      () => `all are told of: ${receiver.stories}`,
      30_000,
    );
    assert.deepEqual(
      receiver.stories.filter((story) => story.startsWith('viewer.')),
      joined,
      'in order',
    );
    assert.equal(receiver.stories.filter((story) => story === 'service.started').length, 2);
  } finally {
    await service.stop();
    await receiver.down();
  }
});
