// The commands' policy: what goes out without a second person, and how fast. Changed by two persons.
import { h, many, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { may } from '../session.js';
import { count, decimal } from '../format.js';
import { Ago, Button, Empty, Failure, Field, Loaded, toast, useTitle } from '../parts.js';
import { ACTIONS, actionName, lasting, seconds } from '../commands.js';
import { micros } from '../order.js';
import { recount } from '../waiting.js';
import { CommandTabs } from './commands.js';

const number = (text) => (/^\d{1,9}$/.test(text) ? text : undefined);
const duration = (text) => (seconds(text) === undefined ? undefined : text);
const price = (text) => (/^-?\d{1,6}(\.\d{1,6})?$/.test(text) ? String(Math.round(Number(text) * 1e6)) : undefined);
const words = (text) => text.split(/\s+/).filter(Boolean).map(actionName).join(', ') || 'None';

/** Each part: key, name, what it means, how it is shown; edit and parse between the text and its field. */
const PARTS = [
  ['window', 'Window', 'Over which switching commands are counted: disconnect, connect, arm, load limit.', lasting, duration, 'An ISO 8601 duration: PT24H is a day'],
  ['perWindow', 'In all', 'Let through in any window without a second person.', (t) => count(Number(t)), number, 'A number'],
  ['perFeeder', 'At one feeder', 'Of these, at one feeder.', (t) => count(Number(t)), number, 'A number'],
  ['perUser', 'Of one operator', 'Of these, drafted by one operator.', (t) => count(Number(t)), number, 'A number'],
  ['spacing', 'Spread', 'Between two switching commands of one feeder, so that the grid sees no step.', lasting, duration, 'An ISO 8601 duration: PT5S is five seconds'],
  ['lowestPrice', 'Lowest price', 'A kWh; below it a second person looks.', (t) => decimal(micros(Number(t))), price, 'In the currency’s unit, with a point'],
  ['highestPrice', 'Highest price', 'A kWh; above it a second person looks.', (t) => decimal(micros(Number(t))), price, 'In the currency’s unit, with a point'],
  ['fourEyes', 'Always two persons', 'Kinds of command that always need a second person.', words, (t) => t],
  ['validity', 'Validity', 'How long a command may wait to be done, where its operator says nothing.', lasting, duration, 'An ISO 8601 duration: PT24H is a day'],
];

/** The policy's text, a line `key = value` for each part, as an object. */
const parsed = (text) => Object.fromEntries(String(text).split('\n').filter((l) => l.includes('=')).map((l) => { const at = l.indexOf('='); return [l.slice(0, at).trim(), l.slice(at + 1).trim()]; }));
const written = (policy) => PARTS.map(([key]) => `${key} = ${policy[key] ?? ''}\n`).join('');

export default function Policy({ who }) {
  useTitle('Policy of commands');
  const policy = useResource('policy', (signal) => get('/command-policy', {}, signal), { every: 30000 });
  const [proposing, setProposing] = useState(false);
  const done = () => { policy.reload(); recount(); };
  return many(
    h('header.page-head', h('h1', 'Commands'), h(CommandTabs, { here: '/commands/policy' })),
    h(Loaded, { of: policy, rows: 9, what: 'The policy could not be loaded' }, (data) => {
      const now = parsed(data.inForce.content);
      return h('div.policy-page',
        h('div.policy-main', data.proposals.map((v) => h(Proposal, { key: v.version, version: v, now, who, onDone: done })),
          h('section.card', h('header.card-head', h('h2', 'In force'), h('span.dim', data.inForce.version ? `version ${data.inForce.version}` : 'as shipped, nobody has changed it yet'), may(who, 'operator') && !proposing && h('span.push', h(Button, { small: true, onClick: () => setProposing(true) }, 'Propose a change'))),
            proposing ? h(Propose, { now, onClose: () => setProposing(false), onDone: done }) : h(Shown, { policy: now }))),
        h(History, { versions: data.decided }));
    }));
}

function Shown({ policy }) {
  return h('dl.policy', PARTS.map(([key, name, what, show]) => h('div', { key }, h('dt', name, h('span.dim', what)), h('dd', show(policy[key] || '')))));
}

const changes = (from, to) => PARTS.filter(([key]) => (from[key] ?? '') !== (to[key] ?? ''));

/** Only what differs, the old struck out beside the new. */
function Diff({ from, to }) {
  const list = changes(from, to);
  if (!list.length) return h('p.dim', 'Nothing differs from what is in force.');
  return h('dl.policy.policy-diff', list.map(([key, name, , show]) => h('div', { key }, h('dt', name), h('dd', h('del', h('span.offscreen', 'from '), show(from[key] || '')), ' → ', h('ins', h('span.offscreen', 'to '), show(to[key] || ''))))));
}

function Proposal({ version, now, who, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const mine = version.proposedBy === who.user;
  const decide = async (what, said) => {
    setBusy(true);
    setError(null);
    try {
      await post(`/command-policy/${version.version}/${what}`, {});
      toast(said);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      onDone();
    }
  };
  return h('section.card.proposal', h('header.card-head', h('h2', `Version ${version.version} is proposed`), h('span.dim', version.proposedBy, ', ', h(Ago, { at: version.proposed }))),
    h('div.card-body.form', h('p', h('q', version.reason)), h(Diff, { from: now, to: parsed(version.content) }),
      may(who, 'operator') && (mine ? h('p.turn', h('strong', 'Another operator must approve it.'), ' You proposed it, so you cannot.')
        : h('div.form-actions', h(Button, { kind: 'main', busy, onClick: () => decide('approve', `Version ${version.version} is in force.`) }, `Approve version ${version.version}`), h(Button, { kind: 'danger', busy, onClick: () => decide('refuse', `Version ${version.version} is refused.`) }, 'Refuse'))),
      error && h(Failure, { error, what: 'Not decided' })));
}

function Propose({ now, onClose, onDone }) {
  const [fields, setFields] = useState(() => ({ ...now, lowestPrice: micros(Number(now.lowestPrice)), highestPrice: micros(Number(now.highestPrice)) }));
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const next = Object.fromEntries(PARTS.map(([key, , , , parse]) => [key, parse(String(fields[key] ?? '').trim())]));
  const wrong = PARTS.filter(([key]) => next[key] === undefined);
  const ready = !wrong.length && reason.trim() && changes(now, next).length > 0;
  const eyes = new Set(String(fields.fourEyes || '').split(/\s+/).filter(Boolean));
  const toggle = (word) => { if (!eyes.delete(word)) eyes.add(word); setFields({ ...fields, fourEyes: [...eyes].sort().join(' ') }); };
  const submit = async (event) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await post('/command-policy', { content: written(next), reason: reason.trim() });
      toast('Proposed: another operator approves it.');
      onDone();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h('form.card-body.form', { onSubmit: submit },
    h('div.policy-fields', PARTS.map(([key, name, what, , parse, hint]) => (key === 'fourEyes'
      ? h('fieldset.field-wide', { key }, h('legend.field-label', name), h('div.policy-eyes', Object.keys(ACTIONS).map((word) => h('label.check', { key: word }, h('input', { type: 'checkbox', checked: eyes.has(word), onChange: () => toggle(word) }), actionName(word)))))
      : h(Field, { key, label: name, hint: parse === duration && next[key] ? `${lasting(next[key])}. ${what}` : what, error: next[key] === undefined ? hint : undefined }, h('input', { type: 'text', value: fields[key] ?? '', autocomplete: 'off', spellcheck: false, onInput: (e) => setFields({ ...fields, [key]: e.currentTarget.value }) }))))),
    !wrong.length && h(Diff, { from: now, to: next }),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not proposed' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !ready || busy }, 'Propose'), h(Button, { onClick: onClose }, 'Leave it')));
}

function History({ versions }) {
  if (!versions.length) return h('section.card', h('header.card-head', h('h2', 'Versions')), h(Empty, { heading: 'No other version yet' }, 'Who proposed what, and who approved or refused it, stands here.'));
  return h('section.card', h('header.card-head', h('h2', 'Versions')), h('ul.plain.versions', versions.map((v) => h('li', { key: v.version }, h('strong', `Version ${v.version}`), h('span', v.approved ? 'approved' : 'refused', ` by ${v.decidedBy}, `, h(Ago, { at: v.decided })), h('p.dim', `Proposed by ${v.proposedBy}: ${v.reason}`)))));
}
