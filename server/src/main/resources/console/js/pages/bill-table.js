// Bills as a table: number, whose, period, sum, and each of their forms to take along.
import { h, many } from '../dom.js';
import { url } from '../api.js';
import { decimal } from '../format.js';
import { Mark } from '../icons.js';
import { Ago } from '../parts.js';
import { Table } from '../table.js';
import { seesAccounts } from '../billing.js';
import { days } from './bill-runs.js';

export const billHref = (number) => `/billing/bills/${encodeURIComponent(number)}`;

export function BillState({ bill }) {
  if (bill.kind === 'credit') return h('span.state', h(Mark, { state: 'muted' }), `Credit of ${bill.replaces}`);
  if (bill.creditedBy) return h('span.state.is-muted', h(Mark, { state: 'muted' }), 'Taken back');
  return h('span.state', h(Mark, { state: 'fine' }), bill.replaces ? 'Billed again' : 'Stands');
}

const FORMS = [['pdf', 'PDF', 'pdf'], ['xml', 'XML', 'xml'], ['proof', 'Proof', 'json']];

export function BillForms({ bill }) {
  return h('span.row-acts', FORMS.map(([form, word, end]) => h('a.btn.btn-small', { key: form, href: url(`/bills/${encodeURIComponent(bill.number)}/${form}`), download: `bill-${bill.number}.${end}`, 'aria-label': `${word} of ${bill.number}` }, word)));
}

export function BillTable({ bills, who, bare }) {
  const columns = [
    { id: 'number', name: 'Bill', cell: (b) => h('a.mono', { href: billHref(b.number) }, b.number) },
    { id: 'period', name: 'Period', cell: (b) => days(b.from, b.to) },
    !bare && { id: 'account', name: 'Account', low: true, cell: (b) => (seesAccounts(who) ? h('a.mono', { href: `/billing/accounts/${encodeURIComponent(b.account)}` }, b.account) : h('span.mono', b.account)) },
    { id: 'point', name: 'Service point', low: true, cell: (b) => b.servicePoint },
    { id: 'total', name: 'Sum', num: true, cell: (b) => many(h('b', decimal(b.total)), h('span.unit', b.currency)) },
    { id: 'state', name: 'State', low: true, cell: (b) => h(BillState, { bill: b }) },
    { id: 'issued', name: 'Issued', low: true, cell: (b) => h(Ago, { at: b.issued }) },
    { id: 'forms', name: 'Take along', low: true, cell: (b) => h(BillForms, { bill: b }) },
  ].filter(Boolean);
  return h(Table, { caption: 'Bills', columns, rows: bills, keyOf: (b) => b.number });
}
