// Commands: filtered, sorted and paged by the server; what waits for whom stands above, states stay live in place.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { href, setQuery, useRoute } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Ago, Button, Empty, Id, Loaded, useTitle } from '../parts.js';
import { ColumnPicker, CsvButton, Pager, Table, useColumns } from '../table.js';
import { ACTIONS, CommandMark, STATES, actionName, humanDurations, parameterWords, path, stateWord } from '../commands.js';
import { useWaiting } from '../waiting.js';

const OPEN = ['QUARANTINED', 'RELEASED', 'QUEUED', 'SENT', 'IN_DOUBT'];
const CHIPS = {
  QUARANTINED: (n) => `${count(n)} ${n === 1 ? 'waits' : 'wait'} for a second person`,
  RELEASED: (n) => `${count(n)} ${n === 1 ? 'waits' : 'wait'} for a signature`,
  QUEUED: (n) => `${count(n)} queued`,
  SENT: (n) => `${count(n)} on ${n === 1 ? 'its' : 'their'} way`,
  IN_DOUBT: (n) => `${count(n)} in doubt`,
};

const whole = (c) => [actionName(c.action), parameterWords(c.action, c.parameters, '')].filter(Boolean).join(', ');

const COLUMNS = [
  { id: 'command', name: 'Command', sort: 'action', always: true, cell: (c) => h('a', { href: path(c.id) }, whole(c)), text: whole },
  { id: 'state', name: 'State', sort: 'state', cell: (c) => h(CommandMark, { state: c.state }), text: (c) => c.state },
  { id: 'meter', name: 'Meter', sort: 'meter', cell: (c) => h(Id, { value: c.meter, link: `/meters/${encodeURIComponent(c.meter)}` }), text: (c) => c.meter },
  { id: 'reason', name: 'Reason', low: true, wrap: true, cell: (c) => c.reason, text: (c) => c.reason },
  { id: 'by', name: 'By', sort: 'draftedBy', low: true, cell: (c) => c.draftedBy, text: (c) => c.draftedBy },
  { id: 'drafted', name: 'Drafted', sort: 'drafted', low: true, cell: (c) => h(Ago, { at: c.drafted }), text: (c) => c.drafted },
  { id: 'due', name: 'Due', sort: 'due', low: true, off: true, cell: (c) => h(Ago, { at: c.due, none: '–' }), text: (c) => c.due },
  { id: 'expires', name: 'Expires', sort: 'expires', low: true, off: true, cell: (c) => h(Ago, { at: c.expires }), text: (c) => c.expires },
  { id: 'why', name: 'Why so', low: true, off: true, wrap: true, cell: (c) => humanDurations(c.why) || h('span.dim', '–'), text: (c) => c.why },
  { id: 'second', name: 'Released by', low: true, off: true, cell: (c) => c.releasedBy || h('span.dim', '–'), text: (c) => c.releasedBy },
  { id: 'feeder', name: 'Feeder', low: true, off: true, cell: (c) => c.feeder || h('span.dim', '–'), text: (c) => c.feeder },
  { id: 'attempts', name: 'Sent', unit: 'times', num: true, low: true, off: true, cell: (c) => count(c.attempts), text: (c) => c.attempts },
  { id: 'id', name: 'Id', low: true, off: true, cell: (c) => h(Id, { value: c.id }), text: (c) => c.id },
];

function useFilters() {
  const { query } = useRoute();
  const size = Math.min(500, Math.max(1, Number(query.size) || 50));
  return { state: STATES[query.state?.toUpperCase()] ? query.state.toUpperCase() : '', meter: query.meter || '', word: ACTIONS[query.word] ? query.word : '', by: query.by || '', sort: query.sort || '-drafted', page: Math.max(0, Number(query.page) || 0), size };
}

/** All | To release | To sign | Policy | Firmware: the views of the room. */
export function CommandTabs({ here }) {
  const { second, sign, policy } = useWaiting();
  const tabs = [['/commands', 'All commands'], ['/commands/release', 'To release', second], ['/commands/sign', 'To sign', sign], ['/commands/policy', 'Policy', policy], ['/firmware', 'Firmware']];
  return h('nav.tabs', { 'aria-label': 'Commands' }, tabs.map(([to, name, n]) => h('a', { key: to, href: to, 'aria-current': here === to ? 'page' : undefined }, name, n > 0 && h('span.badge', count(n)))));
}

/** Lays the live states over the rows of a page; new commands are only counted, so that no row jumps. */
function useLiveStates(key, rows) {
  const [heard, hear] = useState({});
  const [fresh, setFresh] = useState(0);
  const shown = useRef(new Set());
  shown.current = new Set(rows.map((c) => c.id));
  useEffect(() => { hear({}); setFresh(0); }, [key, rows]);
  useLive((batch) => {
    const mine = batch.filter((e) => e.type === 'command');
    if (!mine.length) return;
    const known = mine.filter((e) => shown.current.has(e.id));
    if (known.length) hear((old) => known.reduce((all, e) => ({ ...all, [e.id]: e }), old));
    const others = new Set(mine.filter((e) => !shown.current.has(e.id)).map((e) => e.id));
    if (others.size) setFresh((n) => n + others.size);
  });
  return { rows: rows.map((c) => (heard[c.id] ? { ...c, state: heard[c.id].state, why: heard[c.id].why ?? c.why } : c)), fresh };
}

