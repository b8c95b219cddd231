// One finding: the rule, the curve as it came and as it counts, and what a person does about it.
import { h, many, useMemo, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { clockRange, dayName, decimal, fixed, qualityWord, utc } from '../format.js';
import { scale } from '../curve.js';
import { Ago, At, Button, Empty, Field, Id, Loaded, Segments, useTitle } from '../parts.js';
import { useAct } from '../alarms.js';
import { ActionWord, ExceptionState, figures, ruleWord, settles } from '../billing.js';
import { DayChart, dayOf } from '../day-chart.js';

export default function OneException({ params, who }) {
  const { id } = params;
  useTitle(`Exception ${id}`);
  const whole = useResource(id, (signal) => get(`/exceptions/${id}`, {}, signal));
  if (whole.error?.status === 404 && !whole.data) {
    return many(h('header.page-head', h('h1', 'Exceptions')), h(Empty, { icon: 'billing', heading: 'There is no such exception', action: h('a.btn', { href: '/billing/exceptions' }, 'To the exceptions') }));
  }
  return h(Loaded, { of: whole, rows: 8, what: 'The exception could not be loaded' }, (data) => h(Whole, { data, who, reload: whole.reload }));
}

function Whole({ data, who, reload }) {
  const { about } = data;
  const day = useMemo(() => dayOf(data.curve, data.zone), [data.curve, data.zone]);
  const inside = useMemo(() => day.slots.map((s) => s.start >= Date.parse(about.since) && s.start < Date.parse(about.until)), [day, about]);
  return many(
    h(Head, { data }),
    h('div.meter-grid',
      h('div.meter-curve', h(CurveCard, { data, day })),
      h('aside.meter-side', { 'aria-label': 'What can be done' }, h(Finding, { about }), settles(who) && h(Settle, { data, day, inside, reload })),
      h('div.meter-story', h(Slots, { data, day, inside }))));
}

function Head({ data }) {
  const { about } = data;
  return h('header.meter-head', h('a.back', { href: '/billing/exceptions' }, 'Exceptions'),
    h('div.meter-name', h('h1', ruleWord(about.rule)), h(ExceptionState, { item: about }), h(ActionWord, { item: about }), h(Id, { value: about.meter, link: `/meters/${encodeURIComponent(about.meter)}?date=${about.day}` })),
    h('p.meter-where', `${dayName(Date.parse(data.curve.from), data.zone)} · ${data.servicePoint || 'No service point'} · ${about.channelName}`));
}

function Finding({ about }) {
  const row = (name, value) => many(h('dt', name), h('dd', value));
  return h('section.card', h('header.card-head', h('h2', 'Finding')),
    h('p.card-note', `${about.words.charAt(0).toUpperCase()}${about.words.slice(1)}.`),
    h('dl.facts', row('Measured', figures(about)), row('Slots', `${about.slots}`), about.method && row('Filled by', about.method), row('Found', h(Ago, { at: about.found })),
      about.settled && row('Settled', many(h(Ago, { at: about.settled }), ` by ${about.settledBy}`)), about.reason && row('Why', h('q', about.reason))));
}

function CurveCard({ data, day }) {
  const [as, setAs] = useState('power');
  const [at, setAt] = useState(null);
  const shown = scale(day, as);
  const slot = at === null ? null : day.slots[at];
  const value = (v) => (v === null || v === undefined ? 'no value' : many(h('b', fixed(shown.of(v), 3)), ' ', shown.unit));
  return h('section.card.curve',
    h('div.curve-options.first', h('h2.offscreen', 'Load curve'), h(Segments, { label: 'Quantity', value: as, options: [['power', 'Power'], ['energy', 'Energy']], onPick: setAs })),
    slot
      ? h('p.readout', { title: `${utc(slot.start)} – ${utc(slot.end)}` }, h('span', clockRange(slot.start, slot.end, day.zone)), h('span', 'counts: ', value(slot.value)), day.raw[at] !== slot.value && h('span.dim', 'came: ', value(day.raw[at])), slot.quality.length > 0 && h('span', slot.quality.map(qualityWord).join(', ')))
      : h('p.readout.dim', 'Point at the curve for its values.'),
    h(DayChart, { day, as, at, onCursor: setAt, name: `${data.about.channelName}, ${data.about.day}` }),
    h('ul.legend', { 'aria-label': 'Legend' }, h('li', h('i.swatch.swatch-line'), 'What counts'), h('li', h('i.swatch.swatch-hatched'), 'Estimated'), h('li', h('i.swatch.swatch-before'), 'As it came, where it differs'), h('li.legend-zone.dim', `Times in ${day.zone}`)));
}

const NUMBER = /^-?\d{1,15}([.,]\d{1,9})?$/;

function Settle({ data, day, inside, reload }) {
  const { about } = data;
  const [way, setWay] = useState('accept');
  const [reason, setReason] = useState('');
  const [wholeDay, setWholeDay] = useState(false);
  const [values, setValues] = useState({});
  const act = useAct(() => { setReason(''); setValues({}); reload(); });
  const edited = Object.keys(values).map(Number).filter((i) => values[i].trim() !== '' && values[i].replace(',', '.') !== String(day.slots[i].text ?? ''));
  const bad = edited.filter((i) => !NUMBER.test(values[i].trim()));
  const byPerson = data.curve.slots.some((s) => s.versions.at(-1)?.byKind === 'person' && s.versions.at(-1).value !== null);
  const ways = [
    ...(about.state === 'open' ? [['accept', 'Accept']] : []),
    ['edit', 'Edit'],
    ...(about.state === 'accepted' || byPerson ? [['undo', 'Undo']] : []),
  ];
  const here = ways.some(([w]) => w === way) ? way : ways[0][0];
  const send = (event) => {
    event.preventDefault();
    const base = `/exceptions/${about.id}`;
    if (here === 'accept') return act.run('accept', () => post(`${base}/accept`, { reason }), 'Accepted: it is billed as it counts now.');
    if (here === 'undo') return act.run('undo', () => post(`${base}/undo`, { reason }), 'Taken back: it waits again.');
    const first = Math.min(...edited);
    const last = Math.max(...edited);
    const all = [];
    for (let i = first; i <= last; i++) all.push((edited.includes(i) ? values[i].trim().replace(',', '.') : day.slots[i].text) ?? '0');
    return act.run('edit', () => post(`${base}/edit`, { from: data.curve.slots[first].start, values: all, reason }), `${all.length === 1 ? 'One slot is' : `${all.length} slots are`} set; the raw values stay beside them.`);
  };
  return h('section.card', h('header.card-head', h('h2', 'Settle it')),
    h('form.form.card-body', { onSubmit: send },
      ways.length > 1 && h(Segments, { label: 'What to do', value: here, options: ways, onPick: setWay }),
      here === 'accept' && h('p.dim', about.action === 'estimated' ? 'The estimate stands, and is billed as such.' : 'The measured value stands though the rule doubts it, and is billed.'),
      here === 'undo' && h('p.dim', 'What people set in this day is taken back: what counted before counts again, and this waits again.'),
      here === 'edit' && many(
        h('p.dim', `Values in ${day.unit} a slot. Each becomes a new version under your name; what the meter sent stays.`),
        h('label.check', h('input', { type: 'checkbox', checked: wholeDay, onChange: (e) => setWholeDay(e.currentTarget.checked) }), 'All slots of the day'),
        h('div.slot-fields', day.slots.map((slot, i) => (inside[i] || wholeDay) && h('label.slot-field', { key: slot.start, class: edited.includes(i) ? 'is-changed' : '' },
          h('span', clockRange(slot.start, slot.end, day.zone).slice(0, 5)),
          h('input', { type: 'text', inputMode: 'decimal', value: values[i] ?? slot.text ?? '', autocomplete: 'off', 'aria-invalid': bad.includes(i) ? 'true' : undefined, onInput: (e) => setValues({ ...values, [i]: e.currentTarget.value }) }), h('span.unit', day.unit))))),
      h(Field, { label: 'Why', error: bad.length ? 'A value is a number such as 120 or 0.5.' : undefined }, h('textarea', { rows: 3, maxLength: 900, value: reason, required: true, onInput: (e) => setReason(e.currentTarget.value) })),
      act.error && h('p.field-error', { role: 'alert' }, `${act.error.where}: ${act.error.remedy}`),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !reason.trim() || (here === 'edit' && (!edited.length || bad.length > 0)) }, here === 'accept' ? 'Accept' : here === 'undo' ? 'Take back' : `Set ${edited.length || ''} ${edited.length === 1 ? 'slot' : 'slots'}`.replace('  ', ' ')))));
}

