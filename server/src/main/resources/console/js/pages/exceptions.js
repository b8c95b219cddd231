// What validation found and nobody has settled: filtered and paged by the server; many are accepted at once.
import { h, many, useEffect, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Ago, Button, Dialog, Empty, Field, Id, Loaded, Segments, toast, useTitle } from '../parts.js';
import { ColumnPicker, CsvButton, Pager, Table, useColumns } from '../table.js';
import { ActionWord, BillingTabs, ExceptionState, figures, ruleWord, settles, useOpen } from '../billing.js';
import { RunCard } from './vee-run.js';

const STATES = [['open', 'Open'], ['accepted,edited', 'Settled'], ['gone', 'Gone'], ['open,accepted,edited,gone', 'All']];
const ACTIONS = [['', 'All'], ['flagged', 'Doubtful', 'The value stays: a person has to judge'], ['estimated', 'Estimated', 'Other values stand in already']];
const address = (e) => `/billing/exceptions/${e.id}`;

const COLUMNS = [
  { id: 'day', name: 'Day', sort: 'day', always: true, cell: (e) => h('a', { href: address(e) }, e.day), text: (e) => e.day },
  { id: 'meter', name: 'Meter', always: true, cell: (e) => h(Id, { value: e.meter, link: `/meters/${encodeURIComponent(e.meter)}` }), text: (e) => e.meter },
  { id: 'rule', name: 'Found', always: true, cell: (e) => h('span', { title: e.words }, ruleWord(e.rule)), text: (e) => e.rule },
  { id: 'figures', name: 'Measured', low: true, cell: (e) => figures(e), text: (e) => figures(e) },
  { id: 'slots', name: 'Slots', num: true, low: true, cell: (e) => count(e.slots), text: (e) => e.slots },
  { id: 'action', name: 'Now', cell: (e) => h(ActionWord, { item: e }), text: (e) => e.action },
  { id: 'method', name: 'Method', low: true, off: true, cell: (e) => e.method || h('span.dim', '–'), text: (e) => e.method },
  { id: 'channel', name: 'Channel', low: true, off: true, cell: (e) => h('span', { title: e.channel }, e.channelName), text: (e) => e.channel },
  { id: 'state', name: 'State', low: true, cell: (e) => h(ExceptionState, { item: e }), text: (e) => e.state },
  { id: 'found', name: 'Found', low: true, off: true, cell: (e) => h(Ago, { at: e.found }), text: (e) => e.found },
  { id: 'settledBy', name: 'Settled by', low: true, off: true, cell: (e) => e.settledBy || h('span.dim', '–'), text: (e) => e.settledBy },
];

