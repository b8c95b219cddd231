// What is wrong now, and what to do about it; then how the system runs.
import { h, many, useCallback, useRef, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, plural, severityOf, title } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Ago, Empty, Loaded, healthMark, useTitle } from '../parts.js';
import { EventList } from '../events.js';
import { useWaiting } from '../waiting.js';

const POINTS = 60; // the sparkline's samples, one every state poll
const POLL = 5000;
const SHOWN = 8;
const rates = []; // kept while the console is open, so that coming back shows the same line

export default function Overview({ who }) {
  useTitle('Overview');
  const state = useResource('state', (signal) => get('/state', {}, signal).then((s) => {
    rates.push(Number(s.intake?.perSecond) || 0);
    if (rates.length > POINTS) rates.shift();
    return s;
  }), { every: POLL });
  const waiting = useResource('waiting', (signal) => get('/waiting', {}, signal).then(asPage), { every: 15000 });
  const events = useResource('events', (signal) => get('/events', { page: 0, size: 20 }, signal).then(asPage), { every: 60000 });
  const serious = useResource('serious', (signal) => seriousOfToday(signal), { every: 60000 });
  const [fresh, setFresh] = useState([]);
  useLive(useCallback((batch) => {
    const warnings = batch.filter((e) => e.type === 'warning');
    if (warnings.length) setFresh((old) => [...warnings.reverse(), ...old].slice(0, 50));
  }, []));
  return many(
    h('header.page-head', h('h1', 'Overview')),
    h(Loaded, { of: state, rows: 6, what: 'The state of the system could not be loaded', still: 'Lists and meters may still open.' }, (s) => many(
      h(Attention, { state: s, waiting: waiting.data?.total || 0, serious: serious.data, fresh, who }),
      h(Figures, { state: s, fresh }),
      h('div.overview-grid',
        h('section.card', h('header.card-head', h('h2', 'Latest events'), h('a', { href: '/events' }, 'All events')),
          h(Loaded, { of: events, rows: 5, what: 'The events could not be loaded' }, (data) => h(Latest, { data, fresh }))),
        h(Channels, { state: s })))));
}

async function seriousOfToday(signal) {
  const from = new Date(Date.now() - 86400000).toISOString();
  const [critical, fault] = await Promise.all(['CRITICAL', 'FAULT'].map((severity) => get('/events', { severity, from, page: 0, size: 1 }, signal).then(asPage)));
  return { critical, fault };
}

/** The list of what needs a person, worst first; its end is an action each. */
function Attention({ state, waiting, serious, fresh, who }) {
  const items = [];
  const add = (level, text, detail, action) => items.push({ level, text, detail, action });
  commandsThatWait(useWaiting(), who, add);
  const database = healthMark(state.database?.state);
  if (database !== 'fine') add(database, `The database is ${String(state.database?.state).toLowerCase() === 'down' ? 'down' : 'in trouble'}`, state.database?.detail, ['/settings/system', 'See parts']);
  const backup = state.backup ? healthMark(state.backup.state) : 'fine';
  if (backup !== 'fine') add(backup, 'Backups need a look', state.backup.detail, ['/settings/system', 'See parts']);
  for (const c of state.channels || []) {
    const mark = healthMark(c.state);
    if (mark !== 'fine') add(mark, many('Channel ', h('span.mono', c.id), mark === 'fault' ? ' is down' : ' needs a look'), c.detail, ['/settings/system', 'See parts']);
  }
  if ((state.intake?.oldestMs || 0) > 5000) add(state.intake.oldestMs > 30000 ? 'fault' : 'attention', `The intake lags by ${Math.round(state.intake.oldestMs / 1000)} s`, `${count(state.intake.queued)} messages wait to be stored; meters are held back until then.`, ['/settings/system', 'See parts']);
  if (serious) {
    for (const level of ['critical', 'fault']) {
      const { total, items: [last] } = serious[level];
      const live = fresh.filter((e) => severityOf(e) === level);
      const newest = live[0] || last;
      const n = Math.max(total, live.length);
      if (n) add(level, `${plural(n, level === 'critical' ? 'critical alarm' : 'fault')} in the last 24 hours`, newest && many(newest.text, ' at ', h('span.mono', newest.meter), ', ', h(Ago, { at: newest.at })), [`/events?severity=${level}`, level === 'critical' ? 'See alarms' : 'See faults']);
    }
  }
  const silent = Math.max(0, (state.meters?.total || 0) - (state.meters?.online || 0));
  if (silent) add('attention', `${plural(silent, 'meter')} of ${count(state.meters.total)} not heard lately`, 'Those unheard for longest stand first in the list.', ['/meters?sort=lastContact', 'See them']);
  if (waiting) add('attention', waiting === 1 ? 'One meter waits to be accepted' : `${count(waiting)} meters wait to be accepted`, 'They call, but nobody said that they are ours. Nothing they send is stored as a reading.', ['/meters/waiting', may(who, 'operator') ? 'Decide' : 'See them']);
  const order = ['critical', 'fault', 'attention'];
  items.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  return h('section.card.attention', { 'aria-labelledby': 'needs' },
    h('header.card-head', h('h2#needs', 'Needs attention'), items.length > 0 && h('span.dim', plural(items.length, 'matter'))),
    items.length
      ? h('ul.plain', items.map((i, n) => h('li.need', { key: n, class: `is-${i.level}` }, h(Mark, { state: i.level }), h('span.offscreen', `${title(i.level)}: `), h('div', h('strong', i.text), i.detail && h('p.dim', i.detail)), h('a.btn.btn-small', { href: i.action[0] }, i.action[1]))))
      : h('p.calm', h(Icon, { name: 'check' }), 'Nothing needs you now.'));
}

