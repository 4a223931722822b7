/** Which channel, as whom, with what. */
import { useRef, useState } from 'preact/hooks';
import type { RoleName } from '../call/api';
import { isName, NAME_RULE } from '../call/names';
import type { PageParams } from '../call/names';

export interface StartChoice {
  role: RoleName;
  channel: string;
  displayName: string;
  clientId: string;
  camera: boolean;
  microphone: boolean;
  relayOnly: boolean;
  trickle: boolean;
}

interface Props {
  params: PageParams;
  hasSessions: boolean;
  relay: boolean;
  onStart: (choice: StartChoice) => void;
}

export function StartForm({ params, hasSessions, relay, onStart }: Props) {
  const [channel, setChannel] = useState(params.channel ?? localStorage.getItem('channel') ?? 'demo');
  const [displayName, setDisplayName] = useState(params.name ?? localStorage.getItem('name') ?? '');
  const [clientId, setClientId] = useState('');
  const [camera, setCamera] = useState(false);
  const [microphone, setMicrophone] = useState(false);
  const [relayOnly, setRelayOnly] = useState(params.relay);
  const [trickle, setTrickle] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const channelInput = useRef<HTMLInputElement>(null);

  const start = (role: RoleName) => {
    if (!isName(channel)) {
      setProblem(`"${channel}" is no channel name. ${NAME_RULE}`);
      channelInput.current?.focus();
      return;
    }
    if (role === 'VIEWER' && clientId && (!isName(clientId) || /^aws_/i.test(clientId))) {
      setProblem(`"${clientId}" is no client id. ${NAME_RULE} It must not begin with AWS_.`);
      return;
    }
    setProblem(null);
    localStorage.setItem('channel', channel);
    localStorage.setItem('name', displayName);
    onStart({ role, channel, displayName, clientId, camera, microphone, relayOnly, trickle });
  };

  const preferred = params.role;
  return (
    <form class="card start" aria-label="Start a call" onSubmit={(event) => event.preventDefault()}>
      {!hasSessions && (
        <p class="lead">
          {preferred === 'viewer'
            ? 'You were invited to a call. Say who you are, and start.'
            : 'One side starts as the master, everyone else as a viewer of the same channel.'}
        </p>
      )}
      <div class="fields">
        <label>
          <span>Channel</span>
          <input
            id="channel-name"
            data-testid="channel-name"
            ref={channelInput}
            value={channel}
            autocomplete="off"
            spellcheck={false}
            maxLength={256}
            aria-invalid={problem !== null}
            aria-describedby={problem ? 'start-problem' : undefined}
            onInput={(event) => setChannel(event.currentTarget.value.trim())}
          />
        </label>
        <label>
          <span>
            Your name <span class="hint">optional, shown to the master</span>
          </span>
          <input
            id="display-name"
            data-testid="display-name"
            value={displayName}
            autocomplete="nickname"
            maxLength={40}
            onInput={(event) => setDisplayName(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && (
        <p id="start-problem" class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <button
          type="button"
          id="start-master"
          data-testid="start-master"
          class={preferred === 'viewer' ? '' : 'primary'}
          onClick={() => start('MASTER')}
        >
          Start Master
        </button>
        <button
          type="button"
          id="start-viewer"
          data-testid="start-viewer"
          class={preferred === 'viewer' ? 'primary' : ''}
          onClick={() => start('VIEWER')}
        >
          Start Viewer
        </button>
        <Toggle id="use-camera" label="Camera" value={camera} onChange={setCamera} />
        <Toggle id="use-microphone" label="Microphone" value={microphone} onChange={setMicrophone} />
      </div>
      <details>
        <summary>Advanced</summary>
        <div class="row">
          <Toggle id="relay-only" label="Relay only" value={relayOnly} onChange={setRelayOnly} />
          <Toggle id="trickle" label="Trickle candidates" value={trickle} onChange={setTrickle} />
          <label class="inline">
            Viewer's client id
            <input
              id="client-id"
              data-testid="client-id"
              value={clientId}
              placeholder="made from your name"
              spellcheck={false}
              onInput={(event) => setClientId(event.currentTarget.value.trim())}
            />
          </label>
        </div>
        {relayOnly && !relay && (
          <p class="problem">
            This service runs without a relay, so a relay-only call cannot connect. Install coturn on its machine.
          </p>
        )}
      </details>
    </form>
  );
}

function Toggle(props: { id: string; label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        id={props.id}
        data-testid={props.id}
        checked={props.value}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
