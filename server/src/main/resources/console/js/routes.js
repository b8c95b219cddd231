// The rail's entries and the page behind each address. A page's code is fetched when it is first opened.
import { may } from './session.js';

const later = () => import('./pages/later.js');

export const PLACES = [
  { id: 'overview', name: 'Overview', path: '/overview', page: () => import('./pages/overview.js') },
  { id: 'meters', name: 'Meters', path: '/meters', page: () => import('./pages/meters.js') },
  { id: 'map', name: 'Map', path: '/map', page: later, later: true },
  { id: 'alarms', name: 'Alarms', path: '/alarms', page: () => import('./pages/alarms.js') },
  { id: 'commands', name: 'Commands', path: '/commands', page: () => import('./pages/commands.js') },
  { id: 'collection', name: 'Collection', path: '/collection', page: () => import('./pages/collection.js') },
  { id: 'billing', name: 'Billing', path: '/billing', page: () => import('./pages/billing.js') },
  { id: 'analytics', name: 'Analytics', path: '/analytics', needs: 'ANALYSE', page: () => import('./pages/analytics.js') },
  { id: 'security', name: 'Security', path: '/security', page: () => import('./pages/certificates.js') },
  { id: 'test-bed', name: 'Test-bed', path: '/test-bed', page: later, later: true },
  { id: 'settings', name: 'Settings', path: '/settings', page: () => import('./pages/settings.js') },
];

/** The places that somebody has something to see at. */
export const placesOf = (who) => PLACES.filter((p) => p.id === 'settings' || may(who, p.needs || 'VIEW'));

const SINGLE = [
  [/^\/meters\/waiting$/, 'meters', () => import('./pages/waiting.js')],
  [/^\/meters\/zigbee$/, 'meters', () => import('./pages/zigbee.js')],
  [/^\/meters\/import$/, 'meters', () => import('./pages/import.js')],
  [/^\/meters\/(?<id>[^/]+)$/, 'meters', () => import('./pages/meter.js')],
  [/^\/commands\/new$/, 'commands', () => import('./pages/command-new.js')],
  [/^\/commands\/release$/, 'commands', () => import('./pages/release.js')],
  [/^\/commands\/sign$/, 'commands', () => import('./pages/sign.js')],
  [/^\/commands\/policy$/, 'commands', () => import('./pages/policy.js')],
  [/^\/commands\/(?<id>[^/]+)$/, 'commands', () => import('./pages/command.js')],
  [/^\/firmware$/, 'commands', () => import('./pages/firmware.js')],
  [/^\/firmware\/new$/, 'commands', () => import('./pages/campaign-new.js')],
  [/^\/firmware\/campaigns\/(?<id>[^/]+)$/, 'commands', () => import('./pages/campaign.js')],
  [/^\/events$/, 'alarms', () => import('./pages/events.js')],
  [/^\/cases$/, 'alarms', () => import('./pages/cases.js')],
  [/^\/cases\/(?<id>\d+)$/, 'alarms', () => import('./pages/case.js')],
  [/^\/work$/, 'alarms', () => import('./pages/work.js')],
  [/^\/work\/(?<id>\d+)$/, 'alarms', () => import('./pages/work-order.js')],
  [/^\/billing\/runs$/, 'billing', () => import('./pages/bill-runs.js')],
  [/^\/billing\/runs\/(?<id>[0-9a-f-]{36})$/, 'billing', () => import('./pages/bill-run.js')],
  [/^\/billing\/bills\/(?<number>[^/]+)$/, 'billing', () => import('./pages/bill.js')],
  [/^\/billing\/exceptions$/, 'billing', () => import('./pages/exceptions.js')],
  [/^\/billing\/exceptions\/(?<id>\d+)$/, 'billing', () => import('./pages/exception.js')],
  [/^\/billing\/accounts$/, 'billing', () => import('./pages/accounts.js')],
  [/^\/billing\/accounts\/(?<id>[^/]+)$/, 'billing', () => import('./pages/account.js')],
  [/^\/settings\/(?<part>\w+)$/, 'settings', () => import('./pages/settings.js')],
];

/** {place, page, params} for an address; undefined where there is none. */
export function match(path) {
  const plain = PLACES.find((p) => p.path === path);
  if (plain) return { place: plain, page: plain.page, params: {} };
  for (const [pattern, id, page] of SINGLE) {
    const hit = pattern.exec(path);
    if (hit) {
      const params = Object.fromEntries(Object.entries(hit.groups || {}).map(([k, v]) => [k, decodeURIComponent(v)]));
      return { place: PLACES.find((p) => p.id === id), page, params };
    }
  }
  return undefined;
}
