// The pages for those who come from the AWS SDKs: what they name of ours exists.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { root } from '../support/heliographd.mjs';

/** Every name in backquotes in the last column of the page's tables. */
function namesOf(page) {
  const names = new Set();
  for (const line of page.split('\n')) {
    if (!line.startsWith('|') || line.startsWith('|--')) continue;
    const last = line.split('|').at(-2);
    for (const [, code] of last.matchAll(/`([^`]+)`/g)) {
      if (code.startsWith('AWS_') || code.startsWith('examples/')) continue;
      for (const [name] of code.matchAll(/[A-Za-z_][A-Za-z0-9_]{3,}/g)) names.add(name);
    }
  }
  // Words of C++ and of the example calls' own arguments.
  for (const word of [
    'name',
    'handler',
    'handlers',
    'true',
    'config',
    'channels',
    'frame',
    'sent',
    'recipient',
    'label',
    'region',
  ])
    names.delete(word);
  return names;
}

const folder = join(root, 'include/heliograph');
const headers = (await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')))).join(
  '\n',
);

for (const file of ['from-aws-js-sdk.md', 'from-aws-c-sdk.md'])
  test(`${file} names only what the public headers have`, async () => {
    const names = namesOf(await readFile(join(root, 'docs', file), 'utf8'));
    assert.ok(names.size > 30, 'the tables were read');
    const missing = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(headers));
    assert.deepEqual(missing, []);
  });

test('the C++ program of the README is the example', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const hello = await readFile(join(root, 'examples/cpp/hello.cpp'), 'utf8');
  assert.ok(readme.includes('```cpp\n' + hello + '```'), 'copy examples/cpp/hello.cpp into README.md');
});
