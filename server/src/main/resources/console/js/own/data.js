// My data: take it along, say who else sees it, and ask to be forgotten.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, post, url, useResource } from '../api.js';
import { dateOf, isDate, plusDays, plusMonths, startOf } from '../zone.js';
import { useAct } from '../alarms.js';
import { Mark } from '../icons.js';
import { Ago, Button, Dialog, Empty, Field, Id, Loaded, toast, useTitle } from '../parts.js';
import { NoHome } from './frame.js';
import { dayWords } from './money.js';

export default function Data({ point }) {
  useTitle('My data');
  return many(h('header.page-head', h('h1', 'My data')),
    h('div.stack-cards', point ? many(h(Download, { point }), h(Consents, { point })) : h(NoHome, { what: 'you take your readings along' }), h(Forget)));
}

const FORMS = [['green-button', 'Green Button', 'xml'], ['csv', 'CSV', 'csv']];
const MOST_DAYS = 366;

function Download({ point }) {
  const zone = point.zone || 'UTC';
  const today = dateOf(Date.now(), zone);
  const since = dateOf(Date.parse(point.since), zone);
  const year = plusDays(plusMonths(today, -12), 1);
  const [from, setFrom] = useState(since > year ? since : year);
  const [to, setTo] = useState(today);
  const days = isDate(from) && isDate(to) ? (Date.parse(to) - Date.parse(from)) / 86400000 + 1 : 0;
  const fits = days >= 1 && days <= MOST_DAYS;
  const query = fits && { servicePoint: point.servicePoint, from: new Date(startOf(from, zone)).toISOString(), to: new Date(startOf(plusDays(to, 1), zone)).toISOString() };
  return h('section.card', h('header.card-head', h('h2', 'Take it along')),
    h('div.card-body.own-form',
      h(Field, { label: 'From' }, h('input', { type: 'date', value: from, max: today, onInput: (e) => setFrom(e.currentTarget.value) })),
      h(Field, { label: 'To' }, h('input', { type: 'date', value: to, max: today, onInput: (e) => setTo(e.currentTarget.value) })),
      h('div.row-acts', FORMS.map(([format, word, end]) => (fits
        ? h('a.btn.btn-main', { key: format, href: url('/service-points/export', { ...query, format }), download: `readings-${from}-${to}.${end}` }, word)
        : h(Button, { key: format, disabled: true }, word)))),
      !fits && h('p.field-error', { role: 'alert' }, h(Mark, { state: 'fault' }), `One day to ${MOST_DAYS} of them.`)));
}

function Consents({ point }) {
  const list = useResource('consents', (signal) => get('/consents', {}, signal).then(asPage));
  const parties = useResource('third-parties', (signal) => get('/third-parties', {}, signal).then(asPage));
  const [giving, setGiving] = useState(false);
  const [given, setGiven] = useState(null);
  const act = useAct(() => { toast('They see nothing any more.'); list.reload(); });
  const may = parties.data?.items.length > 0;
  return h('section.card', h('header.card-head', h('h2', 'Who else sees it'), may && h(Button, { small: true, icon: 'plus', class: 'push', onClick: () => setGiving(true) }, 'Let somebody')),
    h(Loaded, { of: list, rows: 2, what: 'Your consents could not be loaded' }, ({ items }) => (items.length
      ? h('ul.own-list', items.map((c) => h('li', { key: c.id },
        h('div', h('strong', c.thirdParty), h('p.dim', c.servicePoint, ` · ${c.state === 'in force' ? `until ${dayWords(c.until)} ${c.until.slice(0, 4)}` : c.state}`), h('p.dim', c.uses > 0 ? many('Looked ', h(Ago, { at: c.lastUsed }), `, ${c.uses} times in all`) : 'Has not looked yet')),
        c.state === 'in force' && h(Button, { small: true, kind: 'danger', busy: act.busy === c.id, onClick: () => act.run(c.id, () => call('DELETE', `/consents/${c.id}`)), label: `Withdraw from ${c.thirdParty}` }, 'Withdraw'))))
      : h('div.card-body', h('p.dim', 'Nobody. ', may ? 'You can let a service see your readings until a day that you choose, and end it at any time.' : 'Services that the office has registered could be let in here.')))),
    giving && h(Give, { point, parties: parties.data.items, onClose: () => setGiving(false), onDone: (answer) => { setGiving(false); setGiven(answer); list.reload(); } }),
    given && h(Dialog, { title: 'Hand this code over', onClose: () => setGiven(null) }, h('div.form', h('p', `${given.consent.thirdParty} exchanges it for its access within a quarter of an hour. It is shown this once.`), h('p', h(Id, { value: given.code, strong: true, name: 'the code' })), h('div.form-actions', h(Button, { kind: 'main', onClick: () => setGiven(null) }, 'Done')))));
}

