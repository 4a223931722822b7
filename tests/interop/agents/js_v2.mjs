// Agent: aws-sdk v2 for the calls, amazon-kinesis-video-streams-webrtc for the conversation.
import AWS from 'aws-sdk';

import { serve } from './agent.mjs';
import { signalingAbilities } from './signaling_clients.mjs';

const services = {
  video: AWS.KinesisVideo,
  signaling: AWS.KinesisVideoSignalingChannels,
  storage: AWS.KinesisVideoWebRTCStorage,
  sts: AWS.STS,
};

const call = async (service, operation, input, options = {}) => {
  const endpoint = process.env.AWS_ENDPOINT_URL_KINESIS_VIDEO; // v2 has no variable for it.
  const client = new services[service]({ region: process.env.AWS_REGION, endpoint, ...options });
  const method = operation[0].toLowerCase() + operation.slice(1);
  const { $response, ...output } = await client[method](input).promise();
  const { statusCode } = $response.httpResponse;
  return { ...output, status: statusCode, requestId: $response.requestId, attempts: $response.retryCount + 1 };
};

serve({ call, ...signalingAbilities }, (error) => ({
  code: error.code,
  status: error.statusCode,
  requestId: error.requestId,
}));
