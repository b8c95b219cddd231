// A run of validation: how far it is, how the last one ended, and a new one now.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { count, plural } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, Button, toast } from '../parts.js';
import { settles } from '../billing.js';

const WATCHED = 1000;
const QUIET = 30000;

export function RunCard({ who, onEnd }) {
  const [pace, setPace] = useState(QUIET);
  const [busy, setBusy] = useState(false);
  const runs = useResource(`vee-run ${pace}`, (signal) => get('/validation/runs', {}, signal).then((a) => a.items[0] || null), { every: pace });
  const run = runs.data;
  const going = Boolean(run) && !run.ended;
  const ended = run?.ended || '';
  const seen = useRef(undefined);
  useEffect(() => {
    if (runs.data === undefined) return;
    setPace(going ? WATCHED : QUIET);
    // by its end, not by having been seen going: a short run is over before anybody asks
    if (seen.current !== undefined && ended && ended !== seen.current) onEnd();
    seen.current = ended;
  }, [runs.data === undefined, going, ended]);
  const start = async () => {
    setBusy(true);
    try {
      await post('/validation/runs', { days: 7 });
      setPace(WATCHED);
      runs.reload();
    } catch (problem) {
      toast(`${problem.where}: ${problem.remedy || problem.message}`, 'fault');
    } finally {
      setBusy(false);
    }
  };
  return h('section.run-line', { 'aria-label': 'Validation' },
    h('div', { role: 'status' }, going
      ? many(h('span.pulse', { 'aria-hidden': 'true' }), ` Validating: ${count(run.done)} of ${plural(run.meters, 'meter')}, ${plural(run.findings, 'finding')} so far`, h('progress', { value: run.done, max: Math.max(1, run.meters), 'aria-label': 'Meters looked at' }))
      : run
        ? many(run.failed > 0 && h(Mark, { state: 'fault' }), h('span', 'Last validated ', h(Ago, { at: run.ended }), ` by ${run.by}: ${plural(run.meters, 'meter')}, ${plural(run.days, 'day')}, ${plural(run.opened, 'new exception')}`), run.failed > 0 && h('span.is-fault', `; ${plural(run.failed, 'meter')} failed: ${run.firstFailure}`))
        : h('span.dim', runs.data === undefined ? '' : 'Not validated since the start; the next night does it.')),
    settles(who) && h(Button, { icon: 'play', busy: busy || going, onClick: start, title: 'Looks at the last seven days of all meters now, as each night does' }, 'Validate now'));
}
