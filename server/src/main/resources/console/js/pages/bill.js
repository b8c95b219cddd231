// One bill: what it says, each of its forms, and the way to take it back.
import { h, many, useState } from '../dom.js';
import { get, post, url, useResource } from '../api.js';
import { go } from '../router.js';
import { may } from '../session.js';
import { decimal } from '../format.js';
import { Ago, Button, Empty, Field, Id, Loaded, useTitle } from '../parts.js';
import { useAct } from '../alarms.js';
import { seesAccounts } from '../billing.js';
import { days, runHref } from './bill-runs.js';
import { BillForms, BillState, billHref } from './bill-table.js';

export default function Bill({ params, who }) {
  const { number } = params;
  useTitle(`Bill ${number}`);
  const bill = useResource(number, (signal) => get(`/bills/${encodeURIComponent(number)}`, {}, signal));
  if (bill.error?.status === 404 && !bill.data) return many(h('header.page-head', h('h1', 'Bill')), h(Empty, { icon: 'billing', heading: 'No bill has this number', action: h('a.btn', { href: '/billing/runs' }, 'To the runs') }, h('code', number)));
  return h(Loaded, { of: bill, rows: 8, what: 'The bill could not be loaded' }, (b) => many(
    h('header.meter-head', h('a.back', { href: '/billing/runs' }, 'Bills'),
      h('div.meter-name', h('h1', h(Id, { value: b.number, strong: true })), h(BillState, { bill: b })),
      h('p.meter-where', `${days(b.from, b.to)} · ${b.servicePoint}`)),
    h('div.meter-grid',
      h('div.meter-curve', h('section.card', h('header.card-head', h('h2', 'As it was issued'), h('span.push', h(BillForms, { bill: b }))),
        h('p.card-note', h('a', { href: url(`/bills/${encodeURIComponent(b.number)}/page`), target: '_blank', rel: 'noopener' }, 'Open the bill as a page'), '. The proof holds what it was reckoned from; anybody checks it offline with ', h('code', './gridwarden bill verify FILE'), '.'),
        h('dl.facts', h('dt', 'Sum'), h('dd', h('strong', `${decimal(b.total)} ${b.currency}`)), h('dt', 'Account'), h('dd', seesAccounts(who) ? h('a.mono', { href: `/billing/accounts/${encodeURIComponent(b.account)}` }, b.account) : h('span.mono', b.account)), h('dt', 'Service point'), h('dd', b.servicePoint), h('dt', 'Issued'), h('dd', h(Ago, { at: b.issued })), h('dt', 'Run'), h('dd', h('a', { href: runHref(b.run) }, 'The run it was issued in')),
          b.replaces && many(h('dt', b.kind === 'credit' ? 'Credits' : 'In place of'), h('dd', h('a.mono', { href: billHref(b.replaces) }, b.replaces))), b.creditedBy && many(h('dt', 'Taken back by'), h('dd', h('a.mono', { href: billHref(b.creditedBy) }, b.creditedBy)))))),
      h('aside.meter-side', { 'aria-label': 'What can be done' }, may(who, 'BILL') && b.kind === 'bill' && !b.creditedBy && h(Correct, { bill: b })))));
}

function Correct({ bill }) {
  const [reason, setReason] = useState('');
  const [next, setNext] = useState('');
  const act = useAct(() => {});
  const send = (event) => {
    event.preventDefault();
    act.run('correct', async () => {
      const done = await post(`/bills/${encodeURIComponent(bill.number)}/correct`, { reason });
      setNext(done.bill);
      go(billHref(done.bill));
    }, 'It is credited and billed again.');
  };
  return h('section.card', h('header.card-head', h('h2', 'Credit and bill again')),
    h('form.form.card-body', { onSubmit: send },
      h('p.dim', 'A bill is never changed. A credit takes this one back whole, and the period is billed again from the readings as they count now.'),
      h(Field, { label: 'Why' }, h('textarea', { rows: 3, maxLength: 500, value: reason, required: true, onInput: (e) => setReason(e.currentTarget.value) })),
      act.error && h('p.field-error', { role: 'alert' }, `${act.error.where}: ${act.error.remedy || act.error.message}`),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '' || next !== '', disabled: !reason.trim() }, 'Credit and bill again'))));
}
