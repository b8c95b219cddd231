// Whom a meter lets in: as it was read, as it is wanted, and the orders that bring the one to the other.
import { h, many, useState } from '../dom.js';
import { call, get, post, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { plural, stateOf } from '../format.js';
import { Mark } from '../icons.js';
import { go, href } from '../router.js';
import { Ago, Button, Dialog, Failure, Field, Loaded, Segments, toast } from '../parts.js';

const LEVELS = [['none', 'No proof'], ['low', 'A password'], ['high', 'Keys']];
const levelWord = (level) => ({ none: 'no proof', low: 'a password', high: 'its keys' })[level] || level;
const STATES = {
  unread: ['Not read yet', 'muted', 'It is read with the meter’s daily reading, where its companion profile names its associations.'],
  unmanaged: ['Nobody said how it should be', 'attention', 'A security administrator takes it as it is, or says what is wanted.'],
  same: ['As wanted', 'fine', ''],
  waiting: ['Not as wanted yet', 'attention', 'An operator orders it; the meter’s next daily reading shows it.'],
  differs: ['Not as wanted any more', 'fault', 'It was so once: somebody changed it.'],
};
const SHOWN = 4;

const path = (meter) => `/meters/${encodeURIComponent(meter)}/access`;
const clientOf = (list, number) => (list || []).find((c) => c.number === number && c.objects.length);

export function Access({ meter, who }) {
  const access = useResource(`access ${meter.id}`, (signal) => get(path(meter.id), {}, signal));
  useLive((batch) => batch.some((e) => e.type === 'command' && e.meter === meter.id) && access.reload());
  const [wanting, want] = useState(null);
  const [ordering, order] = useState(false);
  const manages = may(who, 'MANAGE_KEYS');
  return h('section.card.access', h('header.card-head', h('h2', 'Who is let in')),
    h(Loaded, { of: access, rows: 3, what: 'Whom it lets in could not be loaded' }, (a) => many(
      h(Standing, { access: a, zone: meter.zone }),
      h(Clients, { access: a, manages, onWant: want }),
      a.differences.length > 0 && h(Differences, { list: a.differences }),
      h('div.card-body',
        manages && a.read && (a.state === 'unmanaged' || a.state === 'differs') && h(Button, { onClick: () => want('as read') }, 'It is right as it is…'),
        may(who, 'COMMAND') && a.orders.length > 0 && stateOf(meter) === 'active' && h(Button, { onClick: () => order(true) }, `Order it: ${plural(a.orders.length, 'command')}…`)))),
    wanting && h(Want, { meter: meter.id, access: access.data, client: wanting, onClose: () => want(null), onDone: () => { want(null); access.reload(); } }),
    ordering && h(Order, { meter: meter.id, orders: access.data.orders, onClose: () => order(false) }));
}

function Standing({ access, zone }) {
  const [word, mark, note] = STATES[access.state] || [access.state, 'info', ''];
  return h('div.card-body',
    h('p.state', { class: `is-${mark}` }, h(Mark, { state: mark }), h('strong', word)),
    note && h('p.dim', note),
    access.read && h('p.dim', 'Read ', h(Ago, { at: access.read, zone }), access.wish && many('; wanted by ', h('strong', access.wish.by), ', ', h('q', access.wish.reason))));
}

function Clients({ access, manages, onWant }) {
  const numbers = [...new Set([...access.found, ...(access.wish?.clients || [])].map((c) => c.number))].sort((a, b) => a - b);
  if (!numbers.length) return null;
  const words = (c) => (c ? `${levelWord(c.level)}, ${plural(c.objects.length, 'object')}` : 'not let in');
  return h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': 'Clients of the meter' }, h('table.access-clients',
    h('thead', h('tr', h('th', { scope: 'col' }, 'Client'), h('th', { scope: 'col' }, 'As read'), access.wish && h('th', { scope: 'col' }, 'As wanted'), manages && h('td', h('span.offscreen', 'Change')))),
    h('tbody', numbers.map((n) => {
      const [found, wanted] = [clientOf(access.found, n), clientOf(access.wish?.clients, n)];
      const off = access.wish && access.differences.some((d) => d.client === n);
      return h('tr', { key: n }, h('th', { scope: 'row' }, n, off && many(' ', h(Mark, { state: 'attention' }), h('span.offscreen', 'differs'))), h('td', words(found)), access.wish && h('td', words(wanted)),
        manages && h('td', h(Button, { small: true, kind: 'quiet', label: `Change what is wanted of client ${n}`, onClick: () => onWant(n) }, 'Change…')));
    }))));
}

