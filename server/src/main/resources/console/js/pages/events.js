// Events as they come. New ones wait above the list while somebody reads or points at it.
import { h, many, useCallback, useEffect, useRef, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { href, setQuery, useRoute } from '../router.js';
import { useLive, useLiveState } from '../live.js';
import { count, severityOf, title } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Button, Empty, Loaded, csv, download, useTitle } from '../parts.js';
import { EventList } from '../events.js';
import { AlarmTabs } from '../alarms.js';
import { Pager } from '../table.js';

const LEVELS = ['critical', 'fault', 'attention', 'info'];
const KEPT = 500;

export default function Events() {
  useTitle('Events');
  const { query } = useRoute();
  const chosen = (query.severity || '').split(',').filter((l) => LEVELS.includes(l));
  const meter = query.meter || '';
  const page = Math.max(0, Number(query.page) || 0);
  const size = Math.min(200, Math.max(1, Number(query.size) || 50));
  const key = `${chosen} ${meter} ${page} ${size}`;
  const list = useResource(key, (signal) => load({ chosen, meter, page, size }, signal));
  const stream = useStream(key, list, chosen, meter, page === 0);
  const counts = useResource(meter, (signal) => countsOfDay(meter, signal), { every: 60000 });
  return many(
    h('header.page-head', h('h1', 'Events'), h(AlarmTabs, { here: '/events' }), h(StreamState, { stream, page })),
    h('div.toolbar',
      h('div.chips', { role: 'group', 'aria-label': 'Severity' }, LEVELS.map((level) => h(Chip, { key: level, level, chosen, n: counts.data && counts.data[level] + (stream.seen[level] || 0) }))),
      h(MeterFilter, { value: meter }),
      h('span.toolbar-gap'),
      h(Button, { icon: stream.paused ? 'play' : 'pause', 'aria-pressed': String(stream.paused), disabled: page > 0, onClick: () => stream.pause(!stream.paused), title: stream.paused ? 'New events come in again (P)' : 'Keep the list still (P)' }, stream.paused ? 'Resume' : 'Pause'),
      h(Button, { icon: 'download', disabled: !stream.events.length, onClick: () => save(stream.events), title: 'The events shown, as CSV' }, 'CSV')),
    h(Loaded, { of: list, rows: 10, what: 'The events could not be loaded', still: 'New ones are stored all the same.' }, (data) => h(Shown, { stream, data, page, size, filtered: chosen.length || meter })));
}

/** One severity is asked of the server; several are asked one by one and laid together by time. */
async function load({ chosen, meter, page, size }, signal) {
  const ask = (severity, p, s) => get('/events', { meter, severity: severity?.toUpperCase(), page: p, size: s }, signal).then(asPage);
  if (chosen.length < 2 || chosen.length === LEVELS.length) return ask(chosen.length === 1 ? chosen[0] : undefined, page, size);
  const parts = await Promise.all(chosen.map((level) => ask(level, 0, (page + 1) * size)));
  const items = parts.flatMap((p) => p.items).sort((a, b) => (a.at < b.at ? 1 : -1)).slice(page * size, (page + 1) * size);
  return { items, total: parts.reduce((sum, p) => sum + p.total, 0), page, size };
}

async function countsOfDay(meter, signal) {
  const from = new Date(Date.now() - 86400000).toISOString();
  const totals = await Promise.all(LEVELS.map((level) => get('/events', { meter, severity: level.toUpperCase(), from, page: 0, size: 1 }, signal).then((a) => asPage(a).total)));
  return Object.fromEntries(LEVELS.map((level, i) => [level, totals[i]]));
}

