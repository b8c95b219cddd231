// The consumer's frame: simpler than the office's, made for a phone. Four places, and the home that they are about.
import { h, many, useEffect, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { go, useRoute } from '../router.js';
import { logOut } from '../session.js';
import { Icon } from '../icons.js';
import { Empty, Failure, Loaded, Popover, Skeleton, Toasts, usePref, useSlow } from '../parts.js';
import { Logo } from '../frame.js';

const PLACES = [
  { path: '/own', name: 'My home', icon: 'overview', page: () => import('./home.js') },
  { path: '/own/bills', name: 'My bills', icon: 'billing', page: () => import('./bills.js') },
  { path: '/own/what-if', name: 'What if', icon: 'columns', page: () => import('./what-if.js') },
  { path: '/own/data', name: 'My data', icon: 'download', page: () => import('./data.js') },
];
const ACCOUNT = { path: '/own/account', name: 'Log-in', page: () => import('./account.js') };

export default function OwnFrame({ who }) {
  const { path } = useRoute();
  const place = [...PLACES, ACCOUNT].find((p) => p.path === path);
  const points = useResource('own-points', (signal) => get('/own/points', {}, signal).then(asPage));
  const [chosen, choose] = usePref('own-point', '');
  const items = points.data?.items || [];
  const point = items.find((p) => p.servicePoint === chosen) || items[0];
  // an address of the office's own pages leads home, and so does one that is none
  useEffect(() => { if (!place) go('/own', { replace: true }); }, [path]);
  return h('div.own-frame',
    h('a.skip', { href: '#page', onClick: (e) => { e.preventDefault(); document.getElementById('page').focus(); } }, 'Skip to the page'),
    h('header.own-top',
      h('a.own-brand', { href: '/own', 'aria-label': 'Gridwarden, my home' }, h(Logo)),
      h('nav.own-places', { 'aria-label': 'Main' }, PLACES.map((p) => h(PlaceLink, { key: p.path, place: p, here: place }))),
      h(PointPicker, { items, point, choose }),
      h(Menu, { who })),
    h('main.own-page#page', { tabIndex: -1 }, h(Loaded, { of: points, what: 'Your home could not be found' }, () => place && h(Page, { key: place.path, place, point, who }))),
    h('nav.bar.own-bar', { 'aria-label': 'Main, short' }, PLACES.map((p) => h(PlaceLink, { key: p.path, place: p, here: place }))),
    h(Toasts));
}

function PlaceLink({ place, here }) {
  return h('a.place', { href: place.path, 'aria-current': here === place ? 'page' : undefined }, h(Icon, { name: place.icon }), h('span', place.name));
}

function PointPicker({ items, point, choose }) {
  if (!point) return h('span.own-point');
  if (items.length === 1) return h('span.own-point', { title: point.servicePoint }, point.servicePoint);
  return h('select.own-point', { 'aria-label': 'Home', value: point.servicePoint, onChange: (e) => choose(e.currentTarget.value) }, items.map((p) => h('option', { key: p.servicePoint, value: p.servicePoint }, p.servicePoint)));
}

function Menu({ who }) {
  return h(Popover, { align: 'right', label: 'Your log-in', button: (props) => h('button.user', { type: 'button', ...props, 'aria-label': `Log-in of ${who.user}` }, h(Icon, { name: 'user' }), h('span.user-name', who.user)) },
    (close) => many(h('div.menu-head', h('strong', who.user)),
      h('a.menu-item', { href: ACCOUNT.path, onClick: close }, h(Icon, { name: 'key' }), 'Password and sessions'),
      h('button.menu-item', { type: 'button', onClick: logOut }, h(Icon, { name: 'logout' }), 'Log out')));
}

function Page({ place, point, who }) {
  const [loaded, set] = useState({});
  const [turn, again] = useState(0);
  useEffect(() => {
    let here = true;
    place.page().then((module) => here && set({ view: module.default }), (error) => here && set({ error }));
    return () => { here = false; };
  }, [turn]);
  const slow = useSlow(!loaded.view && !loaded.error);
  if (loaded.error) return h(Failure, { error: loaded.error, what: 'The page could not be fetched', onRetry: () => again(turn + 1) });
  if (!loaded.view) return slow ? h(Skeleton, { rows: 6 }) : null;
  return h(loaded.view, { key: point?.servicePoint, point, who });
}

/** What stands where somebody has no home here yet. */
export function NoHome({ what }) {
  return h(Empty, { icon: 'overview', heading: 'No home is linked to you yet' }, `Customer service links your account to this log-in; then ${what} here.`);
}