function Differences({ list }) {
  const [all, setAll] = useState(false);
  const shown = all ? list : list.slice(0, SHOWN);
  return h('div.card-body', h('ul.plain.access-differences', shown.map((d) => h('li', { key: d.words, class: d.more ? 'is-attention' : '' }, h(Mark, { state: d.more ? 'attention' : 'info' }), h('span', d.words.charAt(0).toUpperCase() + d.words.slice(1), '.')))),
    list.length > SHOWN && h('button.link', { type: 'button', onClick: () => setAll(!all) }, all ? 'Fewer' : `${list.length - SHOWN} more`));
}

function Want({ meter, access, client, onClose, onDone }) {
  const asRead = client === 'as read';
  const base = (access.wish?.clients || access.found);
  const now = asRead ? null : clientOf(base, client) || access.found.find((c) => c.number === client);
  const all = asRead ? [] : access.found.find((c) => c.number === client)?.objects || [];
  const [level, setLevel] = useState(now?.level);
  const [kept, keep] = useState(() => new Set((clientOf(base, client)?.objects || []).map((o) => `${o.classId}/${o.object}`)));
  const [reason, setReason] = useState('');
  const [error, setError] = useState(null);
  const key = (o) => `${o.classId}/${o.object}`;
  const objects = [...all, ...(now?.objects || []).filter((o) => !all.some((x) => key(x) === key(o)))];
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    try {
      const clients = access.found.map((f) => {
        const wished = access.wish ? clientOf(base, f.number) || { ...f, objects: [] } : f;
        if (f.number !== client) return wished;
        return { ...f, level, objects: objects.filter((o) => kept.has(key(o))).map((o) => wished.objects.find((x) => key(x) === key(o)) || o) };
      });
      await call('PUT', path(meter), { json: asRead ? { reason: reason.trim() } : { clients, reason: reason.trim() } });
      toast('It is kept. The meter changes by an operator’s order.');
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const tick = (o) => (e) => { const next = new Set(kept); if (e.currentTarget.checked) next.add(key(o)); else next.delete(key(o)); keep(next); };
  return h(Dialog, { title: asRead ? `${meter} is right as it is` : `What client ${client} of ${meter} should be`, onClose, wide: !asRead }, h('form.form', { onSubmit: submit },
    asRead ? h('p', 'What was read of it becomes what is wanted: every later difference is raised.')
      : many(
        h('div.field', h('span.field-label', 'It proves itself by'), h(Segments, { label: 'Level', value: level, options: LEVELS, onPick: setLevel })),
        h('fieldset', h('legend.field-label', `It has rights to ${kept.size} of ${objects.length} objects`), h('div.role-list.access-objects', objects.map((o) => h('label.check', { key: key(o) }, h('input', { type: 'checkbox', checked: kept.has(key(o)), onChange: tick(o) }), h('span', h('span.mono', o.object), h('span.dim', ` class ${o.classId}, ${plural(Object.keys(o.attributes).length, 'attribute')}${Object.keys(o.methods).length ? `, ${plural(Object.keys(o.methods).length, 'method')}` : ''}`)))))),
        !kept.size && h('p.is-attention', h(Mark, { state: 'attention' }), ' Without an object it is not let in at all.')),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not kept' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !reason.trim() }, 'This is wanted'), h(Button, { onClick: onClose }, 'Leave it'))));
}

function Order({ meter, orders, onClose }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const carried = orders.filter((o) => o.value !== null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      for (const order of carried) {
        await post('/commands', { meter, action: 'configure', parameters: { attribute: order.attribute, value: order.value }, reason: `${order.words}: ${reason.trim()}` });
      }
      go(href('/commands', { meter }));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: `Have ${meter} let in whom it should`, onClose }, h('form.form', { onSubmit: submit },
    h('p', 'A configuration order each: another person approves it where the policy wants one, you sign it, and the meter answers with its receipt.'),
    h('ul', orders.map((o) => h('li', { key: o.attribute }, o.words.charAt(0).toUpperCase() + o.words.slice(1), ' ', h('span.dim.mono', o.attribute)))),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 300, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not drafted' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !reason.trim() || !carried.length }, `Draft ${plural(carried.length, 'order')}`), h(Button, { onClick: onClose }, 'Leave it'))));
}
