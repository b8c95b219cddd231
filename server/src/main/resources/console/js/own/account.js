// One's own log-in: password, second factor, where one is logged in.
import { h, many } from '../dom.js';
import { toast, useTitle } from '../parts.js';
import { ChangePassword } from '../pages/login.js';
import { FactorCard } from '../pages/second-factor.js';
import { OwnSessions } from '../pages/own-sessions.js';

export default function LogIn({ who }) {
  useTitle('Log-in');
  return many(h('header.page-head', h('h1', 'Your log-in')),
    h('div.stack-cards',
      h('section.card', h('header.card-head', h('h2', 'Change your password')), h('div.card-body.narrow', h(ChangePassword, { user: who.user, onDone: () => toast('Your password is changed.') }))),
      h(FactorCard), h(OwnSessions)));
}
