// docs/compatibility.md is held to its word: every row names tests that exist, or says "not offered".
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { root } from '../support/heliographd.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const filesIn = (folder, ending) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });

const cppTests = new Set(
  filesIn('tests', '.cpp').flatMap((file) =>
    [...read(file).matchAll(/^TEST(?:_F|_P)?\((\w+), (\w+)/gm)].map(([, suite, name]) => `${suite}.${name}`),
  ),
);

/** A file of tests, with the file of shared tests that both JavaScript SDKs must pass. */
function textOf(file) {
  const text = read(file);
  return text.includes('sample_flow.mjs') ? text + read('tests/interop/support/sample_flow.mjs') : text;
}

const folders = ['tests/interop', 'tests/browser', 'tests/outage', 'web/sdk/test'];

function exists(reference) {
  const [, file, name] = /^(\w+\.test\.mjs): (.+)$/.exec(reference) ?? [];
  if (!file) return cppTests.has(reference);
  const folder = folders.find((each) => readdirSync(join(root, each)).includes(file));
  return folder !== undefined && textOf(`${folder}/${file}`).includes(name);
}

/** The rows of every table: their last cell. */
const rows = read('docs/compatibility.md')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line))
  .map((line) => line.slice(1, -1).split('|'))
  .map((cells) => ({ what: cells[0].trim(), proof: cells.at(-1).trim() }));

test('every row of docs/compatibility.md names tests that exist, or says "not offered"', () => {
  const proofs = rows.filter(({ proof }) => !['Proof', 'not offered'].includes(proof));

  assert.ok(proofs.length > 50, `only ${proofs.length} rows were read`);
  const wrong = proofs.flatMap(({ what, proof }) => {
    const references = [...proof.matchAll(/`([^`]+)`/g)].map(([, reference]) => reference);
    if (references.length === 0) return [`${what}: no test is named`];
    return references.filter((reference) => !exists(reference)).map((reference) => `${what}: no test ${reference}`);
  });
  assert.deepEqual(wrong, []);
});

test('every operation that heliographd serves has a row in docs/compatibility.md', () => {
  const served = [...read('src/server/api/operation_table.cpp').matchAll(/Row\{Operation::k(\w+)/g)].map(
    ([, name]) => name,
  );

  assert.ok(served.length >= 26);
  const described = new Set(rows.filter(({ proof }) => proof !== 'not offered').map(({ what }) => what));
  assert.deepEqual(
    served.filter((name) => !described.has(name)),
    [],
  );
});
