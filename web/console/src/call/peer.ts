/** One RTCPeerConnection with one other person: a data channel for text, and room for audio and video both ways. */

/** The label that the AWS samples use, so that their pages can chat with this one. */
const CHANNEL_LABEL = 'kvsDataChannel';
/** How often statistics are looked at; and how often, for how long, when pictures may be about to begin, which no event tells. */
const POLL_MS = 1000;
const EAGER_MS = 50;
const EAGER_FOR_MS = 3000;

export interface PeerOptions {
  /** ICE servers known now. */
  known: RTCIceServer[];
  /** Asked when a description is made: the same, or newer ones when those are about to expire. */
  iceServers(): Promise<RTCIceServer[]>;
  relayOnly: boolean;
  trickle: boolean;
}

export interface LocalTracks {
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
}

/** What arrives now. */
export interface LiveMedia {
  video: boolean;
  audio: boolean;
}

export interface PeerHandlers {
  onCandidate(candidate: RTCIceCandidate): void;
  onOpen(): void;
  onText(text: string): void;
  /** The other has gone, or the network has: this peer is of no more use. */
  onGone(why: string): void;
  onMedia(stream: MediaStream, live: LiveMedia): void;
  /** How the call goes: "direct (host)", "through the relay". Again when that changes. */
  onPath(path: string): void;
  onDebug(text: string): void;
}

export class Peer {
  readonly connection: RTCPeerConnection;
  private channel: RTCDataChannel | null = null;
  private readonly remote = new MediaStream();
  private early: RTCIceCandidateInit[] = [];
  private isOver = false;
  private poll: ReturnType<typeof setTimeout> | undefined;
  private eagerUntil = 0;
  private counted = { video: 0, audio: 0 };
  private media: LiveMedia = { video: false, audio: false };
  private path = '';

