// What can be done to a meter, what was, and whether its consumer is protected from being switched off.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { asPage, call, get, post, useResource } from '../api.js';
import { href } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { plural, stateOf } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, Button, Dialog, Failure, Field, toast } from '../parts.js';
import { CommandMark, actionName, parameterWords, path, stateWord } from '../commands.js';

const FIRST = ['disconnect', 'connect', 'limit-load'];
const OTHERS = ['arm', 'set-price', 'set-clock', 'change-keys'];
const SHOWN = 5;
const KEPT = 100;
const SEVERITY = { IN_DOUBT: 'ATTENTION', FAILED: 'FAULT' };

/** The newest commands of a meter, live. */
export function useMeterCommands(meter) {
  const list = useResource(meter, (signal) => get('/commands', { meter, sort: '-drafted', page: 0, size: KEPT }, signal).then(asPage), { every: 60000 });
  const timer = useRef(0);
  useLive((batch) => {
    if (!batch.some((e) => e.type === 'command' && e.meter === meter)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(list.reload, 300);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return list;
}

const whole = (c, zone) => [actionName(c.action), parameterWords(c.action, c.parameters, zone)].filter(Boolean).join(', ');

/** Commands as events of the meter's story. */
export const asEvents = (commands, zone) => commands.map((c) => ({ id: c.id, at: c.drafted, severity: SEVERITY[c.state] || 'INFO', code: `command.${c.action}`, text: `${whole(c, zone)}: ${stateWord(c.state).toLowerCase()}`, href: path(c.id) }));

export function MeterCommands({ meter, commands, who, onChange }) {
  const operates = may(who, 'operator');
  const active = stateOf(meter) === 'active';
  const to = (word) => href('/commands/new', { meter: meter.id, action: word });
  const items = (commands.data?.items || []).slice(0, SHOWN);
  return h('section.card', h('header.card-head', h('h2', 'Commands'), commands.data?.total > 0 && h('a', { href: href('/commands', { meter: meter.id }) }, commands.data.total > SHOWN ? `All ${commands.data.total}` : 'List')),
    operates && active && h('div.card-body.deeds',
      h('div.deed-buttons', FIRST.map((word) => h('a.btn', { key: word, href: to(word) }, `${actionName(word)}…`)), h(ReadNow, { meter: meter.id })),
      h('p.deed-others', OTHERS.map((word) => h('a', { key: word, href: to(word) }, `${actionName(word)}…`)))),
    operates && !active && h('p.card-note', `The meter is ${stateOf(meter)}: it is not commanded.`),
    h(Protection, { meter, operates, who, onChange }),
    items.length > 0 && h('ul.plain.meter-deeds', items.map((c) => h('li', { key: c.id }, h('a', { href: path(c.id) }, whole(c, meter.zone)), h('span.dim', h(Ago, { at: c.drafted, zone: meter.zone })), h(CommandMark, { state: c.state })))));
}

function ReadNow({ meter }) {
  const [busy, setBusy] = useState(false);
  const read = async () => {
    setBusy(true);
    try {
      const got = await call('POST', `/meters/${encodeURIComponent(meter)}/read`);
      toast(`${plural(got.registers.length, 'register')}, ${plural(got.intervals, 'interval')} and ${plural(got.events.length, 'event')} read.`);
    } catch (problem) {
      toast(problem.remedy || problem.message, 'fault');
    } finally {
      setBusy(false);
    }
  };
  return h(Button, { busy, onClick: read, title: 'Clock, registers, what is missing of its profiles, events' }, 'Read now');
}

/** A consumer who depends on power, for a medical device say: nobody switches them off from afar; two persons lift it. */
function Protection({ meter, operates, who, onChange }) {
  const [asking, setAsking] = useState(false);
  const { protection } = meter;
  const lift = protection?.lift;
  return h('div.protection',
    protection ? many(h('p.state.is-attention', h(Mark, { state: 'attention' }), h('strong', 'Protected')), h('p', protection.reason, h('span.dim', ` ${protection.by}, `, h(Ago, { at: protection.since, zone: meter.zone }), '. Nobody switches this consumer off from afar.')))
      : h('p.dim', 'The consumer is not protected from being switched off.'),
    lift && h(Lift, { meter, lift, operates, who, onChange }),
    operates && !lift && h('button.link', { type: 'button', onClick: () => setAsking(true) }, protection ? 'Ask for the protection to end…' : 'Protect…'),
    asking && h(Protect, { meter: meter.id, lifting: Boolean(protection), onClose: () => setAsking(false), onDone: onChange }));
}

/** Somebody asks for a protection to end: somebody else decides. */
function Lift({ meter, lift, operates, who, onChange }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const mine = lift.askedBy === who.user;
  const decide = async (how, said) => {
    setBusy(true);
    setError(null);
    try {
      await post(`/meters/${encodeURIComponent(meter.id)}/protection/lift/${how}`, {});
      toast(said);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      onChange();
    }
  };
  return h('div.lift', h('p', h('strong', lift.askedBy), ' asks for it to end, ', h(Ago, { at: lift.asked, zone: meter.zone }), ': ', h('q', lift.reason)),
    operates && (mine ? h('p', 'Another operator must decide: you asked for it.')
      : h('div.form-actions', h(Button, { kind: 'danger', busy, onClick: () => decide('release', 'The protection is lifted.') }, 'Lift the protection'), h(Button, { busy, onClick: () => decide('refuse', 'It stays protected.') }, 'Keep it'))),
    error && h(Failure, { error, what: 'Not decided' }));
}

function Protect({ meter, lifting, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await call(lifting ? 'POST' : 'PUT', `/meters/${encodeURIComponent(meter)}/protection${lifting ? '/lift' : ''}`, { json: { reason: reason.trim() } });
      toast(lifting ? 'Asked: another operator decides.' : 'The consumer is protected.');
      onDone();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: lifting ? `End the protection of ${meter}` : `Protect the consumer of ${meter}`, onClose }, h('form.form', { onSubmit: submit },
    h('p', lifting ? 'Another operator decides. Once it is lifted, this consumer can be disconnected and limited like any other.' : 'Disconnecting and limiting are refused from then on, whoever asks and however many approve; what waits and is not sent yet is refused as well.'),
    h(Field, { label: 'Why', hint: lifting ? 'It stands in the audit log.' : 'Medical device, say, and who vouches for it. It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not changed' }),
    h('div.form-actions', h('button.btn', { type: 'submit', class: 'btn-main', disabled: busy || !reason.trim() }, lifting ? 'Ask for it' : 'Protect'), h(Button, { onClick: onClose }, 'Leave it'))));
}
