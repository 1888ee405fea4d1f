import { Lightbulb, LightbulbOff } from 'lucide-react';
import { type JSX, useEffect, useRef, useState } from 'react';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import { IconButton, tint, ViewIcon } from '../../ui/index.ts';
import { lightColour, lightTitles } from '../stores/light-colour.ts';
import { useHost } from '../stores/services.tsx';
import type { WindowLayout } from '../stores/window-store.ts';
import { ViewFrame } from './ViewFrame.tsx';

/** The left column of a narrow window: an icon per view, opened as a fly-out; lit lights stay lit in it. */
export function Rail(props: { readonly views: readonly ViewDescriptor[]; readonly layout: WindowLayout }): JSX.Element {
  const views = props.views.filter((view) => view.position === 'left' && view.layouts.includes(props.layout));
  const [open, setOpen] = useState<string | null>(null);
  const rail = useRef<HTMLDivElement>(null);
  const lights = useHost((state) => state.light?.lights ?? NONE);
  const known = useHost((state) => state.bridge.kind === 'open');
  const titles = lightTitles(lights);
  const shown = views.find(({ name }) => name === open);

  useEffect(() => {
    if (open === null) return;
    const onPointerDown = (event: Event) => {
      if (event.target instanceof Node && !rail.current?.contains(event.target)) setOpen(null);
    };
    window.addEventListener('pointerdown', onPointerDown);
    return () => window.removeEventListener('pointerdown', onPointerDown);
  }, [open]);

  return (
    <nav className="rail" aria-label="Folded panels" ref={rail}>
      {views.map((view) => (
        <IconButton
          key={view.name}
          label={view.title}
          pressed={view.name === open}
          onClick={() => setOpen(view.name === open ? null : view.name)}
        >
          <ViewIcon name={view.icon} size={16} />
        </IconButton>
      ))}
      {props.layout === 'acquire' && lights.length > 0 && <hr />}
      {props.layout === 'acquire' &&
        lights.map((light) => (
          <span
            key={light.name}
            className={`rail-light ${light.on && known ? 'is-lit' : ''}`}
            style={tint(lightColour(light.wavelengthNm))}
            title={titles.get(light.name)}
          >
            {light.on || !known ? <Lightbulb size={12} aria-hidden /> : <LightbulbOff size={12} aria-hidden />}
            <strong>{light.wavelengthNm ?? 'white'}</strong>
            {known ? (light.on ? 'ON' : 'off') : 'lost'}
          </span>
        ))}
      {shown && (
        <section className="fly-out card" aria-label={shown.title}>
          <ViewFrame title={shown.title} component={shown.component} />
        </section>
      )}
    </nav>
  );
}

const NONE: readonly never[] = [];
