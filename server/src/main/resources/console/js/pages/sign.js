// What waits for one's own signature, each order read from its bytes; signed together.
import { h, many, useRef, useEffect, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { count, lower, plural } from '../format.js';
import { At, Empty, Failure, Loaded, useTitle } from '../parts.js';
import { actionName, deedName, parameterWords, path } from '../commands.js';
import { fromBase64, readOrder } from '../order.js';
import { recount } from '../waiting.js';
import { CommandTabs } from './commands.js';
import { SignPanel } from './sign-panel.js';

const MOST = 1000; // what one page of the API holds

/** The commands that wait for this person's signature, with their orders decoded; those that do not decode say so. */
async function load(who, signal) {
  const page = asPage(await get('/commands', { state: 'RELEASED', by: who.user, sort: 'due', page: 0, size: MOST }, signal));
  const rows = page.items.map((item) => {
    try {
      const bytes = fromBase64(item.order);
      const said = readOrder(bytes);
      if (said.id !== item.id) throw new Error('it is another command’s');
      return { id: item.id, bytes, said, signing: item.signing, systemTitle: item.systemTitle };
    } catch (error) {
      return { id: item.id, error };
    }
  });
  return { rows, total: page.total };
}

export default function Sign({ who }) {
  useTitle('To sign');
  const list = useResource(who.user, (signal) => load(who, signal));
  const timer = useRef(0);
  useLive((batch) => {
    if (!batch.some((e) => e.type === 'command')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(list.reload, 1000);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return many(
    h('header.page-head', h('h1', 'Commands'), h(CommandTabs, { here: '/commands/sign' })),
    may(who, 'operator') ? h(Loaded, { of: list, rows: 6, what: 'What waits could not be loaded' }, (data) => (data.rows.length ? h(List, { data, who, acted: () => { list.reload(); recount(); } }) : h(Empty, { icon: 'check', heading: 'Nothing waits for your signature', action: h('a.btn', { href: '/commands' }, 'See the commands') }, 'Commands that you drafted stand here once the policy or a second person has let them through.')))
      : h(Empty, { icon: 'security', heading: 'Signing is for operators' }, 'Whoever drafted a command signs it.'));
}

function List({ data, who, acted }) {
  const [left, setLeft] = useState(() => new Set());
  const good = data.rows.filter((r) => !r.error);
  const broken = data.rows.filter((r) => r.error);
  const chosen = good.filter((r) => !left.has(r.id));
  const toggle = (id) => setLeft((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  const kinds = new Map();
  for (const r of chosen) kinds.set(r.said.action, (kinds.get(r.said.action) || 0) + 1);
  const words = [...kinds].map(([action, n]) => lower(deedName(action, n === 1 ? chosen.find((r) => r.said.action === action).said.meter : plural(n, 'meter')))).join(', ');
  return h('div.sign-page',
    broken.length > 0 && h(Failure, { error: { message: broken[0].error.message, where: broken.map((r) => r.id).join(', '), remedy: 'tell your security administrator' }, what: `${plural(broken.length, 'order')} cannot be read in this browser` }),
    h('section.card', h('header.card-head', h('h2', plural(data.total, 'order')), data.total > MOST && h('span.dim', `the first ${count(MOST)} of them`)),
      h('ul.plain.sign-list', good.map((r) => h('li', { key: r.id }, h('label.check', h('input', { type: 'checkbox', checked: !left.has(r.id), onChange: () => toggle(r.id) }), h('span', h('strong', actionName(r.said.action)), ' ', h('span.mono', r.said.meter), ' ', h('span.dim', parameterWords(r.said.action, r.said.parameters)))), h('span.dim', 'expires ', h(At, { at: r.said.expires })), h('a', { href: path(r.id) }, 'Open'))))),
    h('section.card', h('div.card-body', h(SignPanel, { who, orders: chosen, acted, word: `Sign ${plural(chosen.length, 'order')}` }, h('p', chosen.length ? many('You sign: ', h('strong', words), '.') : 'Choose what you sign.')))));
}
