// A program as its authors wrote it for the AWS package. types.test.mjs compiles it for both packages, with only the import changed.
import {
  generateStunUrl,
  QueryParams,
  RequestSigner,
  Role,
  SignalingClient,
  SigV4RequestSigner,
  VERSION,
} from 'amazon-kinesis-video-streams-webrtc';
import type { FipsConfig } from 'amazon-kinesis-video-streams-webrtc';
import * as KVSWebRTC from 'amazon-kinesis-video-streams-webrtc';
import {
  Credentials,
  SignalingClientConfig,
  SignalingClientLogger,
} from 'amazon-kinesis-video-streams-webrtc/lib/SignalingClient';
import { SigV4RequestSigner as DeepSigner } from 'amazon-kinesis-video-streams-webrtc/lib/SigV4RequestSigner';
import { EventEmitter } from 'events';

const credentials: Credentials = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined };

class BackEndSigner implements RequestSigner {
  getSignedURL = async (endpoint: string, queryParams: QueryParams, date?: Date): Promise<string> =>
    (await fetch('/sign', { method: 'POST', body: JSON.stringify({ endpoint, queryParams, date }) })).text();
}

const logger: SignalingClientLogger = console;
const common: Omit<SignalingClientConfig, 'role'> = {
  channelARN: 'arn',
  channelEndpoint: 'wss://host',
  region: 'us-west-2',
  systemClockOffset: 0,
  enableEarlyIceCandidateBuffering: true,
  logger,
};
const master: SignalingClient = new SignalingClient({ ...common, role: Role.MASTER, credentials });
const viewer = new KVSWebRTC.SignalingClient({
  ...common,
  role: KVSWebRTC.Role.VIEWER,
  clientId: 'viewer-1',
  requestSigner: new BackEndSigner(),
});

const peers: { [clientId: string]: RTCPeerConnection } = {};

master.on('open', () => console.log('open'));
master.on('sdpOffer', async (offer: RTCSessionDescription, clientId: string) => {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: generateStunUrl(fips) }] });
  peers[clientId] = peer;
  peer.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate) master.sendIceCandidate(candidate, clientId);
    else if (peer.localDescription) master.sendSdpAnswer(peer.localDescription, clientId, 'correlation-1');
  });
  master.resetIceCandidateState(clientId);
  await peer.setRemoteDescription(offer);
  await peer.setLocalDescription(await peer.createAnswer());
  master.drainPendingIceCandidates(clientId);
});
master.on(
  'iceCandidate',
  (candidate: RTCIceCandidate, clientId: string) => void peers[clientId]?.addIceCandidate(candidate),
);
master.on('close', () => console.log('close'));
master.on('error', (error: Error) => console.error(error));

viewer
  .once('sdpAnswer', (answer: RTCSessionDescription) => console.log(answer.sdp))
  .prependListener('statusResponse', (status) => console.log(status.errorType, status.statusCode))
  .addListener('close', () => viewer.removeAllListeners());
viewer.on('open', async () => {
  const peer = new RTCPeerConnection();
  await peer.setLocalDescription(await peer.createOffer());
  viewer.sendSdpOffer(peer.localDescription!);
});

const fips: FipsConfig = { useFipsEndpoints: false, useDualStackEndpoints: true, region: 'us-west-2' };
const version: string = VERSION;
const pending: object[] = viewer.getPendingIceCandidates();
const isBuffering: boolean = viewer.isEarlyIceCandidateBufferingEnabled();
const asEmitter: EventEmitter = viewer;
const signers: RequestSigner[] = [
  new SigV4RequestSigner('us-west-2', credentials),
  new DeepSigner('us-west-2', { ...credentials, getPromise: async () => undefined }, 'kinesisvideo'),
];
const query: QueryParams = { 'X-Amz-ChannelARN': 'arn' };

async function main(): Promise<void> {
  const url: string = await signers[0].getSignedURL('wss://host', query, new Date());
  console.log(url, version, pending.length, isBuffering, asEmitter.listenerCount('open'));
  master.open();
  viewer.open();
  viewer.close();
}

void main();
