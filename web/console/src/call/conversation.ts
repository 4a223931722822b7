/** One thread with one other person. Immutable: every change gives a new one. */

export type Presence = 'waiting' | 'connecting' | 'here' | 'left';
export type Author = 'me' | 'them' | 'note';

export interface ChatMessage {
  id: number;
  author: Author;
  text: string;
  time: Date;
  /** Written, but not sent yet: the other end is not connected. */
  pending: boolean;
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
  options: { pending?: boolean; unread?: boolean } = {},
): Conversation {
  const message = { id: ++lastMessageId, author, text, time: new Date(), pending: options.pending ?? false };
  return {
    ...conversation,
    messages: [...conversation.messages, message],
    unread: conversation.unread + (options.unread ? 1 : 0),
  };
}

/** The texts that wait, in their order. */
export function pendingTexts(conversation: Conversation): string[] {
  return conversation.messages.filter((message) => message.pending).map((message) => message.text);
}

export function withAllSent(conversation: Conversation): Conversation {
  return {
    ...conversation,
    messages: conversation.messages.map((message) => (message.pending ? { ...message, pending: false } : message)),
  };
}

export function withPresence(conversation: Conversation, presence: Presence): Conversation {
  return conversation.presence === presence ? conversation : { ...conversation, presence };
}

export function asRead(conversation: Conversation): Conversation {
  return conversation.unread === 0 ? conversation : { ...conversation, unread: 0 };
}
