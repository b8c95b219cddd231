// What is wrong now: a row each, however often it was told, the most urgent first. Rows change in place as they are told.
import { cx, h, many, useEffect, useRef, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { href, setQuery, useRoute } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, plural, severityOf, title } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, Button, Empty, Id, Loaded, csv, download, useTitle } from '../parts.js';
import { Pager } from '../table.js';
import { AlarmSeverity, AlarmState, AlarmTabs, sourceWord, useAct } from '../alarms.js';

const LEVELS = ['critical', 'fault', 'attention'];
const STATES = [['open,acknowledged', 'Not closed'], ['open', 'Open'], ['acknowledged', 'Acknowledged'], ['closed', 'Closed']];

export default function Alarms({ who }) {
  useTitle('Alarms');
  const { query } = useRoute();
  const asked = {
    state: STATES.some(([key]) => key === query.state) ? query.state : 'open,acknowledged',
    severity: (query.severity || '').split(',').filter((l) => LEVELS.includes(l)).join(','),
    meter: query.meter || '',
    word: query.word || '',
    page: Math.max(0, Number(query.page) || 0),
    size: Math.min(200, Math.max(1, Number(query.size) || 50)),
  };
  const key = JSON.stringify(asked);
  const list = useResource(key, (signal) => get('/alarms', asked, signal).then(asPage), { every: 30000 });
  const rows = useRows(key, list.data, asked);
  const chosen = asked.severity ? asked.severity.split(',') : [];
  const filtered = chosen.length || asked.meter || asked.word || asked.state !== 'open,acknowledged';
  return many(
    h('header.page-head', h('h1', 'Alarms'), h(AlarmTabs, { here: '/alarms' })),
    h('div.toolbar',
      h('div.chips', { role: 'group', 'aria-label': 'Severity' }, LEVELS.map((level) => h(Chip, { key: level, level, chosen }))),
      h('label.pager-size', 'State', h('select', { value: asked.state, onChange: (e) => setQuery({ state: e.currentTarget.value, page: undefined }) }, STATES.map(([value, word]) => h('option', { key: value, value, selected: value === asked.state }, word)))),
      asked.meter && h('button.chip', { type: 'button', 'aria-pressed': 'true', onClick: () => setQuery({ meter: undefined, page: undefined }), title: 'Of all meters again' }, h('span.mono', asked.meter), ' ×'),
      asked.word && h('button.chip', { type: 'button', 'aria-pressed': 'true', onClick: () => setQuery({ word: undefined, page: undefined }), title: 'All words again' }, h('span.mono', asked.word), ' ×'),
      h('span.toolbar-gap'),
      h(Button, { icon: 'download', disabled: !rows.shown.length, onClick: () => save(rows.shown), title: 'The alarms shown, as CSV' }, 'CSV')),
    h(Loaded, { of: list, rows: 8, what: 'The alarms could not be loaded', still: 'They are raised all the same.' }, (data) =>
      rows.shown.length || rows.held
        ? many(
          h('div.card.stream', { onPointerEnter: (e) => e.pointerType === 'mouse' && rows.point(true), onPointerLeave: () => rows.point(false) },
            rows.held > 0 && h('button.held', { type: 'button', onClick: rows.release }, `Show ${count(rows.held)} new`),
            h('ul.events', { 'aria-label': 'Alarms' }, rows.shown.map((alarm) => h(Row, { key: alarm.id, alarm, who, onDone: rows.put })))),
          h(Pager, { page: asked.page, size: asked.size, total: data.total, sizes: [25, 50, 100] }))
        : filtered
          ? h(Empty, { icon: 'alarms', heading: 'No alarm matches this filter', action: h('a.btn', { href: href('/alarms') }, 'Clear the filter') })
          : h(Empty, { icon: 'alarms', heading: 'Nothing is wrong' }, 'Tamper, lost power, clocks that run wrong and readings that contradict each other stand here within two seconds.')));
}

