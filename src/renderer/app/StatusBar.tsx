import { HardDrive, Lightbulb, LightbulbOff, Microscope } from 'lucide-react';
import type { JSX } from 'react';
import { formatBytes, formatMaybe, formatNumber, formatShort, tint } from '../../ui/index.ts';
import { runState } from '../stores/engine-words.ts';
import type { HostMirror } from '../stores/host-store.ts';
import { lightColour, lightTitles } from '../stores/light-colour.ts';
import { useGuardian, useHost, useHostAway, useView } from '../stores/services.tsx';

/** One line of facts. Words go first when it is narrow, then the exposure; lit lights never. */
export function StatusBar(): JSX.Element {
  const name = useHost((state) => state.session?.name ?? 'No session');
  const axes = useHost((state) => state.axes);
  const camera = useHost((state) => state.cameras[0]);
  const shownFps = useView((state) => state.shownFps);
  // Without the host nobody knows: what it said last is not what is.
  const live = useHost(({ cameras, bridge }) => bridge.kind === 'open' && cameras.some((known) => known.live));
  const buffer = useHost((state) =>
    state.acquisition?.engine !== 'idle' ? (state.acquisition?.run?.buffer ?? null) : null,
  );
  const freeBytes = useHost((state) => state.storage?.freeBytes ?? null);
  const isDry = useHost((state) => state.storage?.keeps === 'nothing');
  const objective = useHost((state) => state.light?.selectors.find(({ role }) => role === 'objective')?.selected);
  return (
    <section className="status-bar" aria-label="Status">
      <span>
        <Microscope size={13} aria-hidden />
        <b>{name}</b>
      </span>
      <RunState />
      {axes.length > 0 && (
        <span>
          {axes.map((axis) => (
            <span key={axis.name}>
              {axis.label} <b className="status-position">{formatMaybe(axis.position, 2)}</b>
            </span>
          ))}
          <span className="faint">µm</span>
        </span>
      )}
      {(objective || camera) && (
        <span>
          {objective} {camera?.umPerPx != null ? <b>{formatShort(camera.umPerPx, 4)}</b> : <b>uncalibrated</b>}
          {camera?.umPerPx != null && <span className="faint">µm/px</span>}
        </span>
      )}
      {camera && (
        <span className="drop-second">
          <span className="drop-first">Exposure</span> <b>{formatShort(camera.settings.exposureMs, 2)}</b>
          <span className="faint">ms</span>
        </span>
      )}
      {shownFps !== null && live && (
        <span>
          <span className="drop-first">Shown</span> <b>{formatNumber(shownFps)}</b>
          {camera?.fps != null && (
            <>
              of <b>{formatNumber(camera.fps, 1)}</b>
            </>
          )}
          <span className="faint">fps</span>
        </span>
      )}
      {buffer !== null && (
        <span>
          Buffer <b>{Math.round(buffer * 100)}</b>
          <span className="faint">%</span>
        </span>
      )}
      {isDry && (
        <span className="is-warn" title="The session writes to memory: no run is saved">
          <HardDrive size={13} aria-hidden />
          Dry runs, nothing is kept
        </span>
      )}
      {freeBytes !== null && !isDry && (
        <span>
          <HardDrive size={13} aria-hidden />
          <b>{formatBytes(freeBytes)}</b>
          <span className="drop-first">left</span>
        </span>
      )}
      <LitLights />
    </section>
  );
}

/** What the scope does, in a word: the engine's state, or Live while it is idle. */
function RunState(): JSX.Element {
  const engine = useHost((state) => state.acquisition?.engine ?? null);
  const live = useHost(({ cameras }) => cameras.some((camera) => camera.live));
  const bridge = useHost((state) => state.bridge.kind);
  const safety = useHost((state) => state.safety.kind);
  const { words, tone } = stateWords(engine, live, bridge, safety);
  return (
    <span>
      <i className={`state-dot tone-${tone}`} aria-hidden />
      <output aria-label="Run state" data-engine={engine ?? undefined}>
        {words}
      </output>
    </span>
  );
}

function stateWords(
  engine: NonNullable<HostMirror['acquisition']>['engine'] | null,
  live: boolean,
  bridge: HostMirror['bridge']['kind'],
  safety: HostMirror['safety']['kind'],
): { readonly words: string; readonly tone: 'live' | 'warn' | 'idle' } {
  if (bridge !== 'open' || (engine !== null && engine !== 'idle')) {
    const { word, tone } = runState(engine ?? 'idle', bridge);
    return { words: word, tone };
  }
  if (safety !== 'armed') return { words: 'Stopped', tone: 'warn' };
  return live ? { words: 'Live', tone: 'live' } : { words: 'Idle', tone: 'idle' };
}

function LitLights(): JSX.Element {
  const lights = useHost((state) => state.light?.lights ?? NONE);
  const titles = lightTitles(lights);
  const lit = lights.filter(({ on }) => on);
  // A light that cannot be asked is not known to be off; the guardian may know.
  const isAway = useHostAway();
  const known = useHost((state) => state.bridge.kind === 'open' && state.light !== null);
  const isDark = useGuardian().act?.devices.some(({ order }) => order === 'light') === true && isAway;
  if (!known) {
    return (
      <span className="status-lights is-warn">
        <Lightbulb size={13} aria-hidden />
        {isDark ? 'Lights: as the guardian left them' : 'Lights unknown'}
      </span>
    );
  }
  return (
    <span className="status-lights">
      {lit.length === 0 && (
        <>
          <LightbulbOff size={13} aria-hidden />
          Lights off
        </>
      )}
      {lit.map((light) => (
        <span key={light.name} className="status-light" style={tint(lightColour(light.wavelengthNm))}>
          <Lightbulb size={12} aria-hidden />
          {titles.get(light.name)?.replace(' nm', '')} on
        </span>
      ))}
    </span>
  );
}

const NONE: readonly never[] = [];
