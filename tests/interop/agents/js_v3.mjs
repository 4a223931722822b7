// Agent: @aws-sdk v3 for the calls, amazon-kinesis-video-streams-webrtc for the conversation.
import * as signaling from '@aws-sdk/client-kinesis-video-signaling';
import * as video from '@aws-sdk/client-kinesis-video';
import * as sts from '@aws-sdk/client-sts';

import { serve } from './agent.mjs';
import { signalingAbilities } from './signaling_clients.mjs';

const services = {
  video: { client: video.KinesisVideoClient, module: video },
  signaling: { client: signaling.KinesisVideoSignalingClient, module: signaling },
  sts: { client: sts.STSClient, module: sts },
};

/** Region, keys and the control plane's address come from the environment, as in any program. */
const call = async (service, operation, input, options = {}) => {
  const { client: Client, module } = services[service];
  const client = new Client(options);
  try {
    const { $metadata, ...output } = await client.send(new module[`${operation}Command`](input));
    return {
      ...output,
      status: $metadata.httpStatusCode,
      requestId: $metadata.requestId,
      attempts: $metadata.attempts,
    };
  } finally {
    client.destroy();
  }
};

const listAll = async (input) => {
  const pages = [];
  const client = new video.KinesisVideoClient({});
  for await (const page of video.paginateListSignalingChannels({ client }, input)) {
    pages.push(page.ChannelInfoList.map((channel) => channel.ChannelName));
  }
  client.destroy();
  return pages;
};

serve({ call, listAll, ...signalingAbilities }, (error) => ({
  code: error.name,
  status: error.$metadata?.httpStatusCode,
  requestId: error.$metadata?.requestId,
  fault: error.$fault,
  modelled: [video, signaling, sts].some((module) => module[error.name] && error instanceof module[error.name]),
}));
