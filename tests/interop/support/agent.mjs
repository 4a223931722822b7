// A client in a process of its own, told what to do in JSON lines: the test's end of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { until } from '../../support/heliographd.mjs';

const agents = join(dirname(fileURLToPath(import.meta.url)), '../agents');

/** Debian's own programs: others of these names may come first on PATH. */
export const python = '/usr/bin/python3';
export const awscli = '/usr/bin/aws';

/** What a program gets to see: the service's variables, and nobody's profile. */
export const clientEnvironment = (service, more = {}) => ({
  PATH: '/usr/bin:/bin',
  HOME: service.data,
  LANG: 'C.UTF-8',
  ...service.environment,
  ...more,
});

/** Runs a program to its end. */
export async function run(program, args, env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

export class Agent {
  /** What the client told and nobody has asked for yet: `{ peer, event, … }`. */
  #events = [];
  #pending = new Map();
  #next = 1;
  #child;
  #errors = '';

  /** `file` is one of ../agents. */
  static async start(file, service, environment = {}) {
    const agent = new Agent();
    const program = file.endsWith('.py') ? python : process.execPath;
    agent.#run(program, join(agents, file), clientEnvironment(service, environment));
    await agent.do('hello');
    return agent;
  }

  #run(program, file, env) {
    this.#child = spawn(program, [file], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    this.#child.stdin.on('error', () => {}); // Told by 'exit'.
    this.#child.on('exit', () => {
      for (const { reject } of this.#pending.values()) reject(new Error(`the agent ended:\n${this.#errors}`));
      this.#pending.clear();
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(JSON.parse(line)));
  }

  #take(said) {
    if (said.id === undefined) return this.#events.push(said);
    const { resolve, reject } = this.#pending.get(said.id);
    this.#pending.delete(said.id);
    if (said.error) reject(Object.assign(new Error(), said.error, { message: this.#explain(said.error.message) }));
    else resolve(said.result);
  }

  /** With what was told before and nobody has asked for: a socket that had ended says why. */
  #explain(message) {
    if (this.#events.length === 0) return message;
    return `${message}\ntold before: ${this.#events.map((event) => JSON.stringify(event)).join(', ')}`;
  }

  /** Has the agent do something; rejects with what the client threw, as the client shows it to programs. */
  do(what, ...args) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, do: what, args })}\n`);
    });
  }

  /** The next event of one of the agent's peers. Events before it must have been asked for: a surprise fails the test. */
  async event(peer, name) {
    const isHis = (event) => event.peer === peer;
    await until(
      () => this.#events.some(isHis),
      `${peer} tells "${name}"${this.#errors && `; stderr: ${this.#errors}`}`,
    );
    const [event] = this.#events.splice(this.#events.findIndex(isHis), 1);
    if (event.event !== name) throw new Error(`${peer}: expected "${name}", got ${JSON.stringify(event)}`);
    return event;
  }

  /** What has been told and not asked for: nothing, in a test that has looked at everything. */
  get unexpected() {
    return this.#events;
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}
