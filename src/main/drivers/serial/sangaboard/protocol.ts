import { RedsunError } from 'redsun/sdk/util';

/** Steps of the motors x, y and z. */
export type Steps = readonly [x: number, y: number, z: number];

/** Version of the firmware; null when it is not a Sangaboard's. Old boards call themselves OpenFlexure Motor Board. */
export function parseVersion(answer: string): { readonly major: number; readonly minor: number } | null {
  const match = /^(?:Sangaboard Firmware|OpenFlexure Motor Board) v(\d+)\.(\d+)/.exec(answer.trim());
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : null;
}

/** @throws RedsunError `device/protocol` */
export function parsePosition(answer: string): Steps {
  const match = /^(-?\d+) (-?\d+) (-?\d+)$/.exec(answer.trim());
  if (!match) throw unexpected('p?', 'three whole numbers', answer);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** @throws RedsunError `device/protocol` */
export function parseMoving(answer: string): boolean {
  const word = answer.trim().toLowerCase();
  if (word !== 'true' && word !== 'false') throw unexpected('moving?', 'true or false', answer);
  return word === 'true';
}

/** Moves and settings are answered with "done", with or without a full stop. @throws RedsunError `device/protocol` */
export function parseDone(answer: string): void {
  if (!/^done\b/i.test(answer.trim())) throw unexpected('a command', 'done', answer);
}

/** Least time between steps, us; null when the board cannot tell. */
export function parseStepTimeUs(answer: string): number | null {
  const match = /minimum step delay (\d+)/.exec(answer);
  return match ? Number(match[1]) : null;
}

function unexpected(question: string, expected: string, answer: string): RedsunError {
  return new RedsunError(
    'device/protocol',
    `Sangaboard: expected ${expected} in answer to ${question}, got "${answer}"`,
  );
}
