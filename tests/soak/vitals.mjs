// What a process holds, as the kernel tells.
import { readdir, readFile } from 'node:fs/promises';

/** Resident memory in KiB without the file's pages, and open descriptors. */
export async function vitalsOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const memory = Number(/RssAnon:\s+(\d+)/.exec(status)[1]);
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  return { memory, descriptors };
}

/** The pids of its children of that name. */
export async function childrenOf(pid, name) {
  const found = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const [, command, parent] = /\((.*)\) \S (\d+)/.exec(stat) ?? [];
    if (command === name && Number(parent) === pid) found.push(Number(entry));
  }
  return found;
}
