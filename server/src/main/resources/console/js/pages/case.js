// One case: what was noticed, the raw messages that told it, what was done, by whom, and what is left to do.
import { h, many, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, dateTime } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Empty, Field, Id, LifeState, Loaded, Severity, useTitle } from '../parts.js';
import { AlarmState, VERDICTS, sourceWord, useAct, verdictWord } from '../alarms.js';
import { Release, Spans } from './quarantine-card.js';

const WHAT = { opened: 'Opened', alarm: 'Alarm', quarantined: 'Quarantined', 'keys-revoked': 'Keys revoked', note: 'Note', closed: 'Closed', released: 'Released' };

export default function Case({ params, who }) {
  const { id } = params;
  useTitle(`Case ${id}`);
  const whole = useResource(id, (signal) => get(`/cases/${id}`, {}, signal), { every: 30000 });
  useLive((batch) => batch.some((e) => (e.type === 'case' && String(e.case.id) === id) || (e.type === 'alarm' && String(e.alarm.caseId) === id)) && whole.reload());
  if (whole.error?.status === 404 && !whole.data) {
    return many(h('header.page-head', h('h1', 'Cases')), h(Empty, { icon: 'alarms', heading: 'There is no such case', action: h('a.btn', { href: '/cases' }, 'To the cases') }));
  }
  return h(Loaded, { of: whole, rows: 8, what: 'The case could not be loaded' }, (data) => many(
    h(Head, { data }),
    h('div.meter-grid',
      h('div.meter-curve', h(Alarms, { alarms: data.alarms })),
      h('aside.meter-side', { 'aria-label': 'What can be done' },
        h(Held, { data, who, onDone: whole.reload }),
        may(who, 'operator') && h(Words, { data, onDone: whole.reload }),
        may(who, 'operator') && !data.about.closed && h(Close, { data, onDone: whole.reload })),
      h('div.meter-story', h(Story, { story: data.story }), h(Evidence, { evidence: data.evidence })))));
}

function Head({ data }) {
  const { about } = data;
  return h('header.meter-head', h('a.back', { href: '/cases' }, 'Cases'),
    h('div.meter-name', h('h1', `Case ${about.id}`), h(Severity, { level: about.severity.toLowerCase() }),
      about.closed ? h('span.state', h(Mark, { state: 'muted' }), `Closed: ${verdictWord(about.verdict)}`) : h('span.state.is-attention', h(Mark, { state: 'attention' }), 'Open'),
      h(Id, { value: about.meter, link: `/meters/${encodeURIComponent(about.meter)}` }), h(LifeState, { state: data.holds.state })),
    h('p.meter-where', 'Opened ', h(Ago, { at: about.opened }), about.closed && many(', closed ', h(Ago, { at: about.closed }), ` by ${about.closedBy}`)));
}

function Alarms({ alarms }) {
  return h('section.card', h('header.card-head', h('h2', 'Alarms')),
    alarms.length
      ? h('ul.events', { 'aria-label': 'Alarms of this case' }, alarms.map((a) => h('li.event', { key: a.id },
        h('span.event-level', h(Severity, { level: a.severity.toLowerCase() })),
        h('span.event-what', a.text, h('span.event-code.mono', a.word), h('span.alarm-more.dim', `${a.count > 1 ? `${count(a.count)} times, ` : ''}told by ${a.sources.map(sourceWord).join(' and ')}`)),
        h('span', h(AlarmState, { alarm: a })), h('span.event-when', h(Ago, { at: a.last })))))
      : h(Empty, { heading: 'No alarm' }, 'A person opened this case.'));
}

function Story({ story }) {
  return h('section.card', h('header.card-head', h('h2', 'Story')),
    h('ol.story', story.map((s, i) => h('li', { key: i }, h('span.story-what', WHAT[s.what] || s.what), h('span.story-note', s.note), h('span.dim', s.actorKind === 'system' ? 'by itself' : s.actor), h('span.event-when', h(Ago, { at: s.at }))))));
}

function Evidence({ evidence }) {
  return h('section.card.evidence', h('header.card-head', h('h2', 'Evidence'), h('span.dim', 'the raw messages, as they came')),
    evidence.length
      ? h('ul.plain.proofs', evidence.map((p) => h('li', { key: p.event },
        h('details', h('summary', h('span.mono', p.word), ' ', h(At, { at: p.at, text: dateTime(Date.parse(p.at)) }), h('span.dim', ` ${sourceWord(p.source)}`)),
          p.raw ? h('pre.raw', { tabIndex: 0 }, p.raw) : h('p.dim', 'Its month was dropped: the retention of raw messages is over.')))))
      : h(Empty, { heading: 'No message' }, 'What the office noticed itself came in none.'));
}

function Words({ data, onDone }) {
  const [note, setNote] = useState('');
  const act = useAct(onDone);
  const send = async (event) => {
    event.preventDefault();
    if (await act.run('note', () => post(`/cases/${data.about.id}/note`, { note }))) setNote('');
  };
  return h('section.card', h('header.card-head', h('h2', 'Note')),
    h('form.form.card-body', { onSubmit: send },
      h(Field, { label: 'What you found or did' }, h('textarea', { rows: 3, maxLength: 4000, value: note, required: true, onInput: (e) => setNote(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', busy: act.busy !== '', disabled: !note.trim() }, 'Add the note'))));
}

function Close({ data, onDone }) {
  const [verdict, setVerdict] = useState('');
  const [note, setNote] = useState('');
  const act = useAct(onDone);
  const send = (event) => {
    event.preventDefault();
    act.run('close', () => post(`/cases/${data.about.id}/close`, { verdict, note }), `Case ${data.about.id} is closed. What is held stays held until another person releases it.`);
  };
  return h('section.card', h('header.card-head', h('h2', 'Close the case')),
    h('form.form.card-body', { onSubmit: send },
      h('p.dim', 'Its alarms are closed with it. The meter stays in quarantine and its readings held: another person than you releases them.'),
      h(Field, { label: 'Verdict' }, h('select', { value: verdict, required: true, onChange: (e) => setVerdict(e.currentTarget.value) }, h('option', { value: '' }, 'Choose…'), VERDICTS.map(([key, word]) => h('option', { key, value: key }, word)))),
      h(Field, { label: 'Why' }, h('textarea', { rows: 3, maxLength: 4000, value: note, required: true, onInput: (e) => setNote(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !verdict || !note.trim() }, 'Close with this verdict'))));
}

function Held({ data, who, onDone }) {
  const { holds, about } = data;
  const held = holds.held.length > 0;
  if (!held && !holds.releases.length) return null;
  return h('section.card', h('header.card-head', h('h2', 'Readings held')),
    h('div.card-body', held ? h(Spans, { spans: holds.held }) : h('p', 'Nothing is held any more.'),
      holds.releases.map((r, i) => h('p.dim', { key: i }, `Released by ${r.by}: ${r.reason}`))),
    held && about.closed && may(who, 'operator') && h(Release, { meter: about.meter, closedBy: about.closedBy, who, onDone }));
}
