// What waits for a second person: each order read from its bytes, chosen, released or refused together, each with its own outcome.
import { h, many, useEffect, useMemo, useRef, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, lower, plural } from '../format.js';
import { Mark } from '../icons.js';
import { At, Button, Empty, Failure, Field, Loaded, useTitle } from '../parts.js';
import { CommandMark, actionName, deedName, humanDurations, parameterWords, path } from '../commands.js';
import { fromBase64, readOrder } from '../order.js';
import { recount } from '../waiting.js';
import { CommandTabs } from './commands.js';

const MOST = 1000; // what the API decides upon in one request

/** The waiting commands of others, with their orders decoded; those that do not decode say so. */
async function load(who, signal) {
  const page = asPage(await get('/commands', { state: 'QUARANTINED', sort: 'drafted', page: 0, size: MOST }, signal));
  const rows = page.items.filter((item) => item.draftedBy !== who.user).map((item) => {
    try {
      const said = readOrder(fromBase64(item.order));
      if (said.id !== item.id) throw new Error('it is another command’s');
      return { id: item.id, order: item.order, reason: item.reason, why: item.why, said };
    } catch (error) {
      return { id: item.id, error };
    }
  });
  return { rows, own: page.items.length - rows.length, total: page.total };
}

export default function Release({ who }) {
  useTitle('To release');
  const list = useResource(who.user, (signal) => load(who, signal));
  const [done, setDone] = useState(null);
  const timer = useRef(0);
  useLive((batch) => {
    if (!batch.some((e) => e.type === 'command')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(list.reload, 1000);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const acted = (outcome) => { setDone(outcome); list.reload(); recount(); };
  return many(
    h('header.page-head', h('h1', 'Commands'), h(CommandTabs, { here: '/commands/release' })),
    done && h(Outcomes, { of: done, onClose: () => setDone(null) }),
    !may(who, 'operator') ? h(Empty, { icon: 'security', heading: 'Releasing is for operators' }, 'A second operator looks at what the policy holds back.')
      : h(Loaded, { of: list, rows: 6, what: 'What waits could not be loaded' }, (data) => (data.rows.length ? h(List, { data, acted })
        : h(Empty, { icon: 'check', heading: 'Nothing waits for you', action: h('a.btn', { href: '/commands' }, 'See the commands') }, data.own ? `${plural(data.own, 'command')} of your own ${data.own === 1 ? 'waits' : 'wait'} for somebody else.` : 'What the policy holds back stands here until another operator than its drafter has decided.'))));
}

const kindOf = (r) => [r.said.operator, r.said.action, JSON.stringify(r.said.parameters), r.reason].join('\n');

/** Commands that were given together: by one person, the same thing for the same reason. */
function grouped(rows) {
  const kinds = new Map();
  for (const r of rows) kinds.set(kindOf(r), [...(kinds.get(kindOf(r)) || []), r]);
  return [...kinds.values()];
}

function List({ data, acted }) {
  const good = useMemo(() => data.rows.filter((r) => !r.error), [data.rows]);
  const broken = data.rows.filter((r) => r.error);
  const [chosen, setChosen] = useState(() => new Set());
  const picked = good.filter((r) => chosen.has(r.id));
  const set = (rows, on) => setChosen((old) => { const next = new Set(old); for (const r of rows) if (on) next.add(r.id); else next.delete(r.id); return next; });
  return h('div.sign-page',
    broken.length > 0 && h(Failure, { error: { message: broken[0].error.message, where: broken.map((r) => r.id).join(', '), remedy: 'tell your security administrator' }, what: `${plural(broken.length, 'order')} cannot be read in this browser` }),
    data.total > MOST && h('p.note', `The first ${count(MOST)} of ${count(data.total)} stand here; the rest follows when they are decided.`),
    grouped(good).map((rows) => h(Kind, { key: kindOf(rows[0]), rows, chosen, set })),
    h(Decide, { picked, acted: (outcome) => { setChosen(new Set()); acted(outcome); } }));
}

function Kind({ rows, chosen, set }) {
  const [first] = rows;
  const all = useRef();
  const on = rows.filter((r) => chosen.has(r.id)).length;
  useEffect(() => { all.current.indeterminate = on > 0 && on < rows.length; });
  const words = [deedName(first.said.action, rows.length === 1 ? first.said.meter : plural(rows.length, 'meter')), parameterWords(first.said.action, first.said.parameters)].filter(Boolean).join(', ');
  return h('section.card.release-kind',
    h('header.card-head', h('label.check', h('input', { type: 'checkbox', ref: all, checked: on === rows.length, 'aria-label': `All: ${words}`, onChange: (e) => set(rows, e.currentTarget.checked) }), h('h2', words))),
    h('p.card-note', h('strong', first.said.operator), ' drafted ', rows.length === 1 ? 'it' : 'them', ': ', h('q', first.reason), h('br'), h('span.dim', 'Held back: ', humanDurations(first.why))),
    h('ul.plain.sign-list', rows.map((r) => h('li', { key: r.id }, h('label.check', h('input', { type: 'checkbox', checked: chosen.has(r.id), onChange: (e) => set([r], e.currentTarget.checked) }), h('span', h('strong', actionName(r.said.action)), ' ', h('span.mono', r.said.meter))), h('span.dim', 'expires ', h(At, { at: r.said.expires })), h('a', { href: path(r.id) }, 'Open')))));
}

function Decide({ picked, acted }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState('');
  const run = async (send) => {
    setBusy(true);
    setError(null);
    try {
      acted({ rows: picked, items: (await send()).items });
      setRefusing(false);
      setReason('');
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const release = () => run(() => post('/commands/approve', { items: picked.map((r) => ({ id: r.id, order: r.order })) }));
  const refuse = (event) => { event.preventDefault(); run(() => post('/commands/refuse', { ids: picked.map((r) => r.id), reason: reason.trim() })); };
  const kinds = grouped(picked).map((rows) => lower(deedName(rows[0].said.action, rows.length === 1 ? rows[0].said.meter : plural(rows.length, 'meter')))).join(', ');
  return h('section.card.decide', h('div.card-body.form',
    h('p', picked.length ? many('You decide upon: ', h('strong', kinds), '. Release it only if you would order it yourself.') : 'Choose what you decide upon.'),
    refusing ? h('form.form', { onSubmit: refuse },
      h(Field, { label: 'Why', hint: 'It stands in the audit log, with each.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
      h('div.form-actions', h('button.btn.btn-danger', { type: 'submit', disabled: busy || !reason.trim() || !picked.length }, `Refuse ${count(picked.length)}`), h(Button, { onClick: () => setRefusing(false) }, 'Back')))
      : h('div.form-actions', h(Button, { kind: 'main', busy, disabled: !picked.length, onClick: release }, `Release ${count(picked.length)}`), h(Button, { kind: 'danger', disabled: busy || !picked.length, onClick: () => setRefusing(true) }, 'Refuse…')),
    error && h(Failure, { error, what: 'Nothing was decided' })));
}

/** What became of each; those that came out otherwise stand first, with their reason. */
function Outcomes({ of, onClose }) {
  const meters = new Map(of.rows.map((r) => [r.id, r.said.meter]));
  const counts = new Map();
  for (const item of of.items) counts.set(item.state || '', (counts.get(item.state || '') || 0) + 1);
  const odd = of.items.filter((item) => item.why && (item.code || item.state !== 'REFUSED' || counts.size > 1));
  return h('section.card.outcomes', { role: 'status' },
    h('header.card-head', h('h2', 'What became of them'), [...counts].map(([state, n]) => h('span.outcome', { key: state }, h('strong', count(n)), ' ', state ? h(CommandMark, { state }) : h('span.state.is-fault', h(Mark, { state: 'fault' }), 'Not decided'))), h('span.push', h(Button, { icon: 'close', kind: 'quiet', label: 'Close', onClick: onClose }))),
    odd.length > 0 && h('ul.plain.sign-list', odd.map((item) => h('li', { key: item.id }, h('span', h('span.mono', meters.get(item.id) || item.id), ' ', h('span.dim', humanDurations(item.why))), item.state ? h(CommandMark, { state: item.state }) : h('span.state.is-fault', h(Mark, { state: 'fault' }), 'Not decided'), h('a', { href: path(item.id) }, 'Open')))));
}
