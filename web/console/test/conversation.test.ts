// One thread with one other person.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  asRead,
  newConversation,
  pendingMessages,
  withDelivery,
  withMessage,
  withPresence,
} from '../src/call/conversation';
import type { Conversation } from '../src/call/conversation';

const texts = (conversation: Conversation) => conversation.messages.map(({ author, text }) => [author, text]);

describe('a conversation', () => {
  const empty = newConversation('ann-k3f9', 'ann', 'waiting');

  it('begins empty, read, and with what it is given', () => {
    assert.deepEqual(empty, { id: 'ann-k3f9', name: 'ann', presence: 'waiting', messages: [], unread: 0 });
  });

  it('keeps messages in their order, each with its own id, and leaves the old one as it was', () => {
    const first = withMessage(empty, 'me', 'hello');
    const second = withMessage(first, 'them', 'hi', { unread: true });
    const third = withMessage(second, 'note', 'left');

    assert.deepEqual(texts(third), [
      ['me', 'hello'],
      ['them', 'hi'],
      ['note', 'left'],
    ]);
    assert.equal(new Set(third.messages.map(({ id }) => id)).size, 3);
    assert.deepEqual([empty.messages.length, first.messages.length], [0, 1]);
    assert.deepEqual([first.unread, second.unread, third.unread], [0, 1, 1]);
  });

  it('knows what waits to be sent, in its order, until it was', () => {
    const pending = (conversation: Conversation) => pendingMessages(conversation).map(({ text }) => text);
    const waiting = ['one', 'two'].reduce((all, text) => withMessage(all, 'me', text, { delivery: 'pending' }), empty);
    const mixed = withMessage(waiting, 'me', 'sent already');

    assert.deepEqual(pending(mixed), ['one', 'two']);
    const half = withDelivery(mixed, mixed.messages[0]!.id, 'sent');
    assert.deepEqual(pending(half), ['two']);
    assert.deepEqual(texts(half), texts(mixed));
    assert.deepEqual(pending(mixed), ['one', 'two']);
  });

  it('is the same object when nothing changes, so that nothing is drawn anew', () => {
    assert.equal(withPresence(empty, 'waiting'), empty);
    assert.equal(asRead(empty), empty);
    assert.equal(withPresence(empty, 'here').presence, 'here');
    assert.equal(asRead(withMessage(empty, 'them', 'x', { unread: true })).unread, 0);
  });
});
