import { riskOf, type SafeState } from 'redsun/sdk/device';

/** Says that a device shines or moves and that only this program can end it; null: it does neither, or is protected. */
export function unprotectedWords(name: string, device: unknown, states: readonly SafeState[]): string | null {
  const risk = riskOf(device);
  if (risk === null || states.some(({ order }) => order === risk)) return null;
  const what = risk === 'light' ? 'put it out' : 'halt it';
  return `${name} (${risk}): the guardian cannot ${what}, as its driver describes no safe state`;
}