export default function Exceptions({ who }) {
  useTitle('Exceptions');
  const { query } = useRoute();
  const asked = {
    state: STATES.some(([key]) => key === query.state) ? query.state : 'open',
    action: ['flagged', 'estimated'].includes(query.action) ? query.action : '',
    rule: query.rule || '',
    meter: query.meter || '',
    sort: query.sort === 'day' ? 'day' : '-day',
    page: Math.max(0, Number(query.page) || 0),
    size: Math.min(200, Math.max(1, Number(query.size) || 50)),
  };
  const key = JSON.stringify(asked);
  const list = useResource(key, (signal) => get('/exceptions', asked, signal).then(asPage), { every: 30000 });
  const open = useOpen();
  const [picked, setPicked] = useState(new Set());
  const [accepting, setAccepting] = useState(false);
  useEffect(() => setPicked(new Set()), [key]);
  const reload = () => { list.reload(); open.reload(); };
  const canSettle = settles(who);
  const rows = list.data?.items || [];
  const openRows = rows.filter((e) => e.state === 'open');
  const pick = (id, on) => setPicked((old) => { const next = new Set(old); if (on) next.add(id); else next.delete(id); return next; });
  const columns = useColumns('exceptions', COLUMNS);
  const shown = [
    ...(canSettle && openRows.length ? [{ id: 'pick', name: 'Choose', bare: true, cell: (e) => e.state === 'open' && h('input', { type: 'checkbox', checked: picked.has(e.id), 'aria-label': `Choose ${ruleWord(e.rule)} of ${e.meter}, ${e.day}`, onChange: (ev) => pick(e.id, ev.currentTarget.checked) }) }] : []),
    ...columns.shown,
  ];
  const filtered = asked.rule || asked.meter || asked.action || asked.state !== 'open';
  return many(
    h('header.page-head', h('h1', 'Exceptions'), h(BillingTabs, { here: '/billing/exceptions', who })),
    h(RunCard, { who, onEnd: reload }),
    h('div.toolbar',
      h(Segments, { label: 'State', value: asked.state, options: STATES, onPick: (state) => setQuery({ state: state === 'open' ? undefined : state, page: undefined }) }),
      h(Segments, { label: 'Values now', value: asked.action, options: ACTIONS, onPick: (action) => setQuery({ action: action || undefined, page: undefined }) }),
      h('label.pager-size.rule-filter', 'Rule', h('select', { value: asked.rule, onChange: (e) => setQuery({ rule: e.currentTarget.value || undefined, page: undefined }) },
        h('option', { value: '' }, 'All rules'), rulesOf(open.data, asked.rule).map((r) => h('option', { key: r.rule, value: r.rule, selected: r.rule === asked.rule }, `${ruleWord(r.rule)}${r.n ? ` (${count(r.n)})` : ''}`)))),
      asked.meter && h('button.chip', { type: 'button', 'aria-pressed': 'true', onClick: () => setQuery({ meter: undefined, page: undefined }), title: 'Of all meters again' }, h('span.mono', asked.meter), ' ×'),
      h('span.toolbar-gap'),
      picked.size > 0 && h(Button, { icon: 'check', kind: 'main', onClick: () => setAccepting(true) }, `Accept ${count(picked.size)}`),
      canSettle && openRows.length > 1 && h(Button, { onClick: () => setPicked(picked.size === openRows.length ? new Set() : new Set(openRows.map((e) => e.id))) }, picked.size === openRows.length ? 'Choose none' : 'Choose the page'),
      h(ColumnPicker, { of: columns }),
      h(CsvButton, { name: 'exceptions', path: '/exceptions', query: asked, columns: columns.shown, total: list.data?.total })),
    h(Loaded, { of: list, rows: 8, what: 'The exceptions could not be loaded' }, (data) =>
      data.items.length
        ? many(h(Table, { caption: 'Exceptions', columns: shown, rows: data.items, keyOf: (e) => e.id, sort: asked.sort }), h(Pager, { page: asked.page, size: asked.size, total: data.total }))
        : h(Empty, { icon: 'billing', heading: filtered ? 'Nothing like this' : 'Nothing waits' }, filtered ? 'No finding fits these filters.' : 'Each night at four, by the meters’ own clock, validation looks at the last seven days. What it finds and a person should see stands here.')),
    accepting && h(Accept, { ids: [...picked], onClose: () => setAccepting(false), onDone: () => { setPicked(new Set()); setAccepting(false); reload(); } }));
}

function rulesOf(open, chosen) {
  const rules = (open || []).map((r) => ({ rule: r.rule, n: r.flagged + r.estimated }));
  return chosen && !rules.some((r) => r.rule === chosen) ? [...rules, { rule: chosen, n: 0 }] : rules;
}

function Accept({ ids, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await post('/exceptions/accept', { ids, reason });
      toast(answer.refused.length ? `${plural(answer.accepted, 'exception')} accepted; ${count(answer.refused.length)} were settled meanwhile.` : `${plural(answer.accepted, 'exception')} accepted.`);
      onDone();
    } catch (problem) {
      toast(`${problem.where}: ${problem.remedy || problem.message}`, 'fault');
      setBusy(false);
    }
  };
  return h(Dialog, { title: `Accept ${plural(ids.length, 'exception')}`, onClose }, h('form.form', { onSubmit: send },
    h('p', 'What counts now is billed: measured values that a rule doubted, and estimates where others stand in. It can be undone one by one.'),
    h(Field, { label: 'Why they may stand', hint: 'It stands beside each of them, and in the audit log.' }, h('textarea', { rows: 3, maxLength: 900, value: reason, required: true, onInput: (e) => setReason(e.currentTarget.value) })),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy, disabled: !reason.trim() }, 'Accept'), h(Button, { onClick: onClose }, 'Not now'))));
}
