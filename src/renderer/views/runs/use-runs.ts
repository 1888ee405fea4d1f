import { useCallback, useEffect, useRef, useState } from 'react';
import { asError } from 'redsun/sdk/util';
import { type RunPage, reviewChannel } from '../../../shared/channels/review.ts';
import { useHost, useServices } from '../../stores/services.tsx';
import { type RunFilter, searchOf } from './run-filter.ts';

const PAGE = 100;
const MAX_PAGE = 1000;
/** Somebody who types has a pause of this length after a word. */
const TYPING_MS = 150;

export interface Runs {
  /** The newest so many of those that match; null before the first answer. */
  readonly page: RunPage | null;
  readonly problem: string | null;
  /** Looks at the files of every run again. */
  readonly reload: () => void;
  /** Asks for the next page, unless one is on the way. */
  readonly more: () => void;
}

/** The runs that match, asked for again whenever the host says that they changed. */
export function useRuns(filter: RunFilter): Runs {
  const { bridge } = useServices();
  const version = useHost((state) => state.runsVersion);
  const connected = useHost((state) => state.bridge.kind === 'open');
  const [page, setPage] = useState<RunPage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const shown = useRef(0);
  const lastText = useRef(filter.text);
  const refreshed = useRef(0);
  const loadingMore = useRef<AbortController | null>(null);
  shown.current = page?.runs.length ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: version and asked say when to read again
  useEffect(() => {
    if (!connected) return;
    const controller = new AbortController();
    const refresh = asked !== refreshed.current;
    refreshed.current = asked;
    loadingMore.current?.abort();
    const ask = async () => {
      try {
        // As many as are shown, so that nothing jumps when a run is added.
        const limit = Math.min(MAX_PAGE, Math.max(PAGE, shown.current));
        const question = { ...searchOf(filter, Date.now() / 1000), offset: 0, limit, refresh };
        const { signal } = controller;
        const read = await bridge.channel(reviewChannel).call('search', question, { signal });
        if (signal.aborted) return;
        setPage(read);
        setProblem(null);
      } catch (thrown) {
        if (!controller.signal.aborted) setProblem(asError(thrown).message);
      }
    };
    const timer = setTimeout(() => void ask(), filter.text === lastText.current ? 0 : TYPING_MS);
    lastText.current = filter.text;
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [bridge, connected, version, asked, filter]);

  const more = useCallback(() => {
    if (loadingMore.current || !page || page.runs.length >= page.matching) return;
    const controller = new AbortController();
    loadingMore.current = controller;
    const question = { ...searchOf(filter, Date.now() / 1000), offset: page.runs.length, limit: PAGE, refresh: false };
    bridge
      .channel(reviewChannel)
      .call('search', question, { signal: controller.signal })
      .then(
        (next) => {
          if (controller.signal.aborted) return;
          // A run that ended meanwhile moves the pages by one.
          const known = new Set(page.runs.map(({ id }) => id));
          setPage({ ...next, runs: [...page.runs, ...next.runs.filter(({ id }) => !known.has(id))] });
        },
        (thrown: unknown) => {
          if (!controller.signal.aborted) setProblem(asError(thrown).message);
        },
      )
      .finally(() => {
        if (loadingMore.current === controller) loadingMore.current = null;
      });
  }, [bridge, filter, page]);

  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { page, problem, reload, more };
}
