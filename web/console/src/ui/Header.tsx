/** Name, service facts, light or dark. */
import { useEffect, useState } from 'preact/hooks';
import type { ServiceInfo } from '../call/api';

type Theme = 'auto' | 'light' | 'dark';
const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const LABEL: Record<Theme, string> = { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' };

export function Header({ info, onLogOut }: { info: ServiceInfo | null; onLogOut: () => void }) {
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem('theme') as Theme | null) ?? 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('theme', theme);
  }, [theme]);
  return (
    <header class="top">
      <h1>
        <img src="/icon.svg" alt="" width="28" height="28" />
        Heliograph
      </h1>
      <p class="facts">{info && `${info.region} · version ${info.version}${info.relay ? '' : ' · no relay'}`}</p>
      {info?.loginRequired && info.loggedIn && (
        <button type="button" class="quiet" data-testid="logout" onClick={onLogOut}>
          Log out
        </button>
      )}
      <button type="button" class="quiet" data-testid="theme" onClick={() => setTheme(NEXT[theme])}>
        {LABEL[theme]}
      </button>
    </header>
  );
}
