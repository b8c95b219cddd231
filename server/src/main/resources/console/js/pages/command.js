// One command: its way as a time line that moves as it goes, whose turn it is, and the meter's receipt.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { href } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { dateTime, localZone, lower, plural, span } from '../format.js';
import { Mark } from '../icons.js';
import { At, Button, Empty, Failure, Field, Id, Loaded, download, toast, useNow, useTitle } from '../parts.js';
import { ACTIONS, CommandMark, deedName, humanDurations, isEnd, parameterWords, path, stateWord, stepWord } from '../commands.js';
import { fromBase64 } from '../order.js';
import { OrderWords, useOrder } from '../order-words.js';
import { Steps, stagesOf } from '../steps.js';
import { recount } from '../waiting.js';
import { SignPanel } from './sign-panel.js';

/** In which form the meter has the operator's signature checked. */
const SIGNING = { cose: 'COSE_Sign1', dlms: 'DLMS general-signing' };

const SETTLE = 150; // ms: a step or two come together

export default function Command({ params, who }) {
  const { id } = params;
  const command = useResource(id, (signal) => get(path(id), {}, signal), { every: 20000 });
  const timer = useRef(0);
  useLive((batch) => {
    if (!batch.some((e) => e.type === 'command' && e.id === id)) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(command.reload, SETTLE);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  useTitle(command.data ? deedName(command.data.action, command.data.meter) : 'Command');
  if ([400, 404, 409].includes(command.error?.status) && !command.data) {
    return many(h('header.page-head', h('h1', 'Commands')), h(Empty, { icon: 'commands', heading: 'No command has this id', action: h('a.btn', { href: '/commands' }, 'See the commands') }, h('code', id)));
  }
  return h(Loaded, { of: command, rows: 8, what: 'The command could not be loaded', still: 'It goes on its way all the same.' }, (c) => h(Story, { command: c, who, reload: command.reload }));
}

function Story({ command, who, reload }) {
  const meter = useResource(command.meter, (signal) => get(`/meters/${encodeURIComponent(command.meter)}`, {}, signal));
  const zone = meter.data?.zone || localZone;
  const of = useOrder(command);
  const acted = () => { reload(); recount(); };
  const bodies = {
    second: h(SecondPerson, { command, of, zone, who, acted }),
    signature: h(Signature, { command, of, zone, who, acted }),
    sent: h(OnItsWay, { command, zone }),
    receipt: h(NoReceiptYet, { command }),
  };
  const words = parameterWords(command.action, command.parameters, zone);
  return many(
    h('header.meter-head', h('a.back', { href: '/commands' }, 'Commands'),
      h('div.meter-name', h('h1', deedName(command.action, command.meter)), h(CommandMark, { state: command.state })),
      h('p.meter-where', [words, meter.data?.servicePoint].filter(Boolean).join(' · ') || 'No service point')),
    h('div.command-grid',
      h('section.card.command-way', { 'aria-label': 'Its way' }, h('div.card-body', h(Steps, { steps: stagesOf(command, bodies), zone }))),
      h('div.command-side',
        command.receipt && h(ReceiptCard, { command, zone }),
        h(Undo, { command, who }),
        h(Facts, { command, zone }),
        h(Records, { command, zone, of }),
        !isEnd(command.state) && command.state !== 'SENT' && command.state !== 'IN_DOUBT' && command.state !== 'QUARANTINED' && may(who, 'operator') && h(Withdraw, { command, acted, mine: command.draftedBy === who.user }))));
}

/** Posts one act, and says what came of it. */
function useAct(acted) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const act = async (to, body, said) => {
    setBusy(true);
    setError(null);
    try {
      await post(to, body);
      toast(said);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      acted();
    }
  };
  return { busy, error, act };
}

function SecondPerson({ command, of, zone, who, acted }) {
  const { busy, error, act } = useAct(acted);
  const [refusing, setRefusing] = useState(false);
  const mine = command.draftedBy === who.user;
  if (!may(who, 'operator')) return h('p.turn', 'Another operator than ', h('strong', command.draftedBy), ' releases or refuses it.');
  const office = byOffice(command);
  const refuse = h(Refuse, { busy, word: mine ? 'Withdraw' : 'Refuse', onCancel: () => setRefusing(false), onRefuse: (reason) => act(`${path(command.id)}/refuse`, { reason }, mine ? 'Withdrawn.' : 'Refused.') });
  if (mine) {
    return h('div.turn', h('p', h('strong', 'Another operator must look at it.'), ' You drafted it, so you cannot release it: pass its address on.'),
      h('p', h(Id, { value: `${location.origin}${path(command.id)}` })),
      refusing ? refuse : h('div.form-actions', h(Button, { onClick: () => setRefusing(true) }, 'Withdraw…')),
      error && h(Failure, { error, what: 'Not done' }));
  }
  return h('div.turn', h('p', h('strong', 'It is your turn.'), ` ${command.draftedBy} drafted this. Release it only if you would order it yourself.`),
    h(OrderWords, { of, zone, head: 'You release exactly this order, read from its bytes:' }),
    h('p', 'The reason given: ', h('q', command.reason)),
    refusing ? refuse : h('div.form-actions',
      h(Button, { kind: 'main', busy, disabled: Boolean(of.error), onClick: () => act(`${path(command.id)}/approve`, { order: command.order }, 'Released: its operator signs it now.') }, `Release: ${lower(deedName(command.action, command.meter))}`),
      h(Button, { kind: 'danger', onClick: () => setRefusing(true) }, 'Refuse…')),
    office && h('p.dim', 'Or take it over: then you sign it, and somebody else releases it.'),
    office && h(Adopt, { command, acted }),
    error && h(Failure, { error, what: 'Not done' }));
}

/** Whether the office drafted it by itself, and nobody has taken it over. */
const byOffice = (command) => String(command.steps[0]?.actorKind).toUpperCase() === 'SYSTEM' && command.steps[0].actor === command.draftedBy;

/** A person takes over what the office drafted: without a person's signature no meter obeys. */
function Adopt({ command, acted }) {
  const { busy, error, act } = useAct(acted);
  return many(
    h('div.form-actions', h(Button, { kind: command.state === 'RELEASED' ? 'main' : undefined, busy, onClick: () => act(`${path(command.id)}/adopt`, {}, 'It is yours now.') }, 'Take it over')),
    error && h(Failure, { error, what: 'Not taken over' }));
}

function Refuse({ busy, word, onCancel, onRefuse }) {
  const [reason, setReason] = useState('');
  const box = useRef();
  useEffect(() => box.current.focus(), []);
  return h('form.form', { onSubmit: (e) => { e.preventDefault(); if (reason.trim()) onRefuse(reason.trim()); } },
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { ref: box, rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    h('div.form-actions', h('button.btn.btn-danger', { type: 'submit', disabled: busy || !reason.trim() }, word), h(Button, { onClick: onCancel }, 'Back')));
}

function Withdraw({ command, acted, mine }) {
  const { busy, error, act } = useAct(acted);
  const [open, setOpen] = useState(false);
  const word = mine ? 'Withdraw' : 'Stop';
  return h('section.card', h('header.card-head', h('h2', `${word} it`)), h('div.card-body.form',
    h('p.dim', 'It is not sent yet, so it can still be stopped.'),
    open ? h(Refuse, { busy, word, onCancel: () => setOpen(false), onRefuse: (reason) => act(`${path(command.id)}/refuse`, { reason }, 'Stopped: it is not sent.') }) : h('div.form-actions', h(Button, { kind: 'danger', onClick: () => setOpen(true) }, `${word}…`)),
    error && h(Failure, { error, what: 'Not stopped' })));
}

function Signature({ command, of, zone, who, acted }) {
  if (byOffice(command) && may(who, 'operator')) {
    return h('div.turn', h('p', h('strong', 'The office drafted it by itself.'), ' It is signed by a person who takes it over, and that is not who released it.'), h(OrderWords, { of, zone, head: 'You take over exactly this order, read from its bytes:' }), h(Adopt, { command, acted }));
  }
  if (command.draftedBy !== who.user) return h('p.turn', 'Its operator signs it: ', h('strong', command.draftedBy), '. Nobody else’s signature does.');
  return h(SignPanel, { who, orders: of.error ? [] : [{ id: command.id, bytes: of.bytes, signing: command.signing, systemTitle: command.systemTitle }], acted, word: `Sign: ${lower(deedName(command.action, command.meter))}` }, h(OrderWords, { of, zone, head: 'You sign exactly this order, read from its bytes:' }), command.signing === 'dlms' && h('p.dim', 'As ', SIGNING.dlms, ' to the system title ', h('span.mono', command.systemTitle), ', with its meter’s name in what is signed.'));
}

function OnItsWay({ command, zone }) {
  const now = useNow();
  const due = Date.parse(command.due || command.notBefore);
  return h('p.turn', due > now + 1000 ? `Its turn comes at ${dateTime(due, zone)}, in ${span((due - now) / 1000)}.` : 'It is due: it leaves as soon as there is a way to the meter.', ' It expires ', h(At, { at: command.expires, zone }), '.');
}

function NoReceiptYet({ command }) {
  const now = useNow();
  const sent = command.steps.findLast((s) => s.state === 'SENT');
  if (command.state === 'IN_DOUBT') return h('p.turn', 'It was sent and no receipt came: the meter may have done it or not. Its state is read back before anything is sent again.');
  if (command.state !== 'SENT') return h('p.turn', 'The meter was asked and has not done it: it is sent once more.');
  return h('p.turn', `On its way for ${span(Math.max(0, now - Date.parse(sent.at)) / 1000)}. Its receipt is awaited.`);
}

function Facts({ command, zone }) {
  const row = (name, value) => many(h('dt', name), h('dd', value || h('span.dim', '–')));
  const time = (at) => at && h(At, { at, zone });
  return h('section.card', h('header.card-head', h('h2', 'Command')), h('dl.facts',
    row('Meter', h(Id, { value: command.meter, link: `/meters/${encodeURIComponent(command.meter)}` })), row('Feeder', command.feeder), row('Reason', command.reason), row('Drafted', h('span', command.draftedBy, ', ', time(command.drafted))),
    row('Not before', time(command.notBefore)), row('Due', time(command.due)), row('Expires', time(command.expires)), command.image && row('Image', h('span', `${command.image.there} of ${command.image.blocks} blocks at the meter, `, time(command.image.at))), row('Signature', SIGNING[command.signing]), command.systemTitle && row('System title', h('span.mono', command.systemTitle)), command.gate && row('Last gate', command.gate), row('Id', h(Id, { value: command.id }))));
}

function ReceiptCard({ command, zone }) {
  const { receipt, gate } = command;
  const signed = command.steps.findLast((s) => s.state === 'SIGNED');
  const end = command.steps.at(-1);
  const good = receipt.outcome === 'CONFIRMED' || receipt.outcome === 'READY';
  const took = signed && isEnd(end.state) ? (Date.parse(end.at) - Date.parse(signed.at)) / 1000 : undefined;
  const bytes = fromBase64(receipt.evidence || '');
  const save = () => (command.signing === 'dlms' ? download(`receipt-${command.id}.apdu`, new Blob([bytes]), 'application/octet-stream') : download(`receipt-${command.id}.cbor`, new Blob([bytes]), 'application/cbor'));
  return h('section.card.receipt', { 'aria-label': 'Receipt' }, h('header.card-head', h('h2', 'Receipt')), h('div.card-body.form',
    h('p.receipt-outcome', h(Mark, { state: good ? 'fine' : 'attention' }), h('span', h('strong', stateWord(receipt.outcome)), receipt.detail && `: ${humanDurations(receipt.detail)}`)),
    h('p', receipt.signed ? many(h('strong', 'Signed by the meter'), command.signing === 'dlms' ? `, as ${SIGNING.dlms}, and its signature was checked.` : ', and its signature was checked.') : many(h('strong', 'Not signed by the meter'), gate ? `: ${gate}.` : '. What it answered is kept.')),
    h('dl.facts', h('dt', receipt.signed ? 'Meter’s time' : 'Office’s time'), h('dd', h(At, { at: receipt.at, zone })), took !== undefined && many(h('dt', 'Took'), h('dd', `${took < 60 ? `${took.toFixed(1)} s` : span(took)} from the signature`))),
    bytes.length > 0 && h('div.evidence', h('span.dim', `${plural(bytes.length, 'byte')} of evidence`), h(Button, { icon: 'download', small: true, onClick: save }, 'Download'), h(Id, { value: `${receipt.evidence.slice(0, 12)}…`, whole: receipt.evidence, name: 'the evidence as base64' }))));
}

/** What takes the command back, prepared: a command of its own, on the same way. */
function Undo({ command, who }) {
  const { undo, again } = ACTIONS[command.action] || {};
  if (!undo || (command.state !== 'CONFIRMED' && command.state !== 'READY') || !may(who, 'operator')) return null;
  return h('section.card', h('header.card-head', h('h2', 'Take it back')), h('div.card-body.form', h('p.dim', ACTIONS[undo].does, ' It takes the same way: reason, policy, signature.'),
    h('div.form-actions', h('a.btn', { href: href('/commands/new', { meter: command.meter, action: undo, reason: `Takes back ${command.id}: ` }) }, again))));
}

function Records({ command, zone, of }) {
  return h('details.card.records', h('summary', h('h2', 'Every step recorded'), h('span.dim', plural(command.steps.length, 'step'))),
    h('ol.plain', command.steps.map((s, i) => h('li', { key: i }, h('span', h('strong', stepWord(s.state)), h('span.dim', ` ${s.actor}`)), h(At, { at: s.at, zone }), s.note && h('p.dim', humanDurations(s.note))))),
    of.bytes && h('div.card-body', h(Button, { icon: 'download', small: true, onClick: () => download(`order-${command.id}.cbor`, new Blob([of.bytes]), 'application/cbor') }, 'The order’s bytes')));
}
