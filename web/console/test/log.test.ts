// The log, and the values that it and everything else is watched by.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { atLeast, formatTime, Log, toText } from '../src/call/log';
import { Signal } from '../src/call/signal';

describe('Log', () => {
  it('keeps lines in their order, each with its own id, until cleared', () => {
    const log = new Log();

    log.write('info', 'one');
    log.write('error', 'two');

    const lines = log.lines.value;
    assert.deepEqual(
      lines.map(({ level, text }) => [level, text]),
      [
        ['info', 'one'],
        ['error', 'two'],
      ],
    );
    assert.notEqual(lines[0]!.id, lines[1]!.id);
    log.clear();
    assert.deepEqual(log.lines.value, []);
  });

  it('keeps the last thousand lines', () => {
    const log = new Log();

    for (let number = 1; number <= 1005; ++number) log.write('debug', String(number));

    const lines = log.lines.value;
    assert.deepEqual([lines.length, lines[0]!.text, lines.at(-1)!.text], [1000, '6', '1005']);
  });

  it('shows a level and those above it', () => {
    const log = new Log();
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log.write(level, level);
    const shown = (level: 'debug' | 'info' | 'warn' | 'error') =>
      atLeast(log.lines.value, level).map(({ text }) => text);

    assert.deepEqual(shown('debug'), ['debug', 'info', 'warn', 'error']);
    assert.deepEqual(shown('warn'), ['warn', 'error']);
    assert.deepEqual(shown('error'), ['error']);
  });

  it('is copied as text with the time of this place', () => {
    const time = new Date(2024, 0, 2, 3, 4, 5, 6);

    assert.equal(formatTime(time), '03:04:05.006');
    assert.equal(
      toText([
        { id: 1, time, level: 'warn', text: 'a' },
        { id: 2, time, level: 'info', text: 'b' },
      ]),
      '03:04:05.006 WARN a\n03:04:05.006 INFO b',
    );
    assert.equal(toText([]), '');
  });
});

describe('Signal', () => {
  it('tells its watchers after each change, until they are told no more', () => {
    const signal = new Signal(1);
    const seen: number[] = [];
    const end = signal.watch(() => seen.push(signal.value));

    signal.set(2);
    signal.update((value) => value * 10);
    end();
    signal.set(3);

    assert.deepEqual(seen, [2, 20]);
    assert.equal(signal.value, 3);
  });

  it('lets watchers come and go while it tells them', () => {
    const signal = new Signal(0);
    const seen: string[] = [];
    const end = signal.watch(() => {
      end();
      seen.push('once');
      signal.watch(() => seen.push('late'));
    });

    signal.set(1);
    signal.set(2);

    assert.deepEqual(seen, ['once', 'late']);
  });
});
