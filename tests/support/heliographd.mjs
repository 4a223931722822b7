// A heliographd of a test's own: free ports, its own data, ended with the test. Answers from build/bin unless HELIOGRAPH_BIN says otherwise.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isRelayReady } from './relay_ready.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const bin = process.env.HELIOGRAPH_BIN ?? join(root, 'build/bin');

/** Until `probe` gives something truthy; asks every 20 ms. Fails with `what` after `timeoutMs`. */
export async function until(probe, what, timeoutMs = 15_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline)
      throw new Error(`not within ${timeoutMs} ms: ${typeof what === 'function' ? await what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export class Heliographd {
  /** What it wrote, on stdout and stderr. */
  log = '';
  #child;
  #flags;
  #listen = '127.0.0.1:0';

  constructor(data, flags) {
    this.data = data;
    this.#flags = flags;
  }

  /**
   * Flags as for heliographd; no relay unless `turn` says so, since not every test needs one, and then not before it
   * takes requests. HELIOGRAPH_TEST_LIMITS is the profile of limits for those that name none.
   */
  static async start({ flags = [], turn = 'off' } = {}) {
    const profile = process.env.HELIOGRAPH_TEST_LIMITS;
    if (profile && !flags.includes('--limits')) flags = ['--limits', profile, ...flags];
    const data = await mkdtemp(join(tmpdir(), 'heliograph-test-'));
    const relay = turn === 'off' ? ['--turn', 'off'] : ['--turn', turn, '--turn-port', '0', '--turn-tls-port', '0'];
    const service = new Heliographd(data, [...relay, ...flags]);
    await service.#run();
    if (turn === 'auto') await service.#relayStarted();
    return service;
  }

  async #relayStarted() {
    const started = /relay started.* port=(\d+) tls_port=(\d+)/;
    const relay = () => started.exec(this.log);
    const answers = () => relay() && isRelayReady(Number(relay()[1]), Number(relay()[2]));
    await until(answers, () => `the relay answers:\n${this.log}`);
  }

  async #run() {
    const from = this.log.length;
    this.#child = spawn(join(bin, 'heliographd'), ['--data', this.data, '--listen', this.#listen, ...this.#flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = this.#child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (this.log += text));
    }
    const listening = /listening on http:\/\/127\.0\.0\.1:(\d+)/;
    const [, port] = await until(() => {
      if (child.exitCode !== null) throw new Error(`heliographd ended at once:\n${this.log.slice(from)}`);
      return listening.exec(this.log.slice(from));
    }, 'heliographd listens');
    // The same port after a restart, as a real service has.
    this.#listen = `127.0.0.1:${port}`;
    this.port = Number(port);
    this.runtime = JSON.parse(await readFile(join(this.data, 'runtime.json'), 'utf8'));
    this.http = `http://localhost:${port}`;
    this.https = `https://localhost:${port}`;
    this.region = this.runtime.region;
    this.caFile = this.runtime.caFile;
    const credentials = await readFile(join(this.data, 'credentials'), 'utf8');
    this.credentials = {
      accessKeyId: /aws_access_key_id\s*=\s*(\S+)/.exec(credentials)[1],
      secretAccessKey: /aws_secret_access_key\s*=\s*(\S+)/.exec(credentials)[1],
    };
  }

  get pid() {
    return this.#child.pid;
  }

  /** What AWS programs read from the environment. */
  get environment() {
    return {
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      AWS_DEFAULT_REGION: this.region,
      AWS_REGION: this.region,
      AWS_ENDPOINT_URL_KINESIS_VIDEO: this.https,
      AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING: this.https,
      AWS_ENDPOINT_URL_STS: this.https,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CA_BUNDLE: this.caFile,
      NODE_EXTRA_CA_CERTS: this.caFile,
    };
  }

  /** Ends the process and keeps the data: what a service that went down looks like. */
  async down(signal = 'SIGTERM') {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  /** On the same port, with the same data. */
  async up() {
    await this.#run();
  }

  async stop() {
    await this.down();
    await rm(this.data, { recursive: true, force: true });
  }
}
