// Where a call of one page is played: the service, the network and the other person are the test's.
import { afterEach, beforeEach, mock } from 'node:test';

import { Log } from '../src/call/log';
import type { Session, SessionOptions } from '../src/call/session';
import { FakeService, FakeWebSocket, settle } from './fakes';
import { FakePeerConnection } from './peer_connection';

export const OPTIONS: SessionOptions = {
  channel: 'robot',
  clientId: 'ann-k3f9',
  relayOnly: false,
  trickle: true,
  camera: false,
  microphone: false,
};
export const CANDIDATE = { candidate: 'candidate:1' };
export const offer = (sdp: string) => ({ type: 'offer', sdp });
export const ANSWER = { type: 'answer', sdp: 'a' };

export let log: Log;
export let service: FakeService & { answers: Record<string, any> };
let sessions: Session[];

/** Call once in each file: a fresh stage for every test. */
export function useStage(): void {
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
}

export async function start<T extends Session>(session: T): Promise<T> {
  sessions.push(session);
  session.start();
  await openSocket();
  return session;
}

export async function openSocket(): Promise<void> {
  await settle();
  FakeWebSocket.last.fire('open');
  await settle();
}

const MARKS = { sent: '', pending: ' …', refused: ' ✗' };

/** [id, presence, texts] of every conversation. */
export const shown = (session: Session) =>
  session.conversations.value.map(({ id, presence, messages }) => [
    id,
    presence,
    messages.map(({ author, text, delivery }) => `${author}: ${text}${MARKS[delivery]}`),
  ]);
