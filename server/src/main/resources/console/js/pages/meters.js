// The meters: filtered, sorted and paged by the server; last contacts stay live in place.
import { h, many, useCallback, useEffect, useRef, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, stateOf, title } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Ago, Button, Empty, Id, LifeState, Loaded, useNow, useTitle } from '../parts.js';
import { ColumnPicker, CsvButton, Pager, Table, useColumns } from '../table.js';

const SILENT = 86400e3; // a day without a word asks for attention
const STATES = ['active', 'quarantined', 'retired'];

const COLUMNS = [
  { id: 'id', name: 'Meter', sort: 'id', always: true, cell: (m) => h(Id, { value: m.id, link: `/meters/${encodeURIComponent(m.id)}` }), text: (m) => m.id },
  { id: 'servicePoint', name: 'Service point', sort: 'servicePoint', low: true, cell: (m) => m.servicePoint || h('span.dim', '–'), text: (m) => m.servicePoint },
  { id: 'state', name: 'State', sort: 'state', cell: (m) => h(LifeState, { state: m.state }), text: (m) => stateOf(m) },
  { id: 'lastContact', name: 'Last contact', sort: 'lastContact', cell: (m) => h(Contact, { meter: m }), text: (m) => m.lastContact },
  { id: 'lastChannel', name: 'Channel', low: true, cell: (m) => h('span.mono', m.lastChannel || '–'), text: (m) => m.lastChannel },
  { id: 'profile', name: 'Profile', sort: 'profile', low: true, cell: (m) => m.profile || '–', text: (m) => m.profile },
  { id: 'serial', name: 'Serial', sort: 'serial', low: true, off: true, cell: (m) => h('span.mono', m.serial), text: (m) => m.serial },
  { id: 'systemTitle', name: 'System title', low: true, off: true, cell: (m) => (m.systemTitle ? h(Id, { value: m.systemTitle }) : h('span.dim', 'none')), text: (m) => m.systemTitle },
  { id: 'zone', name: 'Zone', low: true, off: true, cell: (m) => m.zone, text: (m) => m.zone },
];

function Contact({ meter }) {
  const now = useNow(10000);
  const silent = !meter.lastContact || now - Date.parse(meter.lastContact) > SILENT;
  return h('span.contact', { class: silent ? 'is-attention' : '' },
    silent && stateOf(meter) === 'active' && h(Mark, { state: 'attention' }),
    h(Ago, { at: meter.lastContact, zone: meter.zone }),
    silent && stateOf(meter) === 'active' && h('span.offscreen', ', silent'));
}

/** Meters | Waiting | Import: the three views of the meter register. */
export function MeterTabs({ here, who }) {
  const waiting = useResource('waiting-count', (signal) => get('/waiting', {}, signal), { every: 15000 });
  const number = waiting.data && asPage(waiting.data).total;
  const tabs = [['/meters', 'All meters'], ['/meters/waiting', 'Waiting', number || undefined], ['/meters/zigbee', 'Zigbee']];
  if (may(who, 'operator')) tabs.push(['/meters/import', 'Import']);
  return h('nav.tabs', { 'aria-label': 'Meters' }, tabs.map(([path, name, n]) => h('a', { key: path, href: path, 'aria-current': here === path ? 'page' : undefined }, name, n !== undefined && h('span.badge', count(n)))));
}

/** Puts the live contacts over the rows of a page, at most twice a second and never in another order. */
function useLiveContacts(rows) {
  const heard = useRef(new Map());
  const due = useRef(0);
  const [, redraw] = useState(0);
  const shown = useRef(new Set());
  shown.current = new Set(rows.map((m) => m.id));
  useEffect(() => () => clearTimeout(due.current), []);
  useLive(useCallback((batch) => {
    let hit = false;
    for (const event of batch) {
      if (event.type !== 'contact' || !shown.current.has(event.meter)) continue;
      heard.current.set(event.meter, event);
      hit = true;
    }
    if (!hit || due.current) return;
    due.current = setTimeout(() => { due.current = 0; redraw((n) => n + 1); }, 500);
  }, []));
  let newer = 0;
  const merged = rows.map((m) => {
    const event = heard.current.get(m.id);
    if (!event || (m.lastContact && event.at <= m.lastContact)) return m;
    newer++;
    return { ...m, lastContact: event.at, lastChannel: event.channel || m.lastChannel };
  });
  return { rows: merged, newer };
}

