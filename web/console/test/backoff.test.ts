// How long to wait before the next attempt.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Backoff } from '../src/call/backoff';

const steps = (backoff: Backoff, count: number) => Array.from({ length: count }, () => backoff.next());

describe('Backoff', () => {
  it('doubles from half a second to ten, when chance is at its highest', () => {
    assert.deepEqual(steps(new Backoff(500, 10_000, () => 1), 7), [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('waits at least half of each step', () => {
    assert.deepEqual(steps(new Backoff(500, 10_000, () => 0), 4), [250, 500, 1000, 2000]);
  });

  it('begins again after reset', () => {
    const backoff = new Backoff(100, 1000, () => 1);
    steps(backoff, 5);

    backoff.reset();

    assert.deepEqual(steps(backoff, 2), [100, 200]);
  });

  it('stays at the longest wait after thousands of attempts', () => {
    assert.equal(steps(new Backoff(500, 10_000, () => 1), 5000).at(-1), 10_000);
  });

  it('by chance, gives different pages different waits', () => {
    const backoff = new Backoff();

    assert.ok(new Set(Array.from({ length: 20 }, () => (backoff.reset(), backoff.next()))).size > 1);
  });
});
