/** One session: its state, its conversations, its end. */
import { useEffect, useState } from 'preact/hooks';
import type { LinkState } from '../call/link';
import { MasterSession } from '../call/master';
import { failureText } from '../call/session';
import type { Session, Timings } from '../call/session';
import { ConversationList } from './ConversationList';
import { DeviceBar } from './DeviceBar';
import { ShareDialog } from './ShareDialog';
import { Thread } from './Thread';
import { useSignal } from './hooks';

interface Props {
  session: Session;
  onStop: () => void;
  /** The service wants to know who this is, again. */
  onLoginNeeded: () => void;
}

export function SessionCard({ session, onStop, onLoginNeeded }: Props) {
  const state = useSignal(session.state);
  const conversations = useSignal(session.conversations);
  const selected = useSignal(session.selected);
  const timings = useSignal(session.timings);
  const [sharing, setSharing] = useState(false);
  const isMaster = session instanceof MasterSession;
  const current = conversations.find((conversation) => conversation.id === selected) ?? null;

  // Coming back to the page is reading what is shown on it.
  useEffect(() => {
    const read = () => {
      if (!document.hidden && session.selected.value) session.select(session.selected.value);
    };
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [session]);

  const needsLogin = state.kind === 'failed' && state.error.needsLogin;
  useEffect(() => {
    if (needsLogin) onLoginNeeded();
  }, [needsLogin]);

  const title = isMaster ? 'Master' : 'Viewer';
  return (
    <section
      class="card session"
      aria-label={`${title} of ${session.options.channel}`}
      data-testid={`session-${session.role.toLowerCase()}`}
      data-state={state.kind}
    >
      <div class="session-head">
        <h2>
          <span class={`badge badge-${session.role.toLowerCase()}`}>{title}</span> {session.options.channel}
        </h2>
        <p class="state" role="status" data-testid="state">
          <span class={`dot dot-${dotOf(state)}`} aria-hidden="true" />
          {describe(state, isMaster, conversations.filter((conversation) => conversation.presence === 'here').length)}
        </p>
        <TimingLine timings={timings} />
        <div class="row">
          {isMaster && (
            <button type="button" class="quiet" data-testid="share" onClick={() => setSharing(true)}>
              Invite
            </button>
          )}
          <button type="button" class="stop" data-testid="stop" onClick={onStop}>
            Stop
          </button>
        </div>
      </div>
      <Problem state={state} onRetry={() => session.retry()} />
      <DeviceBar session={session} />
      <div class={isMaster ? 'talk talk-master' : 'talk'}>
        {isMaster && <ConversationList session={session} conversations={conversations} selected={selected} />}
        <Thread session={session} conversation={current} />
      </div>
      {sharing && <ShareDialog channel={session.options.channel} onClose={() => setSharing(false)} />}
    </section>
  );
}

function TimingLine({ timings }: { timings: Timings }) {
  const parts = [
    timings.signaling !== undefined && `Signaling ${timings.signaling} ms`,
    timings.answer !== undefined && `Answer ${timings.answer} ms`,
    timings.connected !== undefined && `Connected ${timings.connected} ms`,
  ].filter(Boolean);
  return <p class="timings">{parts.join(' · ')}</p>;
}

function Problem({ state, onRetry }: { state: LinkState; onRetry: () => void }) {
  if (state.kind === 'replaced') {
    return (
      <div class="notice" role="alert" data-testid="replaced">
        <p>Another connection with the same role took this place. Calls that are up go on.</p>
        <button type="button" data-testid="take-over" onClick={onRetry}>
          Take over
        </button>
      </div>
    );
  }
  if (state.kind === 'deleted') {
    return (
      <div class="notice" role="alert" data-testid="deleted">
        <p>The channel was deleted. Calls that are up go on, and no new ones come.</p>
        <button type="button" data-testid="create-again" onClick={onRetry}>
          Create it again
        </button>
      </div>
    );
  }
  if (state.kind === 'failed') {
    return (
      <div class="notice notice-bad" role="alert" data-testid="failed">
        <p>{failureText(state.error)}</p>
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      </div>
    );
  }
  if (state.kind === 'waiting') {
    return (
      <div class="notice" data-testid="waiting">
        <p>The service is away ({state.why}). This page comes back by itself.</p>
        <button type="button" onClick={onRetry}>
          Try now
        </button>
      </div>
    );
  }
  return null;
}

function dotOf(state: LinkState): string {
  if (state.kind === 'open') return 'good';
  return state.kind === 'connecting' || state.kind === 'waiting' ? 'busy' : 'bad';
}

function describe(state: LinkState, isMaster: boolean, here: number): string {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting';
    case 'waiting':
      return 'Reconnecting';
    case 'replaced':
      return 'Replaced';
    case 'deleted':
      return 'Channel deleted';
    case 'failed':
      return 'Not connected';
    case 'closed':
      return 'Stopped';
    case 'open':
      if (!isMaster) return here > 0 ? 'In call with the master' : 'Calling the master';
      return here === 0 ? 'Waiting for viewers' : `${here} viewer${here === 1 ? '' : 's'} connected`;
  }
}