function useFilters() {
  const { query } = useRoute();
  const size = Math.min(500, Math.max(1, Number(query.size) || 50));
  return { q: query.q || '', state: query.state || '', sort: query.sort || 'id', page: Math.max(0, Number(query.page) || 0), size };
}

const asked = (f) => ({ q: f.q, state: f.state.toUpperCase(), sort: f.sort, page: f.page, size: f.size });

export default function Meters({ who }) {
  useTitle('Meters');
  const filters = useFilters();
  const list = useResource(JSON.stringify(filters), (signal) => get('/meters', asked(filters), signal).then(asPage));
  const columns = useColumns('meters', COLUMNS);
  return many(
    h('header.page-head', h('h1', 'Meters'), h(MeterTabs, { here: '/meters', who })),
    h(Filters, { filters, columns, total: list.data?.total }),
    h(Loaded, { of: list, rows: 12, what: 'The meters could not be loaded', still: 'The live stream and other pages go on.' }, (data) =>
      data.total ? h(List, { data, filters, columns, onRefresh: list.reload }) : h(None, { filters, who })));
}

function Filters({ filters, columns, total }) {
  const [text, setText] = useState(filters.q);
  const timer = useRef(0);
  useEffect(() => setText(filters.q), [filters.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (event) => {
    const value = event.currentTarget.value;
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery({ q: value.trim() || undefined, page: undefined }), 200);
  };
  return h('div.toolbar',
    h('div.filter-text', h(Icon, { name: 'search' }), h('input', { type: 'search', value: text, placeholder: 'Filter by id, serial, service point', 'aria-label': 'Filter the meters', spellcheck: false, onInput })),
    h('select', { 'aria-label': 'State', value: filters.state, onChange: (e) => setQuery({ state: e.currentTarget.value || undefined, page: undefined }) },
      h('option', { value: '', selected: !filters.state }, 'Any state'), STATES.map((s) => h('option', { key: s, value: s, selected: s === filters.state }, title(s)))),
    h('span.toolbar-gap'),
    h(ColumnPicker, { of: columns }),
    h(CsvButton, { name: 'meters', path: '/meters', query: asked(filters), columns: columns.shown, total }));
}

function List({ data, filters, columns, onRefresh }) {
  const { rows, newer } = useLiveContacts(data.items);
  const byContact = /lastContact$/.test(filters.sort);
  return many(
    byContact && newer > 0 && h('div.note', `${count(newer)} of these were heard since; the order is kept until you ask. `, h('button.link', { type: 'button', onClick: onRefresh }, 'Order anew')),
    h(Table, { caption: 'Meters', columns: columns.shown, rows, keyOf: (m) => m.id, sort: filters.sort }),
    h(Pager, { page: filters.page, size: filters.size, total: data.total }));
}

function None({ filters, who }) {
  if (filters.q || filters.state) {
    return h(Empty, { icon: 'search', heading: 'No meter matches this filter', action: h(Button, { onClick: () => setQuery({ q: undefined, state: undefined, page: undefined }) }, 'Clear the filter') },
      'A part of an id, serial, system title or service point is enough.');
  }
  return h(Empty, { icon: 'meters', heading: 'No meters yet', action: may(who, 'operator') && many(h('a.btn.btn-main', { href: '/meters/import' }, 'Import a shipment'), h('a.btn', { href: '/meters/waiting' }, 'See who waits')) },
    'Meters come from a shipment file; one that calls without being known stands in the waiting list.');
}
