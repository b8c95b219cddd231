// Machines: what lets them in, what they may, when they were here last.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { Mark } from '../icons.js';
import { Ago, Button, Dialog, Empty, Failure, Field, Id, Loaded, toast } from '../parts.js';
import { Table } from '../table.js';
import { dateTime } from '../format.js';

/** What a machine may have: granting, releasing and signing are for people. */
const OPEN = ['VIEW', 'READ_HEALTH', 'OPERATE', 'MANAGE_METERS', 'MANAGE_FIRMWARE', 'BILL', 'SERVE_CUSTOMERS', 'READ_AUDIT'];
const word = (permission) => permission.charAt(0) + permission.slice(1).toLowerCase().replaceAll('_', ' ');
const MARKS = { 'in force': ['In force', 'fine'], expired: ['Expired', 'attention'], revoked: ['Revoked', 'muted'] };

export function Machines({ who }) {
  const list = useResource('machines', (signal) => get('/machines', {}, signal).then(asPage));
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState(null);
  const manages = may(who, 'MANAGE_USERS');
  const columns = [
    { id: 'name', name: 'Machine', cell: (m) => h('strong', m.name) },
    { id: 'state', name: 'State', cell: (m) => h('span.state', { class: `is-${MARKS[m.state][1]}` }, h(Mark, { state: MARKS[m.state][1] }), MARKS[m.state][0]) },
    { id: 'may', name: 'May', wrap: true, cell: (m) => m.permissions.map(word).join(', ') },
    { id: 'by', name: 'Known by', low: true, cell: (m) => h('span.mono', { title: m.certificate || undefined }, m.key ? `${m.key}_…` : `certificate ${m.certificate.slice(0, 12)}…`) },
    { id: 'used', name: 'Last used', cell: (m) => h(Ago, { at: m.lastUsed, none: 'never' }) },
    { id: 'expires', name: 'Until', low: true, cell: (m) => dateTime(Date.parse(m.expires), undefined, { seconds: false }) },
    ...(manages ? [{ id: 'act', name: 'Revoke', bare: true, num: true, cell: (m) => m.state === 'in force' && h(Button, { small: true, kind: 'quiet', onClick: () => setRevoking(m), label: `Revoke ${m.name}` }, 'Revoke') }] : []),
  ];
  return many(
    manages && h('div.toolbar', h(Button, { icon: 'plus', kind: 'main', onClick: () => setAdding(true) }, 'Let a machine in')),
    h(Loaded, { of: list, rows: 4, what: 'The machines could not be loaded' }, (data) => (data.items.length ? h(Table, { caption: 'Machines', columns, rows: data.items, keyOf: (m) => m.name })
      : h(Empty, { icon: 'security', heading: 'No machine is let in' }, 'A machine asks in its own name, by a key or a certificate, never with a person’s password.'))),
    adding && h(AddMachine, { onClose: () => setAdding(false), onDone: list.reload }),
    revoking && h(Revoke, { machine: revoking, onClose: () => setRevoking(null), onDone: () => { setRevoking(null); list.reload(); } }));
}

function AddMachine({ onClose, onDone }) {
  const [form, set] = useState({ name: '', days: 90, perMinute: 600, certificate: '', picked: ['VIEW'] });
  const [made, setMade] = useState(null);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    const certificate = form.certificate.trim();
    try {
      setMade(await call('POST', '/machines', { json: { name: form.name.trim(), permissions: form.picked, days: Number(form.days), perMinute: Number(form.perMinute), ...(certificate && { certificate }) } }));
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  if (made) {
    return h(Dialog, { title: `${made.machine.name} is let in`, onClose }, h('div.form',
      made.key ? many(h('p', 'Its key, shown this once. It goes into the header ', h('code', 'X-Api-Key'), '.'), h('p.once', h(Id, { value: made.key, strong: true })))
        : h('p', 'It shows its certificate in TLS and names itself in the header ', h('code', `X-Machine: ${made.machine.name}`), '.'),
      h('div.form-actions', h(Button, { kind: 'main', onClick: onClose }, made.key ? 'I have put it away' : 'Done'))));
  }
  const put = (key) => (e) => set({ ...form, [key]: e.currentTarget.value });
  return h(Dialog, { title: 'Let a machine in', onClose, wide: true }, h('form.form', { onSubmit: submit },
    h(Field, { label: 'Name', hint: 'Never given twice: the audit log means this one for good.' }, h('input', { type: 'text', value: form.name, required: true, autocomplete: 'off', spellcheck: false, maxLength: 64, onInput: put('name') })),
    h('fieldset', h('legend.field-label', 'It may'), h('div.role-list', OPEN.map((p) => h('label.check', { key: p }, h('input', { type: 'checkbox', checked: form.picked.includes(p), onChange: (e) => set({ ...form, picked: e.currentTarget.checked ? [...form.picked, p] : form.picked.filter((x) => x !== p) }) }), h('span', word(p)))))),
    h('div.pair', h(Field, { label: 'Days' }, h('input', { type: 'number', value: form.days, min: 1, max: 730, required: true, onInput: put('days') })), h(Field, { label: 'Requests a minute' }, h('input', { type: 'number', value: form.perMinute, min: 1, max: 100000, required: true, onInput: put('perMinute') }))),
    h(Field, { label: 'Certificate, in the place of a key', hint: 'PEM, or its SHA-256. The server must ask for certificates: console.clientCertificates.' }, h('textarea.mono', { rows: 3, value: form.certificate, spellcheck: false, onInput: put('certificate') })),
    error && h(Failure, { error, what: 'Not let in' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !form.name.trim() || !form.picked.length }, 'Let it in'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function Revoke({ machine, onClose, onDone }) {
  const [error, setError] = useState(null);
  const act = async () => {
    try {
      await call('DELETE', `/machines/${encodeURIComponent(machine.name)}`);
      toast(`${machine.name} is revoked.`);
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return h(Dialog, { title: `Revoke ${machine.name}`, onClose }, h('div.form', h('p', `${machine.name} is refused from the next request on, for good. It comes back under another name only.`), error && h(Failure, { error, what: 'Not revoked' }),
    h('div.form-actions', h(Button, { kind: 'danger', onClick: act }, `Revoke ${machine.name}`), h(Button, { onClick: onClose }, 'Cancel'))));
}
