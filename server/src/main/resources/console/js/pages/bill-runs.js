// Billing runs: a month is reckoned dry or billed, how far it is, and what came of those before.
import { h, many, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { go } from '../router.js';
import { may } from '../session.js';
import { count, dayName } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, Button, Empty, Field, Loaded, Segments, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { BillingTabs } from '../billing.js';

export const runHref = (id) => `/billing/runs/${id}`;
export const days = (from, to) => {
  const whole = from.endsWith('-01') && new Date(Date.parse(to) + 86400000).toISOString().slice(8, 10) === '01' && from.slice(0, 7) === to.slice(0, 7);
  if (whole) return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(Date.parse(from));
  return `${dayName(Date.parse(from), 'UTC', { weekday: false })} – ${dayName(Date.parse(to), 'UTC', { weekday: false })}`;
};

/** Running, dry, with something blocked, or through. */
export function RunState({ run }) {
  const [mark, word] = !run.ended ? ['info', 'Running'] : run.failure ? ['fault', 'Ended early'] : run.blocked ? ['attention', `${count(run.blocked)} blocked`] : ['fine', 'Through'];
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

const COLUMNS = [
  { id: 'period', name: 'Period', cell: (r) => h('a', { href: runHref(r.id) }, days(r.from, r.to)) },
  { id: 'dry', name: 'Kind', cell: (r) => (r.dryRun ? h('span.dry-tag', 'Dry run') : 'Billed') },
  { id: 'state', name: 'State', cell: (r) => h(RunState, { run: r }) },
  { id: 'billed', name: 'Bills', num: true, low: true, cell: (r) => count(r.billed) },
  { id: 'totals', name: 'Sum', num: true, low: true, cell: (r) => r.totals || h('span.dim', '–') },
  { id: 'started', name: 'Started', low: true, cell: (r) => many(h(Ago, { at: r.started }), h('span.dim', ` by ${r.by}`)) },
];

export default function BillRuns({ who }) {
  useTitle('Bills');
  const [fast, setFast] = useState(false);
  const list = useResource(`bill-runs ${fast}`, (signal) => get('/bill-runs', { size: 100 }, signal).then((a) => { setFast(a.items.some((r) => !r.ended)); return a.items; }), { every: fast ? 1000 : 15000 });
  return many(
    h('header.page-head', h('h1', 'Bills'), h(BillingTabs, { here: '/billing/runs', who })),
    may(who, 'BILL') && h(NewRun, { onDone: list.reload }),
    h(Loaded, { of: list, rows: 6, what: 'The billing runs could not be loaded' }, (runs) =>
      runs.length
        ? h(Table, { caption: 'Billing runs', columns: COLUMNS, rows: runs, keyOf: (r) => r.id })
        : h(Empty, { icon: 'billing', heading: 'No billing run yet' }, 'A run bills all agreements of a period. A dry run reckons them and issues nothing: look at what is blocked first.')));
}

const lastMonth = () => { const d = new Date(); return new Date(Date.UTC(d.getFullYear(), d.getMonth() - 1, 1)).toISOString().slice(0, 7); };

function NewRun({ onDone }) {
  const [month, setMonth] = useState(lastMonth());
  const [kind, setKind] = useState('dry');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const run = await post('/bill-runs', { period: month, dryRun: kind === 'dry' });
      onDone();
      go(runHref(run.id));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h('section.card.new-run', h('form.card-body', { onSubmit: send },
    h(Field, { label: 'Month' }, h('input', { type: 'month', value: month, required: true, onInput: (e) => setMonth(e.currentTarget.value) })),
    h('div.field', h('span.field-label', 'What'), h(Segments, { label: 'What', value: kind, options: [['dry', 'Dry run', 'Reckons everything and issues nothing'], ['bill', 'Bill it', 'Issues bills, which are never changed']], onPick: setKind })),
    h('p.dim.new-run-words', kind === 'dry' ? 'Reckons every agreement of the month and tells what it would come to and what is blocked. Nothing is issued.' : 'Issues a bill for every agreement of the month that is not blocked and was not billed before. A bill is never changed: what is wrong is credited and billed again.'),
    error && h('p.field-error', { role: 'alert' }, `${error.where}: ${error.remedy || error.message}`),
    h(Button, { type: 'submit', kind: kind === 'bill' ? 'main' : undefined, busy, disabled: !month }, kind === 'dry' ? 'Reckon it' : 'Issue the bills')));
}
