// A master and a viewer that exchange an offer, an answer and candidates. Usage: node hello.mjs [CHANNEL]
// The descriptions are only texts here; with a WebRTC library, or in a browser, they are its own.
import {
  CreateSignalingChannelCommand,
  DeleteSignalingChannelCommand,
  GetSignalingChannelEndpointCommand,
  KinesisVideoClient,
} from '@aws-sdk/client-kinesis-video';
import { Role, SignalingClient } from '@heliograph/webrtc';

const video = new KinesisVideoClient();
const region = await video.config.region();
const credentials = await video.config.credentials();

async function connect(channelARN, role, clientId) {
  const { ResourceEndpointList } = await video.send(
    new GetSignalingChannelEndpointCommand({
      ChannelARN: channelARN,
      SingleMasterChannelEndpointConfiguration: { Protocols: ['WSS'], Role: role },
    }),
  );
  const channelEndpoint = ResourceEndpointList[0].ResourceEndpoint;
  const client = new SignalingClient({ channelARN, channelEndpoint, region, role, clientId, credentials });
  client.on('close', ({ code, reason }) => code !== 1000 && console.log(`${role} closed: ${code} ${reason}`));
  const opened = new Promise((resolve, reject) => client.on('open', resolve).on('error', reject));
  client.open();
  await opened;
  return client;
}

const name = process.argv[2] ?? `example-${process.pid}`;
const { ChannelARN } = await video.send(new CreateSignalingChannelCommand({ ChannelName: name }));
try {
  const master = await connect(ChannelARN, Role.MASTER);
  master.on('sdpOffer', (offer, viewer) => {
    console.log(`master received an offer of ${viewer}: ${offer.sdp}`);
    master.sendSdpAnswer({ type: 'answer', sdp: 'answer of the master' }, viewer);
    master.sendIceCandidate({ candidate: 'candidate of the master', sdpMid: '0', sdpMLineIndex: 0 }, viewer);
  });

  const viewer = await connect(ChannelARN, Role.VIEWER, 'viewer-1');
  const candidate = new Promise((resolve, reject) => {
    viewer.on('iceCandidate', resolve);
    for (const peer of [master, viewer]) peer.on('close', () => reject(new Error('a connection was closed')));
  });
  viewer.on('sdpAnswer', (answer) => console.log(`viewer received an answer: ${answer.sdp}`));
  viewer.sendSdpOffer({ type: 'offer', sdp: 'offer of the viewer' });
  console.log(`viewer received a candidate: ${(await candidate).candidate}`);

  viewer.close();
  master.close();
} finally {
  await video.send(new DeleteSignalingChannelCommand({ ChannelARN }));
}
