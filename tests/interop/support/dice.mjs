// Chance that can be had again: the same numbers for the same seed.

/** Another every day; a failure prints it. */
export const seed = Number(process.env.HELIOGRAPH_SEED ?? Math.floor(Date.now() / 86_400_000));

/** mulberry32: small, and the same everywhere. */
export function dice(start) {
  let state = start >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n) => next() % n;
  const pick = (list) => list[below(list.length)];
  const text = (letters, least, most) =>
    Array.from({ length: least + below(most - least + 1) }, () => pick(letters)).join('');
  return { below, pick, text };
}
