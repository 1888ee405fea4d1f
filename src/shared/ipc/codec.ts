import { RedsunError } from 'redsun/sdk/util';

// Messages over a byte transport. Without binary parts: JSON text. With: u32 length of the JSON, the JSON, then the parts;
// everything starts at a multiple of 8, so that pixels can be viewed as Uint16Array without a copy.

const MARK = '$bytes';
const ALIGN = 8;
const align = (offset: number) => Math.ceil(offset / ALIGN) * ALIGN;

export function encodeMessage(message: unknown): string | Uint8Array {
  const parts: Uint8Array[] = [];
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    parts.push(value);
    return { [MARK]: parts.length - 1, length: value.byteLength };
  });
  if (parts.length === 0) return text;
  const json = new TextEncoder().encode(text);
  const size = parts.reduce((end, part) => align(end) + part.byteLength, 4 + json.byteLength);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, json.byteLength, true);
  bytes.set(json, 4);
  let offset = 4 + json.byteLength;
  for (const part of parts) {
    offset = align(offset);
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** @throws RedsunError `channel/malformed` */
export function decodeMessage(data: string | Uint8Array): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : decodeBinary(data);
  } catch (cause) {
    throw new RedsunError('channel/malformed', `A message of ${data.length} bytes could not be read`, { cause });
  }
}

function decodeBinary(bytes: Uint8Array): unknown {
  const jsonLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + jsonLength));
  let offset = 4 + jsonLength;
  // JSON.parse revives depth first in document order: the order in which the parts were collected.
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(MARK in value) || !('length' in value)) return value;
    const length = Number(value.length);
    offset = align(offset);
    if (!Number.isSafeInteger(length) || length < 0 || offset + length > bytes.byteLength) {
      throw new RedsunError(
        'channel/malformed',
        `A part of ${length} bytes at ${offset} is past the end (${bytes.byteLength})`,
      );
    }
    const part = bytes.subarray(offset, offset + length);
    offset += length;
    return part;
  });
}
