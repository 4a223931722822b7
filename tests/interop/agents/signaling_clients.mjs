// SignalingClients of amazon-kinesis-video-streams-webrtc by name, for the agents that have its control plane from an AWS SDK.
import { createRequire } from 'node:module';
import WebSocket from 'ws';

import { tell } from './agent.mjs';

// The package's README: programs in Node bring the WebSocket class.
globalThis.WebSocket = WebSocket;
const { Role, SignalingClient } = createRequire(import.meta.url)('amazon-kinesis-video-streams-webrtc');

const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
};
const clients = new Map();

export const signalingAbilities = {
  /** Opens a viewer when there is a `clientId`, else a master; 'open', or 'error', is told. */
  open(peer, { channelARN, channelEndpoint, clientId, ...more }) {
    const client = new SignalingClient({
      role: clientId ? Role.VIEWER : Role.MASTER,
      clientId,
      channelARN,
      channelEndpoint,
      region: process.env.AWS_REGION,
      credentials,
      ...more,
    });
    client.on('open', () => tell(peer, 'open'));
    client.on('close', () => tell(peer, 'close'));
    client.on('error', (error) => tell(peer, 'error', { message: error.message }));
    client.on('sdpOffer', (sdp, from) => tell(peer, 'sdpOffer', { sdp, from }));
    client.on('sdpAnswer', (sdp, from) => tell(peer, 'sdpAnswer', { sdp, from }));
    client.on('iceCandidate', (candidate, from) => tell(peer, 'iceCandidate', { candidate, from }));
    client.on('statusResponse', (status) => tell(peer, 'statusResponse', { status }));
    clients.set(peer, client);
    client.open();
  },
  sendSdpOffer: (peer, ...message) => clients.get(peer).sendSdpOffer(...message),
  sendSdpAnswer: (peer, ...message) => clients.get(peer).sendSdpAnswer(...message),
  sendIceCandidate: (peer, ...message) => clients.get(peer).sendIceCandidate(...message),
  close: (peer) => clients.get(peer).close(),
};
