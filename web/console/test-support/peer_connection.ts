// An RTCPeerConnection without a network: what a call does with it, and what the other end would do, is the test's.

export class FakeChannel {
  readyState = 'connecting';
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 'closed';
  }

  open(): void {
    this.readyState = 'open';
    this.onopen?.();
  }
}

export class FakePeerConnection {
  static all: FakePeerConnection[] = [];
  localDescription: unknown = null;
  remoteDescription: unknown = null;
  connectionState = 'new';
  signalingState = 'stable';
  stats: object[] = [];
  isClosed = false;
  readonly candidates: unknown[] = [];
  readonly channel = new FakeChannel();
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ondatachannel: ((event: { channel: FakeChannel }) => void) | null = null;

  static install(): void {
    FakePeerConnection.all = [];
    Object.assign(globalThis, {
      RTCPeerConnection: FakePeerConnection,
      MediaStream: class {},
      document: { hidden: false },
    });
  }

  static get last(): FakePeerConnection {
    return FakePeerConnection.all.at(-1)!;
  }

  constructor(public configuration: RTCConfiguration) {
    FakePeerConnection.all.push(this);
  }

  createDataChannel(): FakeChannel {
    return this.channel;
  }
  addTransceiver(): void {}
  getTransceivers(): unknown[] {
    return [];
  }
  async getStats(): Promise<Map<string, unknown>> {
    return new Map(this.stats.map((report, at) => [`${at}`, report]));
  }
  async createOffer(): Promise<unknown> {
    return { type: 'offer', sdp: `offer ${FakePeerConnection.all.length}` };
  }
  async createAnswer(): Promise<unknown> {
    return { type: 'answer', sdp: `answer ${FakePeerConnection.all.length}` };
  }
  async setLocalDescription(description: { type: string }): Promise<void> {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }
  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.sdp === 'bad') throw new Error('bad SDP');
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }
  async addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
  }
  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }
  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }
  close(): void {
    this.isClosed = true;
  }

  /** As when the other end's channel arrives and opens. */
  openForMaster(): void {
    this.ondatachannel?.({ channel: this.channel });
    this.channel.open();
  }
  fail(): void {
    this.connectionState = 'failed';
    this.onconnectionstatechange?.();
  }
}
