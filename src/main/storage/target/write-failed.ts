import { codeOf, RedsunError } from '../../../sdk/util/index.ts';

/** What a failed write at `path` is called, in the operator's words, with the cause kept. */
export function writeFailed(path: string, cause: unknown, platform: NodeJS.Platform = process.platform): RedsunError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // Threads name the file themselves.
  const own = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return new RedsunError('store/write-failed', `${path}: ${reasonOf(codeOf(cause), platform)}${own}`, { cause });
}

const NO_PERMISSION = 'no permission to write. ';
/** Windows says no more than this of a file that somebody else has open. */
const HELD = 'another program has it open, or there is no permission to write. ';

function reasonOf(code: string, platform: NodeJS.Platform): string {
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full. ';
    case 'EDQUOT':
      return 'the quota is used up. ';
    case 'EBUSY':
      return HELD;
    case 'EACCES':
    case 'EPERM':
      return platform === 'win32' ? HELD : NO_PERMISSION;
    case 'EROFS':
      return NO_PERMISSION;
    default:
      return '';
  }
}
