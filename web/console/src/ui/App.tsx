/** The page: header, start form, sessions, log. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, ApiError } from '../call/api';
import type { ServiceInfo } from '../call/api';
import { Log } from '../call/log';
import { MasterSession } from '../call/master';
import { makeClientId, parseParams } from '../call/names';
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

  const loadInfo = async () => {
    try {
      setInfo(await api.info());
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : String(error));
    }
  };
  useEffect(() => void loadInfo(), []);

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
  const stop = (session: Session) => {
    session.stop();
    setSessions((list) => list.filter((other) => other !== session));
  };

  const needsLogin = info !== null && info.loginRequired && !info.loggedIn;
  return (
    <>
      <Header info={info} />
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
          <LoginForm onDone={() => void loadInfo()} />
        ) : (
          <StartForm params={params} hasSessions={sessions.length > 0} relay={info?.relay ?? true} onStart={start} />
        )}
        <div class="sessions">
          {sessions.map((session) => (
            <SessionCard key={session.key} session={session} onStop={() => stop(session)} />
          ))}
        </div>
        <LogPane log={log} />
      </main>
    </>
  );
}