/** The loaded rows with what was told since laid over them; new ones wait while somebody points at the list. */
function useRows(key, data, asked) {
  const [told, setTold] = useState(new Map());
  const [held, setHeld] = useState([]);
  const over = useRef(false);
  useEffect(() => { setTold(new Map()); setHeld([]); }, [key, data]);
  const fits = (a) => asked.page === 0 && asked.state.split(',').includes(a.state) && (!asked.severity || asked.severity.split(',').includes(severityOf(a))) && (!asked.meter || a.meter === asked.meter) && (!asked.word || a.word === asked.word);
  const known = new Set((data?.items || []).map((a) => a.id));
  const put = (alarms) => setTold((old) => alarms.reduce((all, a) => new Map(all).set(a.id, a), old));
  useLive((batch) => {
    const alarms = batch.filter((e) => e.type === 'alarm').map((e) => e.alarm);
    if (!alarms.length) return;
    const changed = alarms.filter((a) => known.has(a.id) || told.has(a.id));
    const fresh = alarms.filter((a) => !known.has(a.id) && !told.has(a.id) && fits(a));
    if (changed.length) put(changed);
    if (fresh.length) {
      if (over.current) setHeld((old) => [...old, ...fresh]);
      else put(fresh);
    }
  });
  const release = () => { put(held); setHeld([]); };
  const fresh = [...told.values()].filter((a) => !known.has(a.id));
  const shown = [...fresh.reverse(), ...(data?.items || []).map((a) => told.get(a.id) || a)];
  shown.sort((a, b) => LEVELS.indexOf(severityOf(a)) - LEVELS.indexOf(severityOf(b)));
  return { shown, held: held.length, release, put: (alarm) => put([alarm]), point: (on) => { over.current = on; } };
}

function Chip({ level, chosen }) {
  const on = chosen.includes(level);
  const next = on ? chosen.filter((l) => l !== level) : [...chosen, level];
  return h('button.chip', { type: 'button', 'aria-pressed': String(on), onClick: () => setQuery({ severity: LEVELS.filter((l) => next.includes(l)).join(',') || undefined, page: undefined }) }, h(Mark, { state: level }), title(level));
}

function Row({ alarm, who, onDone }) {
  const act = useAct();
  const acknowledge = () => act.run('acknowledge', async () => onDone(await post(`/alarms/${alarm.id}/acknowledge`)));
  return h('li.event.alarm', { class: cx(`is-${severityOf(alarm)}`, alarm.state === 'closed' && 'dim') },
    h('span.event-level', h(AlarmSeverity, { of: alarm })),
    h('span.event-what', alarm.text, h('span.event-code.mono', alarm.word),
      h('span.alarm-more.dim', [alarm.count > 1 && `${count(alarm.count)} times`, `told by ${alarm.sources.map(sourceWord).join(' and ')}`, alarm.acknowledgedBy && `seen by ${alarm.acknowledgedBy}`].filter(Boolean).join(', '))),
    h('span.event-meter', alarm.meter ? h(Id, { value: alarm.meter, link: `/meters/${encodeURIComponent(alarm.meter)}` }) : alarm.meters ? plural(alarm.meters, 'meter') : 'the office'),
    h('span.alarm-state', h(AlarmState, { alarm }), alarm.caseId && h('a', { href: `/cases/${alarm.caseId}` }, `Case ${alarm.caseId}`)),
    h('span.event-when', h(Ago, { at: alarm.last })),
    h('span.alarm-act', alarm.state === 'open' && may(who, 'operator') && h(Button, { small: true, busy: act.busy !== '', onClick: acknowledge, label: `Acknowledge: ${alarm.text}${alarm.meter ? ` at ${alarm.meter}` : ''}` }, 'Acknowledge')));
}

function save(alarms) {
  download('alarms.csv', csv([['last', 'severity', 'state', 'word', 'meter', 'count', 'text', 'case', 'id'], ...alarms.map((a) => [a.last, severityOf(a), a.state, a.word, a.meter || '', a.count, a.text, a.caseId || '', a.id])]), 'text/csv;charset=utf-8');
}
