// One consumer's whole story: who they are, where they are supplied, what was measured, and all that happened.
import { h, many, useEffect, useState } from '../dom.js';
import { asPage, call, get, post, useResource } from '../api.js';
import { dateTime, dayName, decimal, localZone, title } from '../format.js';
import { Ago, Button, Dialog, Empty, Field, Id, Loaded, Segments, useTitle } from '../parts.js';
import { EventList } from '../events.js';
import { useAct } from '../alarms.js';
import { seesAccounts, servesCustomers } from '../billing.js';
import { AccountStatus } from './accounts.js';
import { AgreementForm, HolderForm, MoveInForm } from './account-forms.js';
import { LoadCurve } from './curve-card.js';
import { BillTable } from './bill-table.js';

const base = (id, rest = '') => `/accounts/${encodeURIComponent(id)}${rest}`;

export default function Account({ params, who }) {
  const { id } = params;
  const allowed = seesAccounts(who);
  const whole = useResource(`${id} ${allowed}`, (signal) => (allowed ? get(base(id), {}, signal) : Promise.resolve(null)), { every: 60000 });
  const story = useResource(`story ${id} ${allowed}`, (signal) => (allowed ? get(base(id, '/story'), { size: 100 }, signal) : Promise.resolve(null)), { every: 60000 });
  useTitle(whole.data?.account.name || `Account ${id}`);
  if (!allowed) return many(h('header.page-head', h('h1', 'Account')), h(Empty, { icon: 'user', heading: 'Names are for those who serve customers' }, 'Customer service and billing clerks see accounts.'));
  if (whole.error?.status === 404 && !whole.data) {
    return many(h('header.page-head', h('h1', 'Accounts')), h(Empty, { icon: 'user', heading: 'No account has this number', action: h('a.btn', { href: '/billing/accounts' }, 'To the accounts') }, h('code', id)));
  }
  const reload = () => { whole.reload(); story.reload(); };
  return h(Loaded, { of: whole, rows: 8, what: 'The account could not be loaded' }, (data) => many(
    h(Head, { data, who, reload }),
    h('div.meter-grid',
      h('div.meter-curve', h('div.stack-cards', h(Agreements, { data, who, reload, zone: story.data?.zone || localZone }), h(Loaded, { of: story, kind: 'block', what: 'The meters could not be loaded' }, (s) => h(Curve, { meters: s.meters })), h(Bills, { id, who }))),
      h('aside.meter-side', { 'aria-label': 'Holder' }, h(Holder, { data, who, reload }), h(Loaded, { of: story, rows: 2, what: 'The meters could not be loaded' }, (s) => h(Meters, { meters: s.meters, zone: s.zone })), h(Users, { data, who, reload }), h(Note, { id, reload })),
      h('div.meter-story', h(Loaded, { of: story, rows: 6, what: 'The story could not be loaded' }, (s) => h(Story, { id, first: s }))))));
}

function Head({ data, who, reload }) {
  const { account } = data;
  const [closing, setClosing] = useState(false);
  const supplied = data.agreements.some((a) => !a.until || Date.parse(a.until) > Date.now());
  return h('header.meter-head', h('a.back', { href: '/billing/accounts' }, 'Accounts'),
    h('div.meter-name', h('h1', account.name), h(Id, { value: account.id }), h(AccountStatus, { account }),
      servesCustomers(who) && account.status === 'open' && !supplied && h(Button, { small: true, onClick: () => setClosing(true) }, 'Close the account')),
    h('p.meter-where', [account.street, account.city].filter(Boolean).join(', ') || 'No address'),
    closing && h(Dialog, { title: 'Close the account', onClose: () => setClosing(false) }, h(Reason, { label: 'Why', button: 'Close it', onClose: () => setClosing(false), send: (reason) => post(base(account.id, '/close'), { reason }), onDone: () => { setClosing(false); reload(); } })));
}

