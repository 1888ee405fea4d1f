import { useCallback, useEffect, useState } from 'react';
import { asError } from 'redsun/sdk/util';
import { type RunSummary, reviewChannel } from '../../../shared/channels/review.ts';
import { useHost, useServices } from '../../stores/services.tsx';

/** The list of runs, read again whenever the host says that it changed. */
export function useRuns(): {
  readonly runs: readonly RunSummary[] | null;
  readonly problem: string | null;
  readonly reload: () => void;
} {
  const { bridge } = useServices();
  const version = useHost((state) => state.runsVersion);
  const connected = useHost((state) => state.bridge.kind === 'open');
  const [runs, setRuns] = useState<readonly RunSummary[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: version and asked say when to read again
  useEffect(() => {
    if (!connected) return;
    const controller = new AbortController();
    bridge
      .channel(reviewChannel)
      .call('runs', undefined, { signal: controller.signal })
      .then(
        (read) => {
          setRuns(read);
          setProblem(null);
        },
        (thrown: unknown) => {
          if (!controller.signal.aborted) setProblem(asError(thrown).message);
        },
      );
    return () => controller.abort();
  }, [bridge, connected, version, asked]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { runs, problem, reload };
}
