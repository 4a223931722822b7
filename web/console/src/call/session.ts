/** What master and viewer have in common: the link, the conversations, the devices, and what is shown of them. */
import { ApiError } from './api';
import type { RoleName } from './api';
import * as talk from './conversation';
import type { Conversation } from './conversation';
import { openDevice } from './devices';
import type { DeviceKind } from './devices';
import { Link } from './link';
import type { LinkHandlers, LinkState } from './link';
import type { Level, Log } from './log';
import type { LiveMedia, LocalTracks, PeerHandlers, PeerOptions } from './peer';
import { Peer } from './peer';
import { Signal } from './signal';

export interface SessionOptions {
  channel: string;
  clientId?: string;
  relayOnly: boolean;
  trickle: boolean;
  camera: boolean;
  microphone: boolean;
}

export interface RemoteMedia extends LiveMedia {
  stream: MediaStream;
}

/** When each step of connecting was reached, in milliseconds since the start. */
export interface Timings {
  signaling?: number;
  answer?: number;
  connected?: number;
}

/** The id of a viewer's one conversation. */
export const MASTER_ID = 'MASTER';

let lastKey = 0;

export abstract class Session {
  readonly key = ++lastKey;
  readonly state = new Signal<LinkState>({ kind: 'connecting' });
  readonly conversations = new Signal<readonly Conversation[]>([]);
  readonly tracks = new Signal<LocalTracks>({ camera: null, microphone: null });
  readonly deviceProblem = new Signal<string | null>(null);
  readonly media = new Signal<ReadonlyMap<string, RemoteMedia>>(new Map());
  readonly paths = new Signal<ReadonlyMap<string, string>>(new Map());
  readonly timings = new Signal<Timings>({});
  /** Which conversation is looked at; the others collect unread messages. */
  readonly selected = new Signal<string | null>(null);

  protected readonly link: Link;
  protected readonly peers = new Map<string, Peer>();
  protected isStopped = false;
  private startedAt = performance.now();
  private readonly opening = new Set<DeviceKind>();

  constructor(
    readonly role: RoleName,
    readonly options: SessionOptions,
    private readonly log: Log,
  ) {
    const handlers: LinkHandlers = {
      onState: (state) => this.onLinkState(state),
      onOffer: (offer, from) => void this.onOffer(offer, from),
      onAnswer: (answer) => void this.onAnswer(answer),
      onCandidate: (candidate, from) => this.onCandidate(candidate, from),
      onRefused: (why) => this.write('error', `The service refused a message: ${why}`),
      onDebug: (text) => this.write('debug', text),
    };
    this.link = new Link(options.channel, role, options.clientId, handlers);
  }

  start(): void {
    this.write('info', `Starting on channel ${this.options.channel}`);
    if (this.options.camera) void this.toggle('camera');
    if (this.options.microphone) void this.toggle('microphone');
    this.link.open();
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
    this.tracks.value.camera?.stop();
    this.tracks.value.microphone?.stop();
    this.link.close();
    this.write('info', 'Stopped');
  }

  /** Connects now: after being replaced, after a failure, or instead of waiting. */
  retry(): void {
    this.startedAt = performance.now();
    this.link.retry();
  }

  /** Sends to one conversation; what cannot be sent yet waits in it. False, and a note, when it never can be. */
  say(conversationId: string, text: string): boolean {
    try {
      const delivery = this.peers.get(conversationId)?.send(text) ? 'sent' : 'pending';
      this.change(conversationId, (conversation) => talk.withMessage(conversation, 'me', text, { delivery }));
      return true;
    } catch (error) {
      this.note(conversationId, (error as Error).message);
      return false;
    }
  }

  select(conversationId: string): void {
    this.selected.set(conversationId);
    this.change(conversationId, talk.asRead);
  }

  async toggle(kind: DeviceKind): Promise<void> {
    // Somebody is being asked for leave already.
    if (this.opening.has(kind)) return;
    const current = this.tracks.value[kind];
    this.deviceProblem.set(null);
    current?.stop();
    const track = current ? null : await this.openTrack(kind);
    if (!current && !track) return;
    this.write('info', `${kind === 'camera' ? 'Camera' : 'Microphone'} ${track ? 'on' : 'off'}`);
    await this.setTrack(kind, track);
  }

  protected abstract onLinkOpen(): void;
  protected onConnected(_id: string): void {}
  protected abstract onPeerGone(id: string, why: string): void;
  protected onOffer(_offer: RTCSessionDescriptionInit, _from: string): Promise<void> | void {}
  protected onAnswer(_answer: RTCSessionDescriptionInit): Promise<void> | void {}
  protected abstract onCandidate(candidate: RTCIceCandidateInit, from: string): void;

