/** The service's own API: it finds the channel, hands out ICE servers, and signs; this page never holds a key. */
import type { QueryParams, RequestSigner } from '@heliograph/webrtc';

export type RoleName = 'MASTER' | 'VIEWER';

export interface ServiceInfo {
  version: string;
  region: string;
  loginRequired: boolean;
  loggedIn: boolean;
  relay: boolean;
}

export interface JoinAnswer {
  channelArn: string;
  region: string;
  endpoint: string;
  iceServers: RTCIceServer[];
  iceTtlSeconds: number;
  messageTtlSeconds: number;
}

/** A refusal of the service, or no answer at all (status 0). `message` is fit to be shown. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }

  get needsLogin(): boolean {
    return this.status === 401;
  }
  /** Trying again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

const BASE = '/_heliograph/v1/';

async function call<T>(path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
    });
  } catch {
    throw new ApiError(0, 'Unreachable', 'The service cannot be reached. Is heliographd running?');
  }
  const text = await response.text();
  let parsed: any = {};
  try {
    parsed = text ? JSON.parse(text) : {};
  } catch {
    // Not ours: a proxy's page.
  }
  if (response.ok) return parsed as T;
  const message = parsed.message ?? parsed.Message ?? `The service answered ${response.status}.`;
  throw new ApiError(response.status, parsed.__type ?? 'Unknown', message);
}

export const api = {
  info: () => call<ServiceInfo>('info'),
  login: (accessKeyId: string, secretAccessKey: string) => call<void>('login', { accessKeyId, secretAccessKey }),
  logout: () => call<void>('logout', {}),
  join: (channelName: string, role: RoleName, clientId?: string) =>
    call<JoinAnswer>('join', { channelName, role, ...(clientId ? { clientId } : {}) }),
};

/** Has every connection signed afresh by the service. */
export const serviceSigner: RequestSigner = {
  async getSignedURL(endpoint: string, queryParams: QueryParams): Promise<string> {
    return (await call<{ url: string }>('sign', { endpoint, queryParams })).url;
  },
};
