// Accounts: searched, sorted and paged by the server.
import { h, many, useState } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { go, setQuery, useRoute } from '../router.js';
import { title } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Ago, Button, Dialog, Empty, Id, Loaded, Segments, useTitle } from '../parts.js';
import { ColumnPicker, CsvButton, Pager, Table, useColumns } from '../table.js';
import { BillingTabs, seesAccounts, servesCustomers } from '../billing.js';
import { HolderForm } from './account-forms.js';

const STATUSES = [['open', 'Open'], ['closed', 'Closed'], ['', 'All']];
export const accountHref = (id) => `/billing/accounts/${encodeURIComponent(id)}`;

const COLUMNS = [
  { id: 'id', name: 'Account', sort: 'id', always: true, cell: (a) => h(Id, { value: a.id, link: accountHref(a.id) }), text: (a) => a.id },
  { id: 'name', name: 'Holder', sort: 'name', always: true, cell: (a) => h('a', { href: accountHref(a.id) }, a.name), text: (a) => a.name },
  { id: 'street', name: 'Street', sort: 'street', low: true, cell: (a) => a.street || h('span.dim', '–'), text: (a) => a.street },
  { id: 'city', name: 'City', sort: 'city', low: true, cell: (a) => a.city || h('span.dim', '–'), text: (a) => a.city },
  { id: 'points', name: 'Supplied at', low: true, cell: (a) => a.servicePoints.join(', ') || h('span.dim', 'nowhere'), text: (a) => a.servicePoints.join(' ') },
  { id: 'status', name: 'Status', sort: 'status', cell: (a) => h(AccountStatus, { account: a }), text: (a) => a.status },
  { id: 'email', name: 'Mail', low: true, off: true, cell: (a) => a.email || h('span.dim', '–'), text: (a) => a.email },
  { id: 'phone', name: 'Telephone', low: true, off: true, cell: (a) => a.phone || h('span.dim', '–'), text: (a) => a.phone },
  { id: 'opened', name: 'Opened', sort: 'opened', low: true, off: true, cell: (a) => h(Ago, { at: a.opened }), text: (a) => a.opened },
];

export function AccountStatus({ account }) {
  return h('span.state', { class: account.status === 'open' ? '' : 'is-muted' }, account.status !== 'open' && h(Mark, { state: 'muted' }), title(account.status));
}

export default function Accounts({ who }) {
  useTitle('Accounts');
  const { query } = useRoute();
  const [adding, setAdding] = useState(false);
  const asked = {
    q: query.q || '',
    status: query.status === 'closed' ? 'closed' : query.status === 'all' ? '' : 'open',
    sort: query.sort || 'name',
    page: Math.max(0, Number(query.page) || 0),
    size: Math.min(200, Math.max(1, Number(query.size) || 50)),
  };
  const allowed = seesAccounts(who);
  const list = useResource(allowed ? JSON.stringify(asked) : 'none', (signal) => (allowed ? get('/accounts', asked, signal).then(asPage) : Promise.resolve({ items: [], total: 0 })));
  const columns = useColumns('accounts', COLUMNS);
  const head = h('header.page-head', h('h1', 'Accounts'), h(BillingTabs, { here: '/billing/accounts', who }));
  if (!allowed) return many(head, h(Empty, { icon: 'user', heading: 'Names are for those who serve customers' }, 'Customer service and billing clerks see accounts. Meters are found by their service points.'));
  return many(
    head,
    h('div.toolbar',
      h('div.filter-text', h(Icon, { name: 'search' }), h('input', { type: 'search', value: asked.q, placeholder: 'Number, name, street, mail, service point', 'aria-label': 'Filter accounts', onInput: (e) => setQuery({ q: e.currentTarget.value || undefined, page: undefined }) })),
      h(Segments, { label: 'Status', value: asked.status, options: STATUSES, onPick: (status) => setQuery({ status: status === 'open' ? undefined : status || 'all', page: undefined }) }),
      h('span.toolbar-gap'),
      servesCustomers(who) && h(Button, { icon: 'plus', kind: 'main', onClick: () => setAdding(true) }, 'Open an account'),
      h(ColumnPicker, { of: columns }),
      h(CsvButton, { name: 'accounts', path: '/accounts', query: asked, columns: columns.shown, total: list.data?.total })),
    h(Loaded, { of: list, rows: 8, what: 'The accounts could not be loaded' }, (data) =>
      data.items.length
        ? many(h(Table, { caption: 'Accounts', columns: columns.shown, rows: data.items, keyOf: (a) => a.id, sort: asked.sort }), h(Pager, { page: asked.page, size: asked.size, total: data.total }))
        : h(Empty, { icon: 'user', heading: asked.q ? 'No account fits' : 'No account yet' }, asked.q ? 'Any part of a number, a name, an address or a service point finds one.' : 'An account says who is supplied at which service point, and by which tariff.')),
    adding && h(Dialog, { title: 'Open an account', onClose: () => setAdding(false), wide: true }, h(HolderForm, { onClose: () => setAdding(false), onDone: (whole) => go(accountHref(whole.account.id)) })));
}
