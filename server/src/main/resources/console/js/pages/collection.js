// Meters that are read: how the schedules stand, and who is behind, the worst first.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { call, get, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { may } from '../session.js';
import { count, fixed, plural, span } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Ago, Button, Empty, Id, Loaded, toast, useTitle } from '../parts.js';
import { Pager, Table } from '../table.js';

const OFF = 10000; // a clock further off than this asks for attention, in ms
const NAMES = { billing: 'Registers', profiles: 'Profiles' };

export default function Collection({ who }) {
  useTitle('Collection');
  const { query } = useRoute();
  const asked = { q: query.q || '', page: Math.max(0, Number(query.page) || 0), size: Math.min(500, Math.max(1, Number(query.size) || 50)) };
  const all = useResource(JSON.stringify(asked), (signal) => get('/collection', asked, signal), { every: 5000 });
  return many(
    h('header.page-head', h('h1', 'Collection')),
    h(Loaded, { of: all, rows: 10, what: 'Collection could not be loaded', still: 'Meters that push go on.' }, (data) =>
      data.meters.total || asked.q ? many(h(Tiles, { data }), h(Filter, { q: asked.q }), h(List, { data, asked, who, onRead: all.reload })) : h(None, { who })));
}

function Tiles({ data }) {
  return h('dl.tiles',
    data.schedules.map((s) => h('div.tile', { key: s.schedule },
      h('dt', NAMES[s.schedule] || s.schedule),
      h('dd', `${s.share} %`),
      h('dd.tile-foot', s.schedule === 'profiles' ? `${plural(s.missing, 'slot')} missing` : `${count(s.complete)} of ${count(s.meters)} read`))),
    h('div.tile', h('dt', 'Being read'), h('dd', count(data.running), h('small', ` ${count(data.waiting)} waiting`)),
      h('dd.tile-foot', data.enabled ? `Every ${data.schedules.map((s) => span(s.everySeconds)).join(' and ')}` : 'Schedules are off; on demand only')),
    h('div.tile', h('dt', 'Failing'), h('dd', count(Math.max(0, ...data.schedules.map((s) => s.failing))), h('small', ` of ${plural(data.meters.total, 'meter')}`)),
      h('dd.tile-foot', 'Tried again after a pause that doubles')));
}

function Filter({ q }) {
  const [text, setText] = useState(q);
  const timer = useRef(0);
  useEffect(() => setText(q), [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (event) => {
    const value = event.currentTarget.value;
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery({ q: value.trim() || undefined, page: undefined }), 200);
  };
  return h('div.toolbar', h('div.filter-text', h(Icon, { name: 'search' }),
    h('input', { type: 'search', value: text, placeholder: 'Filter by id, serial, service point', 'aria-label': 'Filter the meters', spellcheck: false, onInput })));
}

function List({ data, asked, who, onRead }) {
  const { items, total } = data.meters;
  if (!items.length) return h(Empty, { icon: 'search', heading: 'No meter that is read matches this filter', action: h(Button, { onClick: () => setQuery({ q: undefined, page: undefined }) }, 'Clear the filter') }, 'A part of an id, serial, system title or service point is enough.');
  const columns = [
    { id: 'meter', name: 'Meter', cell: (m) => h(Id, { value: m.meter, link: `/meters/${encodeURIComponent(m.meter)}` }) },
    { id: 'missing', name: 'Missing', num: true, cell: (m) => h(Missing, { row: m }) },
    { id: 'read', name: 'Profiles read', low: true, cell: (m) => h(Ago, { at: m.read }) },
    { id: 'billed', name: 'Registers read', low: true, cell: (m) => h(Ago, { at: m.billed }) },
    { id: 'due', name: 'Next', low: true, cell: (m) => h(Ago, { at: m.due }) },
    { id: 'clock', name: 'Clock off', unit: 's', num: true, low: true, cell: (m) => h(Clock, { off: m.clockOffMs }) },
    { id: 'link', name: 'Link', low: true, cell: (m) => h('span.mono', m.link || 'calls in') },
    { id: 'fault', name: 'Last try', low: true, wrap: true, cell: (m) => (m.fault ? many(h(Mark, { state: 'attention' }), ' ', m.fault, m.failures > 1 && h('span.dim', ` (${count(m.failures)} times)`)) : 'well') },
    ...(may(who, 'operator') ? [{ id: 'act', name: 'Act', bare: true, num: true, cell: (m) => h(ReadNow, { meter: m.meter, onRead }) }] : []),
  ];
  return many(h(Table, { caption: 'Meters that are read', columns, rows: items, keyOf: (m) => m.meter }), h(Pager, { page: asked.page, size: asked.size, total }));
}

function Missing({ row }) {
  if (!row.expected) return h('span.dim', '–');
  return row.missing ? h('span.is-attention', h(Mark, { state: 'attention' }), ` ${count(row.missing)} of ${count(row.expected)}`) : `0 of ${count(row.expected)}`;
}

function Clock({ off }) {
  if (off === null || off === undefined) return h('span.dim', '–');
  const far = Math.abs(off) > OFF;
  return h('span', { class: far ? 'is-attention' : '' }, far && h(Mark, { state: 'attention' }), ` ${fixed(off / 1000, 1)}`);
}

function ReadNow({ meter, onRead }) {
  const [busy, setBusy] = useState(false);
  const read = async () => {
    setBusy(true);
    try {
      const got = await call('POST', `/meters/${encodeURIComponent(meter)}/read`);
      toast(`${meter}: ${plural(got.registers.length, 'register')}, ${plural(got.intervals, 'interval')} and ${plural(got.events.length, 'event')} read.`);
    } catch (problem) {
      toast(`${meter}: ${problem.remedy || problem.message}`, 'fault');
    } finally {
      setBusy(false);
      onRead();
    }
  };
  return h(Button, { small: true, busy, onClick: read, title: 'Clock, registers, what is missing of its profiles, events' }, 'Read now');
}

function None({ who }) {
  return h(Empty, { icon: 'collection', heading: 'No meter is read', action: may(who, 'operator') && h('a.btn.btn-main', { href: '/meters/import' }, 'Import a shipment') },
    'Meters that only push need nothing of this. One that has an address, or calls in and has a companion profile, is read on schedules: both come with its shipment.');
}
