// A call from end to end of one page: the service, the network and the other person are the test's.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';

import { Log } from '../src/call/log';
import { MasterSession } from '../src/call/master';
import type { Session, SessionOptions } from '../src/call/session';
import { ViewerSession } from '../src/call/viewer';
import { FakeService, FakeWebSocket, settle } from '../test-support/fakes';
import { FakePeerConnection } from '../test-support/peer_connection';

const OPTIONS: SessionOptions = {
  channel: 'robot',
  clientId: 'ann-k3f9',
  relayOnly: false,
  trickle: true,
  camera: false,
  microphone: false,
};
const CANDIDATE = { candidate: 'candidate:1' };
const offer = (sdp: string) => ({ type: 'offer', sdp });
const ANSWER = { type: 'answer', sdp: 'a' };

let log: Log;
let service: FakeService & { answers: Record<string, any> };
let sessions: Session[];

beforeEach(() => {
  log = new Log();
  sessions = [];
  service = new FakeService();
  FakeWebSocket.install();
  FakePeerConnection.install();
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  mock.method(Math, 'random', () => 1);
});
afterEach(() => {
  for (const session of sessions) session.stop();
  mock.timers.reset();
  mock.restoreAll();
});

async function start<T extends Session>(session: T): Promise<T> {
  sessions.push(session);
  session.start();
  await openSocket();
  return session;
}

async function openSocket(): Promise<void> {
  await settle();
  FakeWebSocket.last.fire('open');
  await settle();
}

const MARKS = { sent: '', pending: ' …', refused: ' ✗' };

/** [id, presence, texts] of every conversation. */
const shown = (session: Session) =>
  session.conversations.value.map(({ id, presence, messages }) => [
    id,
    presence,
    messages.map(({ author, text, delivery }) => `${author}: ${text}${MARKS[delivery]}`),
  ]);

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

describe('MasterSession', () => {
  const startMaster = () => start(new MasterSession(OPTIONS, log));

  async function call(id: string, sdp = 'o'): Promise<FakePeerConnection> {
    FakeWebSocket.last.receive('SDP_OFFER', offer(sdp), id);
    await settle();
    return FakePeerConnection.last;
  }

  it('answers each viewer, in a conversation of its own', async () => {
    const master = await startMaster();

    const ann = await call('ann-k3f9', 'o1');
    const bob = await call('bob-a1b2', 'o2');
    FakeWebSocket.last.receive('ICE_CANDIDATE', CANDIDATE, 'bob-a1b2');
    ann.openForMaster();
    ann.channel.onmessage?.({ data: 'hello' });

    assert.deepEqual([ann.remoteDescription, bob.remoteDescription], [offer('o1'), offer('o2')]);
    assert.deepEqual([ann.candidates, bob.candidates], [[], [CANDIDATE]]);
    assert.deepEqual(
      FakeWebSocket.last.messages.map(([action, , to]) => [action, to]),
      [
        ['SDP_ANSWER', 'ann-k3f9'],
        ['SDP_ANSWER', 'bob-a1b2'],
      ],
    );
    assert.deepEqual(shown(master), [
      ['ann-k3f9', 'here', ['them: hello']],
      ['bob-a1b2', 'connecting', []],
    ]);
    assert.deepEqual(
      master.conversations.value.map(({ name }) => name),
      ['ann', 'bob'],
    );
  });

  it('counts what is unread in the conversations that are not looked at', async () => {
    const master = await startMaster();
    for (const id of ['ann-k3f9', 'bob-a1b2']) {
      const peer = await call(id);
      peer.openForMaster();
      peer.channel.onmessage?.({ data: 'hi' });
    }
    const unread = () => master.conversations.value.map((conversation) => conversation.unread);

    assert.deepEqual([master.selected.value, unread()], ['ann-k3f9', [0, 1]]);
    master.select('bob-a1b2');
    assert.deepEqual(unread(), [0, 0]);
  });

  it('says something to all who have not left', async () => {
    const master = await startMaster();
    const [ann, bob] = [await call('ann-k3f9'), await call('bob-a1b2')];
    for (const peer of [ann, bob]) peer.openForMaster();
    bob.channel.onclose?.();

    master.sayToAll('lunch');

    assert.deepEqual([ann.channel.sent, bob.channel.sent], [['lunch'], []]);
    assert.deepEqual(shown(master)[1], ['bob-a1b2', 'left', ['note: bob left.']]);
  });

  it('a viewer that calls again gets a new connection in its old conversation', async () => {
    const master = await startMaster();
    const first = await call('ann-k3f9');
    first.openForMaster();

    const second = await call('ann-k3f9');
    second.openForMaster();

    assert.equal(first.isClosed, true);
    assert.deepEqual(shown(master), [['ann-k3f9', 'here', ['note: ann is calling again.']]]);
  });

  it('shows none of the former picture when a viewer calls again', async () => {
    const master = await startMaster();
    const first = await call('ann-k3f9');
    first.openForMaster();
    first.stats = [{ type: 'inbound-rtp', kind: 'video', framesDecoded: 9 }];
    mock.timers.tick(1000);
    await settle();
    assert.equal(master.media.value.get('ann-k3f9')?.video, true);

    await call('ann-k3f9');

    assert.equal(master.media.value.has('ann-k3f9'), false);
  });

  it('tells people of the same name apart', async () => {
    const master = await startMaster();

    for (const id of ['cam-left', 'cam-back']) await call(id);

    assert.deepEqual(
      master.conversations.value.map(({ name }) => name),
      ['cam', 'cam-back'],
    );
  });

  it('answers what came before the link was lost as soon as it is back', async () => {
    await startMaster();
    const lost = FakeWebSocket.last;
    lost.receive('SDP_OFFER', offer('o'), 'ann-k3f9');
    lost.fire('close', { code: 1006 });
    await settle();
    assert.deepEqual(lost.messages, []);
    assert.ok(!log.lines.value.some(({ text }) => /Sent SDP answer/.test(text)));

    mock.timers.tick(500);
    await openSocket();

    assert.deepEqual(
      FakeWebSocket.last.messages.map(([action, , to]) => [action, to]),
      [['SDP_ANSWER', 'ann-k3f9']],
    );
  });

  it('does not make again a channel that was deleted, until it is told to', async () => {
    const master = await startMaster();

    FakeWebSocket.last.fire('close', { code: 4002 });
    mock.timers.tick(600_000);
    await settle();
    assert.deepEqual([master.state.value.kind, service.count('join')], ['deleted', 1]);
    master.retry();
    await openSocket();

    assert.equal(master.state.value.kind, 'open');
  });

  it('an offer that cannot be used ends nothing', async () => {
    const master = await startMaster();
    await call('ann-k3f9', 'bad');

    const bob = await call('bob-a1b2');
    bob.openForMaster();

    assert.ok(
      log.lines.value.some(({ level, text }) => level === 'error' && /ann-k3f9 could not be answered/.test(text)),
    );
    assert.equal(shown(master)[1]![1], 'here');
  });

  it('calls go on while the link is lost', async () => {
    const master = await startMaster();
    const ann = await call('ann-k3f9');
    ann.openForMaster();

    FakeWebSocket.last.fire('close', { code: 1006 });
    master.say('ann-k3f9', 'hi');

    assert.equal(master.state.value.kind, 'waiting');
    assert.deepEqual(ann.channel.sent, ['hi']);
  });
});
