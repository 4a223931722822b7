// Bundles the page into dist/: content-hashed files, and an index.html that names them. `--tests` bundles the unit tests instead.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const common = { bundle: true, jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' };

async function buildTests() {
  rmSync('build/test', { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: readdirSync('test').map((file) => `test/${file}`),
    outdir: 'build/test',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node18',
  });
}

/** What the licences of the bundled packages ask to be kept. */
function licenses() {
  const read = (name) => `${name}\n\n${readFileSync(`../../node_modules/${name}/LICENSE`, 'utf8')}`;
  return ['preact', 'uqr', '@noble/hashes'].map(read).join('\n---\n\n');
}

async function buildPage() {
  rmSync('dist', { recursive: true, force: true });
  mkdirSync('dist');
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/main.tsx'],
    outdir: 'dist',
    entryNames: 'app-[hash]',
    format: 'esm',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    minify: true,
    sourcemap: false,
    metafile: true,
  });
  const outputs = Object.keys(metafile.outputs).map((path) => basename(path));
  const named = (extension) => outputs.find((name) => name.endsWith(extension));
  const html = readFileSync('src/index.html', 'utf8')
    .replace('{{style}}', named('.css'))
    .replace('{{script}}', named('.js'));
  writeFileSync('dist/index.html', html);
  writeFileSync('dist/icon.svg', readFileSync('src/icon.svg'));
  writeFileSync('dist/licenses.txt', licenses());
}

await (process.argv.includes('--tests') ? buildTests() : buildPage());
