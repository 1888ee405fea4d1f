import { ValueError } from '../util/errors.ts';

export const ViewPosition = { CENTER: 'center', LEFT: 'left', RIGHT: 'right', TOP: 'top', BOTTOM: 'bottom' } as const;
export type ViewPosition = (typeof ViewPosition)[keyof typeof ViewPosition];

/** @throws ValueError `'nowhere' is not a valid ViewPosition` */
export function parseViewPosition(value: string): ViewPosition {
  const position = Object.values(ViewPosition).find((known) => known === value);
  if (!position) throw new ValueError(`'${value}' is not a valid ViewPosition`);
  return position;
}

/** What makes an object a view. */
export interface PView {
  readonly name: string;
  readonly viewPosition: ViewPosition;
}

/** A plain description of a panel: where it docks, what draws it, which channels it may use. */
export abstract class View implements PView {
  readonly name: string;

  constructor(name: string) {
    if (new.target === View) throw new TypeError("Can't instantiate abstract class View");
    this.name = name;
  }

  abstract get viewPosition(): ViewPosition;
}

export function isPView(value: unknown): value is PView {
  return typeof value === 'object' && value !== null && 'name' in value && 'viewPosition' in value;
}
