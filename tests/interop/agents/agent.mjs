// The client's end of support/agent.mjs: takes one JSON object per line, does it, tells the outcome.
import { createInterface } from 'node:readline';

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Tells the test what happened to one of the agent's peers. */
export const tell = (peer, event, more = {}) => say({ peer, event, ...more });

/** `describe` turns what a client threw into what a program that uses it sees. */
export function serve(abilities, describe) {
  const all = { hello: () => true, ...abilities };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const { id, do: what, args } = JSON.parse(line);
    try {
      say({ id, result: (await all[what](...args)) ?? null });
    } catch (error) {
      say({ id, error: { message: error.message, name: error.name, ...describe(error) } });
    }
  });
  lines.on('close', () => process.exit(0));
}