/** Live events over the loaded ones: shown at once, or held back while paused or pointed at. */
function useStream(key, list, chosen, meter, live) {
  const [shown, setShown] = useState([]);
  const [held, setHeld] = useState([]);
  const [paused, setPaused] = useState(false);
  const [seen, setSeen] = useState({});
  const over = useRef(false);
  useEffect(() => { setShown([]); setHeld([]); }, [key]);
  const fits = (e) => (!chosen.length || chosen.includes(severityOf(e))) && (!meter || e.meter === meter);
  useLive((batch) => {
    const fresh = batch.filter((e) => e.type === 'warning').reverse();
    if (!fresh.length) return;
    setSeen((old) => fresh.reduce((all, e) => ({ ...all, [severityOf(e)]: (all[severityOf(e)] || 0) + 1 }), old));
    const mine = live ? fresh.filter(fits) : [];
    if (!mine.length) return;
    const put = paused || over.current || scrollY > 200 ? setHeld : setShown;
    put((old) => [...mine, ...old].slice(0, KEPT));
  });
  const release = useCallback(() => {
    setHeld((waiting) => {
      if (waiting.length) setShown((old) => [...waiting, ...old].slice(0, KEPT));
      return [];
    });
  }, []);
  const pause = (on) => { setPaused(on); if (!on) release(); };
  useEffect(() => {
    const onKey = (event) => {
      if (event.key.toLowerCase() !== 'p' || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName)) return;
      setPaused((was) => { if (was) release(); return !was; });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const ids = new Set(shown.map((e) => e.id));
  const events = [...shown, ...(list.data?.items || []).filter((e) => !ids.has(e.id))];
  return { events, held: held.length, paused, pause, release, seen, point: (on) => { over.current = on; } };
}

function StreamState({ stream, page }) {
  const live = useLiveState();
  if (page > 0) return h('span.dim', 'An older page: new events come to the first one.');
  if (stream.paused) return h('span.state.is-attention', h(Mark, { state: 'attention' }), 'Paused');
  return live === 'live' ? h('span.state.dim', h('span.pulse', { 'aria-hidden': 'true' }), 'Live') : h('span.state.is-attention', h(Mark, { state: 'attention' }), 'The live stream is not connected; it is tried again');
}

function Chip({ level, chosen, n }) {
  const on = chosen.includes(level);
  const next = on ? chosen.filter((l) => l !== level) : [...chosen, level];
  return h('button.chip', { type: 'button', 'aria-pressed': String(on), onClick: () => setQuery({ severity: LEVELS.filter((l) => next.includes(l)).join(',') || undefined, page: undefined }) },
    h(Mark, { state: level }), title(level), h('span.chip-n', { title: 'In the last 24 hours' }, n === undefined ? '' : count(n)));
}

function MeterFilter({ value }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return h('div.filter-text', h(Icon, { name: 'search' }), h('input', { type: 'search', value: text, placeholder: 'One meter, by its whole id', 'aria-label': 'Filter by meter', spellcheck: false,
    onInput: (e) => { const wanted = e.currentTarget.value; setText(wanted); clearTimeout(timer.current); timer.current = setTimeout(() => setQuery({ meter: wanted.trim() || undefined, page: undefined }), 250); } }));
}

function Shown({ stream, data, page, size, filtered }) {
  if (!stream.events.length) {
    return filtered
      ? h(Empty, { icon: 'alarms', heading: 'No event matches this filter', action: h('a.btn', { href: href('/events') }, 'Clear the filter') })
      : h(Empty, { icon: 'alarms', heading: 'No events yet' }, 'Tamper, lost power, clock trouble and refused messages stand here the moment they are known.');
  }
  return many(
    h('div.card.stream', { onPointerEnter: (e) => e.pointerType === 'mouse' && stream.point(true), onPointerLeave: () => stream.point(false) },
      stream.held > 0 && h('button.held', { type: 'button', onClick: stream.release }, `Show ${count(stream.held)} new`),
      h(EventList, { events: stream.events, meters: true, label: 'Events' })),
    h(Pager, { page, size, total: data.total, sizes: [25, 50, 100] }));
}

function save(events) {
  download('events.csv', csv([['at', 'severity', 'code', 'meter', 'text', 'id'], ...events.map((e) => [e.at, severityOf(e), e.code, e.meter, e.text, e.id])]), 'text/csv;charset=utf-8');
}
