// What alarms and cases have in common on every page.
import { h, useCallback, useState } from './dom.js';
import { asPage, get, useResource } from './api.js';
import { useLive } from './live.js';
import { count, severityOf } from './format.js';
import { Severity, toast } from './parts.js';
import { Mark } from './icons.js';

export const VERDICTS = [['theft', 'Theft'], ['fault', 'Fault of the meter'], ['false-alarm', 'False alarm'], ['maintenance', 'Maintenance']];
export const verdictWord = (word) => VERDICTS.find(([key]) => key === word)?.[1] || word;
const SOURCES = { pushed: 'push', register: 'alarm register', logged: "the meter's log", office: 'the office' };
export const sourceWord = (word) => SOURCES[word] || word;

export function AlarmTabs({ here }) {
  const open = useResource('alarms-open', (signal) => get('/alarms', { state: 'open', size: 1 }, signal).then((a) => asPage(a).total), { every: 30000 });
  useLive((batch) => batch.some((e) => e.type === 'alarm') && open.reload());
  const tabs = [['/alarms', 'Now', open.data || undefined], ['/cases', 'Cases'], ['/work', 'Work'], ['/events', 'Events']];
  return h('nav.tabs', { 'aria-label': 'Alarms' }, tabs.map(([path, name, n]) => h('a', { key: path, href: path, 'aria-current': here === path ? 'page' : undefined }, name, n !== undefined && h('span.badge', count(n)))));
}

export const AlarmSeverity = ({ of }) => h(Severity, { level: severityOf(of) });

const STATES = { open: ['fault', 'Open'], acknowledged: ['attention', 'Acknowledged'], closed: ['muted', 'Closed'] };

export function AlarmState({ alarm }) {
  const [mark, word] = STATES[alarm.state] || STATES.open;
  return h('span.state', h(Mark, { state: mark }), word, alarm.over && alarm.state !== 'closed' && h('span.dim', ', over'));
}

/** Runs an act, tells how it went, and says that something changed. */
export function useAct(onDone) {
  const [busy, setBusy] = useState('');
  const [error, setError] = useState(null);
  const run = useCallback(async (name, work, said) => {
    setBusy(name);
    setError(null);
    try {
      await work();
      if (said) toast(said);
      onDone?.();
      return true;
    } catch (problem) {
      setError(problem);
      toast(`${problem.where ? `${problem.where}: ` : ''}${problem.remedy || problem.message}`, 'fault');
      return false;
    } finally {
      setBusy('');
    }
  }, [onDone]);
  return { busy, error, run };
}
