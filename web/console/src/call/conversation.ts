/** One thread with one other person. Immutable: every change gives a new one. */

export type Presence = 'waiting' | 'connecting' | 'here' | 'left';
export type Author = 'me' | 'them' | 'note';

export interface ChatMessage {
  id: number;
  author: Author;
  text: string;
  time: Date;
  /** pending: the other end is not connected yet; refused: it never can be sent, as a note says. */
  delivery: 'sent' | 'pending' | 'refused';
}

export interface Conversation {
  /** The other's client id; "MASTER" for a viewer's only one. */
  id: string;
  name: string;
  presence: Presence;
  messages: readonly ChatMessage[];
  unread: number;
}

let lastMessageId = 0;

export function newConversation(id: string, name: string, presence: Presence): Conversation {
  return { id, name, presence, messages: [], unread: 0 };
}

export function withMessage(
  conversation: Conversation,
  author: Author,
  text: string,
  options: { delivery?: ChatMessage['delivery']; unread?: boolean } = {},
): Conversation {
  const message = { id: ++lastMessageId, author, text, time: new Date(), delivery: options.delivery ?? 'sent' };
  return {
    ...conversation,
    messages: [...conversation.messages, message],
    unread: conversation.unread + (options.unread ? 1 : 0),
  };
}

/** What waits, in its order. */
export function pendingMessages(conversation: Conversation): ChatMessage[] {
  return conversation.messages.filter((message) => message.delivery === 'pending');
}

export function withDelivery(conversation: Conversation, id: number, delivery: ChatMessage['delivery']): Conversation {
  const change = (message: ChatMessage) => (message.id === id ? { ...message, delivery } : message);
  return { ...conversation, messages: conversation.messages.map(change) };
}

export function withPresence(conversation: Conversation, presence: Presence): Conversation {
  return conversation.presence === presence ? conversation : { ...conversation, presence };
}

export function asRead(conversation: Conversation): Conversation {
  return conversation.unread === 0 ? conversation : { ...conversation, unread: 0 };
}
