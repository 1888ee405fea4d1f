import { applyRunDataUpdate, EMPTY_RUN_DATA, type RunData } from 'redsun/sdk/callbacks';
import { type RunDataChanged, runDataChannel } from '../../shared/channels/run-data.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';

type Mirror =
  /** All of it has been asked for; what changes meanwhile waits. */
  | { readonly kind: 'reading'; readonly waiting: RunDataChanged[] }
  | { readonly kind: 'following'; readonly version: number; readonly data: RunData };

/** Keeps what the host shows of the newest run: asks for all of it on every connection, then follows the changes. */
export function mirrorRunData(bridge: Bridge, show: (data: RunData) => void): readonly Disposable[] {
  const channel = bridge.channel(runDataChannel);
  let mirror: Mirror = { kind: 'following', version: 0, data: EMPTY_RUN_DATA };

  const follow = (version: number, data: RunData, changes: readonly RunDataChanged[]) => {
    const newer = changes.filter((change) => change.version > version);
    const updates = newer.flatMap((change) => change.updates);
    const next = updates.reduce(applyRunDataUpdate, data);
    mirror = { kind: 'following', version: newer.at(-1)?.version ?? version, data: next };
    show(next);
  };
  const read = async () => {
    const reading: Mirror = { kind: 'reading', waiting: [] };
    mirror = reading;
    const all = await channel.call('all', undefined);
    // Another connection has asked again meanwhile.
    if (mirror === reading) follow(all.version, all.data, reading.waiting);
  };
  // A session may do without this presenter; then there is nothing to show, and nothing changes either.
  const tryToRead = () => void read().catch(() => {});

  const onChanged = (change: RunDataChanged) => {
    if (mirror.kind === 'reading') mirror.waiting.push(change);
    else if (change.version === mirror.version + 1) follow(mirror.version, mirror.data, [change]);
    else if (change.version > mirror.version) tryToRead();
  };
  if (bridge.state.kind === 'open') tryToRead();
  return [
    bridge.onState((state) => {
      if (state.kind === 'open') tryToRead();
    }),
    channel.on('changed', onChanged),
  ];
}
