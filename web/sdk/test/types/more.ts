// What this package adds to the AWS package, typed.
import {
  CloseInfo,
  Credentials,
  Role,
  SignalingClient,
  SignalingClientConfig,
  StatusResponse,
} from '@heliograph/webrtc';

/** The shape of credential providers in the AWS SDK v3. */
const provider = async (): Promise<Credentials & { expiration?: Date }> => ({
  accessKeyId: 'a',
  secretAccessKey: 's',
  expiration: new Date(),
});

const config: SignalingClientConfig = {
  channelARN: 'arn',
  channelEndpoint: 'ws://localhost:3000',
  region: 'us-east-1',
  role: Role.VIEWER,
  clientId: 'v',
  credentials: provider,
  webSocket: WebSocket,
};

const client = new SignalingClient(config);
client.on('close', ({ code, reason }: CloseInfo) => console.log(code + 1, reason.length));
client.on('statusResponse', (status: StatusResponse) =>
  console.log(status.success ? 'ok' : status.description?.length),
);
client.on('goAway', () => client.close());

// @ts-expect-error: a viewer's description of itself is no number.
new SignalingClient({ ...config, clientId: 1 });
// @ts-expect-error: a provider must give both parts of the key.
new SignalingClient({ ...config, credentials: async () => ({ accessKeyId: 'a' }) });
// @ts-expect-error: there is no such role.
new SignalingClient({ ...config, role: 'SPECTATOR' });
// @ts-expect-error: sending needs something to send.
client.sendSdpOffer();
