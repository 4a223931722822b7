/** Asked for when the page is not on the service's own machine. */
import { useState } from 'preact/hooks';
import { api } from '../call/api';

export function LoginForm({ onDone }: { onDone: () => void }) {
  const [id, setId] = useState('');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await api.login(id.trim(), secret.trim());
      setSecret('');
      onDone();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <form class="card start" onSubmit={submit} aria-label="Log in">
      <p class="lead">Log in with an access key of this service. It is in the file DATA/credentials on its machine.</p>
      <div class="fields">
        <label>
          Access key id
          <input
            data-testid="login-id"
            value={id}
            autocomplete="username"
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
        <label>
          Secret access key
          <input
            data-testid="login-secret"
            type="password"
            value={secret}
            autocomplete="current-password"
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <button class="primary" data-testid="login">
          Log in
        </button>
      </div>
    </form>
  );
}
