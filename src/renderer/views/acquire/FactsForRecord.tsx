import { Pencil, Save } from 'lucide-react';
import { type JSX, useState } from 'react';
import type { Fact, FactAnswers } from '../../../shared/channels/session.ts';
import { Button, IconButton, NumberField, Section, TextField } from '../../../ui/index.ts';
import { useCommands } from '../../stores/services.tsx';

/** What papers are asked for and the session does not say: asked once, kept with the session, and stored with every image. */
export function FactsForRecord(props: {
  readonly facts: readonly Fact[];
  readonly locked: boolean;
}): JSX.Element | null {
  const { facts, locked } = props;
  const commands = useCommands();
  const [changing, setChanging] = useState(false);
  const [drafts, setDrafts] = useState<FactAnswers>({});
  const open = facts.filter(({ asked }) => !asked);
  if (facts.length === 0) return null;
  if (open.length === 0 && !changing) {
    return (
      <Section
        title="Facts for the record"
        aside={
          <IconButton label="Change facts" disabled={locked} onClick={() => setChanging(true)}>
            <Pencil size={13} aria-hidden />
          </IconButton>
        }
      >
        <dl className="summary">
          {facts.map(({ key, title, value }) => (
            <div key={key} className={value === null ? 'faint' : ''}>
              <dt>{title}</dt>
              <dd>{value ?? 'left blank'}</dd>
            </div>
          ))}
        </dl>
      </Section>
    );
  }
  const shown = changing ? facts : open;
  const save = async () => {
    // What was left empty counts as asked, too: nobody is bothered twice.
    const answers = Object.fromEntries(shown.map(({ key, value }) => [key, drafts[key] ?? value]));
    if (!(await commands.recordFacts(answers))) return;
    setDrafts({});
    setChanging(false);
  };
  return (
    <Section title="Facts for the record" aside={<span>asked once</span>}>
      <div className="facts-form">
        {shown.map(({ key, title, kind, high, value }) => {
          const draft = drafts[key] ?? value;
          const set = (answer: string | number) => setDrafts((before) => ({ ...before, [key]: answer }));
          return (
            <div key={key} className="facts-row">
              <span aria-hidden>{title}</span>
              {kind === 'text' ? (
                <TextField label={title} value={String(draft ?? '')} onCommit={set} locked={locked} />
              ) : (
                <NumberField
                  label={title}
                  value={typeof draft === 'number' ? draft : null}
                  onCommit={set}
                  low={0}
                  high={high ?? undefined}
                  decimals={3}
                  step={0.05}
                  locked={locked}
                />
              )}
            </div>
          );
        })}
        <div className="row">
          <span className="hint grow">Stored with every image. What you leave blank is listed there as missing.</span>
          <Button icon={<Save size={14} aria-hidden />} disabled={locked} onClick={() => void save()}>
            Save facts
          </Button>
        </div>
      </div>
    </Section>
  );
}
