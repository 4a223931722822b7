/** What happened, line by line, for the log pane. */
import { Signal } from './signal';

export type Level = 'debug' | 'info' | 'warn' | 'error';
export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error'];

export interface LogLine {
  id: number;
  time: Date;
  level: Level;
  text: string;
}

const MOST_LINES = 1000;

export class Log {
  readonly lines = new Signal<readonly LogLine[]>([]);
  private lastId = 0;

  write(level: Level, text: string): void {
    const line = { id: ++this.lastId, time: new Date(), level, text };
    this.lines.update((lines) => [...lines.slice(-MOST_LINES + 1), line]);
  }

  clear(): void {
    this.lines.set([]);
  }
}

export function atLeast(lines: readonly LogLine[], level: Level): LogLine[] {
  const lowest = LEVELS.indexOf(level);
  return lines.filter((line) => LEVELS.indexOf(line.level) >= lowest);
}

export function formatTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

export function toText(lines: readonly LogLine[]): string {
  return lines.map((line) => `${formatTime(line.time)} ${line.level.toUpperCase()} ${line.text}`).join('\n');
}