  constructor(
    private readonly options: PeerOptions,
    private readonly handlers: PeerHandlers,
  ) {
    this.connection = new RTCPeerConnection({
      iceServers: options.known,
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
    });
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate && options.trickle) handlers.onCandidate(candidate);
    };
    this.connection.onconnectionstatechange = () => this.onState();
    this.connection.ondatachannel = ({ channel }) => this.adopt(channel);
    this.connection.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      track.onunmute = () => this.isOpen && this.watchClosely();
    };
  }

  /** The viewer's side. Audio and video are agreed on now, so that switching a camera on later needs no second offer. */
  async makeOffer(tracks: LocalTracks): Promise<RTCSessionDescription> {
    this.adopt(this.connection.createDataChannel(CHANNEL_LABEL));
    this.connection.addTransceiver(tracks.microphone ?? 'audio', { direction: 'sendrecv' });
    this.connection.addTransceiver(tracks.camera ?? 'video', { direction: 'sendrecv' });
    await this.refreshIceServers();
    await this.connection.setLocalDescription(await this.connection.createOffer());
    return this.localDescription();
  }

  /** The master's side. */
  async answer(offer: RTCSessionDescriptionInit, tracks: LocalTracks): Promise<RTCSessionDescription> {
    await this.connection.setRemoteDescription(offer);
    for (const transceiver of this.connection.getTransceivers()) transceiver.direction = 'sendrecv';
    await this.setTracks(tracks);
    await this.refreshIceServers();
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    this.useEarlyCandidates();
    return this.localDescription();
  }

  /** An offer of this connection has its answer. */
  get isAnswered(): boolean {
    return this.connection.signalingState === 'stable' && this.connection.remoteDescription !== null;
  }

  async acceptAnswer(answer: RTCSessionDescriptionInit): Promise<void> {
    await this.connection.setRemoteDescription(answer);
    this.useEarlyCandidates();
  }

  addCandidate(candidate: RTCIceCandidateInit): void {
    if (!this.connection.remoteDescription) {
      this.early.push(candidate);
      return;
    }
    // A candidate of an earlier negotiation, or of a kind this browser does not know, must not end the call.
    this.connection.addIceCandidate(candidate).catch((error) => this.handlers.onDebug(`candidate not used: ${error}`));
  }

  async setTracks(tracks: LocalTracks): Promise<void> {
    for (const transceiver of this.connection.getTransceivers()) {
      const track = transceiver.receiver.track.kind === 'video' ? tracks.camera : tracks.microphone;
      if (transceiver.sender.track === track) continue;
      await transceiver.sender.replaceTrack(track);
      await this.setActive(transceiver.sender, track !== null);
    }
  }

  get isOpen(): boolean {
    return this.channel?.readyState === 'open';
  }

  /** False when it could not be sent now. Throws when it never can be: the text is too long. */
  send(text: string): boolean {
    if (!this.isOpen) return false;
    const most = this.connection.sctp?.maxMessageSize ?? 65536;
    if (new TextEncoder().encode(text).length > most) {
      throw new Error(
        `The message is longer than the other end takes (${Math.floor(most / 1024)} KiB). Send it in parts.`,
      );
    }
    this.channel!.send(text);
    return true;
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.poll);
    this.connection.onconnectionstatechange = null;
    this.channel?.close();
    this.connection.close();
  }

  private adopt(channel: RTCDataChannel): void {
    this.channel = channel;
    channel.binaryType = 'arraybuffer';
    // Fires for a channel that the other end made, too, even when it is open from the start.
    channel.onopen = () => {
      this.handlers.onOpen();
      this.watchClosely();
    };
    channel.onmessage = ({ data }) =>
      this.handlers.onText(typeof data === 'string' ? data : `(${(data as ArrayBuffer).byteLength} bytes)`);
    channel.onclose = () => this.gone('left');
  }

  private onState(): void {
    const state = this.connection.connectionState;
    this.handlers.onDebug(`peer connection ${state}`);
    if (state === 'failed') this.gone('failed');
    if (state === 'closed') this.gone('left');
  }

  private gone(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.poll);
    this.handlers.onGone(why);
  }

  private get isEager(): boolean {
    return !this.media.video && performance.now() < this.eagerUntil;
  }

  private watchClosely(): void {
    this.eagerUntil = performance.now() + EAGER_FOR_MS;
    void this.watch();
  }

  private async watch(): Promise<void> {
    clearTimeout(this.poll);
    const stats = await this.connection.getStats();
    if (this.isOver) return;
    this.watchPath(stats);
    this.watchMedia(stats);
    clearTimeout(this.poll);
    this.poll = setTimeout(() => void this.watch(), this.isEager ? EAGER_MS : POLL_MS);
  }

  private watchPath(stats: RTCStatsReport): void {
    for (const report of stats.values()) {
      if (report.type !== 'candidate-pair' || report.state !== 'succeeded' || !report.nominated) continue;
      const type = stats.get(report.localCandidateId)?.candidateType;
      if (!type) continue;
      const path = type === 'relay' ? 'through the relay' : `direct (${type})`;
      if (path !== this.path) this.handlers.onPath(path);
      this.path = path;
      return;
    }
  }

  /** Whether pictures and sound arrive is seen by counting: a switched-off camera says nothing, whatever program is at the other end. */
  private watchMedia(stats: RTCStatsReport): void {
    const counted = { video: 0, audio: 0 };
    for (const report of stats.values()) {
      if (report.type !== 'inbound-rtp') continue;
      if (report.kind === 'video') counted.video += report.framesDecoded ?? 0;
      if (report.kind === 'audio') counted.audio += report.packetsReceived ?? 0;
    }
    // Between two eager looks nothing may have come of what does.
    const media = {
      video: counted.video > this.counted.video || (this.isEager && this.media.video),
      audio: counted.audio > this.counted.audio || (this.isEager && this.media.audio),
    };
    this.counted = counted;
    if (media.video === this.media.video && media.audio === this.media.audio) return;
    this.media = media;
    this.handlers.onMedia(this.remote, media);
  }

  /** Without this Firefox goes on sending a black picture every second after its camera was switched off. */
  private async setActive(sender: RTCRtpSender, active: boolean): Promise<void> {
    const parameters = sender.getParameters();
    if (!parameters.encodings?.some((encoding) => (encoding.active ?? true) !== active)) return;
    for (const encoding of parameters.encodings) encoding.active = active;
    await sender.setParameters(parameters).catch((error) => this.handlers.onDebug(`sender not changed: ${error}`));
  }

  /** Gathering has not begun: it begins with the local description. */
  private async refreshIceServers(): Promise<void> {
    const iceServers = await this.options.iceServers();
    if (iceServers === this.options.known || this.isOver) return;
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers });
  }

  private useEarlyCandidates(): void {
    for (const candidate of this.early.splice(0)) this.addCandidate(candidate);
  }

  /** Without trickling the description must hold every candidate, so it waits for them. */
  private async localDescription(): Promise<RTCSessionDescription> {
    const { connection } = this;
    if (!this.options.trickle && connection.iceGatheringState !== 'complete') {
      await new Promise<void>((done) => {
        const check = () => {
          if (connection.iceGatheringState === 'complete') done();
        };
        connection.addEventListener('icegatheringstatechange', check);
      });
    }
    return connection.localDescription!;
  }
}