export default function Commands({ who }) {
  useTitle('Commands');
  const filters = useFilters();
  const list = useResource(JSON.stringify(filters), (signal) => get('/commands', filters, signal).then(asPage), { every: 60000 });
  const columns = useColumns('commands', COLUMNS);
  return many(
    h('header.page-head', h('h1', 'Commands'), h(CommandTabs, { here: '/commands' }), may(who, 'operator') && h('a.btn.btn-main.push', { href: '/commands/new' }, h(Icon, { name: 'plus' }), 'New command')),
    h(StateChips, { filters }),
    h(Filters, { filters, columns, total: list.data?.total, who }),
    h(Loaded, { of: list, rows: 10, what: 'The commands could not be loaded', still: 'What is signed and queued goes out all the same.' }, (data) =>
      data.total ? h(List, { data, filters, columns, onRefresh: list.reload }) : h(None, { filters, who })));
}

function StateChips({ filters }) {
  const { state, ...others } = filters;
  const asked = { meter: others.meter, word: others.word, by: others.by };
  const timer = useRef(0);
  const counts = useResource(JSON.stringify(asked), (signal) => Promise.all(OPEN.map((s) => get('/commands', { ...asked, state: s, page: 0, size: 1 }, signal).then((a) => asPage(a).total))), { every: 30000 });
  useLive((batch) => {
    if (!batch.some((e) => e.type === 'command')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(counts.reload, 500);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const some = OPEN.map((s, i) => [s, counts.data?.[i] || 0]).filter(([s, n]) => n || s === state);
  if (!some.length) return null;
  return h('div.chips.command-chips', { role: 'group', 'aria-label': 'How many stand where' }, some.map(([s, n]) => h('button.chip', { type: 'button', key: s, 'aria-pressed': String(s === state), onClick: () => setQuery({ state: s === state ? undefined : s, page: undefined }) }, h(Mark, { state: STATES[s][1] }), CHIPS[s](n))));
}

function Filters({ filters, columns, total, who }) {
  const [text, setText] = useState(filters.meter);
  const timer = useRef(0);
  useEffect(() => setText(filters.meter), [filters.meter]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (event) => {
    const wanted = event.currentTarget.value;
    setText(wanted);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery({ meter: wanted.trim() || undefined, page: undefined }), 250);
  };
  const select = (name, label, value, any, options) => h('select', { 'aria-label': label, value, onChange: (e) => setQuery({ [name]: e.currentTarget.value || undefined, page: undefined }) }, h('option', { value: '', selected: !value }, any), options.map(([id, word]) => h('option', { key: id, value: id, selected: id === value }, word)));
  return h('div.toolbar',
    h('div.filter-text', h(Icon, { name: 'search' }), h('input', { type: 'search', value: text, placeholder: 'One meter, by its whole id', 'aria-label': 'Filter by meter', spellcheck: false, onInput })),
    select('state', 'State', filters.state, 'Any state', Object.keys(STATES).map((s) => [s, stateWord(s)])),
    select('word', 'Kind', filters.word, 'Any kind', Object.keys(ACTIONS).map((w) => [w, actionName(w)])),
    h(Button, { 'aria-pressed': String(filters.by === who.user), onClick: () => setQuery({ by: filters.by === who.user ? undefined : who.user, page: undefined }) }, 'Mine'),
    filters.by && filters.by !== who.user && h(Button, { icon: 'close', onClick: () => setQuery({ by: undefined, page: undefined }), title: 'Drafted by anybody' }, `By ${filters.by}`),
    h('span.toolbar-gap'),
    h(ColumnPicker, { of: columns }),
    h(CsvButton, { name: 'commands', path: '/commands', query: filters, columns: columns.shown, total }));
}

function List({ data, filters, columns, onRefresh }) {
  const { rows, fresh } = useLiveStates(JSON.stringify(filters), data.items);
  return many(
    fresh > 0 && h('div.note', { role: 'status' }, `${plural(fresh, 'other command')} moved since; the rows are kept until you ask. `, h('button.link', { type: 'button', onClick: onRefresh }, 'Show them')),
    h(Table, { caption: 'Commands', columns: columns.shown, rows, keyOf: (c) => c.id, sort: filters.sort }),
    h(Pager, { page: filters.page, size: filters.size, total: data.total }));
}

function None({ filters, who }) {
  if (filters.state || filters.meter || filters.word || filters.by) {
    return h(Empty, { icon: 'search', heading: 'No command matches this filter', action: h('a.btn', { href: href('/commands') }, 'Clear the filter') }, 'A meter is found by its whole id.');
  }
  return h(Empty, { icon: 'commands', heading: 'No commands yet', action: may(who, 'operator') && h('a.btn.btn-main', { href: '/commands/new' }, 'New command') },
    'Connecting, disconnecting, limits, prices: each with its reason, a second person’s approval where the policy wants one, the operator’s signature and the meter’s receipt.');
}
