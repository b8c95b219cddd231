// A command's way as a time line: what was done, by whom, whose turn it is, what follows.
import { h } from './dom.js';
import { At } from './parts.js';
import { humanDurations, isEnd, stateWord } from './commands.js';

const WORDS = { done: 'Done', now: 'Now', next: 'Still to come', stopped: 'Ended here', skipped: 'Not needed' };

const SHAPES = {
  done: 'M4.5 8.3l2.4 2.4 4.6-5',
  now: 'M5.2 8a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0',
  stopped: 'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2',
  skipped: 'M5 8h6',
};

/** `steps`: {key, state: done | now | next | stopped | skipped, title, by, at, note, body}. */
export function Steps({ steps, zone, label = 'The steps of the command' }) {
  return h('ol.steps', { 'aria-label': label }, steps.map((s) => h('li.step', { key: s.key, class: `is-${s.state}`, 'aria-current': s.state === 'now' ? 'step' : undefined },
    h('svg.step-mark', { viewBox: '0 0 16 16', width: 24, height: 24, 'aria-hidden': 'true' }, h('circle', { cx: 8, cy: 8, r: 7 }), SHAPES[s.state] && h('path', { d: SHAPES[s.state] })),
    h('div.step-body',
      h('h3', s.title, h('span.offscreen', `: ${WORDS[s.state]}`)),
      (s.by || s.at) && h('p.dim', s.by, s.by && s.at && ', ', s.at && h(At, { at: s.at, zone })),
      s.note && h('p.step-note', s.note),
      s.body))));
}

const person = (step) => (String(step.actorKind).toUpperCase() === 'SYSTEM' ? (step.actor === 'policy' ? 'The policy' : `The head-end (${step.actor})`) : step.actor);
const sentence = (text) => { const words = humanDurations(text); return words ? words.charAt(0).toUpperCase() + words.slice(1).replace(/\.?$/, '.') : ''; };

/** At which stage a command came to its end, by the state before the last. */
function endedAt(steps) {
  const before = steps.at(-2)?.state;
  if (before === 'RELEASED') return 'signature';
  if (steps.some((s) => s.state === 'SENT')) return 'receipt';
  if (before === 'SIGNED' || before === 'QUEUED') return 'sent';
  return 'second';
}

/**
 * The stages of a command from its recorded steps; `bodies` has what stands in each stage while it is its turn, by
 * the stage's key.
 */
export function stagesOf(command, bodies) {
  const { steps, state } = command;
  const step = (wanted) => steps.findLast((s) => s.state === wanted);
  const done = (key, title, from, note = '') => ({ key, state: 'done', title, by: person(from), at: from.at, note });
  const turn = (key, title, note) => ({ key, state: 'now', title, note, body: bodies[key] });
  const ended = isEnd(state) ? endedAt(steps) : '';
  const last = steps.at(-1);
  const stop = (key) => ({ key, state: 'stopped', title: stateWord(state), by: person(last), at: last.at, note: sentence(last.note || command.why) });

  const list = [done('drafted', 'Drafted', steps[0], command.reason)];
  const [quarantined, released, signed, sent, doubt] = ['QUARANTINED', 'RELEASED', 'SIGNED', 'SENT', 'IN_DOUBT'].map(step);
  if (ended === 'second') return [...list, stop('second')];
  if (state === 'QUARANTINED') list.push(turn('second', 'A second person', sentence(quarantined.note)));
  else if (quarantined && released) list.push(done('second', 'Released by a second person', released, sentence(quarantined.note)));
  else if (released) list.push({ key: 'second', state: 'skipped', title: 'No second person needed', note: 'The policy let it through.', at: released.at });
  if (ended === 'signature') return [...list, stop('signature')];
  if (signed) list.push(done('signature', 'Signed by its operator', signed));
  else if (state === 'RELEASED') list.push(turn('signature', 'The operator’s signature'));
  else list.push({ key: 'signature', state: 'next', title: 'The operator’s signature' });
  if (ended === 'sent') return [...list, stop('sent')];
  if (sent) list.push(done('sent', command.attempts > 1 ? `Sent, ${command.attempts} times` : 'Sent', sent));
  else if (signed) list.push(turn('sent', 'On its way'));
  else list.push({ key: 'sent', state: 'next', title: 'Sent to the meter' });
  if (ended === 'receipt') {
    const good = state === 'CONFIRMED' || state === 'READY';
    list.push({ key: 'receipt', state: good ? 'done' : 'stopped', title: good ? (state === 'READY' ? 'Ready for reconnection' : 'Done: the meter’s receipt') : stateWord(state), at: last.at, note: good ? '' : sentence(last.note || command.why) });
  } else if (state === 'IN_DOUBT') list.push(turn('receipt', 'In doubt', sentence(doubt.note)));
  else if (sent) list.push(turn('receipt', state === 'SENT' ? 'The meter’s receipt' : 'To be sent again', state === 'SENT' ? '' : sentence(last.note)));
  else list.push({ key: 'receipt', state: 'next', title: 'The meter’s receipt' });
  return list;
}

/** The same stages before a command is drafted: `second` is what the policy says of it. */
export function stagesAhead({ user, second, key }) {
  return [
    { key: 'drafted', state: 'now', title: 'Drafted by you', note: 'What, whom and why: from then on nothing of it can be changed.' },
    second === false
      ? { key: 'second', state: 'skipped', title: 'No second person needed', note: 'As the policy stands now; it is asked again when you draft.' }
      : { key: 'second', state: 'next', title: 'A second person', note: second ? `Another operator than ${user} looks at the very same order and releases or refuses it.` : 'Only where the policy wants one: that is told once it is clear what is to be done.' },
    { key: 'signature', state: 'next', title: 'Signed by you', note: key ? 'With the key of this browser. Without your signature no meter obeys.' : h('span', 'With your key. ', h('a', { href: '/settings/keys' }, 'This browser has none yet'), ': you can draft, and sign once you have one.') },
    { key: 'sent', state: 'next', title: 'Sent to the meter', note: 'When its turn at its feeder has come, so that the grid sees no step.' },
    { key: 'receipt', state: 'next', title: 'The meter’s receipt', note: 'Followed here until it is there; kept as evidence.' },
  ];
}