  /** A peer for a conversation, in place of the one it had. */
  protected newPeer(id: string, sendCandidate: (candidate: RTCIceCandidate) => void): Peer {
    this.peers.get(id)?.close();
    this.link.dropQueued(id === MASTER_ID ? undefined : id);
    this.showMedia(id, null);
    this.showPath(id, null);
    const options: PeerOptions = {
      known: this.link.joined?.iceServers ?? [],
      iceServers: () => this.link.iceServers(),
      relayOnly: this.options.relayOnly,
      trickle: this.options.trickle,
    };
    const handlers: PeerHandlers = {
      onCandidate: (candidate) => {
        this.write('debug', `Generated ICE candidate ${candidate.type ?? ''} ${candidate.protocol ?? ''}`.trim());
        sendCandidate(candidate);
      },
      onOpen: () => this.onPeerOpen(id),
      onText: (text) => this.onText(id, text),
      onGone: (why) => {
        this.showMedia(id, null);
        this.showPath(id, null);
        this.onPeerGone(id, why);
      },
      onMedia: (stream, live) => this.showMedia(id, { stream, ...live }),
      onPath: (path) => this.showPath(id, path),
      onDebug: (text) => this.write('debug', text),
    };
    const peer = new Peer(options, handlers);
    this.peers.set(id, peer);
    return peer;
  }

  protected change(id: string, change: (conversation: Conversation) => Conversation): void {
    this.conversations.update((list) => list.map((item) => (item.id === id ? change(item) : item)));
  }

  protected ensureConversation(id: string, name: string, presence: talk.Presence): void {
    if (this.conversations.value.some((conversation) => conversation.id === id)) {
      this.change(id, (conversation) => talk.withPresence(conversation, presence));
    } else {
      this.conversations.update((list) => [...list, talk.newConversation(id, name, presence)]);
      if (this.selected.value === null) this.selected.set(id);
    }
  }

  protected note(id: string, text: string): void {
    this.change(id, (conversation) => talk.withMessage(conversation, 'note', text));
  }

  protected mark(step: keyof Timings): void {
    if (this.timings.value[step] !== undefined) return;
    this.timings.update((timings) => ({ ...timings, [step]: Math.round(performance.now() - this.startedAt) }));
  }

  protected write(level: Level, text: string): void {
    this.log.write(level, `[${this.role}] ${text}`);
  }

  private onLinkState(state: LinkState): void {
    this.state.set(state);
    if (state.kind === 'open') {
      this.mark('signaling');
      this.write('info', 'Connected to signaling service');
      this.onLinkOpen();
    } else if (state.kind === 'waiting') {
      this.write('warn', `Signaling: ${state.why}; trying again in ${(state.retryInMs / 1000).toFixed(1)} s`);
    } else if (state.kind === 'replaced') {
      this.write('warn', 'Another connection took this place');
    } else if (state.kind === 'deleted') {
      this.write('warn', 'The channel was deleted');
    } else if (state.kind === 'failed') {
      this.write('error', failureText(state.error));
    }
  }

  private onPeerOpen(id: string): void {
    this.mark('connected');
    this.write('info', id === MASTER_ID ? 'Connected to the master' : `Connected to viewer: ${id}`);
    this.onConnected(id);
    this.change(id, (conversation) => talk.withPresence(conversation, 'here'));
    const waiting = this.conversations.value.find((conversation) => conversation.id === id);
    for (const message of waiting ? talk.pendingMessages(waiting) : []) this.sendPending(id, message);
  }

  private sendPending(id: string, message: talk.ChatMessage): void {
    try {
      if (!this.peers.get(id)?.send(message.text)) return;
      this.change(id, (conversation) => talk.withDelivery(conversation, message.id, 'sent'));
    } catch (error) {
      this.change(id, (conversation) => talk.withDelivery(conversation, message.id, 'refused'));
      this.note(id, (error as Error).message);
    }
  }

  private onText(id: string, text: string): void {
    const unread = this.selected.value !== id || document.hidden;
    this.change(id, (conversation) => talk.withMessage(conversation, 'them', text, { unread }));
  }

  private showMedia(id: string, media: RemoteMedia | null): void {
    this.media.update((all) => {
      const next = new Map(all);
      if (media) next.set(id, media);
      else next.delete(id);
      return next;
    });
  }

  private showPath(id: string, path: string | null): void {
    this.paths.update((all) => {
      const next = new Map(all);
      if (path) next.set(id, path);
      else next.delete(id);
      return next;
    });
  }

  /** Null when there is none to be had, as the session says, or when the session ended meanwhile. */
  private async openTrack(kind: DeviceKind): Promise<MediaStreamTrack | null> {
    this.opening.add(kind);
    try {
      const track = await openDevice(kind);
      if (this.isStopped) {
        track.stop();
        return null;
      }
      track.onended = () => void this.setTrack(kind, null);
      return track;
    } catch (error) {
      this.deviceProblem.set((error as Error).message);
      this.write('warn', (error as Error).message);
      return null;
    } finally {
      this.opening.delete(kind);
    }
  }

  private async setTrack(kind: DeviceKind, track: MediaStreamTrack | null): Promise<void> {
    this.tracks.update((tracks) => ({ ...tracks, [kind]: track }));
    await Promise.all([...this.peers.values()].map((peer) => peer.setTracks(this.tracks.value)));
  }
}

export function failureText(error: ApiError): string {
  if (error.needsLogin) return 'Log in first: this service asks for an access key.';
  return error.message;
}
