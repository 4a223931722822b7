import { CandidateBuffer } from './CandidateBuffer';
import { EventEmitter } from './EventEmitter';
import { NodeWebSocket } from './NodeWebSocket';
import type { QueryParams } from './QueryParams';
import type { RequestSigner } from './RequestSigner';
import { Role } from './Role';
import { SigV4RequestSigner } from './SigV4RequestSigner';
import { fromBase64, toBase64 } from './text';
import type { SignalingClientConfig, WebSocketConstructor, WebSocketLike } from './types';
import { requireNoValue, requireValue } from './validate';

export type {
  CloseInfo,
  Credentials,
  CredentialsProvider,
  SignalingClientConfig,
  SignalingClientLogger,
  StatusResponse,
} from './types';

/** The numbers of the WebSocket interface, as in the AWS package. */
const enum ReadyState {
  CONNECTING,
  OPEN,
  CLOSING,
  CLOSED,
}
type Action = 'SDP_OFFER' | 'SDP_ANSWER' | 'ICE_CANDIDATE';

const LOG_PREFIX = '[SignalingClient]';
/** What a message without senderClientId is filed under: only the master sends those. */
const MASTER = 'MASTER';

/**
 * One end of a signaling channel.
 *
 * Events: open, sdpOffer(offer, senderClientId), sdpAnswer(answer, senderClientId), iceCandidate(candidate, senderClientId),
 * statusResponse(status), goAway, reconnectIceServer, error(error), close(info). Listeners run inside the socket's own event.
 */
export class SignalingClient extends EventEmitter {
  private readonly config: SignalingClientConfig;
  private readonly requestSigner: RequestSigner;
  private readonly candidates = new CandidateBuffer();
  private websocket: WebSocketLike | null = null;
  // Private in the AWS package too; programs without types read it all the same.
  private readyState: ReadyState = ReadyState.CLOSED;
  private attempt = 0;

  constructor(config: SignalingClientConfig) {
    super();
    requireValue(config, 'SignalingClientConfig');
    requireValue(config.role, 'role');
    if (config.role === Role.VIEWER) requireValue(config.clientId, 'clientId');
    else requireNoValue(config.clientId, 'clientId');
    requireValue(config.channelARN, 'channelARN');
    requireValue(config.region, 'region');
    requireValue(config.channelEndpoint, 'channelEndpoint');
    this.config = { ...config };
    if (config.requestSigner) {
      this.requestSigner = config.requestSigner;
    } else {
      requireValue(config.credentials, 'credentials');
      this.requestSigner = new SigV4RequestSigner(config.region, config.credentials!);
    }
  }

  /** Begins to connect; 'open' or 'error' tells how it went. */
  open(): void {
    if (this.readyState !== ReadyState.CLOSED) throw new Error('Client is already open, opening, or closing');
    this.readyState = ReadyState.CONNECTING;
    const attempt = ++this.attempt;
    const isCurrent = () => attempt === this.attempt && this.readyState === ReadyState.CONNECTING;
    this.connect(isCurrent).catch((error) => {
      if (isCurrent()) this.onError(error);
    });
  }

  /** Ends the connection, or the attempt; 'close' follows. */
  close(): void {
    if (this.websocket !== null) {
      this.readyState = ReadyState.CLOSING;
      this.websocket.close();
    } else if (this.readyState !== ReadyState.CLOSED) {
      this.onClose();
    }
  }

  sendSdpOffer(sdpOffer: RTCSessionDescription, recipientClientId?: string, correlationId?: string): void {
    this.send('SDP_OFFER', sdpOffer, recipientClientId, correlationId);
  }

  sendSdpAnswer(sdpAnswer: RTCSessionDescription, recipientClientId?: string, correlationId?: string): void {
    this.send('SDP_ANSWER', sdpAnswer, recipientClientId, correlationId);
  }

  sendIceCandidate(iceCandidate: RTCIceCandidate, recipientClientId?: string, correlationId?: string): void {
    this.send('ICE_CANDIDATE', iceCandidate, recipientClientId, correlationId);
  }

  /** Emits the candidates of a sender that wait, and from now on those that come. */
  drainPendingIceCandidates(clientId?: string): void {
    const sender = clientId || MASTER;
    this.candidates.markDescribed(sender);
    const waiting = this.candidates.take(sender);
    if (!waiting) return;
    this.debug('emitting', waiting.length, 'waiting ICE candidates of', sender);
    for (const candidate of waiting) {
      if (!this.emit('iceCandidate', candidate, clientId)) {
        this.config.logger?.warn(LOG_PREFIX, 'nobody listens to iceCandidate; lost:', JSON.stringify(candidate));
      }
    }
  }

  /** The candidates of a sender that wait for its SDP. */
  getPendingIceCandidates(clientId?: string): object[] {
    return [...this.candidates.pending(clientId || MASTER)];
  }

  isEarlyIceCandidateBufferingEnabled(): boolean {
    return this.config.enableEarlyIceCandidateBuffering === true;
  }

