// What is asked for to open and change an account, and to move it in and out.
import { h, many, useState } from '../dom.js';
import { call, post } from '../api.js';
import { Button, Field, toast } from '../parts.js';
import { instantOf } from '../zone.js';
import { localZone } from '../format.js';
import { useMeterSearch } from '../search.js';

/** Sends a form and tells what the server did not take, beside the field that it names. */
function useForm(send, onDone) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onDone(await send());
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return { busy, error, submit };
}

const Refusal = ({ error }) => error && h('p.form-error', { role: 'alert' }, '!', h('span', `${error.where ? `${error.where}: ` : ''}${error.remedy || error.message}`));

const LANGUAGES = [['de', 'German'], ['fr', 'French'], ['it', 'Italian'], ['en', 'English'], ['rm', 'Romansh'], ['es', 'Spanish'], ['nl', 'Dutch'], ['pl', 'Polish'], ['tr', 'Turkish'], ['pt', 'Portuguese']];

/** A new account, or with `account` another holder or address of it. */
export function HolderForm({ account, onClose, onDone }) {
  const [holder, setHolder] = useState({ id: '', name: account?.name || '', street: account?.street || '', city: account?.city || '', email: account?.email || '', phone: account?.phone || '', language: account?.language || 'de' });
  const form = useForm(() => {
    const { id, ...rest } = holder;
    return account ? call('PUT', `/accounts/${encodeURIComponent(account.id)}`, { json: rest }) : post('/accounts', id ? holder : rest);
  }, onDone);
  const field = (key, label, more = {}) => h(Field, { label, hint: more.hint }, h('input', { type: 'text', value: holder[key], autocomplete: 'off', maxLength: 200, ...more.props, onInput: (e) => setHolder({ ...holder, [key]: e.currentTarget.value }) }));
  const known = LANGUAGES.some(([tag]) => tag === holder.language) ? LANGUAGES : [...LANGUAGES, [holder.language, holder.language]];
  return h('form.form', { onSubmit: form.submit },
    field('name', 'Name', { props: { required: true } }),
    h('div.pair', field('street', 'Street and number'), field('city', 'Postal code and city')),
    h('div.pair', field('email', 'Mail', { props: { inputMode: 'email', maxLength: 254 } }), field('phone', 'Telephone', { props: { inputMode: 'tel', maxLength: 40 } })),
    h('div.pair',
      h(Field, { label: 'Language', hint: 'In which they are written to' }, h('select', { value: holder.language, onChange: (e) => setHolder({ ...holder, language: e.currentTarget.value }) }, known.map(([tag, word]) => h('option', { key: tag, value: tag, selected: tag === holder.language }, word)))),
      !account && field('id', 'Number', { hint: 'Empty: the next free one', props: { maxLength: 32 } })),
    h(Refusal, { error: form.error }),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: form.busy, disabled: !holder.name.trim() }, account ? 'Change' : 'Open the account'), h(Button, { onClick: onClose }, 'Cancel')));
}

const nowText = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

/** Midnight of a date in the meters' zone, or undefined where it is no date. */
const midnight = (date, zone) => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(instantOf(Date.parse(date), zone)).toISOString() : undefined);

/** Where to: any part of a meter's id or service point finds it. */
function PointField({ value, onPick }) {
  const found = useMeterSearch(value.point ? '' : value.text, 6);
  const points = [...new Map(found.items.filter((m) => m.servicePoint).map((m) => [m.servicePoint, m])).values()];
  return many(
    h(Field, { label: 'Service point', hint: value.point ? `Times by its meter’s wall: ${value.zone}` : 'Any part of it, or of its meter’s id' },
      h('input', { type: 'text', value: value.text, required: true, autocomplete: 'off', maxLength: 200, onInput: (e) => onPick({ text: e.currentTarget.value, point: '', zone: localZone }) })),
    !value.point && points.length > 0 && h('ul.plain.offered', { 'aria-label': 'Service points found' }, points.map((m) => h('li', { key: m.servicePoint },
      h('button.link', { type: 'button', onClick: () => onPick({ text: m.servicePoint, point: m.servicePoint, zone: m.zone }) }, m.servicePoint), h('span.dim', ` ${m.id}`)))));
}

export function MoveInForm({ id, onClose, onDone }) {
  const [where, setWhere] = useState({ text: '', point: '', zone: localZone });
  const [tariff, setTariff] = useState('');
  const [date, setDate] = useState(nowText());
  const [takeOver, setTakeOver] = useState(false);
  const form = useForm(() => post(`/accounts/${encodeURIComponent(id)}/move-in`, { servicePoint: where.point || where.text.trim(), tariff, since: midnight(date, where.zone), takeOver }), (whole) => { toast('Moved in.'); onDone(whole); });
  return h('form.form', { onSubmit: form.submit },
    h(PointField, { value: where, onPick: setWhere }),
    h('div.pair', h(Field, { label: 'Tariff', hint: 'By its name' }, h('input', { type: 'text', value: tariff, required: true, autocomplete: 'off', maxLength: 200, onInput: (e) => setTariff(e.currentTarget.value) })),
      h(Field, { label: 'From', hint: 'From the midnight that begins it' }, h('input', { type: 'date', value: date, required: true, onInput: (e) => setDate(e.currentTarget.value) }))),
    h('label.check', h('input', { type: 'checkbox', checked: takeOver, onChange: (e) => setTakeOver(e.currentTarget.checked) }), 'Whoever is supplied there moves out with it'),
    h(Refusal, { error: form.error }),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: form.busy, disabled: !where.text.trim() || !tariff.trim() || !date }, 'Move in'), h(Button, { onClick: onClose }, 'Cancel')));
}

/** Ends an agreement, or with `tariff` goes on by another tariff. */
export function AgreementForm({ id, agreement, zone, tariff: another, onClose, onDone }) {
  const [date, setDate] = useState(nowText());
  const [tariff, setTariff] = useState('');
  const at = midnight(date, zone);
  const form = useForm(() => (another
    ? post(`/accounts/${encodeURIComponent(id)}/tariff`, { servicePoint: agreement.servicePoint, tariff, from: at })
    : post(`/accounts/${encodeURIComponent(id)}/move-out`, { servicePoint: agreement.servicePoint, until: at })), (whole) => { toast(another ? 'The tariff is changed.' : 'Moved out.'); onDone(whole); });
  return h('form.form', { onSubmit: form.submit },
    h('p', another ? `${agreement.servicePoint} goes on by another tariff than ${agreement.tariff}.` : `${agreement.servicePoint} is supplied to this account no more. The last bill counts up to that midnight.`),
    another && h(Field, { label: 'Tariff', hint: 'By its name' }, h('input', { type: 'text', value: tariff, required: true, autocomplete: 'off', maxLength: 200, onInput: (e) => setTariff(e.currentTarget.value) })),
    h(Field, { label: 'From', hint: `From the midnight that begins it, in ${zone}` }, h('input', { type: 'date', value: date, required: true, onInput: (e) => setDate(e.currentTarget.value) })),
    h(Refusal, { error: form.error }),
    h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: form.busy, disabled: !at || (another && !tariff.trim()) }, another ? 'Change the tariff' : 'Move out'), h(Button, { onClick: onClose }, 'Cancel')));
}
