// Signed calls over kept connections.
import http from 'node:http';

import { amzDate, authorize } from '../interop/support/sigv4.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Status, text and JSON of the answer. Fails when there is none. */
export function signedCall(service, path, input) {
  const body = JSON.stringify(input);
  const signed = { host: `localhost:${service.port}`, 'x-amz-date': amzDate() };
  const authorization = authorize({ path, body, signed, region: service.region, credentials: service.credentials });
  const headers = { ...signed, authorization, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: service.port, method: 'POST', path, headers, agent });
    request.on('error', reject);
    request.setTimeout(20_000, () => request.destroy(new Error(`${path} was not answered`)));
    request.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }),
      );
    });
    request.end(body);
  });
}
