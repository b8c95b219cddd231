// Settings: one's own account, people, roles and machines, and what this system is.
import { h, many } from '../dom.js';
import { get, useResource } from '../api.js';
import { may, roleWord } from '../session.js';
import { count } from '../format.js';
import { Mark } from '../icons.js';
import { At, Empty, Loaded, healthMark, toast, useTitle } from '../parts.js';
import { ChangePassword } from './login.js';
import { FactorCard } from './second-factor.js';
import { OwnSessions } from './own-sessions.js';
import { Users } from './users.js';
import { Roles } from './roles.js';
import { Machines } from './machines.js';
import { SigningKeys } from './signing-keys.js';
import { SshKeys } from './ssh-keys.js';
import { OidcRoles } from './oidc.js';
import { Backups } from './backups.js';
import { Erasures } from './erasures.js';

const KEYS = [['/', 'find a meter'], ['Ctrl K', 'go anywhere'], ['P', 'pause the events'], ['← →', 'read a curve slot by slot']];

const seesPeople = (who) => ['MANAGE_USERS', 'MANAGE_ROLES', 'READ_AUDIT'].some((permission) => may(who, permission));

const PARTS = [
  ['account', 'Account', () => true],
  ['keys', 'Signing keys', (who) => ['COMMAND', 'MANAGE_KEYS', 'READ_AUDIT'].some((permission) => may(who, permission))],
  ['users', 'Users', (who) => seesPeople(who)],
  ['roles', 'Roles', (who) => seesPeople(who)],
  ['machines', 'API keys', (who) => may(who, 'MANAGE_USERS') || may(who, 'READ_AUDIT')],
  ['ssh', 'SSH keys', (who) => may(who, 'MANAGE_USERS') || may(who, 'READ_AUDIT')],
  ['oidc', 'Single sign-on', (who) => seesPeople(who)],
  ['backups', 'Backups', (who) => may(who, 'VIEW')],
  ['erasures', 'Erasures', (who) => may(who, 'MANAGE_KEYS') || may(who, 'READ_AUDIT')],
  ['system', 'System', (who) => may(who, 'VIEW')],
];

export default function Settings({ params, who }) {
  const parts = PARTS.filter(([, , allowed]) => allowed(who));
  const here = parts.some(([id]) => id === params.part) ? params.part : params.part ? null : 'account';
  useTitle('Settings');
  return many(
    h('header.page-head', h('h1', 'Settings'), h('nav.tabs', { 'aria-label': 'Settings' }, parts.map(([id, name]) => h('a', { key: id, href: `/settings/${id}`, 'aria-current': here === id ? 'page' : undefined }, name)))),
    here === 'account' && h(Account, { who }),
    here === 'keys' && h(SigningKeys, { who }),
    here === 'users' && h(Users, { who }),
    here === 'roles' && h(Roles, { who }),
    here === 'machines' && h(Machines, { who }),
    here === 'ssh' && h(SshKeys, { who }),
    here === 'oidc' && h(OidcRoles, { who }),
    here === 'backups' && h(Backups, { who }),
    here === 'erasures' && h(Erasures, { who }),
    here === 'system' && h(System),
    here === null && h(Empty, { icon: 'security', heading: 'This part is not yours' }, 'It is for security administrators.'));
}

function Account({ who }) {
  return h('div.settings',
    h('div.stack-cards', h('section.card', h('header.card-head', h('h2', 'You')), h('dl.facts', h('dt', 'User'), h('dd', who.user), h('dt', 'Roles'), h('dd', who.roles.map(roleWord).join(', ') || 'None'), h('dt', 'Look'), h('dd', 'Light or dark, as your system is set'), h('dt', 'Keys'), h('dd', h('ul.plain', KEYS.map(([key, what]) => h('li', { key }, h('kbd', key), ` ${what}`)))))),
      h(FactorCard)),
    h('section.card', h('header.card-head', h('h2', 'Change your password')), h('div.card-body.narrow', h(ChangePassword, { user: who.user, onDone: () => toast('Your password is changed.') }))),
    h(OwnSessions));
}

function System() {
  const state = useResource('state', (signal) => get('/state', {}, signal), { every: 5000 });
  return h(Loaded, { of: state, rows: 6, what: 'The state of the system could not be loaded' }, (s) => h('div.settings',
    h('section.card', h('header.card-head', h('h2', 'Parts')),
      h('ul.plain.ways', h('li', h('span.state', { class: `is-${healthMark(s.database?.state)}` }, h(Mark, { state: healthMark(s.database?.state) }), 'Database'), h('span.dim', s.database?.detail)),
        s.backup && h('li', h('span.state', { class: `is-${healthMark(s.backup.state)}` }, h(Mark, { state: healthMark(s.backup.state) }), 'Backup'), h('span.dim', s.backup.detail)),
        (s.channels || []).map((c) => h('li', { key: c.id }, h('span.state', { class: `is-${healthMark(c.state)}` }, h(Mark, { state: healthMark(c.state) }), h('span.mono', c.id)), h('span.dim', c.detail))),
        h('li', h('span.state', h(Mark, { state: 'fine' }), 'Intake'), h('span.dim', `${count(s.intake?.queued ?? 0)} waiting, ${count(Math.round(s.intake?.perSecond ?? 0))} a second, oldest ${count(s.intake?.oldestMs ?? 0)} ms`)))),
    h('section.card', h('header.card-head', h('h2', 'About')),
      h('dl.facts', h('dt', 'Gridwarden'), h('dd', s.version || 'version not told'), s.started && many(h('dt', 'Started'), h('dd', h(At, { at: s.started }))), h('dt', 'Meters'), h('dd', count(s.meters?.total ?? 0)),
        h('dt', 'Office key'), h('dd', h('a', { href: '/api/v1/office-key', download: 'office-key.pem' }, 'Download'), h('span.dim', ' for shipment files')), h('dt', 'Interface'), h('dd', h('a', { href: '/api/docs', target: '_blank', rel: 'noopener' }, 'REST, described and to try')),
        h('dt', 'Licence'), h('dd', 'Apache-2.0; Preact and uPlot are MIT')))));
}
