// A viewer's call from end to end of one page.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';

import type { SessionOptions } from '../src/call/session';
import { ViewerSession } from '../src/call/viewer';
import { FakeWebSocket, settle } from '../test-support/fakes';
import { FakePeerConnection } from '../test-support/peer_connection';
import {
  ANSWER,
  CANDIDATE,
  log,
  offer,
  openSocket,
  OPTIONS,
  service,
  shown,
  start,
  useStage,
} from '../test-support/session_stage';

useStage();

describe('ViewerSession', () => {
  const startViewer = (more: Partial<SessionOptions> = {}) => start(new ViewerSession({ ...OPTIONS, ...more }, log));

  it('calls as soon as the link is open, and is there when the channel opens', async () => {
    const viewer = await startViewer();
    const peer = FakePeerConnection.last;
    assert.deepEqual(FakeWebSocket.last.messages, [['SDP_OFFER', offer('offer 1'), undefined]]);
    assert.deepEqual(shown(viewer), [['MASTER', 'waiting', []]]);

    FakeWebSocket.last.receive('SDP_ANSWER', ANSWER);
    FakeWebSocket.last.receive('ICE_CANDIDATE', CANDIDATE);
    peer.onicecandidate?.({ candidate: CANDIDATE });
    await settle();
    assert.deepEqual(shown(viewer), [['MASTER', 'connecting', []]]);
    peer.channel.open();

    assert.deepEqual([peer.remoteDescription, peer.candidates], [ANSWER, [CANDIDATE]]);
    assert.deepEqual(FakeWebSocket.last.messages[1], ['ICE_CANDIDATE', CANDIDATE, undefined]);
    assert.deepEqual(shown(viewer), [['MASTER', 'here', []]]);
  });

  it('keeps what is said before, and sends it in its order', async () => {
    const viewer = await startViewer();
    viewer.say('MASTER', 'one');
    viewer.say('MASTER', 'two');
    assert.deepEqual(shown(viewer)[0]![2], ['me: one …', 'me: two …']);

    FakePeerConnection.last.channel.open();
    viewer.say('MASTER', 'three');

    assert.deepEqual(FakePeerConnection.last.channel.sent, ['one', 'two', 'three']);
    assert.deepEqual(shown(viewer)[0]![2], ['me: one', 'me: two', 'me: three']);
  });

  it('a text that is too long holds up neither the others nor the call', async () => {
    const viewer = await startViewer();
    for (const text of ['before', 'x'.repeat(70_000), 'after']) viewer.say('MASTER', text);

    FakePeerConnection.last.channel.open();

    assert.deepEqual(FakePeerConnection.last.channel.sent, ['before', 'after']);
    const [[, presence, texts]] = shown(viewer) as [[string, string, string[]]];
    assert.equal(presence, 'here');
    assert.deepEqual(
      texts.map((text) => text.slice(-2)),
      ['re', ' ✗', 'er', 's.'],
    );
    assert.match(texts[3]!, /longer than the other end takes/);
    assert.equal(viewer.say('MASTER', 'x'.repeat(70_000)), false);
  });

  it('calls again when an answer cannot be used', async () => {
    await startViewer();

    FakeWebSocket.last.receive('SDP_ANSWER', { type: 'answer', sdp: 'bad' });
    await settle();
    mock.timers.tick(1000);
    await settle();

    assert.equal(FakePeerConnection.all.length, 2);
  });

  it('calls again when an answer leads nowhere', async () => {
    await startViewer();

    FakeWebSocket.last.receive('SDP_ANSWER', ANSWER);
    await settle();
    mock.timers.tick(44_999);
    await settle();
    assert.equal(FakePeerConnection.all.length, 1);
    mock.timers.tick(1);
    await settle();

    assert.equal(FakePeerConnection.all.length, 2);
  });

  it('calls again when two answers came: the first may have been to an earlier offer', async () => {
    await startViewer();

    FakeWebSocket.last.receive('SDP_ANSWER', ANSWER);
    await settle();
    FakeWebSocket.last.receive('SDP_ANSWER', ANSWER);
    await settle();
    mock.timers.tick(1000);
    await settle();

    assert.equal(FakePeerConnection.all.length, 2);
  });

  it('calls with new relay credentials when the old ones are about to expire', async () => {
    service.answers.join!.body.iceServers = [{ urls: ['turn:old'] }];
    const now = mock.method(performance, 'now', () => 0);
    await startViewer();
    assert.equal(service.count('join'), 1);
    service.answers.join!.body.iceServers = [{ urls: ['turn:new'] }];

    now.mock.mockImplementation(() => 250_000);
    FakePeerConnection.last.channel.open();
    FakePeerConnection.last.channel.onclose?.();
    mock.timers.tick(1000);
    await settle();

    assert.equal(service.count('join'), 2);
    const [first, second] = FakePeerConnection.all;
    assert.deepEqual(first!.configuration.iceServers, [{ urls: ['turn:old'] }]);
    assert.deepEqual(second!.configuration.iceServers, [{ urls: ['turn:new'] }]);
  });

  it('opens a camera once, however often it is asked to while the person is asked', async () => {
    const viewer = await startViewer();
    const tracks: { stopped: boolean; stop(): void }[] = [];
    const answers: (() => void)[] = [];
    const getUserMedia = () =>
      new Promise((resolve) => {
        const track = { stopped: false, stop: () => void (track.stopped = true), kind: 'video' };
        tracks.push(track);
        answers.push(() => resolve({ getTracks: () => [track] }));
      });
    Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: { getUserMedia } }, configurable: true });

    void viewer.toggle('camera');
    void viewer.toggle('camera');
    for (const answer of answers) answer();
    await settle();
    assert.equal(viewer.tracks.value.camera, tracks[0]);
    viewer.stop();

    assert.deepEqual(
      tracks.map(({ stopped }) => stopped),
      [true],
    );
  });

  it('calls again when nobody answers, before the service forgets the offer', async () => {
    await startViewer();

    mock.timers.tick(48_000);
    await settle();

    assert.equal(FakePeerConnection.all[0]!.isClosed, true);
    assert.deepEqual(
      FakeWebSocket.last.messages.map(([, payload]) => payload),
      [offer('offer 1'), offer('offer 2')],
    );
  });

  for (const [what, end, note] of [
    ['leaves', (peer: FakePeerConnection) => peer.channel.onclose?.(), /left; calling again/],
    ['is lost', (peer: FakePeerConnection) => peer.fail(), /No network path/],
  ] as const) {
    it(`calls again when the master ${what}, and says so`, async () => {
      const viewer = await startViewer();
      FakePeerConnection.last.channel.open();

      end(FakePeerConnection.last);
      assert.match(String((shown(viewer)[0]![2] as string[])[0]), note);
      assert.equal(shown(viewer)[0]![1], 'waiting');
      mock.timers.tick(1000);
      await settle();

      assert.equal(FakePeerConnection.all.length, 2);
      assert.equal(FakeWebSocket.last.messages.length, 2);
    });
  }

  it('a call that is up goes on when the link is lost and comes back', async () => {
    const viewer = await startViewer();
    FakePeerConnection.last.channel.open();

    FakeWebSocket.last.fire('close', { code: 1006 });
    mock.timers.tick(500);
    await openSocket();
    viewer.say('MASTER', 'still here');

    assert.equal(FakePeerConnection.all.length, 1);
    assert.deepEqual(FakePeerConnection.last.channel.sent, ['still here']);
    assert.deepEqual(FakeWebSocket.last.messages, []);
  });

  it('offers relayed paths only when told to', async () => {
    await startViewer({ relayOnly: true });

    assert.equal(FakePeerConnection.last.configuration.iceTransportPolicy, 'relay');
  });

  it('ends everything when stopped', async () => {
    const viewer = await startViewer();
    FakePeerConnection.last.channel.open();

    viewer.stop();
    mock.timers.tick(600_000);
    await settle();

    assert.equal(FakePeerConnection.last.isClosed, true);
    assert.equal(FakeWebSocket.last.isClosed, true);
    assert.equal(viewer.state.value.kind, 'closed');
    assert.deepEqual([FakePeerConnection.all.length, FakeWebSocket.all.length], [1, 1]);
  });
});
