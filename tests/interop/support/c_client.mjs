// What the C WebRTC SDK puts on the wire and what it can read: header-signed HTTPS without a port, JSON with tabs, a long-lived
// presigned URL, PascalCase messages; and a reader as literal as its own, which knows no JSON escapes.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { request } from './raw_http.mjs';
import { RawWebSocket } from './raw_websocket.mjs';
import { amzDate, authorize, presign } from './sigv4.mjs';

const userAgent = 'AWS-SDK-KVS/1.10.0 GCC/12.2 Linux/6.1.0 x86_64 AWS-WEBRTC-KVS-AGENT/1.10.0';

// The SDK speaks to port 443 only, so its Host never has a port; here the port differs, as behind a forwarder.
const host = 'localhost';

/** An HTTPS call as the SDK makes it. Content-Type and Content-Length are not signed. */
export async function callAsC(service, path, body, { skewSeconds = 0, secretAccessKey } = {}) {
  const signed = { host, 'user-agent': userAgent, 'x-amz-date': amzDate(skewSeconds) };
  const credentials = { ...service.credentials, ...(secretAccessKey && { secretAccessKey }) };
  const answer = await request(service, {
    target: path,
    headers: [
      ['Host', host],
      ['user-agent', userAgent],
      ['X-Amz-Date', signed['x-amz-date']],
      ['content-type', 'application/json'],
      ['content-length', Buffer.byteLength(body)],
      ['Authorization', authorize({ path, body, signed, region: service.region, credentials })],
    ],
    body,
  });
  // Each read replaces what was read before: an answer in pieces is an answer lost.
  assert.equal(answer.reads, 1, `the answer to ${path} came in ${answer.reads} pieces`);
  return answer;
}

/** The raw characters of the first member of that name, at any depth; escapes stay as they are. */
export function readAsC(body, name) {
  const found = new RegExp(`"${name}"\\s*:\\s*("([^"]*)"|[^",\\[\\]{}\\s]+)`).exec(body);
  return found ? (found[2] ?? found[1]) : undefined;
}

/** The upgrade as libwebsockets writes it, with the URL that lives as long as the credentials. */
export async function openAsC(service, arn, clientId) {
  const target = presign({
    host,
    region: service.region,
    credentials: service.credentials,
    query: { 'X-Amz-ChannelARN': arn, ...(clientId && { 'X-Amz-ClientId': clientId }) },
    expires: 604_800,
  });
  const headers = [
    ['Pragma', 'no-cache'],
    ['Cache-Control', 'no-cache'],
    ['Host', host],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
    ['Sec-WebSocket-Protocol', 'wss'],
    ['Sec-WebSocket-Version', '13'],
  ];
  return RawWebSocket.open(service, target, { headers });
}

/** A message as the SDK prints it. */
export function messageAsC(action, recipient, payload, { correlationId, iceServers } = {}) {
  const members = [`"action": "${action}"`, `"RecipientClientId": "${recipient}"`, `"MessagePayload": "${payload}"`];
  if (correlationId) members.push(`"CorrelationId": "${correlationId}"`);
  if (iceServers) members.push(`"IceServerList": [${iceServers.map(iceServerAsC).join(', ')}]`);
  return `{\n\t${members.join(',\n\t')}\n}`;
}

const iceServerAsC = ({ Password, Ttl, Uris, Username }) =>
  `{\n\t\t"Password": "${Password}",\n\t\t"Ttl": ${Ttl},\n\t\t"Uris": ["${Uris.join('", "')}"],\n\t\t"Username": "${Username}"\n\t}`;

/** A frame as the SDK reads it: names exactly so, nothing escaped, within its bounds. */
export function readMessageAsC(text) {
  assert.ok(Buffer.byteLength(text) <= 18_750, `a frame of ${text.length} bytes ends the SDK's connection`);
  assert.ok(!text.includes('\\'), `the SDK does not read escapes: ${text}`);
  const message = {
    type: readAsC(text, 'messageType'),
    payload: readAsC(text, 'messagePayload'),
    sender: readAsC(text, 'senderClientId'),
  };
  assert.ok(message.type && message.type.length <= 21, text);
  assert.ok((message.sender ?? '').length <= 256);
  return message;
}
