// One meter: who it is, how it is, its load curve, what it measures now, its registers and its story.
import { h, many, useCallback, useEffect, useRef, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { useLive } from '../live.js';
import { dateTime, decimal, qualities, qualityWord, stateOf } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Empty, Id, LifeState, Loaded, useNow, useTitle } from '../parts.js';
import { LoadCurve } from './curve-card.js';
import { EventList } from '../events.js';
import { MeterCommands, asEvents, useMeterCommands } from './meter-commands.js';
import { Keys } from './keys-card.js';
import { Quarantine, Street } from './quarantine-card.js';

const path = (id, rest = '') => `/meters/${encodeURIComponent(id)}${rest}`;

export default function Meter({ params, who }) {
  const { id } = params;
  useTitle(id);
  const meter = useResource(id, (signal) => get(path(id), {}, signal), { every: 30000 });
  useLive((batch) => batch.some((e) => e.type === 'case' && e.meter === id) && meter.reload());
  const channels = useResource(id, (signal) => get(path(id, '/channels'), {}, signal).then((a) => asPage(a).items));
  const commands = useMeterCommands(id);
  const strip = channels.data?.some((c) => SWITCH.test(c.obis));
  if (meter.error?.status === 404 && !meter.data) {
    return many(h('header.page-head', h('h1', 'Meters')), h(Empty, { icon: 'meters', heading: 'No meter has this id', action: many(h('a.btn', { href: `/meters?q=${encodeURIComponent(id)}` }, 'Search for a part of it'), h('a.btn', { href: '/meters/waiting' }, 'Look among those that wait')) }, h('code', id)));
  }
  return h(Loaded, { of: meter, rows: 8, what: 'The meter could not be loaded' }, (m) => many(
    h(Head, { meter: m }),
    h('div.meter-grid',
      h('div.meter-curve', h(Loaded, { of: channels, kind: 'block', what: 'The channels could not be loaded' }, (list) => (strip ? h(Strip, { meter: m, who }) : h(LoadCurve, { meter: m, channels: list.filter((c) => c.kind === 'interval') })))),
      h('aside.meter-side', { 'aria-label': 'Commands and values' }, h(Quarantine, { meter: m, who, onDone: meter.reload }), h(Street, { meter: m, who }), h(MeterCommands, { meter: m, commands, who, onChange: meter.reload }), !strip && h(Momentary, { meter: m, channels: channels.data }), h(Registers, { meter: m, channels: channels.data }), h(Keys, { meter: m, who }), h(Access, { meter: m, who }), h(Facts, { meter: m })),
      h('div.meter-story', h(Story, { meter: m, commands: commands.data?.items || [] })))));
}

const SILENT = 86400e3;

function Head({ meter }) {
  const [heard, hear] = useState(null);
  const now = useNow(5000);
  useLive(useCallback((batch) => {
    const last = batch.findLast((e) => e.type === 'contact' && e.meter === meter.id);
    if (last) hear(last);
  }, [meter.id]));
  const last = heard && heard.at > (meter.lastContact || '') ? heard.at : meter.lastContact;
  const silent = stateOf(meter) === 'active' && (!last || now - Date.parse(last) > SILENT);
  return h('header.meter-head',
    h('a.back', { href: '/meters' }, 'Meters'),
    h('div.meter-name', h('h1', h(Id, { value: meter.id, strong: true })), h(LifeState, { state: meter.state }),
      h('span.contact', { class: silent ? 'is-attention' : 'dim' }, silent && h(Mark, { state: 'attention' }), silent ? 'Silent, last heard ' : 'Heard ', h(Ago, { at: last, zone: meter.zone }), (heard?.channel || meter.lastChannel) && many(' over ', h('span.mono', heard?.channel || meter.lastChannel)))),
    h('p.meter-where', meter.servicePoint || 'No service point'));
}

function Facts({ meter }) {
  const row = (name, value) => many(h('dt', name), h('dd', value || h('span.dim', '–')));
  return h('section.card', h('header.card-head', h('h2', 'Identity')),
    h('dl.facts', row('Serial', h(Id, { value: meter.serial })), row('System title', meter.systemTitle && h(Id, { value: meter.systemTitle })), row('Profile', meter.profile), row('Time zone', meter.zone), row('Service point', meter.servicePoint),
      row('Looked into', many(h('a', { href: `/work?meter=${encodeURIComponent(meter.id)}` }, 'Work orders'), ' · ', h('a', { href: `/billing/exceptions?meter=${encodeURIComponent(meter.id)}` }, 'Exceptions')))));
}

/** The channel's name without what its place on the page already says. */
const shortName = (c, obis) => (c?.name || obis).replace(/ (interval|register)(?=$|, channel)/, '');

