import {
  Actions,
  I18nLabel,
  type ITabRenderValues,
  type ITabSetRenderValues,
  Layout,
  Model,
  type Node,
  RowNode,
  type TabNode,
  TabSetNode,
} from 'flexlayout-react';
import { type JSX, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import type { Memory } from '../stores/remembered.ts';
import { useHost } from '../stores/services.tsx';
import type { WindowLayout } from '../stores/window-store.ts';
import { DockMenu } from './DockMenu.tsx';
import { type LayoutMemory, layoutMemory } from './layout-memory.ts';
import { type DockSize, defaultModel, resizedWeights, viewsOf } from './layout-model.ts';
import { TabTitle } from './TabTitle.tsx';
import { ViewFrame } from './ViewFrame.tsx';
import 'flexlayout-react/style/dark.css';
import './docks.css';

export interface DocksProps {
  readonly views: readonly ViewDescriptor[];
  readonly layout: WindowLayout;
  readonly narrow: boolean;
  readonly memory: Memory;
}

/** The library says what screen readers hear, too, and lets it be changed, but its types leave that out. */
interface TabValues extends ITabRenderValues {
  name?: string;
}

/** The docks of one window layout: dragged, split and remembered. */
export function Docks(props: DocksProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<DockSize | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setSize({ widthPx: element.clientWidth, heightPx: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const name = `${props.layout}${props.narrow ? '.narrow' : ''}`;
  const views = viewsOf(props.views, props.layout, props.narrow);
  const key = `${name} ${views.map((view) => view.name).join(' ')}`;
  return (
    <div ref={box} className="docks">
      {size && size.widthPx > 0 && <DockLayout key={key} {...props} name={name} size={size} />}
    </div>
  );
}

function DockLayout(props: DocksProps & { readonly name: string; readonly size: DockSize }): JSX.Element {
  const { views, layout, narrow, memory, name, size } = props;
  const kept = useMemo(() => layoutMemory(memory, name), [memory, name]);
  const names = useMemo(() => viewsOf(views, layout, narrow).map((view) => view.name), [views, layout, narrow]);
  const fresh = () => Model.fromJson(defaultModel(views, layout, size, narrow));
  const [model, setModel] = useState(() => restored(kept, names, size) ?? fresh());
  const sized = useRef(size);
  const byName = useMemo(() => new Map(views.map((view) => [view.name, view])), [views]);

  useEffect(() => {
    const before = sized.current;
    sized.current = size;
    resizeModel(model, before, size);
  }, [model, size]);

  const save = (changed: Model) => kept.write({ ...sized.current, views: names, model: changed.toJson() });
  const reset = () => {
    kept.forget();
    setModel(fresh());
  };
  const running = useHost(
    ({ acquisition }) => acquisition !== null && acquisition.engine !== 'idle' && acquisition.run !== null,
  );
  const onRenderTab = (node: TabNode, values: TabValues) => {
    const view = byName.get(node.getId());
    if (!view) return;
    // Acquire is called Run while one is going: the panel is the run's then.
    const showsRun = running && view.component === 'redsun:acquire';
    const name = showsRun ? 'Run' : view.title;
    values.name = name;
    values.content = <TabTitle view={view} name={name} showsRun={showsRun} />;
  };
  const onRenderTabSet = (node: Node, values: ITabSetRenderValues) => {
    if (!(node instanceof TabSetNode)) return;
    const shown = node.getSelectedNode();
    const title = (shown && byName.get(shown.getId())?.title) ?? 'Empty';
    values.buttons.push(<DockMenu key="menu" title={title} onReset={reset} />);
  };
  return (
    <Layout
      model={model}
      factory={(node) => (
        <ViewFrame title={byName.get(node.getId())?.title ?? node.getName()} component={node.getComponent() ?? ''} />
      )}
      onRenderTab={onRenderTab}
      onRenderTabSet={onRenderTabSet}
      onModelChange={save}
      realtimeResize
      invalidateTabContentOnParentRender={false}
      supportsPopout={false}
      i18nTranslator={inOurWords}
    />
  );
}

/** The few words of the dock library that can appear here; the rest of its actions are switched off. */
const DOCK_WORDS: Readonly<Record<string, string>> = {
  [I18nLabel.Maximize]: 'Fill the window',
  [I18nLabel.Restore]: 'Restore size',
  [I18nLabel.Menu_Maximize]: 'Fill the window',
  [I18nLabel.Menu_Restore]: 'Restore size',
  [I18nLabel.Move_Tabset]: 'Move these tabs',
  [I18nLabel.Move_Tabs]: 'Move the tabs (?)',
  [I18nLabel.Overflow_Menu_Tooltip]: 'Hidden tabs',
  [I18nLabel.Splitter]: 'Divider between panels',
};

function inOurWords(key: string): string {
  return DOCK_WORDS[key] ?? key;
}

function restored(kept: LayoutMemory, names: readonly string[], size: DockSize): Model | null {
  const saved = kept.read(names);
  if (saved === null) return null;
  try {
    const model = Model.fromJson(saved.model);
    resizeModel(model, saved, size);
    return model;
  } catch {
    // It was written by something that knew other docks: the default serves.
    kept.forget();
    return null;
  }
}

/** Side columns and the bottom keep their pixels when the window changes. */
function resizeModel(model: Model, before: DockSize, after: DockSize): void {
  if (before.widthPx === after.widthPx && before.heightPx === after.heightPx) return;
  const resize = (row: RowNode, horizontal: boolean) => {
    const [from, to] = horizontal ? [before.widthPx, after.widthPx] : [before.heightPx, after.heightPx];
    const children = row.getChildren().filter((child) => child instanceof RowNode || child instanceof TabSetNode);
    if (children.length > 1 && from !== to) {
      const weights = resizedWeights(
        children.map((child) => child.getWeight()),
        from,
        to,
      );
      model.doAction(Actions.adjustWeights(row.getId(), [...weights]));
    }
    for (const child of children) {
      // Only rows that span the window: what is deeper shares its parent's gain.
      if (child instanceof RowNode && horizontal) resize(child, false);
    }
  };
  const root = model.getRootRow();
  if (root) resize(root, true);
}
