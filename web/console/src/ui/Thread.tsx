/** What was said in one conversation, what is seen of the other, and where to write. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatMessage, Conversation } from '../call/conversation';
import { MasterSession } from '../call/master';
import type { RemoteMedia, Session } from '../call/session';
import { useSignal } from './hooks';

export function Thread({ session, conversation }: { session: Session; conversation: Conversation | null }) {
  const media = useSignal(session.media);
  const paths = useSignal(session.paths);
  if (!conversation) {
    return (
      <div class="thread">
        <p class="empty">Conversations appear here, one for each viewer.</p>
      </div>
    );
  }
  const path = conversation.presence === 'here' ? paths.get(conversation.id) : undefined;
  return (
    <div class="thread" data-testid="thread" data-client={conversation.id}>
      <h3>
        {conversation.name}
        {path && (
          <span class="hint" data-testid="path">
            {' '}
            {path}
          </span>
        )}
      </h3>
      <RemoteView media={media.get(conversation.id)} name={conversation.name} />
      <Messages messages={conversation.messages} name={conversation.name} />
      <Composer session={session} conversation={conversation} />
    </div>
  );
}

function RemoteView({ media, name }: { media: RemoteMedia | undefined; name: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!video.current || !media) return;
    if (video.current.srcObject !== media.stream) video.current.srcObject = media.stream;
    video.current.play().catch(() => {
      // Browsers hold sound back until the page was used once; starting the session was that.
    });
  }, [media]);
  if (!media) return null;
  return (
    <video
      ref={video}
      class={media.video ? 'remote' : 'remote remote-hidden'}
      data-testid="remote-video"
      data-live={media.video}
      aria-label={`Video of ${name}`}
      autoplay
      playsInline
    />
  );
}

function Messages({ messages, name }: { messages: readonly ChatMessage[]; name: string }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const list = end.current;
    if (list) list.scrollTop = list.scrollHeight;
  }, [messages.length]);
  return (
    <div class="messages" ref={end} role="log" aria-live="polite" aria-label={`Messages with ${name}`} tabIndex={0}>
      {messages.length === 0 && <p class="empty">No messages yet.</p>}
      {messages.map((message) => (
        <p
          key={message.id}
          class={`message message-${message.author}`}
          data-testid={`message-${message.author}`}
          data-delivery={message.delivery}
        >
          {message.author === 'note' ? (
            <em>{message.text}</em>
          ) : (
            <>
              <span class="who">{message.author === 'me' ? 'You' : name}</span>
              <span class="text">{message.text}</span>
              <span class="when">{whenSent(message)}</span>
            </>
          )}
        </p>
      ))}
    </div>
  );
}

function whenSent({ delivery, time }: ChatMessage): string {
  switch (delivery) {
    case 'pending':
      return 'waiting to be sent';
    case 'refused':
      return 'not sent';
    case 'sent':
      return time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  }
}

function Composer({ session, conversation }: { session: Session; conversation: Conversation }) {
  const [text, setText] = useState('');
  const [toAll, setToAll] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const isMaster = session instanceof MasterSession;
  const send = () => {
    if (!text.trim()) return;
    const isTaken = isMaster && toAll ? session.sayToAll(text) : session.say(conversation.id, text);
    if (isTaken) setText('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="composer">
      <textarea
        ref={input}
        data-testid="chat-input"
        rows={1}
        value={text}
        placeholder={toAll ? 'Message to all viewers' : `Message to ${conversation.name}`}
        aria-label={toAll ? 'Message to all viewers' : `Message to ${conversation.name}`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {isMaster && (
        <label class="toggle">
          <input
            type="checkbox"
            data-testid="to-all"
            checked={toAll}
            onChange={(event) => setToAll(event.currentTarget.checked)}
          />
          To all
        </label>
      )}
      <button type="button" class="primary" data-testid="send" disabled={!text.trim()} onClick={send}>
        Send
      </button>
    </div>
  );
}
