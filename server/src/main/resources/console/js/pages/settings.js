// Settings: one's own account, people and roles, and what this system is.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may, roleWord } from '../session.js';
import { count } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Dialog, Empty, Failure, Field, Id, Loaded, healthMark, toast, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { ChangePassword } from './login.js';
import { SigningKeys } from './signing-keys.js';

const ROLES = [
  ['viewer', 'Sees meters, readings and events.'],
  ['operator', 'Also imports and accepts meters, and commands them.'],
  ['security-administrator', 'Manages people and keys; commands nothing.'],
  ['auditor', 'Reads everything, changes nothing.'],
];

const KEYS = [['/', 'find a meter'], ['Ctrl K', 'go anywhere'], ['P', 'pause the events'], ['← →', 'read a curve slot by slot']];

const PARTS = [
  ['account', 'Account', () => true],
  ['keys', 'Signing keys', (who) => ['operator', 'security-administrator', 'auditor'].some((role) => may(who, role))],
  ['users', 'Users', (who) => may(who, 'security-administrator')],
  ['system', 'System', () => true],
];

export default function Settings({ params, who }) {
  const parts = PARTS.filter(([, , allowed]) => allowed(who));
  const here = parts.some(([id]) => id === params.part) ? params.part : params.part ? null : 'account';
  useTitle('Settings');
  return many(
    h('header.page-head', h('h1', 'Settings'), h('nav.tabs', { 'aria-label': 'Settings' }, parts.map(([id, name]) => h('a', { key: id, href: `/settings/${id}`, 'aria-current': here === id ? 'page' : undefined }, name)))),
    here === 'account' && h(Account, { who }),
    here === 'keys' && h(SigningKeys, { who }),
    here === 'users' && h(Users, { who }),
    here === 'system' && h(System),
    here === null && h(Empty, { icon: 'security', heading: 'This part is not yours' }, 'It is for security administrators.'));
}

function Account({ who }) {
  return h('div.settings',
    h('section.card', h('header.card-head', h('h2', 'You')), h('dl.facts', h('dt', 'User'), h('dd', who.user), h('dt', 'Roles'), h('dd', who.roles.map(roleWord).join(', ') || 'None'), h('dt', 'Look'), h('dd', 'Light or dark, as your system is set'), h('dt', 'Keys'), h('dd', h('ul.plain', KEYS.map(([key, what]) => h('li', { key }, h('kbd', key), ` ${what}`)))))),
    h('section.card', h('header.card-head', h('h2', 'Change your password')), h('div.card-body.narrow', h(ChangePassword, { user: who.user, onDone: () => toast('Your password is changed.') }))));
}

const nameOf = (u) => u.name;
const rolesOf = (u) => (u.roles || []).map((r) => r.toLowerCase().replaceAll('_', '-').replace(/^role-/, ''));

function Users({ who }) {
  const list = useResource('users', (signal) => get('/users', {}, signal).then(asPage));
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState(null);
  const columns = [
    { id: 'name', name: 'User', cell: (u) => h('span', h('strong', nameOf(u)), nameOf(u) === who.user && h('span.dim', ' you')) },
    { id: 'roles', name: 'Roles', wrap: true, cell: (u) => rolesOf(u).map(roleWord).join(', ') || h('span.dim', 'none') },
    { id: 'state', name: 'Password', low: true, cell: (u) => (u.mustChangePassword ? h('span.dim', 'The first one, not changed yet') : 'Own') },
    { id: 'created', name: 'Added', low: true, cell: (u) => h(Ago, { at: u.created, none: 'unknown' }) },
    { id: 'act', name: 'Remove', bare: true, num: true, cell: (u) => (nameOf(u) === who.user ? h('span.dim', '–') : h(Button, { small: true, kind: 'quiet', onClick: () => setRemoving(u), label: `Remove ${nameOf(u)}` }, 'Remove')) },
  ];
  return many(
    h('div.toolbar', h(Button, { icon: 'plus', kind: 'main', onClick: () => setAdding(true) }, 'Add a user')),
    h(Loaded, { of: list, rows: 4, what: 'The users could not be loaded' }, (data) => h(Table, { caption: 'Users', columns, rows: data.items, keyOf: nameOf })),
    adding && h(AddUser, { onClose: () => setAdding(false), onDone: list.reload }),
    removing && h(RemoveUser, { name: nameOf(removing), onClose: () => setRemoving(null), onDone: list.reload }));
}

