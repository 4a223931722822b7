import type { RequestSigner } from './RequestSigner';
import type { Role } from './Role';

/** A key pair. With `getPromise` (AWS SDK v2) it is asked to refresh itself before every use. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  getPromise?(): Promise<void>;
}

/** Credentials of the AWS SDK v3: a function that gives the current ones. */
export type CredentialsProvider = () => Promise<Credentials>;

export interface SignalingClientLogger {
  debug(...data: unknown[]): void;
  log(...data: unknown[]): void;
  warn(...data: unknown[]): void;
}

export interface SignalingClientConfig {
  channelARN: string;
  channelEndpoint: string;
  region: string;
  role: Role;
  /** The viewer's id; a master has none. */
  clientId?: string;
  /** The channel is a FULL_MESH one, which Heliograph has: a viewer may then send to any other by its id. */
  fullMesh?: boolean;
  /** Either these or a requestSigner. */
  credentials?: Credentials | CredentialsProvider;
  requestSigner?: RequestSigner;
  /** Added to this machine's clock, in milliseconds. */
  systemClockOffset?: number;
  /** Candidates that come before the SDP wait for drainPendingIceCandidates(), instead of following the SDP by themselves. */
  enableEarlyIceCandidateBuffering?: boolean;
  logger?: SignalingClientLogger;
  /** What to open connections with, instead of the platform's WebSocket. */
  webSocket?: WebSocketConstructor;
}

/** The part of the WebSocket interface that is used. */
export interface WebSocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: any) => void): void;
  removeEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: any) => void): void;
}
export type WebSocketConstructor = new (url: string) => WebSocketLike;

export interface StatusResponse {
  correlationId: string;
  success: boolean;
  errorType?: string;
  statusCode?: string;
  description?: string;
}

/** Why a connection ended: the close frame's code and reason. Heliograph always gives both. */
export interface CloseInfo {
  code: number;
  reason: string;
}
