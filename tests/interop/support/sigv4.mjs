// SigV4 as clients without an AWS SDK write it, apart from the code that verifies it. Every part can be bent.
import { createHash, createHmac } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** Unreserved characters only, as the C, Rust and Go signers have it. */
export const strict = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** 20240131T235959Z, `skewSeconds` from now. */
export const amzDate = (skewSeconds = 0) =>
  new Date(Date.now() + skewSeconds * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '');

const scopeOf = (date, region) => `${date.slice(0, 8)}/${region}/kinesisvideo/aws4_request`;

function signatureOf(canonical, secret, date, region) {
  const scope = scopeOf(date, region);
  const key = scope.split('/').reduce((key, part) => hmac(key, part), `AWS4${secret}`);
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
}

/**
 * The request target of a presigned WebSocket URL, the signature last. `spell` is how a client writes values into the URL,
 * `canonicalSpell` how it writes them into what it signs; SigV4 wants `strict` there, and not every client obeys.
 */
export function presign({
  host,
  region,
  credentials: { accessKeyId, secretAccessKey },
  query,
  expires = 299,
  date = amzDate(),
  spell = strict,
  canonicalSpell = strict,
}) {
  const all = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    ...query,
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(date, region)}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': 'host',
  };
  const write = (how) =>
    Object.keys(all)
      .sort()
      .map((name) => `${name}=${how(all[name])}`)
      .join('&');
  const canonical = ['GET', '/', write(canonicalSpell), `host:${host}`, '', 'host', sha256('')].join('\n');
  return `/?${write(spell)}&X-Amz-Signature=${signatureOf(canonical, secretAccessKey, date, region)}`;
}

/** The Authorization header of a POST whose `signed` headers (name → value, lower case) are covered. */
export function authorize({ path, body, signed, region, credentials: { accessKeyId, secretAccessKey } }) {
  const names = Object.keys(signed).sort();
  const headers = names.map((name) => `${name}:${signed[name]}\n`).join('');
  const canonical = ['POST', path, '', headers, names.join(';'), sha256(body)].join('\n');
  const date = signed['x-amz-date'];
  const signature = signatureOf(canonical, secretAccessKey, date, region);
  const credential = `${accessKeyId}/${scopeOf(date, region)}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}
