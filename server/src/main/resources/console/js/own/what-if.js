// What if: one's own months under each tariff of today.
import { h, many, useState } from '../dom.js';
import { get, useResource } from '../api.js';
import { Mark } from '../icons.js';
import { Empty, Loaded, useTitle } from '../parts.js';
import { Bars } from './bars.js';
import { NoHome } from './frame.js';
import { dayWords, kwh, money, monthName, monthShort } from './money.js';

export default function WhatIf({ point }) {
  useTitle('What if');
  return many(h('header.page-head', h('h1', 'What if')), point ? h(Tariffs, { point }) : h(NoHome, { what: 'other tariffs are tried on your own months' }));
}

function Tariffs({ point }) {
  const { servicePoint } = point;
  const found = useResource(`what-if ${servicePoint}`, (signal) => get('/own/what-if', { servicePoint }, signal));
  return h(Loaded, { of: found, kind: 'block', what: 'The tariffs could not be tried' }, (data) => {
    if (!data.months.length) return h(Empty, { icon: 'columns', heading: 'There is nothing to reckon with yet' }, 'Once your meter has told some days, each tariff is tried on them here.');
    if (!data.options.length) return h(Empty, { icon: 'columns', heading: 'There is no tariff to try' }, 'Tariffs in your currency that hold today would stand here.');
    return h(Compare, { data });
  });
}

const range = (data) => (data.months.length === 12 ? 'the last 12 months' : data.months.length > 1 ? `${monthName(data.months[0].month)} to ${monthName(data.months.at(-1).month)}` : `${dayWords(data.from)} to ${dayWords(data.to)}`);

function Compare({ data }) {
  const present = data.options.find((o) => o.present && o.total !== null);
  const reckoned = data.options.filter((o) => o.total !== null);
  const failed = data.options.filter((o) => o.total === null);
  const best = [...reckoned].sort((a, b) => Number(a.total) - Number(b.total))[0];
  const [chosen, choose] = useState(null);
  const other = reckoned.find((o) => o.tariff === chosen) || (best !== present ? best : reckoned.find((o) => o !== present));
  const most = Math.max(...reckoned.map((o) => Math.abs(Number(o.total))), 0.01);
  const missing = data.months.reduce((sum, m) => sum + m.used.missing, 0);
  const taken = data.months.reduce((sum, m) => sum + Number(m.used.taken), 0);
  return many(
    h('p.own-lead', `Your own ${kwh(taken)} of ${range(data)}, under each tariff of today.`),
    h('ul.own-options', reckoned.map((o) => h('li', { key: o.tariff }, h(Option, { option: o, present, most, pressed: o === other, onPick: () => choose(o.tariff) })))),
    failed.map((o) => h('p.own-note', { key: o.tariff }, h(Mark, { state: 'attention' }), `${o.name} cannot be reckoned: ${o.problem}`)),
    missing > 0 && h('p.own-note', h(Mark, { state: 'attention' }), `${missing} values of these months are missing; they cost nothing under any tariff.`),
    h(Monthly, { data, present, other }));
}

function Option({ option, present, most, pressed, onPick }) {
  const less = present ? Number(present.total) - Number(option.total) : 0;
  const words = option === present ? 'What you have' : !present || Math.abs(less) < 0.005 ? 'The same' : `${money(Math.abs(less).toFixed(2), option.currency)} ${less > 0 ? 'less' : 'more'}`;
  const inside = many(
    h('span.own-option-head', h('strong', option.name), h('span.own-option-sum', money(option.total, option.currency))),
    h('svg.own-option-bar', { width: '100%', height: 8, 'aria-hidden': 'true' }, h('rect.budget-all', { x: 0, y: 0, width: '100%', height: 8, rx: 4 }), h('rect', { class: option === present ? 'option-present' : 'option-other', x: 0, y: 0, width: `${((Math.max(0, Number(option.total)) / most) * 100).toFixed(2)}%`, height: 8, rx: 4 })),
    h('span.own-option-words', { class: less > 0.004 && option !== present ? 'is-less' : '' }, words));
  return option === present ? h('div.own-option.is-present', inside) : h('button.own-option', { type: 'button', 'aria-pressed': String(pressed), onClick: onPick }, inside);
}

function Monthly({ data, present, other }) {
  if (!present && !other) return null;
  const of = (option, month) => { const found = option?.months.find((m) => m.month === month); return found ? Number(found.cost) : null; };
  const items = data.months.map((m) => ({ key: m.month, month: m, value: of(present || other, m.month), other: present && other ? of(other, m.month) : undefined, label: monthShort(m.month), kind: '' }));
  const currency = (present || other).currency;
  const amount = (v) => (v === null || v === undefined ? '–' : money(v.toFixed(2), currency));
  const readout = ({ month, value, other: beside }) => many(h('strong', monthName(month.month)), h('span', `${(present || other).name} ${amount(value)}`), beside !== undefined && h('span', `${other.name} ${amount(beside)}`), h('span.dim', kwh(month.used.taken)));
  return h('section.card.own-days', h('header.card-head', h('h2', 'By month')),
    h(Bars, { items, name: 'Cost by month', unit: currency, readout, height: 180 }),
    present && other && h('div.own-legend', h('span.key-one', present.name), h('span.key-other', other.name)),
    h('details.own-table', h('summary', 'As a table'), h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': 'Months' }, h('table', h('caption.offscreen', 'Cost by month'),
      h('thead', h('tr', h('th', { scope: 'col' }, 'Month'), h('th.num', { scope: 'col' }, 'kWh'), h('th.num', { scope: 'col' }, `${(present || other).name}, ${currency}`), present && other && h('th.num', { scope: 'col' }, `${other.name}, ${currency}`))),
      h('tbody', items.map((i) => h('tr', { key: i.key }, h('td', monthName(i.key)), h('td.num', Number(i.month.used.taken).toFixed(1)), h('td.num', i.value === null ? '–' : i.value.toFixed(2)), present && other && h('td.num', i.other === null ? '–' : i.other.toFixed(2)))))))));
}