  /** Before a new peer connection with the same sender: its next candidates wait for its next SDP again. */
  resetIceCandidateState(clientId?: string): void {
    this.candidates.forget(clientId || MASTER);
    this.debug('ICE candidate state of', clientId || MASTER, 'reset');
  }

  private async connect(isCurrent: () => boolean): Promise<void> {
    const queryParams: QueryParams = { 'X-Amz-ChannelARN': this.config.channelARN };
    if (this.config.role === Role.VIEWER) queryParams['X-Amz-ClientId'] = this.config.clientId!;
    const date = new Date(Date.now() + (this.config.systemClockOffset || 0));
    const url = await this.requestSigner.getSignedURL(this.config.channelEndpoint, queryParams, date);
    // Closed while the signer worked, and perhaps opened again: that attempt has a socket of its own.
    if (!isCurrent()) return;
    const Socket = this.config.webSocket ?? platformWebSocket();
    this.websocket = new Socket(url);
    this.websocket.addEventListener('open', this.onOpen);
    this.websocket.addEventListener('message', this.onMessage);
    this.websocket.addEventListener('error', this.onError);
    this.websocket.addEventListener('close', this.onClose);
  }

  private send(action: Action, payload: object, recipientClientId?: string, correlationId?: string): void {
    if (this.readyState !== ReadyState.OPEN) {
      throw new Error('Could not send message because the connection to the signaling service is not open.');
    }
    if (this.config.role === Role.VIEWER && recipientClientId && !this.config.fullMesh) {
      throw new Error(
        'Unexpected recipient client id. As the VIEWER, messages must not be sent with a recipient client id.',
      );
    }
    if (correlationId && !/^[a-zA-Z0-9_.-]{1,256}$/.test(correlationId)) {
      throw new Error('Correlation id does not fit the constraint!');
    }
    this.websocket!.send(
      JSON.stringify({
        action,
        messagePayload: toBase64(JSON.stringify(payload)),
        recipientClientId: recipientClientId || undefined,
        correlationId: correlationId || undefined,
      }),
    );
  }

  private readonly onOpen = (): void => {
    this.readyState = ReadyState.OPEN;
    this.emit('open');
  };

  /** What cannot be read is ignored: the service may learn to say more than this client understands. */
  private readonly onMessage = (event: { data: unknown }): void => {
    const message = parseObject(event.data);
    if (!message) return;
    const { messageType, statusResponse } = message;
    if (messageType === 'GO_AWAY') return void this.emit('goAway');
    if (messageType === 'RECONNECT_ICE_SERVER') return void this.emit('reconnectIceServer');
    const payload = decodePayload(message.messagePayload);
    if (!payload && !statusResponse) return;
    const senderClientId = message.senderClientId as string | undefined;
    switch (messageType) {
      case 'SDP_OFFER':
        return this.onDescription('sdpOffer', payload, senderClientId);
      case 'SDP_ANSWER':
        return this.onDescription('sdpAnswer', payload, senderClientId);
      case 'ICE_CANDIDATE':
        return this.onCandidate(payload, senderClientId);
      case 'STATUS_RESPONSE':
        return void this.emit('statusResponse', statusResponse);
      default:
        return;
    }
  };

  private onDescription(event: 'sdpOffer' | 'sdpAnswer', payload: any, senderClientId?: string): void {
    const sender = senderClientId || MASTER;
    this.candidates.markDescribed(sender);
    this.debug(event, 'from', sender, 'with', this.candidates.pending(sender).length, 'ICE candidates waiting');
    this.emit(event, payload, senderClientId);
    if (!this.isEarlyIceCandidateBufferingEnabled()) this.drainPendingIceCandidates(senderClientId);
  }

  private onCandidate(candidate: any, senderClientId?: string): void {
    const sender = senderClientId || MASTER;
    if (this.candidates.hold(sender, candidate)) {
      this.debug('ICE candidate of', sender, 'waits for its SDP');
      return;
    }
    this.emit('iceCandidate', candidate, senderClientId);
  }

  private readonly onError = (error: unknown): void => {
    this.emit('error', error);
  };

  private readonly onClose = (event?: { code?: number; reason?: string }): void => {
    this.readyState = ReadyState.CLOSED;
    if (this.websocket) {
      this.websocket.removeEventListener('open', this.onOpen);
      this.websocket.removeEventListener('message', this.onMessage);
      this.websocket.removeEventListener('error', this.onError);
      this.websocket.removeEventListener('close', this.onClose);
      this.websocket = null;
    }
    this.emit('close', { code: event?.code ?? 1000, reason: event?.reason ?? '' });
  };

  private debug(...data: unknown[]): void {
    this.config.logger?.debug(LOG_PREFIX, ...data);
  }
}

function platformWebSocket(): WebSocketConstructor {
  return typeof WebSocket === 'undefined' ? (NodeWebSocket as WebSocketConstructor) : WebSocket;
}

function parseObject(text: unknown): Record<string, any> | null {
  try {
    const value = JSON.parse(text as string);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function decodePayload(payload: unknown): unknown {
  try {
    return JSON.parse(fromBase64(payload as string));
  } catch {
    return undefined;
  }
}
