// The connection with the signaling service, which comes back by itself.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';

import { Link } from '../src/call/link';
import type { LinkState } from '../src/call/link';
import { FakeService, FakeWebSocket, settle } from '../test-support/fakes';

const OFFER = { type: 'offer', sdp: 'o' } as RTCSessionDescription;
const ANSWER = { type: 'answer', sdp: 'a' } as RTCSessionDescription;
const CANDIDATE = { candidate: 'candidate:1' } as RTCIceCandidate;

let service: FakeService;
let links: Link[];

beforeEach(() => {
  service = new FakeService();
  FakeWebSocket.install();
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(Math, 'random', () => 1);
  links = [];
});
afterEach(() => {
  for (const link of links) link.close();
  mock.timers.reset();
  mock.restoreAll();
});

/** A link, and what it told. */
function makeLink(role: 'MASTER' | 'VIEWER' = 'MASTER') {
  const states: LinkState[] = [];
  const events: unknown[][] = [];
  const tell =
    (name: string) =>
    (...args: unknown[]) =>
      void events.push([name, ...args]);
  const link = new Link('robot', role, role === 'VIEWER' ? 'ann' : undefined, {
    onState: (state) => states.push(state),
    onOffer: tell('offer'),
    onAnswer: tell('answer'),
    onCandidate: tell('candidate'),
    onRefused: tell('refused'),
    onDebug: tell('debug'),
  });
  links.push(link);
  return { link, states, events, kinds: () => states.map(({ kind }) => kind) };
}

async function openLink(role: 'MASTER' | 'VIEWER' = 'MASTER') {
  const made = makeLink(role);
  made.link.open();
  await settle();
  FakeWebSocket.last.fire('open');
  return { ...made, socket: FakeWebSocket.last };
}

describe('Link: connecting', () => {
  it('joins, has the service sign, and is open', async () => {
    const { kinds, link } = await openLink('VIEWER');

    assert.deepEqual(kinds(), ['connecting', 'open']);
    assert.deepEqual(
      service.asked.map(([, path, body]) => [path.split('/').at(-1), body]),
      [
        ['join', { channelName: 'robot', role: 'VIEWER', clientId: 'ann' }],
        [
          'sign',
          {
            endpoint: 'ws://localhost:1',
            queryParams: { 'X-Amz-ChannelARN': 'arn:channel', 'X-Amz-ClientId': 'ann' },
          },
        ],
      ],
    );
    assert.equal(link.isOpen, true);
    assert.equal(link.joined?.messageTtlSeconds, 60);
  });

  for (const [what, answer, words] of [
    ['cannot be reached', 'unreachable', /cannot be reached/],
    ['is overloaded', { status: 503, body: { message: 'try later' } }, /try later/],
  ] as const) {
    it(`waits and tries again while the service ${what}`, async () => {
      service.answers.join = answer;
      const { link, states } = makeLink();

      link.open();
      await settle();
      const waiting = states.at(-1)!;
      assert.ok(waiting.kind === 'waiting' && words.test(waiting.why) && waiting.retryInMs === 500);
      mock.timers.tick(499);
      assert.equal(service.count('join'), 1);
      mock.timers.tick(1);
      await settle();
      mock.timers.tick(1000);
      await settle();

      assert.equal(service.count('join'), 3);
    });
  }

  it('stops at a refusal that trying again cannot change, until told to', async () => {
    const { join } = service.answers;
    service.answers.join = { status: 401, body: { message: 'log in' } };
    const { link, states, kinds } = makeLink();

    link.open();
    await settle();
    const failed = states.at(-1)!;
    assert.ok(failed.kind === 'failed' && failed.error.needsLogin);
    mock.timers.tick(600_000);
    await settle();
    assert.equal(service.count('join'), 1);
    service.answers.join = join!;
    link.retry();
    await settle();
    FakeWebSocket.last.fire('open');

    assert.deepEqual(kinds(), ['connecting', 'failed', 'connecting', 'open']);
  });

  it('tries again when signing fails', async () => {
    service.answers.sign = { status: 500, body: { message: 'no' } };
    const { link, kinds, events } = makeLink();

    link.open();
    await settle();

    assert.deepEqual(kinds(), ['connecting', 'waiting']);
    assert.deepEqual(events, [['debug', 'signaling error: no']]);
  });
});

