// A program under way: what it wrote, as text and as JSON lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { until } from './heliographd.mjs';

export class Program {
  output = '';
  #pending = '';
  /** Lines that were JSON. */
  events = [];

  constructor(command, options = {}) {
    this.child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (this.output += text));
    }
    this.child.stdout.on('data', (text) => {
      const lines = (this.#pending + text).split('\n');
      this.#pending = lines.pop();
      for (const line of lines.filter((line) => line.startsWith('{'))) this.events.push(JSON.parse(line));
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => signal ?? code);
  }
  count(event) {
    return this.events.filter((one) => one.event === event).length;
  }
  last(event) {
    return this.events.findLast((one) => one.event === event);
  }
  /** Pictures received so far, as a viewer tells. */
  get frames() {
    return this.last('stats')?.video.frames ?? 0;
  }
  until(probe, what, timeoutMs = 60_000) {
    return until(probe, () => `${what}; it wrote:\n${this.output.slice(-3000)}`, timeoutMs);
  }
  kill(signal) {
    this.child.kill(signal);
  }
}
