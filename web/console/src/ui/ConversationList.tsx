/** Everyone the master talks with. */
import type { Conversation, Presence } from '../call/conversation';
import type { Session } from '../call/session';

const PRESENCE: Record<Presence, string> = { waiting: 'waiting', connecting: 'connecting', here: 'here', left: 'left' };

interface Props {
  session: Session;
  conversations: readonly Conversation[];
  selected: string | null;
}

export function ConversationList({ session, conversations, selected }: Props) {
  return (
    <nav class="people" aria-label="Viewers">
      {conversations.length === 0 && <p class="empty">Nobody has called yet. Press Invite for a link to send.</p>}
      <ul data-testid="conversations">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <button
              type="button"
              class={`person person-${conversation.presence}`}
              data-testid="conversation"
              data-client={conversation.id}
              data-presence={conversation.presence}
              aria-current={conversation.id === selected}
              title={conversation.id}
              onClick={() => session.select(conversation.id)}
            >
              <span
                class={`dot dot-${conversation.presence === 'here' ? 'good' : conversation.presence === 'left' ? 'off' : 'busy'}`}
                aria-hidden="true"
              />
              <span class="person-name">{conversation.name}</span>
              <span class="person-presence">{PRESENCE[conversation.presence]}</span>
              {conversation.unread > 0 && (
                <span class="unread" aria-label={`${conversation.unread} unread`} data-testid="unread">
                  {conversation.unread}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
