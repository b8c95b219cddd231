// Ctrl-K: to any page, meter or act by a few letters.
import { h, useEffect, useLayoutEffect, useRef, useState } from './dom.js';
import { go, href } from './router.js';
import { logOut, may } from './session.js';
import { Icon } from './icons.js';
import { placesOf } from './routes.js';
import { COMMAND_ID, useMeterSearch } from './search.js';
import { DRAFTABLE, actionName } from './commands.js';

function acts(who) {
  return [
    ...placesOf(who).filter((p) => !p.later).map((p) => ({ icon: p.id, name: p.name, note: 'Page', run: () => go(p.path) })),
    { icon: 'meters', name: 'Waiting meters', note: 'Page', run: () => go('/meters/waiting') },
    may(who, 'operator') && { icon: 'upload', name: 'Import a shipment', note: 'Act', run: () => go('/meters/import') },
    may(who, 'MANAGE_USERS') && { icon: 'user', name: 'Users and roles', note: 'Page', run: () => go('/settings/users') },
    may(who, 'operator') && { icon: 'commands', name: 'New command', note: 'Act', run: () => go('/commands/new') },
    may(who, 'operator') && { icon: 'commands', name: 'Sign commands', note: 'Page', run: () => go('/commands/sign') },
    { icon: 'commands', name: 'Commands that wait for a second person', note: 'Page', run: () => go('/commands/release') },
    { icon: 'upload', name: 'Firmware', note: 'Page', run: () => go('/firmware') },
    may(who, 'operator') && { icon: 'upload', name: 'Start a firmware campaign', note: 'Act', run: () => go('/firmware/new') },
    { icon: 'commands', name: 'Policy of commands', note: 'Page', run: () => go('/commands/policy') },
    { icon: 'alarms', name: 'Work orders', note: 'Page', run: () => go('/work') },
    { icon: 'billing', name: 'Exceptions of validation', note: 'Page', run: () => go('/billing/exceptions') },
    (may(who, 'SERVE_CUSTOMERS') || may(who, 'BILL')) && { icon: 'user', name: 'Accounts', note: 'Page', run: () => go('/billing/accounts') },
    { icon: 'key', name: 'Signing keys', note: 'Page', run: () => go('/settings/keys') },
    { icon: 'key', name: 'Change password', note: 'Act', run: () => go('/settings/account') },
    { icon: 'logout', name: 'Log out', note: 'Act', run: logOut },
    ...placesOf(who).filter((p) => p.later).map((p) => ({ icon: p.id, name: p.name, note: 'Not built yet', run: () => go(p.path) })),
  ].filter(Boolean);
}

/** "disconnect 0011": the words of the vocabulary that the text begins like, and what follows is a meter's. */
function deedOf(text, who) {
  const [verb, ...rest] = text.trim().toLowerCase().split(/\s+/);
  if (!may(who, 'operator') || !verb) return { verbs: [], meter: text };
  const verbs = DRAFTABLE.filter((word) => word.startsWith(verb));
  return rest.length && verbs.length ? { verbs, meter: rest.join(' ') } : { verbs: [], meter: text };
}

export function Palette({ who, onClose }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef();
  const deed = deedOf(text, who);
  const meters = useMeterSearch(deed.meter, 6);
  const wanted = text.trim().toLowerCase();
  const found = [
    ...acts(who).filter((a) => a.name.toLowerCase().includes(wanted)),
    ...(COMMAND_ID.test(wanted) ? [{ icon: 'commands', name: wanted, mono: true, note: 'Command', run: () => go(`/commands/${wanted}`) }] : []),
    ...(meters.text ? deed.verbs.flatMap((word) => meters.items.slice(0, 3).map((m) => ({ icon: 'commands', name: `${actionName(word)} ${m.id}…`, note: m.servicePoint || 'Act', run: () => go(href('/commands/new', { meter: m.id, action: word })) }))) : []),
    ...(wanted && meters.text ? meters.items.map((m) => ({ icon: 'meters', name: m.id, mono: true, note: m.servicePoint || 'Meter', run: () => go(`/meters/${encodeURIComponent(m.id)}`) })) : []),
  ];
  useLayoutEffect(() => {
    const node = box.current;
    node.showModal();
    return () => node.close();
  }, []);
  useEffect(() => setAt(0), [text]);
  useEffect(() => { box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }); }, [at]);
  const run = (act) => { if (act) { onClose(); act.run(); } };
  const onKeyDown = (event) => {
    const last = found.length - 1;
    if (event.key === 'ArrowDown') setAt(Math.min(last, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return h('dialog.dialog.palette', { ref: box, 'aria-label': 'Go anywhere', onCancel: (e) => { e.preventDefault(); onClose(); }, onClick: (e) => e.target === box.current && onClose() },
    h('div.palette-box', { onKeyDown },
      h('div.palette-input', h(Icon, { name: 'search' }), h('input', { type: 'text', value: text, placeholder: 'Page, act or meter', 'aria-label': 'Page, act or meter', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'palette-list', 'aria-activedescendant': found.length ? `palette-${at}` : undefined, autocomplete: 'off', spellcheck: false, onInput: (e) => setText(e.currentTarget.value) }), h('kbd', 'Esc')),
      h('div.palette-list#palette-list', { role: 'listbox', 'aria-label': 'Found' },
        found.map((a, i) => h('div.found-item', { key: `${a.note} ${a.name}`, id: `palette-${i}`, role: 'option', 'aria-selected': String(i === at), onPointerMove: () => i !== at && setAt(i), onClick: () => run(a) }, h(Icon, { name: a.icon }), h('span', { class: a.mono ? 'mono' : '' }, a.name), h('span.found-age', a.note))),
        !found.length && h('div.found-note', 'Nothing is called that.'))));
}
