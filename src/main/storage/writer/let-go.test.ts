import { expect, test } from 'vitest';
import { letGo } from './let-go.ts';

test('large pieces are gone at once, and a piece of a shared pool stays', () => {
  const large = new Uint8Array(1 << 20);
  letGo(large);
  expect(large.byteLength).toBe(0);
  const small = Buffer.from('pooled');
  const neighbour = Buffer.from('neighbour');
  letGo(small);
  expect(`${small} ${neighbour}`).toBe('pooled neighbour');
  const ring = new Uint8Array(new SharedArrayBuffer(1 << 20));
  letGo(ring);
  expect(ring.byteLength).toBe(1 << 20);
});
