// The README says what is true: its programs compile, its numbers are those measured.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { complaints, NODE10 } from '../test-support/compiler.mjs';
import { ours, require, root, sdk, UPSTREAM } from '../test-support/packages.mjs';

const readme = readFileSync(join(sdk, 'README.md'), 'utf8');
const { build } = require('esbuild');
const gzippedSize = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The two last columns of a row of the table. */
function row(title) {
  const line = readme.split('\n').find((each) => each.startsWith(`| ${title} |`));
  return line
    .split('|')
    .slice(2, 4)
    .map((cell) => cell.trim());
}

async function bundledSize(name) {
  const { outputFiles } = await build({
    stdin: { contents: `export { SignalingClient, Role } from '${name}';`, resolveDir: join(root, 'tests') },
    define: { 'process.env.PACKAGE_VERSION': '""' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    write: false,
    logLevel: 'silent',
  });
  return gzippedSize(outputFiles[0].contents);
}

describe('README.md', () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);

  it('has programs that compile', () => {
    const [imports, ...rest] = blocks[0].split('\n\n');
    const [master, viewer, join] = [rest.join('\n'), blocks[1], blocks[2]];
    const scoped = (name, text) => `export async function ${name}() {\n${text}\n}\n`;
    const known = 'declare const credentials: { accessKeyId: string; secretAccessKey: string };\n';
    const program = [imports, known, join, scoped('runMaster', master), scoped('runViewer', viewer)].join('\n');

    assert.equal(blocks.length, 3);
    assert.deepEqual(
      complaints('readme.ts', () => program, NODE10),
      [],
    );
  });

  it('gives the sizes that are', async () => {
    const page = (name) => gzippedSize(readFileSync(require.resolve(`${name}/dist/kvs-webrtc.min.js`)));

    for (const [column, name] of [UPSTREAM, '@heliograph/webrtc'].entries()) {
      for (const [title, size] of [
        ['Script for a page, gzip', page(name)],
        ["Bundled into a page's own script, gzip", await bundledSize(name)],
      ]) {
        // Versions of zlib differ by a few bytes.
        const said = Number.parseFloat(row(title)[column]) * 1000;
        assert.ok(Math.abs(said - size) < 200, `${title}, ${name}: ${size} bytes, not ${said}`);
      }
    }
  });

  it('names every export and every public method', () => {
    const methods = Object.getOwnPropertyNames(ours.SignalingClient.prototype).filter((name) =>
      /^(open|close|sendS\w+|sendI\w+|\w*IceCandidate\w*s)$/.test(name),
    );

    for (const name of [...Object.keys(ours), ...methods])
      assert.ok(readme.includes(`\`${name}`) || readme.includes(`new ${name}`), name);
  });
});
