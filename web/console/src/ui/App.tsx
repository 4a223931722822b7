/** The page: header, start form, sessions, log. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, ApiError } from '../call/api';
import type { ServiceInfo } from '../call/api';
import { Log } from '../call/log';
import { MasterSession } from '../call/master';
import { isName, makeClientId, parseParams } from '../call/names';
import type { Session } from '../call/session';
import { ViewerSession } from '../call/viewer';
import { Header } from './Header';
import { LogPane } from './LogPane';
import { LoginForm } from './LoginForm';
import { SessionCard } from './SessionCard';
import { StartForm } from './StartForm';
import type { StartChoice } from './StartForm';

export function App() {
  const log = useMemo(() => new Log(), []);
  const params = useMemo(() => parseParams(location.search), []);
  const [info, setInfo] = useState<ServiceInfo | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [sessions, setSessions] = useState<readonly Session[]>([]);
  const needsLogin = info !== null && info.loginRequired && !info.loggedIn;

  const loadInfo = async () => {
    try {
      setInfo(await api.info());
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : String(error));
    }
  };
  useEffect(() => void loadInfo(), []);
  const afterLogin = async () => {
    await loadInfo();
    for (const session of sessions) if (session.state.value.kind === 'failed') session.retry();
  };
  const logOut = async () => {
    await api.logout().catch((error: Error) => log.write('warn', `Logging out failed: ${error.message}`));
    await loadInfo();
  };

  // Whoever leaves the page is seen to leave.
  useEffect(() => {
    const leave = () => sessions.forEach((session) => session.stop());
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, [sessions]);

  const start = (choice: StartChoice) => {
    const { channel, relayOnly, trickle, camera, microphone } = choice;
    const options = { channel, relayOnly, trickle, camera, microphone };
    const session =
      choice.role === 'MASTER'
        ? new MasterSession(options, log)
        : new ViewerSession({ ...options, clientId: choice.clientId || makeClientId(choice.displayName) }, log);
    setSessions((list) => [...list, session]);
    session.start();
  };
  // For screens that nobody stands at. Viewers only: a link must not push a master out of its place.
  const hasStarted = useRef(false);
  useEffect(() => {
    if (!info || needsLogin || hasStarted.current || !params.autostart || params.role !== 'viewer') return;
    if (!params.channel || !isName(params.channel)) return;
    hasStarted.current = true;
    const plain = { clientId: '', camera: false, microphone: false, trickle: true, relayOnly: params.relay };
    start({ role: 'VIEWER', channel: params.channel, displayName: params.name ?? '', ...plain });
  }, [info]);
  const stop = (session: Session) => {
    session.stop();
    setSessions((list) => list.filter((other) => other !== session));
  };

  return (
    <>
      <Header info={info} onLogOut={() => void logOut()} />
      <main>
        {problem && (
          <div class="notice notice-bad" role="alert">
            <p>{problem}</p>
            <button type="button" onClick={() => void loadInfo()}>
              Try again
            </button>
          </div>
        )}
        {needsLogin ? (
          <LoginForm onDone={() => void afterLogin()} />
        ) : (
          <StartForm params={params} hasSessions={sessions.length > 0} relay={info?.relay ?? true} onStart={start} />
        )}
        <div class="sessions">
          {sessions.map((session) => (
            <SessionCard
              key={session.key}
              session={session}
              onStop={() => stop(session)}
              onLoginNeeded={() => void loadInfo()}
            />
          ))}
        </div>
        <LogPane log={log} />
      </main>
    </>
  );
}
