// The browser builds of AWS' SDKs in Debian's Chromium and Firefox, on a page of another origin: the browser is the judge of CORS,
// and a data channel between two peers is what comes of the signaling.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Browser, browserNames } from '../browser/browsers.mjs';
import { Heliographd } from '../support/heliographd.mjs';
import { servePage } from './support/page_server.mjs';

let service;
let page;
/** By browser: a tab with the page. */
const tabs = {};
const browsers = [];
before(async () => {
  [service, page] = await Promise.all([Heliographd.start({ turn: 'auto' }), servePage()]);
  for (const name of browserNames) {
    const browser = await Browser.start(name, { trust: 'all' });
    browsers.push(browser);
    tabs[name] = await browser.newTab(page.url);
    await tabs[name].page.evaluate(installApi);
  }
});
after(async () => {
  page?.stop();
  for (const browser of browsers) await browser.stop();
  await service?.stop();
});

/** In the page: `api[sdk](options)(service, operation, input)` → output, whichever SDK it is, with the clients of AWS' test page. */
function installApi() {
  const { AWS, AWSv3 } = window;
  const v2 = (options) => {
    const video = new AWS.KinesisVideo(options);
    const call = async (service, operation, input, endpoint) => {
      const client = service === 'video' ? video : new AWS.KinesisVideoSignalingChannels({ ...options, endpoint });
      return client[operation[0].toLowerCase() + operation.slice(1)](input).promise();
    };
    return Object.assign(call, { clockOffset: () => video.config.systemClockOffset });
  };
  const v3 = (options) => {
    const video = new AWSv3.video.KinesisVideoClient(options);
    const call = async (service, operation, input, endpoint) => {
      const client =
        service === 'video' ? video : new AWSv3.signaling.KinesisVideoSignalingClient({ ...options, endpoint });
      return client.send(new AWSv3[service][`${operation}Command`](input));
    };
    return Object.assign(call, { clockOffset: () => video.config.systemClockOffset });
  };
  window.api = { v2, v3 };
}

const options = (more = {}) => ({
  endpoint: service.https,
  region: service.region,
  credentials: service.credentials,
  ...more,
});

/** In the page: AWS' test page, master and viewer at once, call by call. Gives what the viewer's data channel heard. */
async function converse(sdk, options, name) {
  const { Role, SignalingClient } = window.KVSWebRTC;
  const call = window.api[sdk](options);
  await call('video', 'CreateSignalingChannel', { ChannelName: name });

  async function join(role, clientId) {
    const { ChannelInfo } = await call('video', 'DescribeSignalingChannel', { ChannelName: name });
    const channelARN = ChannelInfo.ChannelARN;
    const storage = await call('video', 'DescribeMediaStorageConfiguration', { ChannelARN: channelARN });
    if (storage.MediaStorageConfiguration.Status !== 'DISABLED') throw new Error(JSON.stringify(storage));
    const { ResourceEndpointList } = await call('video', 'GetSignalingChannelEndpoint', {
      ChannelARN: channelARN,
      SingleMasterChannelEndpointConfiguration: { Protocols: ['WSS', 'HTTPS'], Role: role },
    });
    const endpoints = Object.fromEntries(ResourceEndpointList.map((e) => [e.Protocol, e.ResourceEndpoint]));
    const ice = await call('signaling', 'GetIceServerConfig', { ChannelARN: channelARN }, endpoints.HTTPS);
    const iceServers = ice.IceServerList.map(({ Uris, Username, Password }) => ({
      urls: Uris,
      username: Username,
      credential: Password,
    }));
    const { region, credentials } = options;
    const channelEndpoint = endpoints.WSS;
    const systemClockOffset = call.clockOffset();
    const client = new SignalingClient({
      role,
      clientId,
      channelARN,
      channelEndpoint,
      region,
      credentials,
      systemClockOffset,
    });
    const opened = new Promise((resolve, reject) => {
      client.on('open', resolve);
      client.on('error', reject);
    });
    client.open();
    await opened;
    return { client, peer: new RTCPeerConnection({ iceServers }) };
  }

  const master = await join(Role.MASTER);
  master.client.on('sdpOffer', async (offer, remote) => {
    const { peer, client } = master;
    peer.onicecandidate = ({ candidate }) => candidate && client.sendIceCandidate(candidate, remote);
    peer.ondatachannel = ({ channel }) => (channel.onopen = () => channel.send(`hello ${remote}`));
    client.on('iceCandidate', (candidate) => peer.addIceCandidate(candidate));
    await peer.setRemoteDescription(offer);
    await peer.setLocalDescription(await peer.createAnswer());
    client.sendSdpAnswer(peer.localDescription, remote);
  });

  const { client, peer } = await join(Role.VIEWER, 'viewer-1');
  client.on('sdpAnswer', (answer) => peer.setRemoteDescription(answer));
  client.on('iceCandidate', (candidate) => peer.addIceCandidate(candidate));
  peer.onicecandidate = ({ candidate }) => candidate && client.sendIceCandidate(candidate);
  const heard = new Promise((resolve) => {
    peer.createDataChannel('kvs').onmessage = ({ data }) => resolve(data);
  });
  await peer.setLocalDescription(await peer.createOffer());
  client.sendSdpOffer(peer.localDescription);
  const text = await heard;

  for (const one of [master.client, client]) one.close();
  for (const one of [master.peer, peer]) one.close();
  return text;
}

/** In the page: what a program there sees of a call that fails. */
async function fail(sdk, options, operation, input) {
  try {
    await window.api[sdk](options)('video', operation, input);
    return 'it did not fail';
  } catch (error) {
    return {
      code: error.code ?? error.name,
      status: error.statusCode ?? error.$metadata?.httpStatusCode,
      requestId: error.requestId ?? error.$metadata?.requestId,
    };
  }
}

const titleOf = { chromium: 'Chromium', firefox: 'Firefox' };
const pairs = browserNames.flatMap((name) => ['v2', 'v3'].map((sdk) => [name, sdk]));

for (const [name, sdk] of pairs) {
  const where = titleOf[name];

  test(`AWS SDK ${sdk} in ${where}: from a channel's name to a data channel`, { timeout: 60_000 }, async () => {
    const heard = await tabs[name].page.evaluate(converse, sdk, options(), `in-${name}-${sdk}`);

    assert.equal(heard, 'hello viewer-1');
    assert.deepEqual(tabs[name].errors, []);
  });

  test(`AWS SDK ${sdk} in ${where}: errors have type, status and request id`, { timeout: 60_000 }, async () => {
    const missing = await tabs[name].page.evaluate(fail, sdk, options(), 'DescribeSignalingChannel', {
      ChannelName: 'nobody',
    });
    const wrong = { credentials: { ...service.credentials, secretAccessKey: 'x' } };
    const refused = await tabs[name].page.evaluate(fail, sdk, options(wrong), 'ListSignalingChannels', {});

    assert.deepEqual([missing.code, missing.status], ['ResourceNotFoundException', 404]);
    assert.deepEqual([refused.code, refused.status], ['InvalidSignatureException', 403]);
    for (const { requestId } of [missing, refused]) assert.match(requestId, /^[0-9a-f-]{36}$/);
  });

  test(
    `AWS SDK ${sdk} in ${where}: a wrong clock is corrected by the Date that is exposed, and the rest goes by it`,
    { timeout: 60_000 },
    async () => {
      const wrong = options({ systemClockOffset: -600_000, correctClockSkew: true });

      const heard = await tabs[name].page.evaluate(converse, sdk, wrong, `late-${name}-${sdk}`);

      assert.equal(heard, 'hello viewer-1');
    },
  );
}