describe('Link: losing the connection', () => {
  it('comes back, signed afresh, waiting longer each time and shortly again once it was open', async () => {
    const { socket, states, link } = await openLink();
    const waits = () => states.flatMap((state) => (state.kind === 'waiting' ? [state.retryInMs] : []));

    socket.fire('close', { code: 1006 });
    assert.equal(link.isOpen, false);
    for (const wait of [500, 1000]) {
      mock.timers.tick(wait);
      await settle();
      FakeWebSocket.last.fire('close', { code: 1006 });
    }
    mock.timers.tick(2000);
    await settle();
    FakeWebSocket.last.fire('open');
    FakeWebSocket.last.fire('close', { code: 1006 });

    assert.deepEqual(waits(), [500, 1000, 2000, 500]);
    assert.equal(service.count('sign'), 4);
  });

  it("tells the service's reason", async () => {
    const { socket, states } = await openLink();

    socket.fire('close', { code: 1001, reason: 'service is going away' });

    const waiting = states.at(-1)!;
    assert.ok(waiting.kind === 'waiting' && waiting.why === 'service is going away');
  });

  it('does not fight with the connection that replaced it', async () => {
    const { socket, kinds } = await openLink();

    socket.fire('close', { code: 4001, reason: 'replaced' });
    mock.timers.tick(600_000);
    await settle();

    assert.deepEqual(kinds(), ['connecting', 'open', 'replaced']);
    assert.equal(FakeWebSocket.all.length, 1);
  });

  it('connects anew when the service asks it to', async () => {
    const { socket, kinds } = await openLink();

    socket.receive('GO_AWAY');
    assert.equal(socket.isClosed, true);
    socket.fire('close', { code: 1000 });
    mock.timers.tick(500);
    await settle();
    FakeWebSocket.last.fire('open');

    assert.deepEqual(kinds(), ['connecting', 'open', 'waiting', 'connecting', 'open']);
  });

  it('retries at once when told to, without a second attempt later', async () => {
    const { socket, link } = await openLink();
    socket.fire('close', { code: 1006 });

    link.retry();
    await settle();
    FakeWebSocket.last.fire('open');
    mock.timers.tick(600_000);
    await settle();

    assert.equal(FakeWebSocket.all.length, 2);
  });
});

describe('Link: closing', () => {
  it('closes the connection and stays closed', async () => {
    const { socket, link, kinds } = await openLink();

    link.close();
    socket.fire('close', { code: 1000 });
    link.open();
    link.retry();
    mock.timers.tick(600_000);
    await settle();

    assert.equal(socket.isClosed, true);
    assert.deepEqual(kinds(), ['connecting', 'open', 'closed']);
    assert.equal(FakeWebSocket.all.length, 1);
  });

  it('ends the waiting', async () => {
    const { socket, link, kinds } = await openLink();
    socket.fire('close', { code: 1006 });

    link.close();
    mock.timers.tick(600_000);
    await settle();

    assert.equal(kinds().at(-1), 'closed');
    assert.equal(FakeWebSocket.all.length, 1);
  });

  it('while it joins, opens no connection', async () => {
    const { link } = makeLink();

    link.open();
    link.close();
    await settle();

    assert.equal(FakeWebSocket.all.length, 0);
  });

  it('while it connects, ends the attempt', async () => {
    const { link, kinds } = makeLink();
    link.open();
    await settle();

    link.close();
    FakeWebSocket.last.fire('open');

    assert.equal(FakeWebSocket.last.isClosed, true);
    assert.deepEqual(kinds(), ['connecting', 'closed']);
  });
});

