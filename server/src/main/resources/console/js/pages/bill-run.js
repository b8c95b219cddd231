// One billing run: how far it is, what is blocked and why, and the bills it issued.
import { h, many, useState } from '../dom.js';
import { get, useResource } from '../api.js';
import { count, title } from '../format.js';
import { Ago, Empty, Loaded, Segments, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { seesAccounts } from '../billing.js';
import { BillTable } from './bill-table.js';
import { RunState, days } from './bill-runs.js';

const PAGE = 100;

/** What to do about each reason, as a link. */
const REMEDIES = {
  missing: () => '/billing/exceptions?state=open,accepted,edited,gone',
  doubtful: () => '/billing/exceptions?state=open,accepted,edited,gone',
  exception: () => '/billing/exceptions',
  held: () => '/cases',
  agreement: (b) => `/billing/accounts/${encodeURIComponent(b.account)}`,
};

export default function BillRun({ params, who }) {
  const { id } = params;
  const [fast, setFast] = useState(true);
  const run = useResource(`${id} ${fast}`, (signal) => get(`/bill-runs/${id}`, {}, signal).then((r) => { setFast(!r.ended); return r; }), { every: fast ? 1000 : 0 });
  useTitle('Billing run');
  if (run.error?.status === 404 && !run.data) return many(h('header.page-head', h('h1', 'Billing run')), h(Empty, { icon: 'billing', heading: 'There is no such run', action: h('a.btn', { href: '/billing/runs' }, 'To the runs') }));
  return h(Loaded, { of: run, rows: 6, what: 'The run could not be loaded' }, (r) => many(
    h('header.meter-head', h('a.back', { href: '/billing/runs' }, 'Bills'),
      h('div.meter-name', h('h1', days(r.from, r.to)), r.dryRun && h('span.dry-tag', 'Dry run'), h(RunState, { run: r })),
      h('p.meter-where', 'Started ', h(Ago, { at: r.started }), ` by ${r.by}`, r.ended && many(', ended ', h(Ago, { at: r.ended })))),
    h('dl.tiles', h(Tile, { name: 'Looked at', value: count(r.points), foot: r.ended ? 'agreements' : 'agreements so far' }), h(Tile, { name: r.dryRun ? 'Would be billed' : 'Billed', value: count(r.billed), foot: r.before ? `${count(r.before)} were billed before` : 'none before' }), h(Tile, { name: 'Blocked', value: count(r.blocked), foot: r.blocked ? 'see below' : 'nothing' }), h(Tile, { name: 'Sum', value: r.totals || '–', foot: r.dryRun ? 'of what would be billed' : 'of what was billed' })),
    r.failure && h('p.form-error', { role: 'alert' }, '!', h('span', r.failure)),
    h(BlockedCard, { key: `blocked ${r.blocked}`, id, blocked: r.blocked, who }),
    !r.dryRun && h(BillsCard, { key: `bills ${r.billed}`, id, billed: r.billed, who })));
}

const Tile = ({ name, value, foot }) => h('div.tile', h('dt', name), h('dd', value), h('dd.tile-foot', foot));

function BlockedCard({ id, blocked, who }) {
  const [reason, setReason] = useState('');
  const [more, setMore] = useState([]);
  const first = useResource(id, (signal) => get(`/bill-runs/${id}/blocked`, { size: PAGE }, signal).then((a) => a.items));
  if (!blocked) return null;
  const load = async (last) => setMore([...more, ...(await get(`/bill-runs/${id}/blocked`, { after: last.servicePoint, size: PAGE })).items]);
  const columns = [
    { id: 'point', name: 'Service point', cell: (b) => b.servicePoint },
    { id: 'account', name: 'Account', low: true, cell: (b) => (seesAccounts(who) ? h('a.mono', { href: `/billing/accounts/${encodeURIComponent(b.account)}` }, b.account) : h('span.mono', b.account)) },
    { id: 'reason', name: 'Why', cell: (b) => (REMEDIES[b.reason] ? h('a', { href: REMEDIES[b.reason](b) }, title(b.reason.replaceAll('-', ' '))) : title(b.reason.replaceAll('-', ' '))) },
    { id: 'detail', name: 'Where, and what to do', wrap: true, cell: (b) => b.detail },
  ];
  return h('section.card.run-card', h('header.card-head', h('h2', 'Not billed'), h('span.dim', 'each with what stands in its way')),
    h(Loaded, { of: first, rows: 4, what: 'What is blocked could not be loaded' }, (items) => {
      const all = [...items, ...more];
      const reasons = [...new Set(all.map((b) => b.reason))];
      const shown = all.filter((b) => !reason || b.reason === reason);
      return many(
        reasons.length > 1 && h('div.card-note', h(Segments, { label: 'Reason', value: reason, options: [['', 'All'], ...reasons.slice(0, 6).map((r) => [r, title(r.replaceAll('-', ' '))])], onPick: setReason })),
        h(Table, { caption: 'Not billed', columns, rows: shown, keyOf: (b) => `${b.servicePoint} ${b.account}` }),
        all.length < blocked && all.length % PAGE === 0 && h('div.card-foot', h('button.link', { type: 'button', onClick: () => load(all.at(-1)) }, `More, ${count(blocked - all.length)} left`)));
    }));
}

function BillsCard({ id, billed, who }) {
  const list = useResource(id, (signal) => get('/bills', { run: id, size: 200 }, signal).then((a) => a.items));
  return h('section.card.run-card', h('header.card-head', h('h2', 'Bills'), billed > 200 && h('span.dim', `the first 200 of ${count(billed)}`)),
    h(Loaded, { of: list, rows: 4, what: 'The bills could not be loaded' }, (bills) => (bills.length ? h(BillTable, { bills, who }) : h(Empty, { heading: 'No bill yet' }, 'They stand here once they are issued.'))));
}
