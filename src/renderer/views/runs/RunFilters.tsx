import { Search } from 'lucide-react';
import type { JSX } from 'react';
import { Select } from '../../../ui/index.ts';
import { PERIOD_WORDS, RUN_PERIODS, RUN_STATUSES, type RunFilter, STATUS_WORDS } from './run-filter.ts';

const ANY = 'any';

/** Search field and filters. Down goes on into the list, Esc empties the field. */
export function RunFilters(props: {
  readonly filter: RunFilter;
  readonly plans: readonly string[];
  readonly onChange: (filter: RunFilter) => void;
  readonly onDown: () => void;
}): JSX.Element {
  const { filter, plans, onChange, onDown } = props;
  // A plan that no run has any more stays in the list as long as it is chosen.
  const known = filter.plan === null || plans.includes(filter.plan) ? plans : [...plans, filter.plan];
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is younger than the browsers that Redsun runs in
    <div className="run-filters" role="search" aria-label="Runs">
      <span className="field">
        <Search size={13} aria-hidden />
        <input
          type="text"
          aria-label="Search runs"
          placeholder="Sample, plan, tag, person"
          spellCheck={false}
          autoComplete="off"
          value={filter.text}
          data-editing={filter.text === '' ? undefined : ''}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onChange({ ...filter, text: '' });
            else if (event.key === 'ArrowDown') {
              event.preventDefault();
              onDown();
            }
          }}
        />
      </span>
      <div className="run-filter-row">
        <Select
          label="Date"
          value={filter.period ?? ANY}
          options={[
            { value: ANY, label: 'Any date' },
            ...RUN_PERIODS.map((value) => ({ value, label: PERIOD_WORDS[value] })),
          ]}
          onSelect={(value) => onChange({ ...filter, period: RUN_PERIODS.find((period) => period === value) ?? null })}
        />
        <Select
          label="Status"
          value={filter.status ?? ANY}
          options={[
            { value: ANY, label: 'Any status' },
            ...RUN_STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] })),
          ]}
          onSelect={(value) => onChange({ ...filter, status: RUN_STATUSES.find((status) => status === value) ?? null })}
        />
        <Select
          label="Plan"
          // A plan could be called "any".
          value={filter.plan === null ? '' : `=${filter.plan}`}
          options={[{ value: '', label: 'Any plan' }, ...known.map((plan) => ({ value: `=${plan}`, label: plan }))]}
          onSelect={(value) => onChange({ ...filter, plan: value === '' ? null : value.slice(1) })}
        />
      </div>
    </div>
  );
}
