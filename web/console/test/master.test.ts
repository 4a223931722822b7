// A master's calls from end to end of one page.
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';

import { MasterSession } from '../src/call/master';
import { FakeWebSocket, settle } from '../test-support/fakes';
import { FakePeerConnection } from '../test-support/peer_connection';
import {
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

  it('shows pictures as soon as there are some, and goes on when none has come since', async () => {
    const master = await startMaster();
    const ann = await call('ann-k3f9');
    ann.openForMaster();
    ann.stats = [{ type: 'inbound-rtp', kind: 'video', framesDecoded: 1 }];
    await settle();

    mock.timers.tick(50);
    await settle();

    assert.equal(master.media.value.get('ann-k3f9')?.video, true);
    mock.timers.tick(50);
    await settle();
    assert.equal(master.media.value.get('ann-k3f9')?.video, true);
    mock.timers.tick(1000);
    await settle();
    assert.equal(master.media.value.get('ann-k3f9')?.video, false);
  });

  it('shows none of the former picture when a viewer calls again', async () => {
    const master = await startMaster();
    const first = await call('ann-k3f9');
    first.openForMaster();
    first.stats = [{ type: 'inbound-rtp', kind: 'video', framesDecoded: 9 }];
    await settle();
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