function Momentary({ meter, channels }) {
  const first = useResource(meter.id, (signal) => get(path(meter.id, '/momentary'), {}, signal).then((a) => asPage(a).items));
  const heard = useRef(new Map());
  const [, redraw] = useState(0);
  useEffect(() => heard.current.clear(), [meter.id]);
  useLive(useCallback((batch) => {
    let hit = false;
    for (const event of batch) {
      if (event.type !== 'momentary' || event.meter !== meter.id) continue;
      heard.current.set(event.channel, event);
      hit = true;
    }
    if (hit) redraw((n) => n + 1);
  }, [meter.id]));
  return h('section.card', h('header.card-head', h('h2', 'Now')),
    h(Loaded, { of: first, rows: 3, what: 'The momentary values could not be loaded' }, (items) => {
      const rows = new Map(items.map((v) => [v.channel || v.obis, v]));
      for (const [channel, event] of heard.current) if (!rows.has(channel) || event.at >= rows.get(channel).at) rows.set(channel, { ...rows.get(channel), ...event });
      if (!rows.size) return h(Empty, { heading: 'No momentary values' }, 'They stand here once a push of this meter carries power, voltage or current.');
      const latest = [...rows.values()].reduce((a, b) => (a.at > b.at ? a : b)).at;
      return many(
        h('dl.now', [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([obis, v]) => h('div', { key: obis, title: obis }, h('dt', shortName(channels?.find((c) => c.obis === obis) || v, obis)), h('dd', h('b', decimal(v.value)), h('span.unit', v.unit))))),
        h('p.now-age', 'Measured ', h(Ago, { at: latest, zone: meter.zone })));
    }));
}

function Registers({ meter, channels }) {
  const list = useResource(meter.id, (signal) => get(path(meter.id, '/registers'), {}, signal).then((a) => asPage(a).items), { every: 60000 });
  return h('section.card', h('header.card-head', h('h2', 'Registers')),
    h(Loaded, { of: list, rows: 2, what: 'The registers could not be loaded' }, (items) => {
      const latest = new Map();
      for (const r of items) {
        const obis = r.channel || r.obis;
        if (!latest.has(obis) || r.at > latest.get(obis).at) latest.set(obis, r);
      }
      if (!latest.size) return h(Empty, { heading: 'No register readings' }, 'A cumulative register stands here once it was pushed.');
      return h('dl.now', [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([obis, r]) => {
        const words = qualities(r.quality);
        return h('div', { key: obis, title: obis }, h('dt', shortName(channels?.find((c) => c.obis === obis), obis), h('span.now-at', h(At, { at: r.at, zone: meter.zone, text: dateTime(Date.parse(r.at), meter.zone, { seconds: false, year: false }) }), words.length > 0 && `, ${words.map(qualityWord).join(', ').toLowerCase()}`)),
          h('dd', h('b', decimal(r.value)), h('span.unit', r.unit)));
      }));
    }));
}

const STORY_PAGE = 20;

function Story({ meter, commands }) {
  const [size, setSize] = useState(STORY_PAGE);
  const [fresh, setFresh] = useState([]);
  const list = useResource(`${meter.id} ${size}`, (signal) => get(path(meter.id, '/events'), { page: 0, size }, signal).then(asPage));
  useLive(useCallback((batch) => {
    const mine = batch.filter((e) => e.type === 'warning' && e.meter === meter.id);
    if (mine.length) setFresh((old) => [...mine.reverse(), ...old].slice(0, 50));
  }, [meter.id]));
  return h('section.card', h('header.card-head', h('h2', 'Story')),
    h(Loaded, { of: list, rows: 4, what: 'The events could not be loaded' }, (data) => {
      const ids = new Set(fresh.map((e) => e.id));
      const told = [...fresh, ...data.items.filter((e) => !ids.has(e.id))];
      const since = data.total > data.items.length ? told.at(-1).at : ''; // older commands come with the older events
      const events = [...told, ...asEvents(commands, meter.zone).filter((e) => e.at >= since)].sort((a, b) => (a.at < b.at ? 1 : -1));
      if (!events.length) return h(Empty, { heading: 'Nothing happened yet' }, 'Alarms, clock changes, lost power and commands of this meter stand here, newest first.');
      return many(h(EventList, { events, zone: meter.zone, byDay: true }),
        data.total > data.items.length && h('div.card-foot', h('button.link', { type: 'button', onClick: () => setSize(size * 4) }, `Older events, ${data.total - data.items.length} more`)));
    }));
}

/** What the switch of a power strip's outlet is called: its channel is the outlet. */
const SWITCH = /^0\.([1-9]|[1-5]\d|6[0-4])\.96\.3\.10\.255$/;

/** In the place of a load curve, and fetched for power strips alone. */
function Strip(props) {
  const [Card, show] = useState(null);
  useEffect(() => { import('./outlets-card.js').then((module) => show(() => module.Outlets)); }, []);
  return Card ? h(Card, props) : h('section.card', h('header.card-head', h('h2', 'Outlets')));
}

/** Fetched when somebody wants to see it: most visits do not. */
function Access(props) {
  const [Card, show] = useState(null);
  const fetchIt = () => import('./access-card.js').then((module) => show(() => module.Access));
  return Card ? h(Card, props)
    : h('section.card.access', h('header.card-head', h('h2', 'Who is let in'), h('span.push', h(Button, { small: true, onClick: fetchIt }, 'Show'))));
}
