// A web page on an origin of its own, with the browser builds of AWS' packages as its scripts.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const packageOf = (name) => dirname(require.resolve(`${name}/package.json`));

/** What a program's bundler makes of the v3 clients. */
async function bundleV3() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export * as video from '@aws-sdk/client-kinesis-video';
        export * as signaling from '@aws-sdk/client-kinesis-video-signaling';`,
      resolveDir: dirname(fileURLToPath(import.meta.url)),
    },
    bundle: true,
    format: 'iife',
    globalName: 'AWSv3',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0].text;
}

const page = `<!doctype html><meta charset="utf-8"><title>AWS SDKs</title>
<script src="/aws-sdk.min.js"></script><script src="/v3.js"></script><script src="/kvs-webrtc.min.js"></script>`;

/** `url` is the page; `stop()` ends it. */
export async function servePage() {
  const files = {
    '/': page,
    '/aws-sdk.min.js': await readFile(join(packageOf('aws-sdk'), 'dist/aws-sdk.min.js')),
    '/kvs-webrtc.min.js': await readFile(
      join(packageOf('amazon-kinesis-video-streams-webrtc'), 'dist/kvs-webrtc.min.js'),
    ),
    '/v3.js': await bundleV3(),
  };
  const server = createServer((request, response) => {
    const file = files[request.url];
    const type = request.url === '/' ? 'text/html' : 'text/javascript';
    response.writeHead(file ? 200 : 404, { 'Content-Type': type }).end(file ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
