import type { IJsonModel, IJsonRowNode, IJsonTabSetNode } from 'flexlayout-react';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import type { WindowLayout } from '../stores/window-store.ts';

export interface DockSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Under this width the left column folds to a rail. */
export const NARROW_PX = 1200;

interface Measures {
  readonly leftPx: number;
  readonly rightPx: number;
  readonly topPx: number;
  readonly bottomPx: number;
}

const MEASURES: Readonly<Record<WindowLayout, Measures>> = {
  acquire: { leftPx: 284, rightPx: 346, topPx: 120, bottomPx: 150 },
  review: { leftPx: 300, rightPx: 306, topPx: 120, bottomPx: 166 },
};
const NARROW_RIGHT_PX = 300;
/** Only the tab strip; the dock is opened by its splitter. */
const FOLDED_PX = 31;

/** The default places of views in a window layout: their ViewPosition, side columns of fixed width, the bottom under the centre only. */
export function defaultModel(
  views: readonly ViewDescriptor[],
  layout: WindowLayout,
  { widthPx, heightPx }: DockSize,
  narrow: boolean,
): IJsonModel {
  const at = (position: ViewDescriptor['position']) =>
    viewsOf(views, layout, narrow).filter((view) => view.position === position);
  const { leftPx, rightPx, topPx, bottomPx } = MEASURES[layout];
  const right = narrow ? NARROW_RIGHT_PX : rightPx;
  const bottom = narrow ? FOLDED_PX : bottomPx;
  const sides = (at('left').length > 0 ? leftPx : 0) + (at('right').length > 0 ? right : 0);
  const middlePx = Math.max(200, widthPx - sides);
  const ends = (at('top').length > 0 ? topPx : 0) + (at('bottom').length > 0 ? bottom : 0);
  const middle: IJsonRowNode = {
    type: 'row',
    id: 'middle',
    weight: middlePx,
    children: [
      ...tabSet('top', at('top'), topPx),
      ...tabSet('center', at('center'), Math.max(200, heightPx - ends)),
      ...tabSet('bottom', at('bottom'), bottom),
    ],
  };
  return {
    global: {
      tabEnableClose: false,
      tabEnableRename: false,
      tabEnableScrollbars: false,
      // Hidden views keep their state: a stream that was zoomed, a form half filled.
      tabEnableRenderOnDemand: true,
      tabSetEnableMaximize: true,
      tabSetMinWidth: 120,
      // Of the contents: a dock may be folded to its tab strip.
      tabSetMinHeight: 1,
      enableEdgeDockIndicators: false,
    },
    borders: [],
    layout: {
      type: 'row',
      id: 'root',
      children: [
        ...tabSet('left', at('left'), leftPx),
        ...(middle.children?.length ? [middle] : []),
        ...tabSet('right', at('right'), right),
      ],
    },
  };
}

/** The views of a window layout; in a narrow window those at the left are the rail's. */
export function viewsOf(
  views: readonly ViewDescriptor[],
  layout: WindowLayout,
  narrow: boolean,
): readonly ViewDescriptor[] {
  return views.filter((view) => view.layouts.includes(layout) && !(narrow && view.position === 'left'));
}

/** Weights after a resize: what was at the sides keeps its pixels, the largest takes the difference. */
export function resizedWeights(weights: readonly number[], beforePx: number, afterPx: number): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum <= 0 || beforePx <= 0) return weights;
  const pixels = weights.map((weight) => (weight / sum) * beforePx);
  const largest = pixels.indexOf(Math.max(...pixels));
  const others = pixels.reduce((total, size, index) => (index === largest ? total : total + size), 0);
  return pixels.map((size, index) => (index === largest ? Math.max(100, afterPx - others) : size));
}

function tabSet(id: string, views: readonly ViewDescriptor[], weight: number): IJsonTabSetNode[] {
  if (views.length === 0) return [];
  return [
    {
      type: 'tabset',
      id,
      weight,
      children: views.map((view) => ({ type: 'tab', id: view.name, name: view.title, component: view.component })),
    },
  ];
}
