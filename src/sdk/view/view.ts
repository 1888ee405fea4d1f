import { ValueError } from '../util/errors.ts';

/** Where a panel docks. */
export const ViewPosition = {
  /** Where the picture is. */
  CENTER: 'center',
  /** Left of it. */
  LEFT: 'left',
  /** Right of it. */
  RIGHT: 'right',
  /** Above it. */
  TOP: 'top',
  /** Below it. */
  BOTTOM: 'bottom',
} as const;
/** Where a panel docks. */
export type ViewPosition = (typeof ViewPosition)[keyof typeof ViewPosition];

/** The position of that name. @throws ValueError `'nowhere' is not a valid ViewPosition` */
export function parseViewPosition(value: string): ViewPosition {
  const position = Object.values(ViewPosition).find((known) => known === value);
  if (!position) throw new ValueError(`'${value}' is not a valid ViewPosition`);
  return position;
}

/** What makes an object a view. */
export interface PView {
  /** Unique in the session; the title of the panel. */
  readonly name: string;
  /** Where it docks at first. */
  readonly viewPosition: ViewPosition;
}

/** A plain description of a panel: where it docks, what draws it, which channels it may use. */
export abstract class View implements PView {
  /** Unique in the session; the title of the panel. */
  readonly name: string;

  /** @param name - unique in the session. @throws TypeError when it is called for `View` itself. */
  constructor(name: string) {
    if (new.target === View) throw new TypeError("Can't instantiate abstract class View");
    this.name = name;
  }

  /** Where it docks at first. */
  abstract get viewPosition(): ViewPosition;
}

/** True when `value` has name and position. */
export function isPView(value: unknown): value is PView {
  return typeof value === 'object' && value !== null && 'name' in value && 'viewPosition' in value;
}
