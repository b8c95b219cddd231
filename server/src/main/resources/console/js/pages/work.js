// Work in the field: what is not closed first, the most urgent first.
import { h, many, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { go, setQuery, useRoute } from '../router.js';
import { severityOf } from '../format.js';
import { Ago, Button, Dialog, Empty, Field, Id, Loaded, Segments, Severity, useTitle } from '../parts.js';
import { ColumnPicker, CsvButton, Pager, Table, useColumns } from '../table.js';
import { AlarmTabs } from '../alarms.js';
import { Due, WorkState, kindWord, worksInField } from '../work.js';

const STATES = [['open,assigned', 'Not closed'], ['open', 'Nobody named'], ['done', 'Done'], ['cancelled', 'Cancelled']];

const COLUMNS = [
  { id: 'id', name: 'Order', num: true, always: true, cell: (w) => h('a', { href: `/work/${w.id}` }, w.id), text: (w) => w.id },
  { id: 'severity', name: 'Urgency', low: true, cell: (w) => h(Severity, { level: severityOf(w) }), text: (w) => w.severity },
  { id: 'title', name: 'What', always: true, wrap: true, cell: (w) => h('a', { href: `/work/${w.id}` }, w.title), text: (w) => w.title },
  { id: 'kind', name: 'Kind', low: true, cell: (w) => kindWord(w.kind), text: (w) => w.kind },
  { id: 'meter', name: 'Meter', low: true, cell: (w) => (w.meter ? h(Id, { value: w.meter, link: `/meters/${encodeURIComponent(w.meter)}` }) : h('span.dim', '–')), text: (w) => w.meter },
  { id: 'servicePoint', name: 'Where', low: true, cell: (w) => w.servicePoint || h('span.dim', '–'), text: (w) => w.servicePoint },
  { id: 'state', name: 'State', low: true, cell: (w) => h(WorkState, { order: w }), text: (w) => w.state },
  { id: 'assignee', name: 'Done by', low: true, cell: (w) => w.assignee || h('span.dim', 'nobody yet'), text: (w) => w.assignee },
  { id: 'due', name: 'Due', cell: (w) => h(Due, { order: w }), text: (w) => w.due },
  { id: 'created', name: 'Ordered', low: true, off: true, cell: (w) => h(Ago, { at: w.created }), text: (w) => w.created },
];

export default function Work({ who }) {
  useTitle('Work orders');
  const { query } = useRoute();
  const [adding, setAdding] = useState(false);
  const asked = {
    state: STATES.some(([key]) => key === query.state) ? query.state : 'open,assigned',
    assignee: query.assignee || '',
    meter: query.meter || '',
    page: Math.max(0, Number(query.page) || 0),
    size: Math.min(200, Math.max(1, Number(query.size) || 50)),
  };
  const list = useResource(JSON.stringify(asked), (signal) => get('/work', asked, signal).then(asPage), { every: 30000 });
  const columns = useColumns('work', COLUMNS);
  return many(
    h('header.page-head', h('h1', 'Work orders'), h(AlarmTabs, { here: '/work' })),
    h('div.toolbar',
      h(Segments, { label: 'State', value: asked.state, options: STATES, onPick: (state) => setQuery({ state: state === 'open,assigned' ? undefined : state, page: undefined }) }),
      h(Segments, { label: 'Whose', value: asked.assignee === who.user ? 'mine' : '', options: [['', 'Everybody’s'], ['mine', 'Mine']], onPick: (mine) => setQuery({ assignee: mine ? who.user : undefined, page: undefined }) }),
      asked.meter && h('button.chip', { type: 'button', 'aria-pressed': 'true', onClick: () => setQuery({ meter: undefined, page: undefined }), title: 'At all meters again' }, h('span.mono', asked.meter), ' ×'),
      h('span.toolbar-gap'),
      worksInField(who) && h(Button, { icon: 'plus', kind: 'main', onClick: () => setAdding(true) }, 'Order work'),
      h(ColumnPicker, { of: columns }),
      h(CsvButton, { name: 'work-orders', path: '/work', query: asked, columns: columns.shown, total: list.data?.total })),
    h(Loaded, { of: list, rows: 8, what: 'The work orders could not be loaded' }, (data) =>
      data.items.length
        ? many(h(Table, { caption: 'Work orders', columns: columns.shown, rows: data.items, keyOf: (w) => w.id }), h(Pager, { page: asked.page, size: asked.size, total: data.total }))
        : h(Empty, { icon: 'alarms', heading: 'No work here' }, 'A case, a meter that is silent for days and the end of a calibration order work by themselves; people order it here.')),
    adding && h(Dialog, { title: 'Order work', onClose: () => setAdding(false) }, h(NewWork, { meter: asked.meter, onClose: () => setAdding(false) })));
}

function NewWork({ meter, onClose }) {
  const words = useResource('work-words', (signal) => get('/work/words', {}, signal));
  const [order, setOrder] = useState({ kind: 'visit', title: '', meter, servicePoint: '', severity: 'attention', due: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const set = (patch) => setOrder({ ...order, ...patch });
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const made = await post('/work', { ...order, due: order.due ? new Date(order.due).toISOString() : '' });
      go(`/work/${made.about.id}`);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const kinds = [...new Set([...(words.data?.kinds || []), 'visit'])].sort();
  return h('form.form', { onSubmit: send },
    h(Field, { label: 'What is to be done' }, h('input', { type: 'text', value: order.title, required: true, maxLength: 200, autocomplete: 'off', onInput: (e) => set({ title: e.currentTarget.value }) })),
    h('div.pair', h(Field, { label: 'Kind' }, h('select', { value: order.kind, onChange: (e) => set({ kind: e.currentTarget.value }) }, kinds.map((k) => h('option', { key: k, value: k, selected: k === order.kind }, kindWord(k))))),
      h(Field, { label: 'Urgency' }, h('select', { value: order.severity, onChange: (e) => set({ severity: e.currentTarget.value }) }, ['info', 'attention', 'fault', 'critical'].map((s) => h('option', { key: s, value: s, selected: s === order.severity }, kindWord(s)))))),
    h('div.pair', h(Field, { label: 'Meter', hint: 'Its id' }, h('input', { type: 'text', value: order.meter, autocomplete: 'off', onInput: (e) => set({ meter: e.currentTarget.value.trim() }) })),
      h(Field, { label: 'Or service point' }, h('input', { type: 'text', value: order.servicePoint, autocomplete: 'off', maxLength: 200, onInput: (e) => set({ servicePoint: e.currentTarget.value }) }))),
    h(Field, { label: 'Due', hint: 'By this machine’s clock; may be left empty' }, h('input', { type: 'datetime-local', value: order.due, onInput: (e) => set({ due: e.currentTarget.value }) })),
    error && h('p.form-error', { role: 'alert' }, '!', h('span', `${error.where}: ${error.remedy || error.message}`)),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy, disabled: !order.title.trim() || (!order.meter && !order.servicePoint.trim()) }, 'Order it'), h(Button, { onClick: onClose }, 'Cancel')));
}