describe('Link: messages', () => {
  it('sends with a correlation id of its own, so that failures are told', async () => {
    const { socket, link } = await openLink();

    link.sendAnswer(ANSWER, 'ann');
    link.sendCandidate(CANDIDATE, 'ann');

    assert.deepEqual(socket.messages, [
      ['SDP_ANSWER', ANSWER, 'ann'],
      ['ICE_CANDIDATE', CANDIDATE, 'ann'],
    ]);
    assert.deepEqual(
      socket.sent.map(({ correlationId }) => correlationId),
      ['m1', 'm2'],
    );
  });

  it('a viewer names no recipient', async () => {
    const { socket, link } = await openLink('VIEWER');

    link.sendOffer(OFFER);
    link.sendCandidate(CANDIDATE);

    assert.deepEqual(socket.messages, [
      ['SDP_OFFER', OFFER, undefined],
      ['ICE_CANDIDATE', CANDIDATE, undefined],
    ]);
  });

  it('keeps what is sent while it is not open, and sends it in its order; what belongs to an old call is dropped', async () => {
    const { link } = makeLink();

    assert.equal(link.sendAnswer(ANSWER, 'ann'), false);
    link.sendCandidate(CANDIDATE, 'bob');
    link.sendCandidate(CANDIDATE, 'ann');
    link.dropQueued('bob');
    link.forgetCandidates();
    link.open();
    await settle();
    FakeWebSocket.last.fire('open');

    assert.deepEqual(FakeWebSocket.last.messages, [
      ['SDP_ANSWER', ANSWER, 'ann'],
      ['ICE_CANDIDATE', CANDIDATE, 'ann'],
    ]);
    assert.equal(link.sendCandidate(CANDIDATE, 'ann'), true);
  });

  it('keeps no more than five hundred, and says so', async () => {
    const { link, events } = makeLink();

    for (let i = 0; i < 501; ++i) link.sendCandidate(CANDIDATE, 'ann');
    assert.deepEqual(events, [['debug', 'a message was dropped: 500 wait for the service already']]);
    link.open();
    await settle();
    FakeWebSocket.last.fire('open');

    assert.equal(FakeWebSocket.last.messages.length, 500);
  });

  it('keeps what is sent between GO_AWAY and the new connection', async () => {
    const { socket, link } = await openLink();
    socket.receive('GO_AWAY');

    link.sendAnswer(ANSWER, 'ann');
    socket.fire('close', { code: 1000 });
    mock.timers.tick(500);
    await settle();
    FakeWebSocket.last.fire('open');

    assert.deepEqual(socket.messages, []);
    assert.deepEqual(FakeWebSocket.last.messages, [['SDP_ANSWER', ANSWER, 'ann']]);
  });

  it('tells what comes, and from whom', async () => {
    const { socket, events } = await openLink();

    socket.receive('SDP_OFFER', OFFER, 'ann');
    socket.receive('ICE_CANDIDATE', CANDIDATE, 'ann');
    socket.receive('SDP_ANSWER', ANSWER);
    socket.receive('STATUS_RESPONSE', undefined, undefined, {
      statusResponse: {
        correlationId: 'm1',
        errorType: 'InvalidArgumentException',
        statusCode: '400',
        description: 'why',
      },
    });

    assert.deepEqual(events, [
      ['offer', OFFER, 'ann'],
      ['candidate', CANDIDATE, 'ann'],
      ['answer', ANSWER],
      ['refused', 'InvalidArgumentException 400: why'],
    ]);
  });

  it('has candidates of a new call wait for its description', async () => {
    const { socket, events, link } = await openLink();
    socket.receive('SDP_OFFER', OFFER, 'ann');

    link.forgetCandidates('ann');
    socket.receive('ICE_CANDIDATE', CANDIDATE, 'ann');
    socket.receive('SDP_OFFER', OFFER, 'ann');

    assert.deepEqual(
      events.map(([name]) => name),
      ['offer', 'offer', 'candidate'],
    );
  });
});
