// One work order: what is to be done and why, who does it, its evidence, its story, its end.
import { h, many, useRef, useState } from '../dom.js';
import { get, post, url, useResource } from '../api.js';
import { decimal, severityOf, title } from '../format.js';
import { Icon } from '../icons.js';
import { Ago, At, Button, Empty, Field, Id, Loaded, Segments, Severity, useTitle } from '../parts.js';
import { useAct } from '../alarms.js';
import { Due, WorkState, causeHref, kindWord, worksInField } from '../work.js';
import { sendFile } from '../send-file.js';

const MOST = 8 * 1024 * 1024;
const NEEDS = { file: 'a photograph or a paper', readings: 'what the meter showed' };
const WHAT = { created: 'Ordered', assigned: 'Assigned', note: 'Note', evidence: 'Evidence', done: 'Done', cancelled: 'Cancelled' };

export default function WorkOrder({ params, who }) {
  const { id } = params;
  useTitle(`Work order ${id}`);
  const whole = useResource(id, (signal) => get(`/work/${id}`, {}, signal), { every: 30000 });
  if (whole.error?.status === 404 && !whole.data) {
    return many(h('header.page-head', h('h1', 'Work orders')), h(Empty, { icon: 'alarms', heading: 'There is no such work order', action: h('a.btn', { href: '/work' }, 'To the work orders') }));
  }
  return h(Loaded, { of: whole, rows: 8, what: 'The work order could not be loaded' }, (data) => {
    const open = !data.about.closed;
    const mine = worksInField(who);
    return many(
      h(Head, { data }),
      h('div.meter-grid',
        h('div.meter-curve', h('div.stack-cards', h(Evidence, { data, who: mine, open, reload: whole.reload }), data.readings.length > 0 && h(Readings, { readings: data.readings }))),
        h('aside.meter-side', { 'aria-label': 'What can be done' }, mine && open && h(Assign, { data, who, reload: whole.reload }), mine && open && h(Close, { data, reload: whole.reload }), mine && h(Note, { id, reload: whole.reload }), h(Facts, { data })),
        h('div.meter-story', h(Story, { steps: data.steps }))));
  });
}

function Head({ data }) {
  const { about } = data;
  return h('header.meter-head', h('a.back', { href: '/work' }, 'Work orders'),
    h('div.meter-name', h('h1', about.title), h(Severity, { level: severityOf(about) }), h(WorkState, { order: about })),
    h('p.meter-where', `Order ${about.id} · ${kindWord(about.kind)} · `, about.servicePoint || 'No service point', about.due && many(' · due ', h(Due, { order: about }))));
}

function Facts({ data }) {
  const { about } = data;
  const row = (name, value) => many(h('dt', name), h('dd', value || h('span.dim', '–')));
  const cause = causeHref(about.cause);
  return h('section.card', h('header.card-head', h('h2', 'Order')),
    h('dl.facts', row('Meter', about.meter && h(Id, { value: about.meter, link: `/meters/${encodeURIComponent(about.meter)}` })), row('Where', about.servicePoint), row('Asked for by', about.cause ? (cause ? h('a', { href: cause }, about.cause) : about.cause) : about.createdBy), row('Ordered', h(Ago, { at: about.created })), row('Done by', about.assignee), about.closed && row('Closed', many(h(Ago, { at: about.closed }), ` by ${about.closedBy}`))));
}

function Assign({ data, who, reload }) {
  const words = useResource('work-words', (signal) => get('/work/words', {}, signal));
  const act = useAct(reload);
  const { about } = data;
  const people = [...new Set([...(words.data?.people || []), ...(about.assignee ? [about.assignee] : [])])];
  const give = (assignee) => act.run('assign', () => post(`/work/${about.id}/assign`, { assignee }), assignee ? `It is ${assignee}’s now.` : 'Nobody is named any more.');
  return h('section.card', h('header.card-head', h('h2', 'Who does it')),
    h('div.card-body.form',
      h(Field, { label: 'Done by' }, h('select', { value: about.assignee, disabled: act.busy !== '', onChange: (e) => give(e.currentTarget.value) }, h('option', { value: '' }, 'Nobody yet'), people.map((name) => h('option', { key: name, value: name, selected: name === about.assignee }, name)))),
      people.includes(who.user) && about.assignee !== who.user && h('div.form-actions', h(Button, { busy: act.busy !== '', onClick: () => give(who.user) }, 'I do it'))));
}

