import { hmac } from '@noble/hashes/hmac';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

import type { QueryParams } from './QueryParams';
import type { RequestSigner } from './RequestSigner';
import { toUtf8 } from './text';
import type { Credentials, CredentialsProvider } from './types';
import { requireValue } from './validate';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SIGNED_HEADERS = 'host';
const EMPTY_PAYLOAD_HASH = bytesToHex(sha256(new Uint8Array(0)));
const LOOPBACK = /^ws:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/;

/** Presigns WebSocket URLs by AWS Signature Version 4. The session token is part of what is signed, as the service demands. */
export class SigV4RequestSigner implements RequestSigner {
  private readonly region: string;
  private readonly credentials: Credentials | CredentialsProvider;
  private readonly service: string;

  constructor(region: string, credentials: Credentials | CredentialsProvider, service = 'kinesisvideo') {
    this.region = region;
    this.credentials = credentials;
    this.service = service;
  }

  /**
   * @param endpoint  wss://host[:port][/path], without a query; ws:// only on this machine.
   * @param date  when the URL is signed; it is good for 299 seconds from then.
   */
  async getSignedURL(endpoint: string, queryParams: QueryParams, date: Date = new Date()): Promise<string> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.currentCredentials();
    const { scheme, host, path } = splitEndpoint(endpoint);
    const dateTime = date
      .toISOString()
      .replace(/\.\d{3}Z$/, 'Z')
      .replace(/[:-]/g, '');
    const day = dateTime.slice(0, 8);
    const scope = `${day}/${this.region}/${this.service}/aws4_request`;

    const params: QueryParams = {
      ...queryParams,
      'X-Amz-Algorithm': ALGORITHM,
      'X-Amz-Credential': `${accessKeyId}/${scope}`,
      'X-Amz-Date': dateTime,
      'X-Amz-Expires': '299',
      'X-Amz-SignedHeaders': SIGNED_HEADERS,
    };
    if (sessionToken) params['X-Amz-Security-Token'] = sessionToken;

    const canonical = ['GET', path, toQuery(params), `host:${host}\n`, SIGNED_HEADERS, EMPTY_PAYLOAD_HASH].join('\n');
    const toSign = [ALGORITHM, dateTime, scope, bytesToHex(sha256(toUtf8(canonical)))].join('\n');
    let key = toUtf8(`AWS4${secretAccessKey}`);
    for (const part of [day, this.region, this.service, 'aws4_request', toSign]) key = hmac(sha256, key, toUtf8(part));
    return `${scheme}${host}${path}?${toQuery({ ...params, 'X-Amz-Signature': bytesToHex(key) })}`;
  }

  private async currentCredentials(): Promise<Credentials> {
    if (typeof this.credentials === 'function') return requireKeys(await this.credentials());
    if (typeof this.credentials.getPromise === 'function') await this.credentials.getPromise();
    return requireKeys(this.credentials);
  }
}

function requireKeys(credentials: Credentials): Credentials {
  requireValue(credentials.accessKeyId, 'credentials.accessKeyId');
  requireValue(credentials.secretAccessKey, 'credentials.secretAccessKey');
  return credentials;
}

function splitEndpoint(endpoint: string): { scheme: string; host: string; path: string } {
  const scheme = LOOPBACK.test(endpoint) ? 'ws://' : 'wss://';
  if (!endpoint.startsWith(scheme)) {
    throw new Error(
      `Endpoint '${endpoint}' is not a secure WebSocket endpoint. It should start with '${scheme}'.` +
        (endpoint.startsWith('ws://') ? " ('ws://' is for localhost only.)" : ''),
    );
  }
  if (endpoint.includes('?')) throw new Error(`Endpoint '${endpoint}' should not contain any query parameters.`);
  const slash = endpoint.indexOf('/', scheme.length);
  return slash < 0
    ? { scheme, host: endpoint.slice(scheme.length), path: '/' }
    : { scheme, host: endpoint.slice(scheme.length, slash), path: endpoint.slice(slash) };
}

/** In the order of code units, which is what the service sorts by. */
function toQuery(params: QueryParams): string {
  return Object.keys(params)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(params[name]!)}`)
    .join('&');
}