function AddUser({ onClose, onDone }) {
  const [user, setUser] = useState('');
  const [roles, setRoles] = useState(['viewer']);
  const [made, setMade] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setMade((await call('POST', '/users', { json: { user: user.trim(), roles } })).password);
      onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return h(Dialog, { title: `${user.trim()} is added`, onClose }, h('div.form', h('p', 'The first password, shown this once. It must be changed at the first log-in.'), h('p.once', h(Id, { value: made, strong: true })), h('div.form-actions', h(Button, { kind: 'main', onClick: onClose }, 'I have passed it on'))));
  }
  return h(Dialog, { title: 'Add a user', onClose }, h('form.form', { onSubmit: submit },
    h(Field, { label: 'User name' }, h('input', { type: 'text', value: user, required: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: false, maxLength: 64, onInput: (e) => setUser(e.currentTarget.value) })),
    h('fieldset', h('legend.field-label', 'Roles'), ROLES.map(([id, what]) => h('label.check', { key: id }, h('input', { type: 'checkbox', checked: roles.includes(id), onChange: (e) => setRoles(e.currentTarget.checked ? [...roles, id] : roles.filter((r) => r !== id)) }), h('span', roleWord(id), ' ', h('span.dim', what))))),
    error && h(Failure, { error, what: 'Not added' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !user.trim() || !roles.length }, 'Add'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function RemoveUser({ name, onClose, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const act = async () => {
    setBusy(true);
    try {
      await call('DELETE', `/users/${encodeURIComponent(name)}`);
      toast(`${name} is removed.`);
      onDone();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: `Remove ${name}`, onClose }, h('div.form', h('p', `${name} is logged out at once and can no longer log in. What ${name} did stays in the audit log.`), error && h(Failure, { error, what: 'Not removed' }),
    h('div.form-actions', h(Button, { kind: 'danger', busy, onClick: act }, `Remove ${name}`), h(Button, { onClick: onClose }, 'Cancel'))));
}

function System() {
  const state = useResource('state', (signal) => get('/state', {}, signal), { every: 5000 });
  return h(Loaded, { of: state, rows: 6, what: 'The state of the system could not be loaded' }, (s) => h('div.settings',
    h('section.card', h('header.card-head', h('h2', 'Parts')),
      h('ul.plain.ways', h('li', h('span.state', { class: `is-${healthMark(s.database?.state)}` }, h(Mark, { state: healthMark(s.database?.state) }), 'Database'), h('span.dim', s.database?.detail)),
        s.backup && h('li', h('span.state', { class: `is-${healthMark(s.backup.state)}` }, h(Mark, { state: healthMark(s.backup.state) }), 'Backup'), h('span.dim', s.backup.detail)),
        (s.channels || []).map((c) => h('li', { key: c.id }, h('span.state', { class: `is-${healthMark(c.state)}` }, h(Mark, { state: healthMark(c.state) }), h('span.mono', c.id)), h('span.dim', c.detail))),
        h('li', h('span.state', h(Mark, { state: 'fine' }), 'Intake'), h('span.dim', `${count(s.intake?.queued ?? 0)} waiting, ${count(Math.round(s.intake?.perSecond ?? 0))} a second, oldest ${count(s.intake?.oldestMs ?? 0)} ms`)))),
    h('section.card', h('header.card-head', h('h2', 'About')),
      h('dl.facts', h('dt', 'Gridwarden'), h('dd', s.version || 'version not told'), s.started && many(h('dt', 'Started'), h('dd', h(At, { at: s.started }))), h('dt', 'Meters'), h('dd', count(s.meters?.total ?? 0)),
        h('dt', 'Office key'), h('dd', h('a', { href: '/api/v1/office-key', download: 'office-key.pem' }, 'Download'), h('span.dim', ' for shipment files')), h('dt', 'Interface'), h('dd', h('a', { href: '/api/docs', target: '_blank', rel: 'noopener' }, 'REST, described and to try')),
        h('dt', 'Licence'), h('dd', 'Apache-2.0; Preact and uPlot are MIT')))));
}
