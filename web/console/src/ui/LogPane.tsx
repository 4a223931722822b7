/** The log, for those who want to see how it works. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { atLeast, formatTime, LEVELS, toText } from '../call/log';
import type { Level, Log } from '../call/log';
import { copyText } from './clipboard';
import { useSignal } from './hooks';

export function LogPane({ log }: { log: Log }) {
  const lines = useSignal(log.lines);
  const [level, setLevel] = useState<Level>('info');
  const [copied, setCopied] = useState<boolean | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const shown = atLeast(lines, level);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown.length]);
  const copy = async () => {
    setCopied(await copyText(toText(shown)));
    setTimeout(() => setCopied(null), 1500);
  };
  return (
    <details class="card log-card" open>
      <summary>Log</summary>
      <div class="row">
        <label class="inline">
          Show
          <select
            data-testid="log-level"
            value={level}
            onChange={(event) => setLevel(event.currentTarget.value as Level)}
          >
            {LEVELS.map((name) => (
              <option key={name} value={name}>
                {name} and above
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet" onClick={() => void copy()}>
          {copied === null ? 'Copy' : copied ? 'Copied' : 'Select and copy it by hand'}
        </button>
        <button type="button" class="quiet" onClick={() => log.clear()}>
          Clear
        </button>
      </div>
      <div id="log" class="log" data-testid="log" ref={box} tabIndex={0} role="region" aria-label="Log lines">
        {shown.length === 0 && <p class="empty">Nothing has happened yet.</p>}
        {shown.map((line) => (
          <div key={line.id} class={`line line-${line.level}`}>
            <time>{formatTime(line.time)}</time> {line.text}
          </div>
        ))}
      </div>
    </details>
  );
}
