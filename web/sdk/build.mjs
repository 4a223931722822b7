// Bundles: one file for a script tag (window.KVSWebRTC), one ES module for bundlers and browsers, one for Node.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Browsers have a WebSocket of their own: Node's is left out. */
const withoutNode = {
  name: 'without-node',
  setup(builder) {
    builder.onResolve({ filter: /\/NodeWebSocket$/ }, ({ resolveDir }) => ({
      path: `${resolveDir}/NodeWebSocket.browser.ts`,
    }));
  },
};

const common = {
  bundle: true,
  logLevel: 'warning',
  // @noble/hashes is MIT: its notice goes with every copy.
  legalComments: 'eof',
  banner: { js: `/* @heliograph/webrtc ${version}, Apache-2.0 */` },
};

await Promise.all([
  build({
    ...common,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/kvs-webrtc.min.js',
    format: 'iife',
    globalName: 'KVSWebRTC',
    // A script tag's `var` is a property of window; being explicit makes that true in strict wrappers too.
    footer: { js: 'globalThis.KVSWebRTC=KVSWebRTC;' },
    minify: true,
    target: 'es2020',
    plugins: [withoutNode],
  }),
  build({
    ...common,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.mjs',
    format: 'esm',
    target: 'es2020',
    plugins: [withoutNode],
  }),
  build({
    ...common,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/node.mjs',
    format: 'esm',
    platform: 'node',
    target: 'node18',
  }),
]);
