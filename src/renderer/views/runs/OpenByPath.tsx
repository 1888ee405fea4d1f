import { FolderOpen } from 'lucide-react';
import { type JSX, useState } from 'react';
import { Button } from '../../../ui/index.ts';
import { useServices } from '../../stores/services.tsx';

/** Opens a store of any program by its path on the host. */
export function OpenByPath(): JSX.Element {
  const { review } = useServices();
  const [path, setPath] = useState('');
  const open = () => {
    const trimmed = path.trim();
    if (trimmed !== '') void review.openPath(trimmed);
  };
  return (
    <form
      className="open-by-path"
      aria-label="Open a store"
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <span className="field grow">
        <FolderOpen size={13} aria-hidden />
        <input
          type="text"
          aria-label="Path of a store"
          placeholder="Path of a store on the host"
          spellCheck={false}
          autoComplete="off"
          value={path}
          data-editing={
            path !== '' && document.activeElement?.getAttribute('aria-label') === 'Path of a store' ? '' : undefined
          }
          onChange={(event) => setPath(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setPath('')}
        />
      </span>
      <Button onClick={open} disabled={path.trim() === ''}>
        Open
      </Button>
    </form>
  );
}
