import { FolderOpen } from 'lucide-react';
import { type JSX, useState } from 'react';
import { Button } from '../../../ui/index.ts';
import { useCommands } from '../../stores/services.tsx';

/** For a run that waits for its disk: its images go on in a folder on another one. */
export function OtherFolder({ reachable }: { readonly reachable: boolean }): JSX.Element {
  const commands = useCommands();
  const [open, setOpen] = useState(false);
  const [folder, setFolder] = useState('');
  const ready = reachable && folder.trim() !== '';
  const goOn = () => {
    if (ready) void commands.goOnIn(folder.trim());
  };
  if (!open) {
    return (
      <Button icon={<FolderOpen size={14} aria-hidden />} onClick={() => setOpen(true)} disabled={!reachable}>
        Choose another folder
      </Button>
    );
  }
  return (
    <fieldset className="other-folder" aria-label="Another folder">
      <span className="field">
        <input
          type="text"
          aria-label="Folder on another disk"
          placeholder="/path/to/folder"
          spellCheck={false}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: it comes up because the operator asked for it.
          autoFocus
          data-editing={folder === '' ? undefined : ''}
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey) goOn();
            else if (event.key === 'Escape') setFolder('');
          }}
        />
      </span>
      <div className="row">
        <Button
          look="primary"
          onClick={goOn}
          disabled={!ready}
          title="The run goes on in the same dataset; its next files lie in that folder"
        >
          Go on there
        </Button>
        <Button look="ghost" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
