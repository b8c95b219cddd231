// Which words of the identity provider give which role here: anew with each log-in.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may, roleWord } from '../session.js';
import { Mark } from '../icons.js';
import { Button, Dialog, Empty, Failure, Field, Loaded, toast } from '../parts.js';
import { Table } from '../table.js';

export function OidcRoles({ who }) {
  const list = useResource('oidc-roles', (signal) => get('/oidc-roles', {}, signal).then(asPage));
  const ways = useResource('ways', (signal) => get('/session/ways', {}, signal));
  const roles = useResource('roles', (signal) => get('/roles', {}, signal));
  const [adding, add] = useState(false);
  const [error, setError] = useState(null);
  const manages = may(who, 'MANAGE_USERS');
  const remove = async (rule) => {
    setError(null);
    try {
      await call('DELETE', `/oidc-roles?${new URLSearchParams(rule)}`);
      toast('It gives nothing any more, from the next log-in on.');
      list.reload();
    } catch (problem) {
      setError(problem);
    }
  };
  const columns = [
    { id: 'claim', name: 'Claim', cell: (r) => h('span.mono', r.claim) },
    { id: 'value', name: 'Value', cell: (r) => h('span.mono', r.value) },
    { id: 'role', name: 'Gives the role', cell: (r) => roleWord(r.role) },
    ...(manages ? [{ id: 'act', name: 'Take away', bare: true, num: true, cell: (r) => h(Button, { small: true, kind: 'quiet', label: `${r.claim} ${r.value} gives no ${roleWord(r.role)} any more`, onClick: () => remove(r) }, 'Take away') }] : []),
  ];
  return many(
    h('section.card', h('header.card-head', h('h2', 'Single sign-on')), h('div.card-body', ways.data?.label
      ? h('p.state.is-fine', h(Mark, { state: 'fine' }), h('span', 'People may log in by ', h('strong', ways.data.label), '; this address is registered there: ', h('code', `${location.origin}/oidc/callback/office`)))
      : h('p.dim', 'No provider is configured (', h('code', 'console.oidc'), '): people log in with a user of this office.'))),
    h('section.card', h('header.card-head', h('h2', 'Which word gives which role'), manages && h(Button, { small: true, icon: 'plus', onClick: () => add(true) }, 'Add a rule')),
      error && h('div.card-body', h(Failure, { error, what: 'Not taken away' })),
      h(Loaded, { of: list, rows: 3, what: 'The rules could not be loaded' }, (data) => (data.items.length ? h(Table, { caption: 'Rules', columns, rows: data.items, keyOf: (r) => `${r.claim} ${r.value} ${r.role}` })
        : h(Empty, { icon: 'security', heading: 'No word of the provider gives anything' }, 'Whom no rule gives a role is not let in: a rule names a claim such as groups, one of its values, and a role.')))),
    adding && h(AddRule, { roles: roles.data?.items || [], onClose: () => add(false), onDone: () => { add(false); list.reload(); } }));
}

function AddRule({ roles, onClose, onDone }) {
  const [form, set] = useState({ claim: 'groups', value: '', role: 'OPERATOR' });
  const [error, setError] = useState(null);
  const put = (key) => (e) => set({ ...form, [key]: e.currentTarget.value });
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    try {
      await call('PUT', '/oidc-roles', { json: { claim: form.claim.trim(), value: form.value.trim(), role: form.role } });
      toast('It counts from each person’s next log-in on.');
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return h(Dialog, { title: 'Add a rule', onClose }, h('form.form', { onSubmit: submit },
    h('div.pair', h(Field, { label: 'Claim' }, h('input.mono', { type: 'text', value: form.claim, required: true, autocomplete: 'off', spellcheck: false, maxLength: 100, onInput: put('claim') })), h(Field, { label: 'Value' }, h('input.mono', { type: 'text', value: form.value, required: true, autocomplete: 'off', spellcheck: false, maxLength: 200, onInput: put('value') }))),
    h(Field, { label: 'Gives the role' }, h('select', { value: form.role, onChange: put('role') }, roles.map((r) => h('option', { key: r.name, value: r.name }, roleWord(r.name))))),
    error && h(Failure, { error, what: 'Not added' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !form.claim.trim() || !form.value.trim() }, 'Add it'), h(Button, { onClick: onClose }, 'Cancel'))));
}
