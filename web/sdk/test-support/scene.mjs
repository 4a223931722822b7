// One client of either package, its fake socket, and what it emitted.
import { base64, FakeWebSocket, settle } from './packages.mjs';

export const ARN = 'arn:aws:kinesisvideo:us-west-2:123456789012:channel/testChannel/1234567890';
export const ENDPOINT = 'wss://endpoint.example';
export const SIGNED = 'wss://endpoint.example/?signed';
export const OFFER = { type: 'offer', sdp: 'v=0\r\noffer' };
export const ANSWER = { type: 'answer', sdp: 'v=0\r\nanswer' };
export const CANDIDATES = [1, 2, 3].map((port) => ({
  candidate: `candidate:1 1 udp 1 10.0.0.1 ${port} typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
}));
const EVENTS = ['open', 'sdpOffer', 'sdpAnswer', 'iceCandidate', 'statusResponse', 'error', 'close'];

export const master = (more = {}) => ({
  channelARN: ARN,
  channelEndpoint: ENDPOINT,
  region: 'us-west-2',
  role: 'MASTER',
  requestSigner: { getSignedURL: async () => SIGNED },
  ...more,
});
export const viewer = (more = {}) => master({ role: 'VIEWER', clientId: 'viewer-1', ...more });

/** A client, its socket once there is one, and what it emitted: [event, ...arguments]. */
export class Scene {
  events = [];

  constructor(lib, config) {
    this.client = new lib.SignalingClient(config);
    for (const event of EVENTS) this.client.on(event, (...args) => this.events.push([event, ...args]));
  }

  static async open(lib, config = master()) {
    const scene = new Scene(lib, config);
    await scene.open();
    return scene;
  }

  async open() {
    this.client.open();
    await settle();
    this.socket = FakeWebSocket.all.at(-1);
    this.socket.fire('open');
    this.events.length = 0;
  }

  receive(messageType, payload, senderClientId, more = {}) {
    this.socket.receive({ messageType, messagePayload: base64(payload), senderClientId, ...more });
  }

  /** `events` without the arguments of 'close': upstream gives none. */
  get log() {
    return this.events.map((event) => (event[0] === 'close' ? ['close'] : event));
  }

  take() {
    const { log } = this;
    this.events.length = 0;
    return log;
  }
}

export const thrownBy = (act) => {
  try {
    act();
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
  return 'nothing';
};
