/** Signals in components. */
import { useEffect, useState } from 'preact/hooks';
import type { Signal } from '../call/signal';

export function useSignal<T>(signal: Signal<T>): T {
  const [, redraw] = useState(0);
  useEffect(() => {
    redraw((count) => count + 1);
    return signal.watch(() => redraw((count) => count + 1));
  }, [signal]);
  return signal.value;
}
