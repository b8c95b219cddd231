// A meter's keys: which are in force, since when, how far their counters are used; and new ones by an order.
import { h, many, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { stateOf } from '../format.js';
import { Mark } from '../icons.js';
import { go } from '../router.js';
import { Ago, Button, Dialog, Failure, Field, Loaded } from '../parts.js';
import { path } from '../commands.js';

const NAMES = { DLMS: 'DLMS', 'DLMS broadcast': 'Broadcast', seal: 'Command seal', master: 'Master', message: 'Messages' };
const STATES = { 'in force': ['In force', 'fine'], pending: ['On its way', 'attention'], retired: ['Retired', 'muted'], revoked: ['Revoked', 'fault'] };
const WORN = 75;
const SEE = ['operator', 'security-administrator', 'auditor'];

/** Those that count now; retired ones are history, shown where none is left. */
const current = (keys) => {
  const now = keys.filter((k) => k.state === 'in force' || k.state === 'pending');
  return now.length ? now : keys.filter((k) => k.state === 'revoked');
};

/** For those who may know. */
export const Keys = ({ meter, who }) => SEE.some((role) => may(who, role)) && h(Card, { meter, who });

function Card({ meter, who }) {
  const keys = useResource(`${meter.id} ${meter.state}`, (signal) => get(`/keys/${encodeURIComponent(meter.id)}`, {}, signal).then((a) => asPage(a).items));
  useLive((batch) => batch.some((e) => e.type === 'command' && e.meter === meter.id) && keys.reload());
  const [asking, ask] = useState(false);
  return h('section.card.keys', h('header.card-head', h('h2', 'Keys')),
    h(Loaded, { of: keys, rows: 3, what: 'The keys could not be loaded' }, (all) => {
      const shown = current(all);
      const old = all.filter((k) => k.state === 'retired').length;
      const changeable = shown.some((k) => k.purpose === 'master' && k.state === 'in force');
      const pending = shown.find((k) => k.state === 'pending');
      return many(
        shown.length ? h('ul.plain.key-list', shown.map((k) => h(OneKey, { key: k.purpose + k.id + k.state, of: k, zone: meter.zone }))) : h('p.card-note', 'It has none.'),
        old > 0 && h('p.card-note', `${old} retired`),
        h('div.card-body',
          pending ? h('p', 'New keys are on their way; the old ones are taken until the meter confirms them. ', h('a', { href: path(pending.command) }, 'The order'))
            : !shown.some((k) => k.state === 'in force') && shown.length ? h('p.dim', 'They were revoked. Once its case is closed, another person replaces them from its fitter’s line.')
              : !changeable ? h('p.dim', 'It was shipped without a master key: new keys cannot be sent to it.')
                : may(who, 'operator') && stateOf(meter) === 'active' && h(Button, { onClick: () => ask(true) }, 'New keys…')));
    }),
    asking && h(Rotate, { meter: meter.id, onClose: () => ask(false) }));
}

function OneKey({ of: key, zone }) {
  const [word, mark] = STATES[key.state] || [key.state, 'info'];
  const worn = key.used !== null && key.used >= WORN;
  return h('li',
    h('div.key-name', h('strong', NAMES[key.purpose] || key.purpose), ' ', h('code', key.id)),
    h('div.key-state', h(Mark, { state: mark }), ` ${word} since `, h(Ago, { at: key.changed, zone }),
      key.used !== null && h('span', { class: worn ? 'is-attention' : 'dim' }, `, ${key.used < 0.01 ? 'less than 0.01' : key.used} % of its counters used`)));
}

function Rotate({ meter, onClose }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const made = await post('/keys/rotate', { meter, reason: reason.trim() });
      go(path(made.items[0].id));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: `New keys for ${meter}`, onClose }, h('form.form', { onSubmit: submit },
    h('p', 'The office makes them and wraps them under the meter’s master key. The order that carries them is approved by another person and signed by you; the old keys are taken until the meter confirms the new ones.'),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Nothing was drafted' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !reason.trim() }, 'Draft the order'), h(Button, { onClick: onClose }, 'Leave it'))));
}
