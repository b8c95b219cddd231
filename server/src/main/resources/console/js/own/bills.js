// My bills: what was billed, to read, to keep and to check.
import { h, many } from '../dom.js';
import { asPage, get, url, useResource } from '../api.js';
import { Mark } from '../icons.js';
import { Empty, Loaded, useTitle } from '../parts.js';
import { Bars } from './bars.js';
import { dayWords, money, monthName, monthShort } from './money.js';

const form = (bill, kind) => url(`/own/bills/${encodeURIComponent(bill.number)}/${kind}`);

/** October 2026 where it is one, else its days. */
export function periodWords(bill) {
  const month = bill.from.slice(0, 7);
  const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
  return bill.from.endsWith('-01') && bill.to === last ? monthName(month) : `${dayWords(bill.from)} – ${dayWords(bill.to)} ${bill.to.slice(0, 4)}`;
}

export default function Bills() {
  useTitle('My bills');
  const list = useResource('own-bills', (signal) => get('/own/bills', { size: 60 }, signal).then(asPage));
  return many(h('header.page-head', h('h1', 'My bills')),
    h(Loaded, { of: list, rows: 4, what: 'Your bills could not be loaded' }, ({ items }) => (items.length
      ? many(h(History, { bills: items }), h('ul.own-bills', items.map((bill) => h(Bill, { key: bill.number, bill }))), h(Proof))
      : h(Empty, { icon: 'billing', heading: 'No bill was made out to you yet' }, 'A month is billed in the days after its end; each bill then stands here, with its proof.'))));
}

function History({ bills }) {
  const stand = bills.filter((b) => b.kind === 'bill' && !b.creditedBy).reverse();
  if (stand.length < 2 || new Set(stand.map((b) => b.currency)).size > 1) return null;
  const items = stand.slice(-24).map((b) => ({ key: b.number, bill: b, value: Number(b.total), label: monthShort(b.from), kind: '' }));
  return h('section.card.own-days', h('header.card-head', h('h2', 'Month by month')),
    h(Bars, { items, name: 'Bills', unit: stand[0].currency, height: 160, readout: ({ bill }) => many(h('strong', periodWords(bill)), h('span', money(bill.total, bill.currency))) }));
}

function State({ bill }) {
  if (bill.kind === 'credit') return h('span.state.is-muted', h(Mark, { state: 'muted' }), `Credit of ${bill.replaces}`);
  if (bill.creditedBy) return h('span.state.is-muted', h(Mark, { state: 'muted' }), 'Taken back');
  return bill.replaces ? h('span.state', h(Mark, { state: 'fine' }), `In the place of ${bill.replaces}`) : null;
}

function Bill({ bill }) {
  const name = `bill-${bill.number}`;
  return h('li.card.own-bill',
    h('div.own-bill-what', h('h2', periodWords(bill)), h('p.dim', bill.servicePoint, h('span.mono', ` ${bill.number}`)), h(State, { bill })),
    h('p.own-big', { class: bill.creditedBy ? 'is-past' : '' }, money(bill.total, bill.currency)),
    h('div.row-acts',
      h('a.btn.btn-main', { href: form(bill, 'pdf'), download: `${name}.pdf`, 'aria-label': `PDF of ${bill.number}` }, 'PDF'),
      h('a.btn', { href: form(bill, 'page'), target: '_blank', rel: 'noopener', 'aria-label': `Read ${bill.number}` }, 'Read'),
      h('a.btn', { href: form(bill, 'proof'), download: `${name}.json`, 'aria-label': `Proof of ${bill.number}` }, 'Proof'),
      h('a.btn', { href: form(bill, 'xml'), download: `${name}.xml`, 'aria-label': `XML of ${bill.number}` }, 'XML')));
}

function Proof() {
  return h('details.own-proof', h('summary', 'What is the proof for?'),
    h('p', 'The file holds your bill, every reading behind it, the tariff, and what shows that the office committed to all of it before it billed. Anybody can check it, without asking us:'),
    h('pre.mono', 'gridwarden bill verify bill.json --key office.pem'),
    h('p', h('a', { href: url('/bills/key'), download: 'office.pem' }, 'The office’s public key'), '. Compare it with the one that the office publishes elsewhere.'));
}