function Reason({ label, button, send, onDone, onClose }) {
  const [reason, setReason] = useState('');
  const act = useAct(onDone);
  return h('form.form', { onSubmit: (e) => { e.preventDefault(); act.run('send', () => send(reason)); } },
    h(Field, { label }, h('textarea', { rows: 3, maxLength: 1000, value: reason, required: true, onInput: (e) => setReason(e.currentTarget.value) })),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !reason.trim() }, button), h(Button, { onClick: onClose }, 'Cancel')));
}

function Agreements({ data, who, reload, zone }) {
  const { account, agreements } = data;
  const [open, setOpen] = useState(null);
  const now = Date.now();
  const may = servesCustomers(who) && account.status === 'open';
  const done = () => { setOpen(null); reload(); };
  return h('section.card', h('header.card-head', h('h2', 'Supplied at'), may && h(Button, { small: true, icon: 'plus', onClick: () => setOpen({ kind: 'in' }), class: 'push' }, 'Move in')),
    agreements.length
      ? h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': 'Agreements' }, h('table', h('caption.offscreen', 'Agreements'),
        h('thead', h('tr', ['Service point', 'Tariff', 'From', 'Until'].map((name) => h('th', { key: name, scope: 'col', class: name === 'From' ? 'low' : '' }, name)), h('th', { scope: 'col' }, h('span.offscreen', 'Change')))),
        h('tbody', [...agreements].reverse().map((a) => {
          const current = Date.parse(a.since) <= now && (!a.until || Date.parse(a.until) > now);
          return h('tr', { key: a.id, class: current ? '' : 'is-past' },
            h('td', a.servicePoint), h('td', a.tariff), h('td.low', h('time', { dateTime: a.since, title: a.since }, dateTime(Date.parse(a.since), zone, { seconds: false }))),
            h('td', a.until ? h('time', { dateTime: a.until, title: a.until }, dateTime(Date.parse(a.until), zone, { seconds: false })) : h('span.dim', 'goes on')),
            h('td.num', h('span.row-acts', current && seesAccounts(who) && h(Button, { small: true, kind: 'quiet', label: `Another tariff at ${a.servicePoint}`, onClick: () => setOpen({ kind: 'tariff', agreement: a }) }, 'Tariff'),
              (current || !a.until) && may && h(Button, { small: true, kind: 'quiet', label: `Move out of ${a.servicePoint}`, onClick: () => setOpen({ kind: 'out', agreement: a }) }, 'Move out'))));
        }))))
      : h(Empty, { heading: 'Supplied nowhere' }, 'Once it is moved in at a service point, what its meter measures is this account’s.'),
    open?.kind === 'in' && h(Dialog, { title: 'Move in', onClose: () => setOpen(null) }, h(MoveInForm, { id: account.id, onClose: () => setOpen(null), onDone: done })),
    open?.agreement && h(Dialog, { title: open.kind === 'tariff' ? 'Another tariff' : 'Move out', onClose: () => setOpen(null) }, h(AgreementForm, { id: account.id, agreement: open.agreement, zone, tariff: open.kind === 'tariff', onClose: () => setOpen(null), onDone: done })));
}

function Holder({ data, who, reload }) {
  const { account } = data;
  const [changing, setChanging] = useState(false);
  const row = (name, value) => value && many(h('dt', name), h('dd', value));
  return h('section.card', h('header.card-head', h('h2', 'Holder'), servesCustomers(who) && account.status !== 'erased' && h(Button, { small: true, kind: 'quiet', class: 'push', onClick: () => setChanging(true) }, 'Change')),
    h('dl.facts', row('Name', account.name), row('Street', account.street), row('City', account.city), row('Mail', account.email && h('a', { href: `mailto:${account.email}` }, account.email)), row('Telephone', account.phone && h('a', { href: `tel:${account.phone}` }, account.phone)), row('Language', account.language), row('Opened', h(Ago, { at: account.opened }))),
    changing && h(Dialog, { title: 'Change the holder', onClose: () => setChanging(false), wide: true }, h(HolderForm, { account, onClose: () => setChanging(false), onDone: () => { setChanging(false); reload(); } })));
}

