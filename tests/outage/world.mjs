// A service, a master and two viewers, each in a network namespace of its own, and a switch between them that can be told to fail.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bin } from '../support/heliographd.mjs';
import { Program } from '../support/program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const addresses = { service: '10.99.0.1', master: '10.99.0.2', viewer: '10.99.0.3', other: '10.99.0.4' };

export class World {
  #programs = [];

  /** @param taskset the processors that everything shares; all of them if absent. */
  static async start({ taskset } = {}) {
    const world = new World();
    world.prefix = taskset ? ['taskset', '-c', taskset] : [];
    world.data = await mkdtemp(join(tmpdir(), 'heliograph-outage-'));
    // A coturn that cannot be started while the file is there.
    world.noRelay = join(world.data, 'no-relay');
    world.turnserver = join(world.data, 'turnserver');
    await writeFile(world.turnserver, `#!/bin/sh\n[ -e ${world.noRelay} ] && exit 1\nexec turnserver "$@"\n`);
    await chmod(world.turnserver, 0o755);
    const ports = Object.entries(addresses).map(([name, address]) => `${name}=${address}`);
    world.switch = new Program(['python3', join(here, 'switch.py'), ...ports]);
    world.pids = await world.switch.until(() => world.switch.events[0], 'the namespaces are there');
    await world.startService();
    return world;
  }

  run(place, command) {
    const program = new Program(['nsenter', '-t', String(this.pids[place]), '-n', ...this.prefix, ...command]);
    this.#programs.push(program);
    return program;
  }
  async startService() {
    const flags = [
      '--data',
      this.data,
      '--listen',
      `${addresses.service}:3000`,
      '--allow-plaintext',
      '--limits',
      'open',
    ];
    const relay = ['--turn', 'auto', '--turn-binary', this.turnserver, '--turn-allow-peer', '10.99.0.1-10.99.0.9'];
    this.service = this.run('service', [join(bin, 'heliographd'), ...flags, ...relay]);
    await this.service.until(() => /listening on/.test(this.service.output), 'heliographd listens');
  }
  heliograph(place, ...command) {
    const [name, ...rest] = command;
    const where = ['--endpoint', `http://${addresses.service}:3000`, '--data', this.data];
    return this.run(place, [join(bin, 'heliograph'), name, 'cam', ...where, ...rest]);
  }
  master(...flags) {
    const picture = ['--source', 'test', '--size', '320x180', '--fps', '10', '--bitrate', '200'];
    return this.heliograph('master', 'master', '--create', '--json', ...picture, ...flags);
  }
  viewer(...flags) {
    return this.heliograph('viewer', 'viewer', '--headless', '--stats', ...flags);
  }
  /** A second one, in a namespace of its own. */
  otherViewer(...flags) {
    return this.heliograph('other', 'viewer', '--headless', '--stats', ...flags);
  }
  /** What waits at a place, and how many packets were lost because too much waited: as the switch tells. */
  async queueAt(place) {
    await this.tell(`queue ${place}`);
    return this.switch.events.at(-1);
  }
  /** "cut viewer", "heal viewer", "loss viewer 5", "rate viewer 500 200", … */
  async tell(command) {
    this.switch.child.stdin.write(`${command}\n`);
    await this.switch.until(() => this.switch.output.includes(`done ${command}`), `the switch did: ${command}`);
    this.switch.output = '';
  }
  /** The relay's process, by its parent. */
  async relayPid() {
    const children = `/proc/${this.service.child.pid}/task/${this.service.child.pid}/children`;
    return Number((await readFile(children, 'utf8')).trim().split(' ')[0]);
  }
  async stop() {
    for (const program of this.#programs) if (program.child.exitCode === null) program.kill('SIGKILL');
    this.switch.child.stdin.end();
    await Promise.all([...this.#programs, this.switch].map((program) => program.ended));
    await rm(this.data, { recursive: true, force: true });
  }
}
