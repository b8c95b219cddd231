// The dangerous act's page: whom, what and why on one side; on the other, in words and from the policy's own mouth, what
// will come of it. Nothing is sent from here: drafting begins the command's way.
import { h, many, useEffect, useMemo, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { go, href, setQuery, useRoute } from '../router.js';
import { may } from '../session.js';
import { count, dateTime, localZone, lower, plural } from '../format.js';
import { Mark } from '../icons.js';
import { Empty, Failure, Field, Id, toast, useTitle } from '../parts.js';
import { ACTIONS, DRAFTABLE, actionName, deedName, humanDurations, parameterWords, path } from '../commands.js';
import { useBrowserKey } from '../keys.js';
import { Steps, stagesAhead } from '../steps.js';
import { recount } from '../waiting.js';
import { MeterPicker, meterIds } from './meter-picker.js';
import { Parameters, When, parametersOf, whenOf } from './command-fields.js';

const LONGEST_REASON = 500;
const IN_ADDRESS = 40; // more meters than these do not stand in the address

export default function NewCommand({ who }) {
  const { query } = useRoute();
  const [meters, setMeters] = useState(() => meterIds(query.meter));
  const [action, setAction] = useState(DRAFTABLE.includes(query.action) ? query.action : '');
  const [fields, setFields] = useState({});
  const [reason, setReason] = useState(query.reason || '');
  const first = useResource(meters[0] || '', (signal) => (meters[0] ? get(`/meters/${encodeURIComponent(meters[0])}`, {}, signal) : Promise.resolve(undefined)));
  const zone = first.data?.zone || localZone;
  useTitle(action ? `${actionName(action)}…` : 'New command');
  useEffect(() => setQuery({ meter: meters.length <= IN_ADDRESS ? meters.join(',') || undefined : undefined, action: action || undefined }), [meters, action]);
  if (!may(who, 'operator')) return many(h('header.page-head', h('h1', 'New command')), h(Empty, { icon: 'security', heading: 'Commands are for operators', action: h('a.btn', { href: '/commands' }, 'See the commands') }, 'Whoever manages people and keys commands nothing.'));

  const set = (patch) => setFields({ ...fields, ...patch });
  const parameters = action ? parametersOf(action, fields, zone) : undefined;
  const when = whenOf(fields, zone);
  const request = action && parameters && when && meters.length ? { ...(meters.length === 1 ? { meter: meters[0] } : { meters }), action, parameters, ...when } : undefined;
  const whom = meters.length === 1 ? meters[0] : plural(meters.length, 'meter');
  return many(
    h('header.meter-head', h('a.back', { href: '/commands' }, 'Commands'), h('div.meter-name', h('h1', action && meters.length ? deedName(action, whom) : 'New command')), h('p.meter-where', 'Nothing is sent from this page: it begins the command’s way.')),
    h('div.act-grid',
      h('div.act-ask',
        h('section.card', h('header.card-head', h('h2', 'What')), h('div.card-body', h(Kinds, { action, onPick: setAction }), action && h(Parameters, { action, fields, set, zone }))),
        h('section.card', h('header.card-head', h('h2', 'Whom'), meters.length > 1 && h('span.dim', plural(meters.length, 'meter'))), h('div.card-body', h(MeterPicker, { meters, onChange: setMeters, where: meters.length === 1 ? first.data?.servicePoint : '' }))),
        h('section.card', h('header.card-head', h('h2', 'When')), h('div.card-body', h(When, { fields, set, zone, bad: !when })))),
      h('div.act-tell', h(Outcome, { request, action, meters, parameters, zone, who, reason, setReason, servicePoint: first.data?.servicePoint }))));
}

function Kinds({ action, onPick }) {
  return h('fieldset.kinds', h('legend.offscreen', 'What is to be done'), DRAFTABLE.map((word) => h('label.kind', { key: word, class: action === word ? 'is-chosen' : '' },
    h('input', { type: 'radio', name: 'action', value: word, checked: action === word, onChange: () => onPick(word) }), h('span', h('strong', actionName(word)), h('span.dim', ACTIONS[word].does)))));
}

/** Asks the policy, when typing has paused, what it would say. */
function useDryRun(request) {
  const key = request ? JSON.stringify(request) : '';
  const [settled, settle] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => settle(key), 250);
    return () => clearTimeout(timer);
  }, [key]);
  const run = useResource(settled, () => (settled ? post('/commands', { ...JSON.parse(settled), reason: '', dryRun: true }) : Promise.resolve(undefined)), { every: (request?.meters?.length || 0) > IN_ADDRESS ? 0 : 15000 }); // many are asked once, not over and over
  return { ...run, current: Boolean(key) && run.fresh && settled === key };
}

function countsOf(items) {
  const counts = { release: 0, quarantine: 0, refuse: 0 };
  for (const item of items) counts[item.verdict] += 1;
  return counts;
}