function Meters({ meters, zone }) {
  return h('section.card', h('header.card-head', h('h2', 'Meters')),
    meters.length
      ? h('ul.plain.ways', [...meters].reverse().map((m) => h('li', { key: m.meter + m.since }, h(Id, { value: m.meter, link: `/meters/${encodeURIComponent(m.meter)}` }), h('span.dim', `${m.servicePoint}, since ${dayName(Date.parse(m.since), zone, { weekday: false })}${m.until ? ` until ${dayName(Date.parse(m.until), zone, { weekday: false })}` : ''}`))))
      : h(Empty, { heading: 'No meter' }, 'The meters that measure for this account stand here, with those of before.'));
}

/** The load curve of one of the account's meters, as it counts for the bill. */
function Curve({ meters }) {
  const [picked, setPicked] = useState('');
  const ids = [...new Set([...meters].reverse().map((m) => m.meter))];
  const id = ids.includes(picked) ? picked : ids[0];
  if (!id) return null;
  return many(ids.length > 1 && h(Segments, { label: 'Meter', value: id, options: ids.slice(0, 4).map((m) => [m, m]), onPick: setPicked }), h(OneCurve, { key: id, id }));
}

function OneCurve({ id }) {
  const one = useResource(id, (signal) => Promise.all([get(`/meters/${encodeURIComponent(id)}`, {}, signal), get(`/meters/${encodeURIComponent(id)}/channels`, {}, signal).then((a) => asPage(a).items)]));
  return h(Loaded, { of: one, kind: 'block', what: 'The readings could not be loaded' }, ([meter, channels]) => h(LoadCurve, { meter, channels: channels.filter((c) => c.kind === 'interval'), layer: 'final' }));
}

/** The account's bills, the latest first; and its money, where anything was entered. */
function Bills({ id, who }) {
  const bills = useResource(`bills ${id}`, (signal) => get('/bills', { account: id, size: 24 }, signal).then((a) => a.items));
  const money = useResource(`money ${id}`, (signal) => get(`/ledger/${encodeURIComponent(id)}`, { size: 1 }, signal).catch((error) => { if (error.status === 404) return null; throw error; }));
  const plans = useResource(`plans ${id}`, (signal) => get('/budget-plans', { account: id }, signal).then((a) => a.items.filter((plan) => !plan.ended)));
  const beforehand = money.data?.credit != null;
  return h('section.card', h('header.card-head', h('h2', 'Bills'), money.data && h('span.push', 'Balance ', h('b', decimal(money.data.balance)), h('span.unit', money.data.currency))),
    h(Loaded, { of: bills, rows: 3, what: 'The bills could not be loaded' }, (items) => (items.length ? h(BillTable, { bills: items, who, bare: true }) : h(Empty, { heading: 'No bill yet' }, 'They stand here once a billing run has issued them.'))),
    (beforehand || plans.data?.length > 0) && h('ul.plain.card-body.dim',
      beforehand && h('li', `Pays beforehand: warned at ${decimal(money.data.low)}, and ${decimal(money.data.credit)} ${money.data.currency} of emergency credit.`),
      (plans.data || []).map((plan) => h('li', { key: plan.id }, `Budget plan at ${plan.servicePoint}: ${plan.instalments} instalments of ${decimal(plan.amounts[0])} ${plan.currency} from ${plan.first} on.`))));
}

