import type { KeyboardEvent } from 'react';
import type { AxisState } from '../../shared/channels/positioner.ts';
import { useServices } from './services.tsx';

/** Moves of stage and focus in the operator's steps. */
export interface StageMoves {
  /** Steps to the right and down in the picture; -1, 0 or 1 each. Which way the stage goes for it, the session says. */
  moveXY(x: number, y: number, factor?: number): void;
  moveZ(direction: number, factor?: number): void;
  /** Brings a point of the picture to its middle; `offset` in px from there. */
  centre(offset: { readonly x: number; readonly y: number }, umPerPx: number): void;
  /** Arrow and page keys; false: not one of them. */
  onKey(event: KeyboardEvent): boolean;
}

const alongRows = ({ imageAxis }: AxisState) => imageAxis === 'x';
const alongColumns = ({ imageAxis }: AxisState) => imageAxis === 'y';
const isFocus = ({ kind }: AxisState) => kind === 'z';

export function useStageMoves(): StageMoves {
  const { host, view, commands } = useServices();
  const by = (isIt: (axis: AxisState) => boolean, delta: number) => {
    const axis = host.getState().axes.find(isIt);
    if (axis && delta !== 0) void commands.moveBy(axis.name, delta * axis.imageDirection);
  };
  const moves: StageMoves = {
    moveXY(x, y, factor = 1) {
      const step = xyStepUm(view.getState().xyStep, view.getState().xyStepUm, host.getState().cameras[0]);
      by(alongRows, x * step.x * factor);
      by(alongColumns, y * step.y * factor);
    },
    moveZ: (direction, factor = 1) => by(isFocus, direction * view.getState().zStepUm * factor),
    centre(offset, umPerPx) {
      by(alongRows, offset.x * umPerPx);
      by(alongColumns, offset.y * umPerPx);
    },
    onKey(event) {
      const factor = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      switch (event.key) {
        case 'ArrowLeft':
          moves.moveXY(-1, 0, factor);
          return true;
        case 'ArrowRight':
          moves.moveXY(1, 0, factor);
          return true;
        case 'ArrowUp':
          moves.moveXY(0, -1, factor);
          return true;
        case 'ArrowDown':
          moves.moveXY(0, 1, factor);
          return true;
        case 'PageUp':
          moves.moveZ(1, factor);
          return true;
        case 'PageDown':
          moves.moveZ(-1, factor);
          return true;
        default:
          return false;
      }
    },
  };
  return moves;
}

/** The step in um; parts of the field need the field's size, and fall back to the free step without it. */
export function xyStepUm(
  choice: '1px' | '0.1field' | '1field' | 'free',
  freeUm: number,
  camera:
    | { readonly frame: { readonly widthPx: number; readonly heightPx: number }; readonly umPerPx: number | null }
    | undefined,
): { readonly x: number; readonly y: number } {
  const umPerPx = camera?.umPerPx ?? null;
  if (choice === 'free' || !camera || umPerPx === null) return { x: freeUm, y: freeUm };
  if (choice === '1px') return { x: umPerPx, y: umPerPx };
  const part = choice === '0.1field' ? 0.1 : 1;
  return { x: camera.frame.widthPx * umPerPx * part, y: camera.frame.heightPx * umPerPx * part };
}
