// People who may log in: added, given roles, kept out, helped in again.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may, roleWord } from '../session.js';
import { Mark } from '../icons.js';
import { Ago, Button, Dialog, Failure, Field, Id, Loaded, toast } from '../parts.js';
import { Table } from '../table.js';

const path = (name, rest = '') => `/users/${encodeURIComponent(name)}${rest}`;

export function Users({ who }) {
  const list = useResource('users', (signal) => get('/users', {}, signal).then(asPage));
  const roles = useResource('roles', (signal) => get('/roles', {}, signal));
  const [open, setOpen] = useState(null);
  const [adding, setAdding] = useState(false);
  const manages = may(who, 'MANAGE_USERS');
  const columns = [
    { id: 'name', name: 'User', cell: (u) => h('span', h('strong', u.name), u.name === who.user && h('span.dim', ' you')) },
    { id: 'roles', name: 'Roles', wrap: true, cell: (u) => u.roles.map(roleWord).join(', ') },
    { id: 'state', name: 'State', cell: (u) => h(State, { user: u }) },
    { id: 'factor', name: 'Second factor', low: true, cell: (u) => (u.secondFactor ? 'On' : h('span.dim', 'Off')) },
    { id: 'created', name: 'Added', low: true, cell: (u) => h(Ago, { at: u.created, none: 'unknown' }) },
    ...(manages ? [{ id: 'act', name: 'Change', bare: true, num: true, cell: (u) => (u.name === who.user ? h('span.dim', '–') : h(Button, { small: true, kind: 'quiet', onClick: () => setOpen(u), label: `Change ${u.name}` }, 'Change')) }] : []),
  ];
  const acted = () => { setOpen(null); list.reload(); };
  return many(
    manages && h('div.toolbar', h(Button, { icon: 'plus', kind: 'main', onClick: () => setAdding(true) }, 'Add a user')),
    h(Loaded, { of: list, rows: 4, what: 'The users could not be loaded' }, (data) => h(Table, { caption: 'Users', columns, rows: data.items, keyOf: (u) => u.name })),
    adding && h(AddUser, { roles: roles.data?.items || [], onClose: () => setAdding(false), onDone: list.reload }),
    open && h(ChangeUser, { user: open, roles: roles.data?.items || [], onClose: () => setOpen(null), onDone: acted }));
}

function State({ user }) {
  const [word, mark] = user.disabled ? ['Kept out', 'muted'] : user.mustChangePassword ? ['First password', 'attention'] : ['In', 'fine'];
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

function PickRoles({ roles, value, onPick }) {
  return h('fieldset', h('legend.field-label', 'Roles'), h('div.role-list', roles.map((r) => h('label.check', { key: r.name },
    h('input', { type: 'checkbox', checked: value.includes(r.name), onChange: (e) => onPick(e.currentTarget.checked ? [...value, r.name] : value.filter((x) => x !== r.name)) }),
    h('span', roleWord(r.name), ' ', h('span.dim', r.note))))));
}

function Once({ title, password, onClose }) {
  return h(Dialog, { title, onClose }, h('div.form', h('p', 'The first password, shown this once. It must be changed at the first log-in.'), h('p.once', h(Id, { value: password, strong: true })), h('div.form-actions', h(Button, { kind: 'main', onClick: onClose }, 'I have passed it on'))));
}

function AddUser({ roles, onClose, onDone }) {
  const [user, setUser] = useState('');
  const [picked, setPicked] = useState(['VIEWER']);
  const [made, setMade] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setMade((await call('POST', '/users', { json: { user: user.trim(), roles: picked } })).password);
      onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (made) return h(Once, { title: `${user.trim()} is added`, password: made, onClose });
  return h(Dialog, { title: 'Add a user', onClose }, h('form.form', { onSubmit: submit },
    h(Field, { label: 'User name' }, h('input', { type: 'text', value: user, required: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: false, maxLength: 64, onInput: (e) => setUser(e.currentTarget.value) })),
    h(PickRoles, { roles, value: picked, onPick: setPicked }),
    error && h(Failure, { error, what: 'Not added' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !user.trim() || !picked.length }, 'Add'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function ChangeUser({ user, roles, onClose, onDone }) {
  const [picked, setPicked] = useState(user.roles);
  const [made, setMade] = useState(null);
  const [removing, setRemoving] = useState(false);
  const [error, setError] = useState(null);
  const act = async (what, said) => {
    setError(null);
    try {
      const answer = await what();
      if (answer?.password) { setMade(answer.password); return; }
      toast(said);
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const { name } = user;
  if (made) return h(Once, { title: `A new password for ${name}`, password: made, onClose: onDone });
  if (removing) {
    return h(Dialog, { title: `Remove ${name}`, onClose }, h('div.form', h('p', `${name} is logged out at once and can no longer log in. What ${name} did stays in the audit log.`), error && h(Failure, { error, what: 'Not removed' }),
      h('div.form-actions', h(Button, { kind: 'danger', onClick: () => act(() => call('DELETE', path(name)), `${name} is removed.`) }, `Remove ${name}`), h(Button, { onClick: onClose }, 'Cancel'))));
  }
  const same = picked.length === user.roles.length && picked.every((r) => user.roles.includes(r));
  return h(Dialog, { title: `Change ${name}`, onClose }, h('div.form',
    h(PickRoles, { roles, value: picked, onPick: setPicked }),
    h('div.form-actions', h(Button, { kind: 'main', disabled: same || !picked.length, onClick: () => act(() => call('PUT', path(name, '/roles'), { json: { roles: picked } }), `${name} has these roles now.`) }, 'Give these roles')),
    h('p.dim', 'Each of these ends where they are logged in, or lets them try again at once:'),
    h('div.acts',
      user.secondFactor && h(Button, { small: true, onClick: () => act(() => call('DELETE', path(name, '/factor')), `${name} has no second factor any more.`) }, 'Take the second factor away'),
      h(Button, { small: true, onClick: () => act(() => call('POST', path(name, '/password')), '') }, 'New first password'),
      h(Button, { small: true, onClick: () => act(() => call('DELETE', path(name, '/lock')), `${name} need not wait.`) }, 'Unlock'),
      h(Button, { small: true, onClick: () => act(() => call('PUT', path(name, '/disabled'), { json: { disabled: !user.disabled } }), user.disabled ? `${name} may log in again.` : `${name} is kept out.`) }, user.disabled ? 'Let in again' : 'Keep out'),
      h(Button, { small: true, kind: 'danger', onClick: () => setRemoving(true) }, 'Remove…')),
    error && h(Failure, { error, what: 'Not changed' })));
}