function Give({ point, parties, onClose, onDone }) {
  const zone = point.zone || 'UTC';
  const today = dateOf(Date.now(), zone);
  const [thirdParty, setParty] = useState(parties[0].name);
  const [until, setUntil] = useState(plusMonths(today, 12));
  const act = useAct();
  const contact = parties.find((p) => p.name === thirdParty)?.contact;
  return h(Dialog, { title: 'Let somebody see your readings', onClose },
    h('form.form', { onSubmit: (e) => { e.preventDefault(); act.run('give', async () => onDone(await post('/consents', { thirdParty, servicePoint: point.servicePoint, until: new Date(startOf(plusDays(until, 1), zone)).toISOString() }))); } },
      h(Field, { label: 'Who', hint: contact }, h('select', { value: thirdParty, onChange: (e) => setParty(e.currentTarget.value) }, parties.map((p) => h('option', { key: p.name, value: p.name }, p.name)))),
      h(Field, { label: 'Until' }, h('input', { type: 'date', value: until, min: today, max: plusMonths(today, 36), required: true, onInput: (e) => setUntil(e.currentTarget.value) })),
      h('p.dim', `They see each interval of ${point.servicePoint} since it is yours, and nothing else.`),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !isDate(until) }, 'Let them see it'), h(Button, { kind: 'quiet', onClick: onClose }, 'Cancel'))));
}

const STATES = { open: ['attention', 'Asked; the office looks at it'], approved: ['attention', 'It is being done'], done: ['fine', 'Done'], refused: ['muted', 'Refused'] };

function Forget() {
  const all = useResource('own-erasures', (signal) => get('/own/erasures', {}, signal));
  const [asking, setAsking] = useState(null);
  return h('section.card', h('header.card-head', h('h2', 'Be forgotten')),
    h(Loaded, { of: all, rows: 2, what: 'Your accounts could not be loaded' }, (data) => (data.accounts.length
      ? h('ul.own-list', data.accounts.map((a) => {
        const asked = data.asked.find((r) => r.account === a.account);
        const open = asked && (asked.state === 'open' || asked.state === 'approved');
        return h('li', { key: a.account }, h('div', h('strong', a.name), h('p.dim', 'Account ', h('span.mono', a.account)), asked && h('span.state', { class: `is-${STATES[asked.state][0]}` }, h(Mark, { state: STATES[asked.state][0] }), STATES[asked.state][1])),
          !open && h(Button, { small: true, onClick: () => setAsking(a) }, 'Ask for erasure'));
      }))
      : h(Empty, { heading: 'No account is linked to this log-in' }, 'Ask customer service where you want to be forgotten.'))),
    asking && h(Ask, { account: asking, onClose: () => setAsking(null), onDone: () => { setAsking(null); toast('The office was asked.'); all.reload(); } }));
}

function Ask({ account, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const act = useAct(onDone);
  return h(Dialog, { title: 'Ask to be forgotten', onClose },
    h('form.form', { onSubmit: (e) => { e.preventDefault(); act.run('ask', () => post('/own/erasures', { account: account.account, reason })); } },
      h('p', 'Your name, address and notes go, once you have moved out and somebody of the office approves. Bills stay as the law wants it, under the account’s number alone. It cannot be taken back.'),
      h(Field, { label: 'Why', error: act.error && `${act.error.message}: ${act.error.remedy}` }, h('textarea', { rows: 3, maxLength: 500, required: true, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !reason.trim() }, 'Ask'), h(Button, { kind: 'quiet', onClick: onClose }, 'Cancel'))));
}