function Evidence({ data, who, open, reload }) {
  const { about, files } = data;
  const input = useRef();
  const [over, setOver] = useState(false);
  const act = useAct(reload);
  const take = (list) => act.run('file', async () => {
    for (const file of list) {
      if (file.size > MOST) throw Object.assign(new Error('too large'), { where: file.name, remedy: 'has more than 8 MiB: take a smaller picture' });
      await sendFile(`/work/${about.id}/evidence`, { name: file.name }, file);
    }
  }, list.length === 1 ? 'The file is taken in.' : 'The files are taken in.');
  return h('section.card', h('header.card-head', h('h2', 'Evidence'), data.needs.length > 0 && open && h('span.dim', `done only with ${data.needs.map((n) => NEEDS[n] || n).join(' and ')}`)),
    h('div.card-body.form',
      files.length
        ? h('ul.plain.files', files.map((f) => h('li', { key: f.id },
          who && f.type.startsWith('image/') ? h('a', { href: url(`/work/${about.id}/evidence/${f.id}`), download: f.name }, h('img.evidence-shot', { src: url(`/work/${about.id}/evidence/${f.id}`), alt: `${f.name}, brought by ${f.by}`, loading: 'lazy' })) : h(Icon, { name: 'download', size: 24 }),
          h('div', h('strong', who ? h('a', { href: url(`/work/${about.id}/evidence/${f.id}`), download: f.name }, f.name) : f.name), h('p.dim', `${decimal(String(Math.max(1, Math.round(f.size / 1024))))} KiB, by ${f.by}, `, h(Ago, { at: f.at })), h('p.dim.hash', 'SHA-256 ', h(Id, { value: f.sha256.slice(0, 16), whole: f.sha256, name: 'the hash' }))))))
        : h('p.dim', 'No photograph or paper yet.'),
      who && open && h('label.drop.drop-small', { class: over ? 'is-over' : '', onDragOver: (e) => { e.preventDefault(); setOver(true); }, onDragLeave: () => setOver(false), onDrop: (e) => { e.preventDefault(); setOver(false); take([...e.dataTransfer.files]); } },
        h(Icon, { name: 'upload' }), h('span', act.busy ? 'Sending…' : 'Drop pictures here, or choose them'), h('span.dim', 'JPEG, PNG, WebP or PDF, at most 8 MiB each'),
        h('input.offscreen', { ref: input, type: 'file', multiple: true, accept: 'image/jpeg,image/png,image/webp,application/pdf', 'aria-label': 'Evidence files', onChange: (e) => { const list = [...e.currentTarget.files]; e.currentTarget.value = ''; if (list.length) take(list); } })),
      act.error && h('p.field-error', { role: 'alert' }, `${act.error.where ? `${act.error.where}: ` : ''}${act.error.remedy || act.error.message}`)));
}

function Readings({ readings }) {
  return h('section.card', h('header.card-head', h('h2', 'What the meter showed')),
    h('dl.now', readings.map((r) => h('div', { key: r.meter + r.channel }, h('dt', h('span.mono', r.channel), h('span.now-at', `${r.meter}, `, h(At, { at: r.at }))), h('dd', h('b', decimal(r.value)), h('span.unit', r.unit))))));
}

const NUMBER = /^-?\d{1,15}([.,]\d{1,9})?$/;

function Close({ data, reload }) {
  const { about, needs } = data;
  const [as, setAs] = useState('done');
  const [note, setNote] = useState('');
  const [reading, setReading] = useState('');
  const act = useAct(reload);
  const bad = reading.trim() !== '' && !NUMBER.test(reading.trim());
  const lacks = as === 'done' && ((needs.includes('file') && !data.files.length) || (needs.includes('readings') && !reading.trim()));
  const send = (event) => {
    event.preventDefault();
    const readings = reading.trim() && about.meter ? [{ meter: about.meter, channel: '1.0.1.8.0.255', unit: 'kWh', value: reading.trim().replace(',', '.') }] : [];
    act.run('close', () => post(`/work/${about.id}/close`, { as, note, readings }), as === 'done' ? 'It is done.' : 'It is cancelled.');
  };
  return h('section.card', h('header.card-head', h('h2', 'Close it')),
    h('form.form.card-body', { onSubmit: send },
      h(Segments, { label: 'How it ended', value: as, options: [['done', 'Done'], ['cancelled', 'Cancelled']], onPick: setAs }),
      as === 'done' && about.meter && h(Field, { label: 'What the meter showed', hint: 'Its register of energy taken, 1.8.0', error: bad ? 'A number such as 12345.6' : undefined }, h('span.with-unit', h('input', { type: 'text', inputMode: 'decimal', value: reading, autocomplete: 'off', onInput: (e) => setReading(e.currentTarget.value) }), h('span.unit', 'kWh'))),
      h(Field, { label: as === 'done' ? 'What was found and done' : 'Why it is not to be done' }, h('textarea', { rows: 3, maxLength: 4000, value: note, required: true, onInput: (e) => setNote(e.currentTarget.value) })),
      lacks && h('p.dim', `It is done with ${needs.map((n) => NEEDS[n] || n).join(' and ')}.`),
      act.error && h('p.field-error', { role: 'alert' }, act.error.remedy || act.error.message),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !note.trim() || bad || lacks }, as === 'done' ? 'Close as done' : 'Cancel the order'))));
}

function Note({ id, reload }) {
  const [note, setNote] = useState('');
  const act = useAct(() => { setNote(''); reload(); });
  return h('section.card', h('header.card-head', h('h2', 'Note')),
    h('form.form.card-body', { onSubmit: (e) => { e.preventDefault(); act.run('note', () => post(`/work/${id}/note`, { note })); } },
      h(Field, { label: 'What is to be known' }, h('textarea', { rows: 2, maxLength: 4000, value: note, onInput: (e) => setNote(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', busy: act.busy !== '', disabled: !note.trim() }, 'Add the note'))));
}

function Story({ steps }) {
  return h('section.card', h('header.card-head', h('h2', 'Story')),
    h('ol.story', steps.map((s, i) => h('li', { key: i }, h('span.story-what', WHAT[s.what] || title(s.what)), h('span.story-note', s.note), h('span.dim', s.actorKind === 'system' ? 'by itself' : s.actor), h('span.event-when', h(Ago, { at: s.at }))))));
}
