import type { JSX } from 'react';
import { useStore } from 'zustand';
import { Notice, Section, Slider, Toggle } from '../../../ui/index.ts';
import { useServices } from '../../stores/services.tsx';

/** Which label images lie over the picture, and how much of it they hide. */
export function LabelsSection(): JSX.Element | null {
  const { labels: store } = useServices();
  const { labels, opacity } = useStore(store);
  if (labels.length === 0) return null;
  const percent = Math.round(opacity * 100);
  return (
    <Section title="Labels" aside={<span>{percent} % opaque</span>}>
      {labels.map(({ description: { path, name }, visible, problem }) => (
        <div key={path} className="label-row">
          <Toggle label={`Label ${name}`} on={visible} onChange={(on) => store.setVisible(path, on)} />
          <span className="cut">{name}</span>
          {problem !== null && <Notice tone="danger">{problem}</Notice>}
        </div>
      ))}
      <Slider
        label="Label opacity"
        value={percent}
        low={0}
        high={100}
        valueText={`${percent} %`}
        onInput={(value) => store.setOpacity(value / 100)}
      />
    </Section>
  );
}
