import type { ReplyFraming } from 'redsun/sdk/device';

/** The first whole answer in `received`, and where it ends; null: it is not whole yet. A line comes without its end. */
export function takeReply(
  received: Uint8Array,
  framing: ReplyFraming,
  lineEnd: string,
): { readonly reply: Uint8Array; readonly end: number } | null {
  switch (framing.kind) {
    case 'none':
      return { reply: new Uint8Array(), end: 0 };
    case 'bytes':
      return received.length < framing.count ? null : { reply: received.slice(0, framing.count), end: framing.count };
    case 'until': {
      const start = indexOf(received, framing.end);
      const end = start + framing.end.length;
      return start < 0 ? null : { reply: received.slice(0, end), end };
    }
    case 'line': {
      const start = indexOf(received, Buffer.from(lineEnd, 'latin1'));
      if (start < 0) return null;
      // Answers may end in CR LF where questions end in LF.
      const carriageReturn = lineEnd === '\n' && start > 0 && received[start - 1] === 0x0d ? 1 : 0;
      return { reply: received.slice(0, start - carriageReturn), end: start + lineEnd.length };
    }
  }
}

function indexOf(bytes: Uint8Array, wanted: ArrayLike<number>): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(Buffer.from(Array.from(wanted)));
}
