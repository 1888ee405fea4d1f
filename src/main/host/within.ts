import type { Clock } from 'redsun/sdk/util';

/** What `work` gives, or null when it takes longer than `timeoutMs`; it goes on then, and nobody hears of it. */
export async function within<T>(work: Promise<T>, timeoutMs: number, clock: Clock): Promise<T | null> {
  const late = new AbortController();
  const timer = clock.sleep(timeoutMs, late.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([work, timer]);
  } finally {
    late.abort();
    work.catch(() => {});
  }
}
