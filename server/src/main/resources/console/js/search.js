// The top bar's search: any part of a meter's id, serial, system title or service point; a command by its id; and for
// those who serve customers any part of an account's number, name or address.
import { h, useEffect, useRef, useState } from './dom.js';
import { asPage, get } from './api.js';
import { go, href, useRoute } from './router.js';
import { Icon } from './icons.js';
import { Ago } from './parts.js';
import { may } from './session.js';

const SHOWN = 8;
const seesAccounts = (who) => may(who, 'SERVE_CUSTOMERS') || may(who, 'BILL');
export const COMMAND_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const NOTHING = { text: '', items: [], total: 0 };

/** What of a list matches `text`, asked for when typing has paused. */
function useFound(path, text, size, allowed = true) {
  const [found, set] = useState(NOTHING);
  useEffect(() => {
    const wanted = text.trim();
    if (!wanted || !allowed) return set(NOTHING);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get(path, { q: wanted, size, page: 0 }, abort.signal).then(
        (answer) => set({ text: wanted, ...asPage(answer) }),
        (error) => error.name !== 'AbortError' && set({ ...NOTHING, text: wanted, error }),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, allowed]);
  return found;
}

export const useMeterSearch = (text, size = SHOWN) => useFound('/meters', text, size);
const useAccountSearch = (text, allowed) => useFound('/accounts', text, 5, allowed);

export function Search({ who }) {
  const route = useRoute();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(null); // by its key: accounts and meters are answered one after the other
  const box = useRef();
  const found = useMeterSearch(text);
  const allowed = seesAccounts(who);
  const accounts = useAccountSearch(text, allowed);
  const hits = [...accounts.items.map((a) => ({ key: `a ${a.id}`, href: `/billing/accounts/${encodeURIComponent(a.id)}`, id: a.id, words: [a.name, a.street, a.city].filter(Boolean).join(', '), account: a })),
    ...found.items.map((m) => ({ key: `m ${m.id}`, href: `/meters/${encodeURIComponent(m.id)}`, id: m.id, words: m.servicePoint || m.systemTitle, meter: m }))];
  const at = hits.findIndex((hit) => hit.key === chosen);
  useEffect(() => { setOpen(false); setText(''); setChosen(null); }, [route.path]);
  const close = () => { setOpen(false); box.current.blur(); };
  const choose = (index) => {
    const hit = hits[index];
    if (hit) go(hit.href);
    else if (COMMAND_ID.test(text.trim())) go(`/commands/${text.trim().toLowerCase()}`);
    else if (text.trim()) go(href('/meters', { q: text.trim() }));
    close();
    setText('');
  };
  const onKeyDown = (event) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') choose(at);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen(hits[Math.max(-1, Math.min(hits.length - 1, at + step))]?.key ?? null);
    }
  };
  const showing = open && text.trim() && found.text;
  return h('div.search', { role: 'search' },
    h(Icon, { name: 'search' }),
    h('input#find', { ref: box, type: 'search', placeholder: allowed ? 'Find a meter or account' : 'Find a meter', title: 'Or a command, by its whole id', value: text, autocomplete: 'off', spellcheck: false, role: 'combobox', 'aria-label': allowed ? 'Find a meter by any part of its id, serial or service point, or an account by its number, name or address' : 'Find a meter by any part of its id, serial or service point',
      'aria-expanded': String(Boolean(showing)), 'aria-controls': 'found', 'aria-autocomplete': 'list', 'aria-activedescendant': at >= 0 ? `found-${at}` : undefined,
      onInput: (e) => { setText(e.currentTarget.value); setChosen(null); setOpen(true); }, onFocus: () => setOpen(true), onBlur: () => setTimeout(() => setOpen(false), 150), onKeyDown }),
    h('kbd', { 'aria-hidden': 'true' }, '/'),
    h('div.found#found', { role: 'listbox', 'aria-label': allowed ? 'Accounts and meters found' : 'Meters found', hidden: !showing },
      hits.map((hit, i) => h('div.found-item', { key: hit.key, id: `found-${i}`, role: 'option', 'aria-selected': String(i === at), onPointerDown: (e) => { e.preventDefault(); choose(i); } },
        allowed && h(Icon, { name: hit.account ? 'user' : 'meters' }), h('span.mono', hit.id), h('span.dim', hit.words), h('span.found-age', hit.meter ? h(Ago, { at: hit.meter.lastContact }) : hit.account.status === 'open' ? '' : hit.account.status))),
      showing && (found.error ? h('div.found-note', found.error.message) : !hits.length ? h('div.found-note', `No meter${allowed ? ' or account' : ''} has “${found.text}” in its id, serial, system title or service point${allowed ? ', nor in its number, name or address' : ''}.`)
        : found.total > found.items.length && h('div.found-note', `Enter shows all ${found.total}`))));
}
