// The frame that every page stands in: rail, top bar, lamps, search.
import { cx, h, many, useEffect, useRef, useState } from './dom.js';
import { get, useResource } from './api.js';
import { go, useRoute } from './router.js';
import { logOut, may, roleWord } from './session.js';
import { useLiveState } from './live.js';
import { count } from './format.js';
import { Icon, Mark } from './icons.js';
import { Button, Dialog, Failure, Popover, Skeleton, Toasts, healthMark, useSlow } from './parts.js';
import { match, placesOf } from './routes.js';
import { Search } from './search.js';
import { useWaiting, useWaitingCounts } from './waiting.js';

/** Where somebody lands: on what they have to do. */
const home = (who) => (!may(who, 'VIEW') ? '/analytics' : may(who, 'operator') ? '/overview' : may(who, 'BILL') ? '/billing' : may(who, 'SERVE_CUSTOMERS') ? '/billing/accounts' : '/overview');

export function Frame({ who }) {
  const { path } = useRoute();
  const found = match(path);
  const [palette, setPalette] = useState(null);
  const [drawer, setDrawer] = useState(false);
  useWaitingCounts(who);
  useEffect(() => {
    if (path === '/' || path === '/login' || path === '/console') go(home(who), { replace: true });
    setDrawer(false);
  }, [path]);
  useEffect(() => {
    const onKey = async (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        const { Palette } = await import('./palette.js');
        setPalette(() => Palette);
      } else if (event.key === '/' && !typing && !document.querySelector('dialog[open]')) {
        event.preventDefault();
        document.getElementById('find')?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return h('div.frame',
    h('a.skip', { href: '#page', onClick: (e) => { e.preventDefault(); document.getElementById('page').focus(); } }, 'Skip to the page'),
    h(Rail, { here: found?.place.id, who }),
    h('header.top', h('a.top-brand', { href: '/', 'aria-label': 'Gridwarden, overview' }, h(Logo)), may(who, 'VIEW') && many(h(Search, { who }), h(Lamps)), h(UserMenu, { who })),
    h('main.page#page', { tabIndex: -1 }, h(Page, { found, path, who })),
    h(Bar, { here: found?.place.id, who, onMore: () => setDrawer(true) }),
    drawer && h(Dialog, { title: 'Go to', onClose: () => setDrawer(false) }, h('nav.drawer', { 'aria-label': 'All pages' }, placesOf(who).map((p) => h(PlaceLink, { key: p.id, place: p, here: found?.place.id, who })))),
    palette && h(palette, { who, onClose: () => setPalette(null) }),
    h(Toasts));
}

export function Logo() {
  return h('svg.logo', { viewBox: '0 0 24 24', width: 24, height: 24, 'aria-hidden': 'true' },
    h('rect', { width: 24, height: 24, rx: 5 }), h('path', { d: 'M5 16.5h3.2V11h3.6V6.5h3.6V13H19' }));
}

/** How many things of a place wait for this very person. */
function forMe(place, waiting, who) {
  if (place === 'commands') return may(who, 'operator') ? waiting.second + waiting.sign + waiting.policy : 0;
  return place === 'settings' ? waiting.keys : 0;
}

function PlaceLink({ place, here, who }) {
  const n = forMe(place.id, useWaiting(), who);
  return h('a.place', { href: place.path, class: cx(place.later && 'place-later'), 'aria-current': here === place.id ? 'page' : undefined, title: place.later ? `${place.name}: not built yet` : place.name },
    h(Icon, { name: place.id }), h('span', place.name), place.later && h('span.place-note', 'later'),
    n > 0 && h('span.badge.place-badge', count(n), h('span.offscreen', n === 1 ? ' waits for you' : ' wait for you')));
}

function Rail({ here, who }) {
  return h('nav.rail', { 'aria-label': 'Main' },
    h('a.brand', { href: '/' }, h(Logo), h('span', 'Gridwarden')),
    placesOf(who).slice(0, -1).map((p) => h(PlaceLink, { key: p.id, place: p, here, who })),
    h('div.rail-gap'),
    h(PlaceLink, { place: placesOf(who).at(-1), here, who }));
}

function Bar({ here, who, onMore }) {
  const main = placesOf(who).filter((p) => ['overview', 'meters', 'alarms', 'commands', may(who, 'VIEW') || 'analytics'].includes(p.id));
  return h('nav.bar', { 'aria-label': 'Main, short' }, main.map((p) => h(PlaceLink, { key: p.id, place: p, here, who })),
    h('button.place', { type: 'button', onClick: onMore }, h(Icon, { name: 'menu' }), h('span', 'More')));
}

/** The system's state, asked for every few seconds and shared by the whole console. */
export function useSystemState() {
  return useResource('state', (signal) => get('/state', {}, signal), { every: 5000 });
}

function Lamp({ state, name, value, children }) {
  return h(Popover, { align: 'right', label: name, button: (props) => h('button.lamp', { type: 'button', ...props, class: `is-${state}`, 'aria-label': `${name}: ${value}` },
    h(Mark, { state }), h('span.lamp-name', name), h('span.lamp-value', value)) }, h('div.lamp-detail', children));
}

const worst = (states) => ['fault', 'attention', 'fine'].find((s) => states.includes(s)) || 'fine';

function Lamps() {
  const state = useSystemState();
  const live = useLiveState();
  if (!state.data) {
    return h('div.lamps', state.error && !state.loading ? h(Lamp, { state: 'fault', name: 'Server', value: 'no answer' }, state.error.message) : null);
  }
  const { database, channels = [], intake = {} } = state.data;
  const lost = state.error && !state.loading;
  const marks = channels.map((c) => healthMark(c.state));
  const up = marks.filter((m) => m === 'fine').length;
  const backlog = intake.oldestMs > 30000 ? 'fault' : intake.oldestMs > 5000 ? 'attention' : 'fine';
  return h('div.lamps', { role: 'group', 'aria-label': 'State of the system' },
    lost && h(Lamp, { state: 'fault', name: 'Server', value: 'no answer' }, h('p', state.error.message), h('p.dim', 'What is shown is from before.')),
    h(Lamp, { state: healthMark(database?.state), name: 'Database', value: String(database?.state || 'unknown').toLowerCase() }, h('p', database?.detail || 'No detail.')),
    h(Lamp, { state: worst(marks), name: 'Channels', value: `${up}/${channels.length}` },
      channels.length ? h('ul.plain', channels.map((c) => h('li', { key: c.id }, h(Mark, { state: healthMark(c.state) }), h('span.mono', c.id), h('span.dim', c.detail)))) : h('p', 'No channel is configured.')),
    h(Lamp, { state: backlog, name: 'Backlog', value: count(intake.queued ?? 0) },
      h('p', `${count(intake.queued ?? 0)} waiting, the oldest for ${count(intake.oldestMs ?? 0)} ms.`), h('p.dim', `${count(Math.round(intake.perSecond ?? 0))} messages a second come in.`)),
    live !== 'live' && h(Lamp, { state: 'attention', name: 'Live', value: live === 'off' ? 'lost' : 'joining' }, h('p', 'The live stream is not connected; it is tried again by itself. Pages still load.')));
}

function UserMenu({ who }) {
  const roles = who.roles.map(roleWord);
  return h(Popover, { align: 'right', label: 'Your account', button: (props) => h('button.user', { type: 'button', ...props, 'aria-label': `Account of ${who.user}, ${roles.join(', ')}` },
    h(Icon, { name: 'user' }), h('span.user-name', who.user), h('span.user-role', roles[0] || '', roles.length > 1 && ` +${roles.length - 1}`)) },
  (close) => many(
    h('div.menu-head', h('strong', who.user), h('span.dim', roles.join(' · ') || 'No role')),
    h('a.menu-item', { href: '/settings/account', onClick: close }, h(Icon, { name: 'key' }), 'Change password'),
    h('a.menu-item', { href: '/settings', onClick: close }, h(Icon, { name: 'settings' }), 'Settings'),
    h('button.menu-item', { type: 'button', onClick: logOut }, h(Icon, { name: 'logout' }), 'Log out')));
}

function Page({ found, path, who }) {
  const [loaded, set] = useState({});
  const [turn, setTurn] = useState(0);
  const key = found?.page;
  const mounted = useRef(true);
  useEffect(() => () => { mounted.current = false; }, []);
  useEffect(() => {
    if (!key) return;
    key().then((module) => mounted.current && set({ key, view: module.default }), (error) => set({ key, error }));
  }, [key, turn]);
  const slow = useSlow(Boolean(key) && loaded.key !== key);
  if (!found) {
    if (path === '/') return null;
    return h('div.empty', h('h1', 'No page has this address'), h('p', h('code', path)), h('div.actions', h('a.btn', { href: '/overview' }, 'To the overview')));
  }
  if (loaded.key !== key) return slow ? h(Skeleton, { rows: 8 }) : null;
  if (loaded.error) return h(Failure, { error: loaded.error, what: 'The page could not be fetched', onRetry: () => setTurn(turn + 1) });
  return h(loaded.view, { key: JSON.stringify(found.params), params: found.params, place: found.place, who });
}
