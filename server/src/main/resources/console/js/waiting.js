// What waits for the person who is logged in, counted once for the rail, the overview and the lists.
import { useEffect, useRef, useState } from './dom.js';
import { asPage, get } from './api.js';
import { useLive } from './live.js';
import { officeKeys } from './office-keys.js';
import { may } from './session.js';

const NONE = { second: 0, sign: 0, doubt: 0, policy: 0, keys: 0 };
const EVERY = 30000;
const SETTLE = 400; // ms after the last live event

const listeners = new Set();
let value = NONE;
let again = () => {};

function set(next) {
  value = next;
  for (const listener of listeners) listener(next);
}

const total = (query, signal) => get('/commands', { ...query, page: 0, size: 1 }, signal).then((a) => asPage(a).total, () => 0);

async function countAll(who, signal) {
  const operates = may(who, 'operator');
  const [quarantined, own, sign, doubt, policy, keys] = await Promise.all([
    total({ state: 'QUARANTINED' }, signal),
    total({ state: 'QUARANTINED', by: who.user }, signal),
    operates ? total({ state: 'RELEASED', by: who.user }, signal) : 0,
    total({ state: 'IN_DOUBT' }, signal),
    operates ? get('/command-policy', {}, signal).then((p) => (p.proposals || []).filter((v) => v.proposedBy !== who.user).length, () => 0) : 0,
    may(who, 'security-administrator') ? officeKeys(signal).then((keys) => keys.filter((k) => k.standing === 'WAITING').length, () => 0) : 0,
  ]);
  return { second: quarantined - own, sign, doubt, policy, keys };
}

/** Counts while the console is open; the frame calls it once. */
export function useWaitingCounts(who) {
  const timer = useRef(0);
  const soon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => again(), SETTLE);
  };
  useLive((batch) => { if (batch.some((e) => e.type === 'command')) soon(); });
  useEffect(() => {
    let abort = new AbortController();
    again = () => {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      countAll(who, signal).then((found) => signal.aborted || set(found), () => {});
    };
    again();
    const every = setInterval(() => document.hidden || again(), EVERY);
    return () => {
      clearInterval(every);
      clearTimeout(timer.current);
      abort.abort();
      set(NONE);
    };
  }, [who]);
}

/** Something was decided here: count anew. */
export const recount = () => again();

/** {second, sign, doubt, policy, keys}: what others drafted, what one signs oneself, what is in doubt, and so on. */
export function useWaiting() {
  const [now, setNow] = useState(value);
  useEffect(() => {
    listeners.add(setNow);
    setNow(value);
    return () => listeners.delete(setNow);
  }, []);
  return now;
}
