import { codeOf, RedsunError } from '../../sdk/util/index.ts';

/** What a failed write at `path` is called, in the operator's words, with the cause kept. */
export function writeFailed(path: string, cause: unknown): RedsunError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // Threads name the file themselves.
  const own = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return new RedsunError('store/write-failed', `${path}: ${reasonOf(codeOf(cause))}${own}`, { cause });
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full. ';
    case 'EDQUOT':
      return 'the quota is used up. ';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission to write. ';
    default:
      return '';
  }
}
