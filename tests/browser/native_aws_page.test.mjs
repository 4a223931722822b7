// Native master and viewer with a page on AWS' packages, which does what AWS' test page does, call by call.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { servePage } from '../interop/support/page_server.mjs';
import { until } from '../support/heliographd.mjs';
import { Browser, browserNames } from './browsers.mjs';
import { clearStage, end, expectStream, readRecording, say, Studio, watchConnections } from './native.mjs';

const CODECS = { chromium: 'h264', firefox: 'vp8' };

/** In the page: from a channel's name to an open client, and a peer connection as both roles make it. */
function installApi() {
  const { KVSWebRTC, AWSv3 } = window;
  window.heard = [];

  window.join = async (settings, name, role, clientId) => {
    const video = new AWSv3.video.KinesisVideoClient(settings);
    const send = (command, input) => video.send(new AWSv3.video[`${command}Command`](input));
    if (role === 'MASTER') await send('CreateSignalingChannel', { ChannelName: name });
    const { ChannelInfo } = await send('DescribeSignalingChannel', { ChannelName: name });
    const channelARN = ChannelInfo.ChannelARN;
    const { ResourceEndpointList } = await send('GetSignalingChannelEndpoint', {
      ChannelARN: channelARN,
      SingleMasterChannelEndpointConfiguration: { Protocols: ['WSS', 'HTTPS'], Role: role },
    });
    const endpoints = Object.fromEntries(ResourceEndpointList.map((one) => [one.Protocol, one.ResourceEndpoint]));
    const signaling = new AWSv3.signaling.KinesisVideoSignalingClient({ ...settings, endpoint: endpoints.HTTPS });
    const ice = await signaling.send(new AWSv3.signaling.GetIceServerConfigCommand({ ChannelARN: channelARN }));
    const iceServers = ice.IceServerList.map((one) => ({
      urls: one.Uris,
      username: one.Username,
      credential: one.Password,
    }));
    const { region, credentials } = settings;
    const channelEndpoint = endpoints.WSS;
    const client = new KVSWebRTC.SignalingClient({ role, clientId, channelARN, channelEndpoint, region, credentials });
    const opened = new Promise((resolve, reject) => {
      client.on('open', resolve);
      client.on('error', reject);
    });
    client.open();
    await opened;
    return { client, iceServers };
  };

  /** With a data channel of its own, camera and microphone, and a place for what comes. */
  window.connect = async (iceServers, client, remote) => {
    const peer = new RTCPeerConnection({ iceServers });
    const listen = (channel) => (channel.onmessage = ({ data }) => window.heard.push(data));
    window.channel = peer.createDataChannel('kvsDataChannel');
    listen(window.channel);
    peer.ondatachannel = ({ channel }) => listen(channel);
    peer.onicecandidate = ({ candidate }) => candidate && client.sendIceCandidate(candidate, remote);
    const camera = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 }, audio: true });
    for (const track of camera.getTracks()) peer.addTrack(track, camera);
    const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true, playsInline: true });
    video.dataset.testid = 'remote-video';
    document.body.append(video);
    peer.ontrack = ({ streams }) => {
      video.srcObject ??= streams[0];
    };
    return peer;
  };
}

/** In the page. */
async function view(settings, name) {
  const { client, iceServers } = await window.join(settings, name, 'VIEWER', 'aws-page');
  const peer = await window.connect(iceServers, client);
  client.on('sdpAnswer', (answer) => peer.setRemoteDescription(answer));
  client.on('iceCandidate', (candidate) => peer.addIceCandidate(candidate));
  await peer.setLocalDescription(await peer.createOffer({ offerToReceiveAudio: true, offerToReceiveVideo: true }));
  client.sendSdpOffer(peer.localDescription);
}

/** In the page. */
async function stream(settings, name) {
  const { client, iceServers } = await window.join(settings, name, 'MASTER');
  client.on('sdpOffer', async (offer, remote) => {
    const early = [];
    let peer;
    client.on('iceCandidate', (candidate) => (peer ? peer.addIceCandidate(candidate) : early.push(candidate)));
    const made = await window.connect(iceServers, client, remote);
    await made.setRemoteDescription(offer);
    await made.setLocalDescription(await made.createAnswer({ offerToReceiveAudio: true, offerToReceiveVideo: true }));
    peer = made;
    for (const candidate of early) await peer.addIceCandidate(candidate);
    client.sendSdpAnswer(peer.localDescription, remote);
  });
}

for (const name of browserNames)
  describe(`native peers and AWS' packages in ${name}`, { concurrency: false, timeout: 180_000 }, () => {
    let studio;
    let server;
    let browser;

    before(async () => {
      [studio, server] = await Promise.all([Studio.start({ turn: 'auto' }), servePage()]);
      browser = await Browser.start(name, { trust: 'all' });
    });
    afterEach(() => clearStage(studio, [browser]));
    after(async () => {
      await browser?.stop();
      server?.stop();
      await studio?.stop();
    });

    const settings = () => ({
      endpoint: studio.service.https,
      region: studio.service.region,
      credentials: studio.service.credentials,
    });
    const open = async () => {
      const tab = await browser.newTab(server.url, watchConnections);
      await tab.page.evaluate(installApi);
      return tab;
    };
    const tell = (tab, text) => tab.page.evaluate((words) => window.channel.send(words), text);
    const hears = (tab, text) =>
      until(() => tab.page.evaluate((words) => window.heard.includes(words), text), `the page hears "${text}"`);

    test('a master is seen, heard and talked with by the page, and records it', async () => {
      const channel = studio.newChannel();
      const master = await studio.master(channel, '--record', join(studio.folder, channel));
      const tab = await open();

      await tab.page.evaluate(view, settings(), channel);

      await expectStream(tab, { codec: CODECS[name], context: () => master.output.slice(-3000) });
      await tell(tab, 'hello master');
      await master.until(() => master.events.some((one) => one.text === 'hello master'), 'the page is heard');
      say(master, '/to aws-page hello page');
      await hears(tab, 'hello page');
      await master.until(
        () => master.last('stats').viewers[0]?.receivedKbps > 50 && master.last('stats').seconds > 5,
        'the page sends',
      );
      assert.equal(await end(master), 0, master.output);
      const recording = await readRecording(join(studio.folder, channel, 'aws-page-1.mkv'));
      assert.equal(recording.video?.codec, CODECS[name]);
      assert.equal(recording.audio?.codec, 'opus');
    });

    test('a viewer records the page as the master, and talks with it', async () => {
      const channel = studio.newChannel();
      const path = join(studio.folder, `${channel}.mkv`);
      const tab = await open();
      await tab.page.evaluate(stream, settings(), channel);

      const viewer = studio.viewer(channel, '--record', path, '--chat', '--name', 'native');
      await viewer.until(() => viewer.frames > 45, 'pictures come');
      say(viewer, 'hello page');
      await hears(tab, 'hello page');
      await tell(tab, 'hello viewer');
      await viewer.until(() => viewer.last('text')?.text.endsWith('hello viewer'), 'the page is heard');
      assert.equal(await end(viewer), 0, viewer.output);

      const recording = await readRecording(path);
      const summary = viewer.last('summary');
      assert.equal(recording.video?.codec, CODECS[name]);
      assert.equal(recording.audio?.codec, 'opus');
      assert.ok(Math.abs(recording.seconds - summary.video.seconds) <= 0.7, JSON.stringify({ recording, summary }));
    });
  });
