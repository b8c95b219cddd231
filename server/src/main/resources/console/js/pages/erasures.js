// Erasing what is personal: one security administrator asks, another one approves, and it is gone for good.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { Mark } from '../icons.js';
import { localZone } from '../format.js';
import { instantOf } from '../zone.js';
import { At, Ago, Button, Dialog, Empty, Failure, Field, Loaded, Segments, toast } from '../parts.js';
import { Table } from '../table.js';

const STATES = { open: ['Waits for a second person', 'attention'], approved: ['Being done', 'info'], done: ['Done', 'fine'], refused: ['Refused', 'muted'] };

export function Erasures({ who }) {
  const list = useResource('erasures', (signal) => get('/erasures', {}, signal).then(asPage), { every: 15000 });
  const [asking, ask] = useState(false);
  const [deciding, decide] = useState(null);
  const manages = may(who, 'MANAGE_KEYS');
  const columns = [
    { id: 'state', name: 'State', cell: (r) => h('span.state', { class: `is-${STATES[r.state][1]}` }, h(Mark, { state: STATES[r.state][1] }), STATES[r.state][0]) },
    { id: 'what', name: 'What', wrap: true, cell: (r) => h(What, { request: r }) },
    { id: 'reason', name: 'Why', wrap: true, low: true, cell: (r) => r.reason },
    { id: 'asked', name: 'Asked', cell: (r) => h('span', r.askedBy, ', ', h(Ago, { at: r.asked })) },
    { id: 'decided', name: 'Decided', low: true, cell: (r) => (r.decidedBy ? h('span', r.decidedBy, ', ', h(Ago, { at: r.decided })) : h('span.dim', '–')) },
    ...(manages ? [{ id: 'act', name: 'Decide', bare: true, num: true, cell: (r) => (r.state === 'open' || r.state === 'approved') && h(Button, { small: true, onClick: () => decide(r), label: `Decide request ${r.id}` }, r.askedBy === who.user ? 'Take back…' : 'Decide…') }] : []),
  ];
  return many(
    manages && h('div.toolbar', h(Button, { icon: 'plus', kind: 'main', onClick: () => ask(true) }, 'Ask for an erasure')),
    h(Loaded, { of: list, rows: 4, what: 'The requests could not be loaded' }, (data) => (data.items.length ? h(Table, { caption: 'Requests for erasure', columns, rows: data.items, keyOf: (r) => r.id })
      : h(Empty, { icon: 'security', heading: 'Nobody asked for anything to be erased' }, 'A former user’s name, or a consumer’s time at a meter: readings, events, raw messages and what people wrote. The audit log’s tree stands all the same.'))),
    asking && h(Ask, { onClose: () => ask(false), onDone: () => { ask(false); list.reload(); } }),
    deciding && h(Decide, { request: deciding, who, onClose: () => decide(null), onDone: () => { decide(null); list.reload(); } }));
}

function What({ request }) {
  if (!request.whom) return request.kind === 'user' ? 'A former user' : 'A consumer’s time at a meter';
  return request.kind === 'user' ? h('span', 'User ', h('strong', request.whom)) : h('span', h('strong.mono', request.whom), ' from ', h(At, { at: request.since }), ' to ', h(At, { at: request.until }));
}

const wall = (text) => { const at = Date.parse(`${text}Z`); return Number.isNaN(at) ? undefined : new Date(instantOf(at, localZone)).toISOString(); };

function Ask({ onClose, onDone }) {
  const [form, set] = useState({ kind: 'user', name: '', meter: '', since: '', until: '', reason: '' });
  const [error, setError] = useState(null);
  const put = (key) => (e) => set({ ...form, [key]: e.currentTarget.value });
  const whole = form.reason.trim() && (form.kind === 'user' ? form.name.trim() : form.meter.trim() && wall(form.since) && (!form.until || wall(form.until)));
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    try {
      const reason = form.reason.trim();
      await call('POST', `/erasures/${form.kind}`, { json: form.kind === 'user' ? { name: form.name.trim(), reason } : { meter: form.meter.trim(), since: wall(form.since), ...(form.until && { until: wall(form.until) }), reason } });
      toast('Asked: another security administrator decides.');
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return h(Dialog, { title: 'Ask for an erasure', onClose }, h('form.form', { onSubmit: submit },
    h(Segments, { label: 'What', value: form.kind, options: [['user', 'A former user'], ['term', 'A time at a meter']], onPick: (kind) => set({ ...form, kind }) }),
    form.kind === 'user' ? h(Field, { label: 'User', hint: 'Removed already. A number will stand where the name stood.' }, h('input', { type: 'text', value: form.name, autocomplete: 'off', spellcheck: false, maxLength: 64, onInput: put('name') }))
      : many(h(Field, { label: 'Meter' }, h('input.mono', { type: 'text', value: form.meter, autocomplete: 'off', spellcheck: false, onInput: put('meter') })),
        h('div.pair', h(Field, { label: 'From', hint: `By the wall here: ${localZone}` }, h('input', { type: 'datetime-local', value: form.since, onInput: put('since') })), h(Field, { label: 'Until', hint: 'Now where it is left out' }, h('input', { type: 'datetime-local', value: form.until, onInput: put('until') })))),
    h(Field, { label: 'Why, and at whose wish' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: form.reason, onInput: put('reason') })),
    error && h(Failure, { error, what: 'Not asked' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !whole }, 'Ask'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function Decide({ request, who, onClose, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const [gone, setGone] = useState(null);
  const own = request.askedBy === who.user;
  const act = async (verb) => {
    setBusy(true);
    setError(null);
    try {
      const answer = await call('POST', `/erasures/${request.id}/${verb}`);
      if (verb === 'approve') setGone(answer);
      else { toast('Nothing is erased.'); onDone(); }
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (gone) {
    const rows = Object.entries(gone.rows);
    return h(Dialog, { title: 'It is erased', onClose: onDone }, h('div.form', rows.length ? h('dl.facts', rows.map(([table, n]) => many(h('dt.mono', table), h('dd', n)))) : h('p', 'There was nothing of it any more.'),
      h('p.dim', 'Backups of before hold it still: prune them when their time has come.'), h('div.form-actions', h(Button, { kind: 'main', onClick: onDone }, 'Done'))));
  }
  return h(Dialog, { title: own ? 'Take the request back' : 'Decide', onClose }, h('div.form',
    h('p', h(What, { request }), ': ', h('q', request.reason)),
    own ? h('p', 'You asked for it: another security administrator approves it, or you take it back.') : h('p.is-attention', h(Mark, { state: 'attention' }), ' Once approved it is gone, and nobody brings it back.'),
    error && h(Failure, { error, what: 'Not done' }),
    h('div.form-actions',
      !own && h(Button, { kind: 'danger', busy, onClick: () => act('approve') }, 'Erase it for good'),
      h(Button, { busy, onClick: () => act('refuse') }, own ? 'Take it back' : 'Refuse'), h(Button, { onClick: onClose }, 'Leave it'))));
}
