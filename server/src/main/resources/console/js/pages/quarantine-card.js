// A meter in quarantine: since when, what is held, and what can be done; and a hand at a demo's simulated meters.
import { h, many, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { dateTime, stateOf } from '../format.js';
import { Mark } from '../icons.js';
import { At, Button, Empty, Field, Loaded } from '../parts.js';
import { useAct } from '../alarms.js';

const at = (id, rest) => `/meters/${encodeURIComponent(id)}${rest}`;

/** Spans of time, each on a line. */
export function Spans({ spans, zone }) {
  const when = (text) => h(At, { at: text, zone, text: dateTime(Date.parse(text), zone, { seconds: false }) });
  return h('ul.plain', spans.map((s) => h('li', { key: s.from }, 'From ', when(s.from), s.to ? many(' to ', when(s.to)) : ' on')));
}

export function Quarantine({ meter, who, onDone }) {
  const holds = useResource(`${meter.id} ${meter.state}`, (signal) => get(at(meter.id, '/holds'), {}, signal));
  const cases = useResource(`${meter.id} ${meter.state}`, (signal) => get('/cases', { meter: meter.id, size: 1 }, signal).then((a) => asPage(a).items[0]));
  useLive((batch) => {
    if (batch.some((e) => e.type === 'case' && e.meter === meter.id)) {
      holds.reload();
      cases.reload();
    }
  });
  const act = useAct(onDone);
  const [reason, setReason] = useState('');
  const [asking, ask] = useState(false);
  const inside = stateOf(meter) === 'quarantined';
  const last = cases.data;
  const held = holds.data?.held || [];
  if (!inside && !held.length && !(last && !last.closed)) {
    if (!may(who, 'operator') || stateOf(meter) !== 'active') return null;
    return h('section.card.quarantine', h('header.card-head', h('h2', 'Quarantine')),
      !asking
        ? h('div.card-body', h(Button, { onClick: () => ask(true) }, 'Put in quarantine…'))
        : h('form.form.card-body', { onSubmit: (e) => { e.preventDefault(); act.run('quarantine', () => post(at(meter.id, '/quarantine'), { reason }), `${meter.id} is in quarantine.`); } },
          h('p.dim', 'It goes on metering. Its readings are stored and held back from billing, no command goes to it, and a case is opened. Two other acts end it: a verdict, and the release by another person.'),
          h(Field, { label: 'Reason' }, h('textarea', { rows: 2, maxLength: 4000, required: true, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
          h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !reason.trim() }, 'Put in quarantine'), h(Button, { onClick: () => ask(false) }, 'Not now'))));
  }
  return h('section.card.quarantine', h('header.card-head', h('h2', 'Quarantine'), inside && h('span.state.is-security', h(Mark, { state: 'security' }), 'In quarantine')),
    h('div.card-body',
      inside && h('p', 'It goes on metering. No command goes to it.'),
      held.length > 0 && many(h('p', 'Stored, and held back from billing:'), h(Spans, { spans: held, zone: meter.zone })),
      last && h('p', h('a', { href: `/cases/${last.id}` }, `Case ${last.id}`), last.closed ? `, closed by ${last.closedBy}` : ', open: its verdict comes first, then another person releases.')),
    last?.closed && may(who, 'operator') && h(Release, { meter: meter.id, closedBy: last.closedBy, who, onDone }));
}

export function Release({ meter, closedBy, who, onDone }) {
  const [reason, setReason] = useState('');
  const act = useAct(onDone);
  if (closedBy === who.user) return h('p.card-body.dim', 'The verdict was yours: another person releases.');
  return h('form.form.card-body', { onSubmit: (e) => { e.preventDefault(); act.run('release', () => post(at(meter, '/release'), { reason }), `${meter} is released.`); } },
    h('p.dim', 'Ends the quarantine, and releases for billing all that is held until now. It is written down under your name.'),
    h(Field, { label: 'Reason of the release' }, h('textarea', { rows: 2, maxLength: 4000, required: true, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !reason.trim() }, 'Release')));
}

/** Only where the server runs a demo's street; elsewhere the server says 404, and there is no card. */
export function Street({ meter, who }) {
  const senses = useResource(meter.id, (signal) => get(`/street/meters/${encodeURIComponent(meter.id)}`, {}, signal));
  const act = useAct(senses.reload);
  if (senses.error?.status === 404 || !may(who, 'operator')) return null;
  const tamper = (sense, on) => act.run(sense, () => post(`/street/meters/${encodeURIComponent(meter.id)}/tamper`, { sense, on }));
  return h('section.card.street', h('header.card-head', h('h2', 'Simulated meter')),
    h(Loaded, { of: senses, rows: 4, what: 'The street could not be asked' }, (items) =>
      items.length
        ? h('ul.plain.senses', items.map((s) => h('li', { key: s.sense }, h('span', s.text),
          h(Button, { small: true, busy: act.busy === s.sense, 'aria-pressed': String(s.on), onClick: () => tamper(s.sense, !s.on), label: `${s.on ? 'Undo' : 'Do it'}: ${s.text}` }, s.on ? 'Undo' : 'Do it'))))
        : h(Empty, { heading: 'It senses nothing' })));
}