function Users({ data, who, reload }) {
  const [name, setName] = useState('');
  const act = useAct(() => { setName(''); reload(); });
  if (!servesCustomers(who)) return null;
  const { account, users } = data;
  return h('section.card', h('header.card-head', h('h2', 'Seen as their own by')),
    h('div.card-body.form',
      users.length ? h('ul.plain', users.map((user) => h('li.own-user', { key: user }, user, h(Button, { small: true, kind: 'quiet', icon: 'close', label: `${user} sees this account no more`, onClick: () => act.run(user, () => call('DELETE', base(account.id, `/users/${encodeURIComponent(user)}`))) })))) : h('p.dim', 'No user: the holder sees nothing of it on their own pages.'),
      account.status !== 'erased' && h('form.add-user', { onSubmit: (e) => { e.preventDefault(); act.run('add', () => call('PUT', base(account.id, `/users/${encodeURIComponent(name.trim())}`), { json: {} })); } },
        h('input', { type: 'text', value: name, 'aria-label': 'User name', placeholder: 'User name', autocomplete: 'off', maxLength: 64, onInput: (e) => setName(e.currentTarget.value) }), h(Button, { type: 'submit', disabled: !name.trim(), busy: act.busy === 'add' }, 'Add')),
      act.error && h('p.field-error', { role: 'alert' }, act.error.remedy)));
}

function Note({ id, reload }) {
  const [note, setNote] = useState('');
  const act = useAct(() => { setNote(''); reload(); });
  return h('section.card', h('header.card-head', h('h2', 'Note')),
    h('form.form.card-body', { onSubmit: (e) => { e.preventDefault(); act.run('note', () => post(base(id, '/note'), { note })); } },
      h(Field, { label: 'What was said or agreed' }, h('textarea', { rows: 3, maxLength: 1000, value: note, onInput: (e) => setNote(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', busy: act.busy !== '', disabled: !note.trim() }, 'Add the note'))));
}

const KINDS = [['', 'All'], ['account', 'Account'], ['meter', 'Meters'], ['event', 'Events'], ['case', 'Cases'], ['command', 'Commands'], ['work', 'Work'], ['validation', 'Readings'], ['bill', 'Bills']];

const LINKS = {
  meter: (l) => `/meters/${encodeURIComponent(l.about)}`,
  event: (l) => `/meters/${encodeURIComponent(l.meter)}`,
  case: (l) => `/cases/${l.about}`,
  command: (l) => `/commands/${l.about}`,
  work: (l) => `/work/${l.about}`,
  validation: (l) => `/billing/exceptions/${l.about}`,
  bill: (l) => `/billing/bills/${encodeURIComponent(l.about)}`,
};

/** Instants in words are told by the wall clock that the page goes by. */
const inZone = (text, zone) => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z/g, (at) => dateTime(Date.parse(at), zone, { seconds: false }));

function Story({ id, first }) {
  const [kind, setKind] = useState('');
  const [more, setMore] = useState([]);
  const [older, setOlder] = useState(first.older);
  const [busy, setBusy] = useState(false);
  useEffect(() => { setMore([]); setOlder(first.older); }, [first]);
  const lines = [...first.lines, ...more];
  const shown = lines.filter((l) => !kind || l.kind === kind);
  const present = new Set(lines.map((l) => l.kind));
  const load = async () => {
    setBusy(true);
    try {
      const next = await get(base(id, '/story'), { to: older, size: 200 });
      setMore([...more, ...next.lines]);
      setOlder(next.older);
    } finally {
      setBusy(false);
    }
  };
  return h('section.card', h('header.card-head', h('h2', 'Story'), h(Segments, { label: 'Kind', value: kind, options: KINDS.filter(([key]) => !key || present.has(key) || key === kind), onPick: setKind })),
    shown.length
      ? h(EventList, { byDay: true, zone: first.zone, label: 'Story', events: shown.map((l, i) => ({ id: `${l.at} ${l.kind} ${l.about} ${i}`, at: l.at, severity: l.level, text: inZone(l.text, first.zone), code: [l.who ? `by ${l.who}` : '', l.kind === 'event' ? l.about : title(l.kind)].filter(Boolean).join(' · '), href: LINKS[l.kind]?.(l) })) })
      : h(Empty, { heading: 'Nothing of this kind' }, 'What happens at the account, its service points and its meters stands here, the latest first.'),
    older && h('div.card-foot', h('button.link', { type: 'button', onClick: load, disabled: busy }, 'Older')));
}