/** The finding's slots, and every slot that has versions: raw, what counts, and how it came about. */
function Slots({ data, day, inside }) {
  const rows = day.slots.map((slot, i) => ({ slot, i })).filter(({ slot, i }) => inside[i] || slot.versions.length);
  const text = (v) => (v === null || v === undefined ? h('span.dim', 'none') : decimal(v));
  return h('section.card', h('header.card-head', h('h2', 'Slots and their versions'), h('span.dim', 'the raw value stays; the last version counts')),
    h('div.table-wrap.slot-table', { tabIndex: 0, role: 'region', 'aria-label': 'Slots and their versions' }, h('table', h('caption.offscreen', `Slots, times in ${day.zone}`),
      h('thead', h('tr', h('th', { scope: 'col' }, 'Slot', h('span.unit', day.zone)), h('th.num', { scope: 'col' }, 'Came', h('span.unit', day.unit)), h('th.num', { scope: 'col' }, 'Counts', h('span.unit', day.unit)), h('th', { scope: 'col' }, 'Quality'), h('th.low', { scope: 'col' }, 'Versions'))),
      h('tbody', rows.map(({ slot, i }) => h('tr', { key: slot.start },
        h('td', clockRange(slot.start, slot.end, day.zone)), h('td.num', text(data.curve.slots[i].raw)), h('td.num', text(slot.text)), h('td', slot.quality.length ? slot.quality.map(qualityWord).join(', ') : h('span.dim', inside[i] && data.about.action === 'flagged' ? 'Good, doubted' : 'Good')),
        h('td.low.wrap', slot.versions.length ? h('ol.slot-versions', slot.versions.map((v) => h('li', { key: v.number }, v.value === null ? 'raw again' : many(decimal(v.value), ' ', day.unit), h('span.dim', ` ${v.method}${v.cause ? ` for ${v.cause}` : ''}, ${v.byKind === 'system' ? 'by itself' : v.by}, `, h(At, { at: v.at, zone: day.zone })), v.reason && many(' ', h('q', v.reason))))) : h('span.dim', 'none'))))))));
}
