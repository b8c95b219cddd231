// The top bar's search: any part of a meter's id, serial, system title or service point; a command by its id.
import { h, useEffect, useRef, useState } from './dom.js';
import { asPage, get } from './api.js';
import { go, href, useRoute } from './router.js';
import { Icon } from './icons.js';
import { Ago } from './parts.js';

const SHOWN = 8;
export const COMMAND_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Meters that match `text`, asked for when typing has paused. */
export function useMeterSearch(text, size = SHOWN) {
  const [found, set] = useState({ text: '', items: [], total: 0 });
  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return set({ text: '', items: [], total: 0 });
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get('/meters', { q: wanted, size, page: 0 }, abort.signal).then(
        (answer) => set({ text: wanted, ...asPage(answer) }),
        (error) => error.name !== 'AbortError' && set({ text: wanted, items: [], total: 0, error }),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return found;
}

export function Search() {
  const route = useRoute();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const box = useRef();
  const found = useMeterSearch(text);
  useEffect(() => { setOpen(false); setText(''); }, [route.path]);
  useEffect(() => setAt(-1), [found.text]);
  const close = () => { setOpen(false); box.current.blur(); };
  const choose = (index) => {
    const meter = found.items[index];
    if (meter) go(`/meters/${encodeURIComponent(meter.id)}`);
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
      setAt(Math.max(-1, Math.min(found.items.length - 1, at + step)));
    }
  };
  const showing = open && text.trim() && found.text;
  return h('div.search', { role: 'search' },
    h(Icon, { name: 'search' }),
    h('input#find', { ref: box, type: 'search', placeholder: 'Find a meter', title: 'Or a command, by its whole id', value: text, autocomplete: 'off', spellcheck: false, role: 'combobox', 'aria-label': 'Find a meter by any part of its id, serial or service point',
      'aria-expanded': String(Boolean(showing)), 'aria-controls': 'found', 'aria-autocomplete': 'list', 'aria-activedescendant': at >= 0 ? `found-${at}` : undefined,
      onInput: (e) => { setText(e.currentTarget.value); setOpen(true); }, onFocus: () => setOpen(true), onBlur: () => setTimeout(() => setOpen(false), 150), onKeyDown }),
    h('kbd', { 'aria-hidden': 'true' }, '/'),
    h('div.found#found', { role: 'listbox', 'aria-label': 'Meters found', hidden: !showing },
      found.items.map((m, i) => h('div.found-item', { key: m.id, id: `found-${i}`, role: 'option', 'aria-selected': String(i === at), onPointerDown: (e) => { e.preventDefault(); choose(i); } },
        h('span.mono', m.id), h('span.dim', m.servicePoint || m.systemTitle), h('span.found-age', h(Ago, { at: m.lastContact })))),
      showing && (found.error ? h('div.found-note', found.error.message) : !found.items.length ? h('div.found-note', `No meter has “${found.text}” in its id, serial, system title or service point.`)
        : found.total > found.items.length && h('div.found-note', `Enter shows all ${found.total}`))));
}
