// Users, roles and sessions of a service: made with the heliograph program, or forged with the service's own key.
import assert from 'node:assert/strict';
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { bin } from '../../support/heliographd.mjs';
import { run } from './agent.mjs';

/** Runs `heliograph` for this service; its output. */
export async function heliograph(service, ...args) {
  const { code, stdout, stderr } = await run(join(bin, 'heliograph'), [...args, '--data', service.data], {});
  assert.equal(code, 0, stderr);
  return stdout;
}

/** A JSON document in a file of the service's data directory. */
export async function file(service, name, content) {
  const path = join(service.data, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The variables of a client that has these credentials, as STS gives them. */
export const asCredentials = ({ AccessKeyId, SecretAccessKey, SessionToken }) => ({
  AWS_ACCESS_KEY_ID: AccessKeyId,
  AWS_SECRET_ACCESS_KEY: SecretAccessKey,
  AWS_SESSION_TOKEN: SessionToken,
});

/** Credentials of the administrator that ended a minute ago, sealed as the service seals them. */
export async function expiredCredentials(service) {
  const master = Buffer.from((await readFile(join(service.data, 'master.key'), 'utf8')).trim(), 'hex');
  const key = createHmac('sha256', master).update('heliograph session tokens 1').digest();
  const text = (value) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const expires = Buffer.alloc(8);
  expires.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000) - 60));
  const [AccessKeyId, SecretAccessKey] = ['ASIAENDEDAMINUTEAGO0', 'a-secret-that-was-good'];
  const claims = Buffer.concat([
    Buffer.from([1, 1]),
    expires,
    ...[AccessKeyId, SecretAccessKey, 'default', '', '', service.credentials.accessKeyId].map(text),
    Buffer.from([0]),
  ]);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('heliograph session token 1'));
  const sealed = Buffer.concat([nonce, cipher.update(claims), cipher.final(), cipher.getAuthTag()]);
  return { AccessKeyId, SecretAccessKey, SessionToken: sealed.toString('base64url') };
}