function commandsThatWait({ second, sign, doubt, policy, keys }, who, add) {
  const operates = may(who, 'operator');
  const wait = (n, one, more, words) => `${n === 1 ? one : `${count(n)} ${more}`} ${n === 1 ? 'waits' : 'wait'} ${words}`;
  if (sign) add('attention', wait(sign, 'One command', 'commands', 'for your signature'), 'You drafted it and it was let through; no meter obeys without your key.', ['/commands/sign', 'Sign']);
  if (second) add('attention', wait(second, 'One command', 'commands', 'for a second person'), 'Drafted by others and held back by the policy until somebody else has looked.', ['/commands?state=QUARANTINED', operates ? 'Decide' : 'See them']);
  if (doubt) add('attention', doubt === 1 ? 'One command is in doubt' : `${count(doubt)} commands are in doubt`, 'Sent, and no receipt came: the meter’s state is read back before anything is sent again.', ['/commands?state=IN_DOUBT', 'See them']);
  if (policy) add('attention', wait(policy, 'A change of the commands’ policy', 'changes of the commands’ policy', 'for a second person'), 'What goes out without a second person, and how fast, would change.', ['/commands/policy', 'Decide']);
  if (keys) add('attention', wait(keys, 'One operator’s key', 'operators’ keys', 'to be taken'), 'Until then what they sign is not believed.', ['/settings/keys', 'Decide']);
}

function Figures({ state, fresh }) {
  const { meters = {}, intake = {} } = state;
  const total = meters.total || 0;
  const online = meters.online || 0;
  const share = total ? online / total : 0;
  return h('dl.tiles',
    h('div.tile', h('dt', 'Meters reporting'), h('dd', count(online), h('small', ` of ${count(total)}`)), h('dd.tile-foot', h('svg.tile-bar', { viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, h('rect.tile-bar-all', { width: 100, height: 4 }), h('rect.tile-bar-part', { width: 100 * share, height: 4 })))),
    h('div.tile', h('dt', 'Intake'), h('dd', count(Math.round(intake.perSecond || 0)), h('small', ' messages/s')), h('dd.tile-foot', h(Spark, { values: rates, label: 'Intake over the last minutes' }))),
    h('div.tile', h('dt', 'Waiting to be stored'), h('dd', count(intake.queued || 0), h('small', ` oldest ${count(Math.round(intake.oldestMs || 0))} ms`)), h('dd.tile-foot', 'Acknowledged only once stored')),
    h('div.tile', h('dt', 'Live stream'), h(Pulse, { fresh })));
}

/** How many events a second the live stream brings, over the last five seconds. */
function Pulse() {
  const [rate, setRate] = useState(null);
  const seen = useRef({ n: 0, since: 0 });
  useLive(useCallback((batch) => {
    const now = performance.now();
    const s = seen.current;
    if (!s.since) s.since = now;
    s.n += batch.length;
    if (now - s.since < 2000) return;
    setRate(s.n / ((now - s.since) / 1000));
    seen.current = { n: 0, since: now };
  }, []));
  return many(h('dd', rate === null ? '–' : count(Math.round(rate)), h('small', ' events/s')), h('dd.tile-foot', 'Readings, contacts and alarms'));
}

function Spark({ values, label }) {
  const top = Math.max(1, ...values);
  const x = (i) => (100 * (POINTS - values.length + i)) / (POINTS - 1);
  const y = (v) => 27 - (24 * v) / top;
  const line = values.map((v, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return h('svg.spark', { viewBox: '0 0 100 28', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    values.length > 1 && many(h('path.spark-area', { d: `${line}L100 28L${x(0)} 28Z` }), h('path.spark-line', { d: line })));
}

function Latest({ data, fresh }) {
  const ids = new Set(fresh.map((e) => e.id));
  const events = [...fresh, ...data.items.filter((e) => !ids.has(e.id))].slice(0, SHOWN);
  if (!events.length) return h(Empty, { heading: 'No events yet' }, 'Alarms and notices of meters and of the system stand here as they come.');
  return h(EventList, { events, meters: true });
}

function Channels({ state }) {
  const list = state.channels || [];
  return h('section.card', h('header.card-head', h('h2', 'Parts')),
    list.length
      ? h('ul.plain.ways', list.map((c) => h('li', { key: c.id }, h('span.state', { class: `is-${healthMark(c.state)}` }, h(Mark, { state: healthMark(c.state) }), h('span.mono', c.id)), h('span.dim', c.detail || String(c.state).toLowerCase()))))
      : h(Empty, { heading: 'No channel is configured' }, 'Name one under channels in the configuration file and start the server anew.'),
    h('ul.plain.ways', h('li', h('span.state', { class: `is-${healthMark(state.database?.state)}` }, h(Mark, { state: healthMark(state.database?.state) }), 'Database'), h('span.dim', state.database?.detail))));
}
