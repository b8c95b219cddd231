// The public keys by which one user comes in over SSH; a security administrator's, and never one's own.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { Ago, Button, Dialog, Empty, Failure, Field, Id, Loaded, Segments, toast } from '../parts.js';
import { Table } from '../table.js';

const path = (user, rest = '') => `/users/${encodeURIComponent(user)}/ssh-keys${rest}`;

export function SshKeys({ who }) {
  const users = useResource('users', (signal) => get('/users', {}, signal).then(asPage));
  const [picked, pick] = useState('');
  return h(Loaded, { of: users, rows: 4, what: 'The users could not be loaded' }, (data) => {
    const names = data.items.map((u) => u.name);
    const user = names.includes(picked) ? picked : names[0];
    return many(
      h('div.toolbar', names.length > 6
        ? h('label.with-label', h('span', 'User'), h('select', { value: user, onChange: (e) => pick(e.currentTarget.value) }, names.map((n) => h('option', { key: n, value: n }, n))))
        : h(Segments, { label: 'User', value: user, options: names.map((n) => [n, n]), onPick: pick })),
      user && h(KeysOf, { key: user, user, who }));
  });
}

function KeysOf({ user, who }) {
  const list = useResource(`ssh ${user}`, (signal) => get(path(user), {}, signal).then(asPage));
  const [adding, add] = useState(false);
  const [removing, remove] = useState(null);
  const manages = may(who, 'MANAGE_USERS') && user !== who.user;
  const columns = [
    { id: 'print', name: 'Fingerprint', cell: (k) => h(Id, { value: `${k.fingerprint.slice(0, 23)}…`, whole: k.fingerprint }) },
    { id: 'algorithm', name: 'Algorithm', low: true, cell: (k) => h('span.mono', k.algorithm) },
    { id: 'comment', name: 'Comment', wrap: true, cell: (k) => k.comment || h('span.dim', '–') },
    { id: 'added', name: 'Registered', cell: (k) => h('span', h(Ago, { at: k.added }), h('span.dim', ` by ${k.addedBy}`)) },
    ...(manages ? [{ id: 'act', name: 'Take away', bare: true, num: true, cell: (k) => h(Button, { small: true, kind: 'quiet', label: `Take ${k.fingerprint} away`, onClick: () => remove(k) }, 'Take away…') }] : []),
  ];
  return h('section.card', h('header.card-head', h('h2', `SSH keys of ${user}`), manages && h(Button, { small: true, icon: 'plus', onClick: () => add(true) }, 'Register a key')),
    h(Loaded, { of: list, rows: 3, what: 'The keys could not be loaded' }, (data) => (data.items.length ? h(Table, { caption: `SSH keys of ${user}`, columns, rows: data.items, keyOf: (k) => k.fingerprint })
      : h(Empty, { icon: 'security', heading: `${user} does not come in over SSH` }, user === who.user ? 'Nobody opens a door to themselves: another administrator registers your key.' : 'Register the public half of a key that the user made: ssh-keygen -t ed25519. The office keeps no other half.'))),
    adding && h(Register, { user, onClose: () => add(false), onDone: () => { add(false); list.reload(); } }),
    removing && h(TakeAway, { user, of: removing, onClose: () => remove(null), onDone: () => { remove(null); list.reload(); } }));
}

function Register({ user, onClose, onDone }) {
  const [key, setKey] = useState('');
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    try {
      await call('POST', path(user), { json: { key: key.trim() } });
      toast(`${user} comes in by this key from now on.`);
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return h(Dialog, { title: `Register a key of ${user}`, onClose, wide: true }, h('form.form', { onSubmit: submit },
    h(Field, { label: 'The one line of the .pub file', hint: 'ssh-ed25519 or ecdsa-sha2-nistp256. Have the user read its fingerprint to you: ssh-keygen -lf FILE.' }, h('textarea.mono', { rows: 3, value: key, required: true, spellcheck: false, onInput: (e) => setKey(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not registered' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !key.trim() }, 'Register it'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function TakeAway({ user, of, onClose, onDone }) {
  const [error, setError] = useState(null);
  const act = async () => {
    try {
      await call('DELETE', path(user, `?fingerprint=${encodeURIComponent(of.fingerprint)}`));
      toast('The key opens nothing any more.');
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return h(Dialog, { title: `Take a key of ${user} away`, onClose }, h('div.form', h('p', h('span.mono', of.fingerprint), ': it opens nothing any more, and a session that stands on it ends within seconds.'), error && h(Failure, { error, what: 'Not taken away' }),
    h('div.form-actions', h(Button, { kind: 'danger', onClick: act }, 'Take it away'), h(Button, { onClick: onClose }, 'Cancel'))));
}
