// Roles as a matrix: what each may, and an office's own made from the same permissions.
import { h, many, useState } from '../dom.js';
import { call, get, useResource } from '../api.js';
import { may, roleWord } from '../session.js';
import { Button, Dialog, Failure, Field, Loaded, toast } from '../parts.js';

const DUTIES = { READS: 'Reads', ACTS: 'Acts', GRANTS: 'Grants', AUDITS: 'Audits', OWNS: 'Owns' };
const word = (permission) => permission.charAt(0) + permission.slice(1).toLowerCase().replaceAll('_', ' ');

export function Roles({ who }) {
  const list = useResource('roles', (signal) => get('/roles', {}, signal));
  const [editing, setEditing] = useState(null);
  const manages = may(who, 'MANAGE_ROLES');
  return many(
    manages && h('div.toolbar', h(Button, { icon: 'plus', kind: 'main', onClick: () => setEditing({ name: '', permissions: ['VIEW'], note: '' }) }, 'Make a role')),
    h(Loaded, { of: list, rows: 8, kind: 'block', what: 'The roles could not be loaded' }, (data) => h(Matrix, { data, manages, onEdit: setEditing })),
    editing && h(EditRole, { role: editing, permissions: list.data.permissions, onClose: () => setEditing(null), onDone: () => { setEditing(null); list.reload(); } }));
}

function Matrix({ data, manages, onEdit }) {
  const groups = Object.keys(DUTIES).map((duty) => [duty, data.permissions.filter((p) => p.duty === duty)]).filter(([, list]) => list.length);
  return h('section.card', h('div.table-wrap.matrix', { tabIndex: 0, role: 'region', 'aria-label': 'What each role may' }, h('table',
    h('caption.offscreen', 'What each role may'),
    h('thead', h('tr', h('td'), data.items.map((role) => h('th', { key: role.name, scope: 'col', title: role.note }, h('span.turned', roleWord(role.name)))))),
    groups.map(([duty, list]) => h('tbody', { key: duty },
      h('tr.matrix-duty', h('th', { scope: 'rowgroup', colSpan: data.items.length + 1 }, DUTIES[duty])),
      list.map((p) => h('tr', { key: p.name }, h('th', { scope: 'row', title: p.words }, word(p.name), h('span.dim', p.words)),
        data.items.map((role) => { const has = role.permissions.includes(p.name); return h('td', { key: role.name, class: has ? 'has' : '' }, h('span', { 'aria-hidden': 'true' }, has ? '●' : '·'), h('span.offscreen', has ? 'yes' : 'no')); }))))),
    h('tfoot', h('tr', h('th', { scope: 'row' }, 'Users who have it'), data.items.map((role) => h('td', { key: role.name }, role.holders || h('span.dim', '–')))),
      manages && data.items.some((role) => !role.standard) && h('tr', h('th', { scope: 'row' }, h('span.dim', 'The standard’s roles stay as they are')), data.items.map((role) => h('td', { key: role.name }, !role.standard && h(Button, { small: true, kind: 'quiet', onClick: () => onEdit(role), label: `Change ${roleWord(role.name)}` }, 'Edit'))))))),
    h('p.card-body.dim', 'Nobody has two of acting, granting and auditing, by one role or by several. A consumer’s role goes with no other.'));
}

function EditRole({ role, permissions, onClose, onDone }) {
  const made = Boolean(role.name);
  const [name, setName] = useState(role.name);
  const [note, setNote] = useState(role.note);
  const [picked, setPicked] = useState(role.permissions);
  const [error, setError] = useState(null);
  const address = () => `/roles/${encodeURIComponent(name.trim())}`;
  const act = async (what, said) => {
    setError(null);
    try {
      await what();
      toast(said);
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const submit = (event) => {
    event.preventDefault();
    act(() => call('PUT', address(), { json: { permissions: picked, note: note.trim() } }), made ? 'The role is changed, for all who have it.' : 'The role is made.');
  };
  const duties = new Set(permissions.filter((p) => picked.includes(p.name)).map((p) => p.duty));
  duties.delete('READS');
  return h(Dialog, { title: made ? `Change ${roleWord(name)}` : 'Make a role', onClose, wide: true }, h('form.form', { onSubmit: submit },
    !made && h(Field, { label: 'Name', hint: 'Such as night shift.' }, h('input', { type: 'text', value: name, required: true, autocomplete: 'off', maxLength: 40, onInput: (e) => setName(e.currentTarget.value) })),
    h(Field, { label: 'What it is for' }, h('input', { type: 'text', value: note, autocomplete: 'off', maxLength: 200, onInput: (e) => setNote(e.currentTarget.value) })),
    h('fieldset', h('legend.field-label', 'It may'), h('div.role-list', permissions.map((p) => {
      const apart = p.duty !== 'READS' && !picked.includes(p.name) && duties.size > 0 && !duties.has(p.duty);
      return h('label.check', { key: p.name, class: apart ? 'is-apart' : '' }, h('input', { type: 'checkbox', checked: picked.includes(p.name), disabled: apart, onChange: (e) => setPicked(e.currentTarget.checked ? [...picked, p.name] : picked.filter((x) => x !== p.name)) }),
        h('span', word(p.name), ' ', h('span.dim', apart ? 'not together with what is chosen' : p.words)));
    }))),
    error && h(Failure, { error, what: made ? 'Not changed' : 'Not made' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !name.trim() || !picked.length }, made ? 'Change it' : 'Make it'), h(Button, { onClick: onClose }, 'Cancel'),
      made && h(Button, { kind: 'danger', disabled: role.holders > 0, title: role.holders > 0 ? 'Somebody has it' : undefined, onClick: () => act(() => call('DELETE', address()), 'The role is removed.') }, 'Remove'))));
}
