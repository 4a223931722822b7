/** The connection with the signaling service, which comes back by itself. */
import { Role, SignalingClient } from '@heliograph/webrtc';
import { api, ApiError, serviceSigner } from './api';
import type { JoinAnswer, RoleName } from './api';
import { Backoff } from './backoff';

/** Heliograph's close codes for "a newer connection took your place" and "the channel was deleted". */
const REPLACED = 4001;
const DELETED = 4002;
/** Relay credentials that live for a shorter time than this are asked for anew. */
const LEAST_ICE_LIFE_MS = 60_000;
/** Messages that wait for the link to come back. More would be of a call that nobody waits for. */
const LONGEST_QUEUE = 500;

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'waiting'; why: string; retryInMs: number }
  | { kind: 'replaced' }
  | { kind: 'deleted' }
  | { kind: 'failed'; error: ApiError }
  | { kind: 'closed' };

export interface LinkHandlers {
  onState(state: LinkState): void;
  onOffer?(offer: RTCSessionDescriptionInit, from: string): void;
  onAnswer?(answer: RTCSessionDescriptionInit): void;
  onCandidate(candidate: RTCIceCandidateInit, from: string): void;
  onRefused(why: string): void;
  onDebug(text: string): void;
}

interface Queued {
  to: string | undefined;
  send(client: SignalingClient): void;
}

/** States: connecting → open → waiting → connecting …; replaced, deleted and failed stay until retry(), closed for good. */
export class Link {
  joined: JoinAnswer | null = null;
  private joinedAt = 0;
  private client: SignalingClient | null = null;
  /** The newest, open or not yet. */
  private attempt: SignalingClient | null = null;
  private readonly backoff = new Backoff();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  private lastCorrelation = 0;
  private queue: Queued[] = [];

  constructor(
    private readonly channel: string,
    private readonly role: RoleName,
    private readonly clientId: string | undefined,
    private readonly handlers: LinkHandlers,
  ) {}

  open(): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.handlers.onState({ kind: 'connecting' });
    void this.connect();
  }

  /** After 'replaced', 'deleted' or 'failed', or to be quicker than the back-off. */
  retry(): void {
    this.backoff.reset();
    this.open();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.dropClient();
    this.handlers.onState({ kind: 'closed' });
  }

  get isOpen(): boolean {
    return this.client !== null;
  }

  // What cannot be sent now is sent when the link is open again; true when that was at once.

  sendOffer(offer: RTCSessionDescription): boolean {
    return this.send(undefined, (client) => client.sendSdpOffer(offer, undefined, this.correlationId()));
  }

  sendAnswer(answer: RTCSessionDescription, to: string): boolean {
    return this.send(to, (client) => client.sendSdpAnswer(answer, to, this.correlationId()));
  }

  sendCandidate(candidate: RTCIceCandidate, to?: string): boolean {
    return this.send(to, (client) => client.sendIceCandidate(candidate, to, this.correlationId()));
  }

  /** A new peer connection with the same other end: what waits to be sent to it belongs to the old one. */
  dropQueued(to?: string): void {
    this.queue = this.queue.filter((queued) => queued.to !== to);
  }

  /** The ICE servers, with credentials that live for a while yet. */
  async iceServers(): Promise<RTCIceServer[]> {
    const { joined } = this;
    if (!joined) return [];
    const left = joined.iceTtlSeconds * 1000 - (performance.now() - this.joinedAt);
    if (joined.iceServers.length > 0 && left < LEAST_ICE_LIFE_MS) {
      try {
        await this.join();
      } catch (error) {
        this.handlers.onDebug(`no new relay credentials: ${(error as Error).message}`);
      }
    }
    return this.joined!.iceServers;
  }

  /** A new peer connection with the same other end: its candidates wait for its new description. */
  forgetCandidates(from?: string): void {
    this.client?.resetIceCandidateState(from);
  }

  private send(to: string | undefined, send: Queued['send']): boolean {
    if (this.client) {
      send(this.client);
      return true;
    }
    if (this.queue.length < LONGEST_QUEUE) this.queue.push({ to, send });
    else this.handlers.onDebug(`a message was dropped: ${LONGEST_QUEUE} wait for the service already`);
    return false;
  }

  private async join(): Promise<JoinAnswer> {
    this.joined = await api.join(this.channel, this.role, this.clientId);
    this.joinedAt = performance.now();
    return this.joined;
  }

  private correlationId(): string {
    return `m${++this.lastCorrelation}`;
  }

  private async connect(): Promise<void> {
    let joined: JoinAnswer;
    try {
      joined = await this.join();
    } catch (error) {
      if (this.isClosed) return;
      const failure = error instanceof ApiError ? error : new ApiError(0, 'Unknown', String(error));
      if (failure.isPassing) this.retryLater(failure.message);
      else this.handlers.onState({ kind: 'failed', error: failure });
      return;
    }
    if (!this.isClosed) this.openClient(joined);
  }

  private openClient(joined: JoinAnswer): void {
    this.dropClient();
    const client = new SignalingClient({
      channelARN: joined.channelArn,
      channelEndpoint: joined.endpoint,
      region: joined.region,
      role: this.role === 'MASTER' ? Role.MASTER : Role.VIEWER,
      ...(this.role === 'VIEWER' ? { clientId: this.clientId! } : {}),
      requestSigner: serviceSigner,
    });
    this.attempt = client;
    client.on('open', () => {
      this.client = client;
      this.backoff.reset();
      this.handlers.onState({ kind: 'open' });
      for (const queued of this.queue.splice(0)) queued.send(client);
    });
    client.on('sdpOffer', (offer, from) => this.handlers.onOffer?.(offer, from));
    client.on('sdpAnswer', (answer) => this.handlers.onAnswer?.(answer));
    client.on('iceCandidate', (candidate, from) => this.handlers.onCandidate(candidate, from));
    client.on('statusResponse', (status) =>
      this.handlers.onRefused(`${status.errorType ?? 'Error'} ${status.statusCode ?? ''}: ${status.description ?? ''}`),
    );
    client.on('goAway', () => {
      this.handlers.onDebug('the service asks to connect anew');
      this.client = null;
      client.close();
    });
    client.on('error', (error) => {
      this.handlers.onDebug(`signaling error: ${error?.message ?? 'connection failed'}`);
      // Signing failed: there is no socket whose close event would follow.
      this.client = null;
      client.close();
    });
    client.on('close', ({ code, reason }: { code: number; reason: string }) => this.onClose(client, code, reason));
    client.open();
  }

  private onClose(client: SignalingClient, code: number, reason: string): void {
    client.removeAllListeners();
    this.client = null;
    if (this.isClosed) return;
    if (code === REPLACED) return this.handlers.onState({ kind: 'replaced' });
    if (code === DELETED) return this.handlers.onState({ kind: 'deleted' });
    this.retryLater(reason || 'the connection was lost');
  }

  private retryLater(why: string): void {
    const retryInMs = this.backoff.next();
    this.handlers.onState({ kind: 'waiting', why, retryInMs });
    this.timer = setTimeout(() => this.open(), retryInMs);
  }

  private dropClient(): void {
    const { attempt } = this;
    this.client = null;
    this.attempt = null;
    if (!attempt) return;
    attempt.removeAllListeners();
    attempt.on('error', () => {});
    attempt.close();
  }
}