function Outcome({ request, action, meters, parameters, zone, who, reason, setReason, servicePoint }) {
  const run = useDryRun(request);
  const key = useBrowserKey(who.user);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const items = run.current && run.data ? run.data.items : undefined;
  const counts = useMemo(() => items && countsOf(items), [items]);
  const able = counts ? counts.release + counts.quarantine : 0;
  const ready = items && able > 0 && reason.trim() && !busy;
  const draft = async (event) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setError(null);
    try {
      const made = asPage(await post('/commands', { ...request, reason: reason.trim() })).items;
      recount();
      if (made.length === 1) return go(path(made[0].id));
      toast(`${plural(made.length, 'command')} drafted.`);
      go(href(made.some((m) => m.state === 'RELEASED') ? '/commands/sign' : '/commands', made.some((m) => m.state === 'RELEASED') ? {} : { by: who.user }));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const second = !counts ? undefined : counts.quarantine > 0;
  return h('form.card.act-card', { onSubmit: draft },
    h('header.card-head', h('h2', 'What will happen')),
    h('div.card-body.form',
      action && meters.length ? h(Happening, { action, meters, parameters, zone, servicePoint }) : h('p.dim', 'Choose what is to be done, and to whom.'),
      request && h('div', { 'aria-live': 'polite' }, run.error && run.fresh && !run.loading ? h(Failure, { error: run.error, what: 'The policy gives no answer' }) : items ? h(Verdicts, { items, counts, zone, lone: meters.length === 1 }) : h('p.dim', 'Asking the policy…')),
      h(Field, { label: 'Why', hint: `It stands in the audit log and on the command, for good. ${reason.length > LONGEST_REASON - 100 ? `${LONGEST_REASON - reason.length} characters left.` : ''}` },
        h('textarea', { rows: 3, required: true, maxLength: LONGEST_REASON, value: reason, placeholder: 'Order number, who asked for it, what it is for', onInput: (e) => setReason(e.currentTarget.value) })),
      h(Steps, { steps: stagesAhead({ user: who.user, second: meters.length > 1 && second === false ? false : second, key: key.key }), label: 'The way it takes' }),
      error && h(Failure, { error, what: 'Not drafted' }),
      h('div.form-actions',
        h('button.btn', { type: 'submit', disabled: !ready, 'aria-busy': busy ? 'true' : undefined, class: ACTIONS[action]?.danger ? 'btn-danger-main' : 'btn-main' }, action ? `Draft: ${lower(deedName(action, meters.length === 1 ? meters[0] : plural(able || meters.length, 'meter')))}` : 'Draft'),
        h('a.btn', { href: meters.length === 1 ? `/meters/${encodeURIComponent(meters[0])}` : '/commands' }, 'Leave it')),
      items && !able && h('p.dim', 'The policy refuses it, so there is nothing to draft.')));
}

function Happening({ action, meters, parameters, zone, servicePoint }) {
  const { does, means } = ACTIONS[action];
  const whom = meters.length === 1 ? many('At ', h('span.mono', meters[0]), servicePoint && `, ${servicePoint}`) : `At ${count(meters.length)} meters`;
  const words = parameters && parameterWords(action, parameters, zone);
  return h('p.deed-words', h('strong', whom, ': ', does, words && ` ${words.charAt(0).toUpperCase()}${words.slice(1)}.`), ' ', means);
}

const VERDICTS = {
  release: ['fine', 'goes out once you have signed it', 'go out once you have signed them'],
  quarantine: ['attention', 'waits for a second person', 'wait for a second person'],
  refuse: ['fault', 'is refused', 'are refused'],
};

function Verdicts({ items, counts, zone, lone }) {
  if (lone) {
    const [item] = items;
    const [mark, words] = VERDICTS[item.verdict];
    return h('p.verdict', { class: `is-${mark}` }, h(Mark, { state: mark }), h('span', h('strong', `It ${words}`), item.why && `: ${humanDurations(item.why)}`, '.', item.verdict === 'release' && item.due && h('span.dim', ` Due ${dateTime(Date.parse(item.due), zone)}.`)));
  }
  return h('div.verdicts', Object.entries(VERDICTS).filter(([v]) => counts[v]).map(([v, [mark, one, more]]) => {
    const mine = items.filter((i) => i.verdict === v);
    const whys = new Map();
    for (const i of mine) whys.set(i.why || '', (whys.get(i.why || '') || 0) + 1);
    const dues = mine.map((i) => i.due).filter(Boolean).sort();
    return h('div.verdict-group', { key: v },
      h('p.state', { class: `is-${mark}` }, h(Mark, { state: mark }), h('strong', count(mine.length)), mine.length === 1 ? one : more),
      [...whys].filter(([why]) => why).map(([why, n]) => h('p.dim', { key: why }, whys.size > 1 && `${count(n)}: `, humanDurations(why))),
      v !== 'refuse' && dues.length > 1 && dues[0] !== dues.at(-1) && h('p.dim', `Spread from ${dateTime(Date.parse(dues[0]), zone)} to ${dateTime(Date.parse(dues.at(-1)), zone)}.`),
      h('details', h('summary.dim', 'Which'), h('ul.plain.verdict-meters', mine.slice(0, 100).map((i) => h('li', { key: i.meter }, h(Id, { value: i.meter, link: `/meters/${encodeURIComponent(i.meter)}` }))), mine.length > 100 && h('li.dim', `and ${count(mine.length - 100)} more`))));
  }));
}
