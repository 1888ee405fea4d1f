import { useEffect, useState } from 'react';
import { acquisitionChannel, type Estimate, type PlanItem } from '../../../shared/channels/acquisition.ts';
import { useHost, useServices } from '../../stores/services.tsx';

const SETTLE_MS = 150;

/** What a plan would cost, asked anew a moment after it or the camera changed, and after each run. Null while nobody knows. */
export function useEstimate(item: PlanItem | null): Estimate | null {
  const { bridge } = useServices();
  const [estimate, setEstimate] = useState<Estimate | null>(null);
  const connected = useHost((state) => state.bridge.kind === 'open');
  const cameraKey = useHost(({ cameras }) => JSON.stringify(cameras.map(({ settings, frame }) => [settings, frame])));
  // Each run teaches how long things take.
  const lastRun = useHost(({ acquisition }) => acquisition?.last?.runId ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: cameraKey and lastRun stand for what changes the answer
  useEffect(() => {
    if (item === null || !connected) {
      setEstimate(null);
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setEstimate(await bridge.channel(acquisitionChannel).call('estimate', { item }, { signal: controller.signal }));
      } catch {
        // Without an estimate Run stays possible: the host checks the plan once more when it starts.
        if (!controller.signal.aborted) setEstimate(null);
      }
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [bridge, item, connected, cameraKey, lastRun]);
  return item === null ? null : estimate;
}
