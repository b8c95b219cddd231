// My home: what today and this month used and cost, where the month is going, how that compares, and what would cost less.
import { h, many, useState } from '../dom.js';
import { get, useResource } from '../api.js';
import { dateOf, plusDays, plusMonths } from '../zone.js';
import { Mark } from '../icons.js';
import { Button, Empty, Loaded, Segments, useNow, usePref, useTitle } from '../parts.js';
import { Bars } from './bars.js';
import { BudgetBar } from './budget.js';
import { Similar, Tips } from './advice.js';
import { NoHome } from './frame.js';
import { OwnStrips } from './strips.js';
import { dayWords, kwh, money, monthName } from './money.js';

const FIVE_MINUTES = 300000;

export default function Home({ point }) {
  useTitle('My home');
  if (!point) return many(h('h1.offscreen', 'My home'), h(NoHome, { what: 'what it uses and costs stands' }));
  return h(AtHome, { point });
}

function AtHome({ point }) {
  const { servicePoint } = point;
  const zone = point.zone || 'UTC';
  const now = useNow(60000);
  const today = dateOf(now, zone);
  const [month, setMonth] = useState(today.slice(0, 7));
  const present = month === today.slice(0, 7);
  const last = present ? today : plusDays(plusMonths(`${month}-01`, 1), -1);
  const usage = useResource(`${servicePoint} ${month} ${last}`, (signal) => get('/own/usage', { servicePoint, firstDay: `${month}-01`, lastDay: last }, signal), { every: FIVE_MINUTES });
  const budget = useResource(`budget ${servicePoint} ${today}`, (signal) => get('/own/budget', { servicePoint }, signal), { every: FIVE_MINUTES });
  const day = useResource(`today ${servicePoint} ${today}`, (signal) => get('/own/usage', { servicePoint, firstDay: today, lastDay: today }, signal), { every: FIVE_MINUTES });
  return many(
    h('h1.offscreen', 'My home'),
    h('section.own-now', { 'aria-label': 'Now' },
      h(Loaded, { of: day, rows: 2, what: 'Today could not be loaded' }, (data) => h(Figure, { name: 'Today', used: data.days[0]?.used, currency: data.currency, foot: todayFoot(data.days[0]?.used) })),
      h(Loaded, { of: budget, rows: 2, what: 'This month could not be loaded' }, (data) => h(Figure, { name: monthName(data.month, false), used: data.soFar, currency: data.currency, foot: data.forecastCost && `On course for ${money(data.forecastCost, data.currency)}` })),
      h(Loaded, { of: budget, rows: 2, what: 'Your budget could not be loaded' }, (data) => h(BudgetBar, { data, servicePoint, reload: budget.reload }))),
    h(Loaded, { of: usage, kind: 'block', what: 'Your use could not be loaded' }, (data) => h(Days, { data, month, present, since: point.since, zone, setMonth })),
    h(OwnStrips),
    h('div.own-two', h(Similar, { servicePoint, day: today }), h(Tips, { servicePoint, day: today })));
}

const todayFoot = (used) => (used?.missing ? `${used.missing} of ${used.due} values have not come yet` : '');

/** Cost where there is a tariff, else energy, large; the other one below. */
function Figure({ name, used, currency, foot }) {
  const any = used && used.due > used.missing;
  return h('div.own-figure', h('h2', name),
    h('p.own-big', any ? (used.cost !== null ? money(used.cost, currency) : kwh(used.taken)) : '–'),
    h('p.own-small', any ? many(used.cost !== null && h('span', kwh(used.taken)), Number(used.fedIn) > 0 && h('span', `${kwh(used.fedIn)} fed in`)) : h('span', 'Nothing has come yet')),
    foot && h('p.own-foot', foot));
}

/** What is to be known of a day besides its figures. */
function marks(used) {
  return [
    used.estimated > 0 && `${used.estimated} of ${used.slots} values estimated`,
    used.missing > 0 && `${used.missing} of ${used.due} values missing`,
    used.held && 'held back from billing',
  ].filter(Boolean);
}

function Days({ data, month, present, since, zone, setMonth }) {
  const [as, setAs] = usePref('own-days', 'cost');
  const priced = data.days.some((d) => d.used.cost !== null);
  const cost = as === 'cost' && priced;
  const firstMonth = dateOf(Date.parse(since), zone).slice(0, 7);
  const step = (n) => setMonth(plusMonths(`${month}-01`, n).slice(0, 7));
  const end = plusMonths(`${month}-01`, 1);
  const days = [];
  const known = new Map(data.days.map((d) => [d.date, d.used]));
  for (let date = `${month}-01`; date < end; date = plusDays(date, 1)) days.push({ date, used: known.get(date) });
  const items = days.map(({ date, used }) => {
    const any = used && used.due > used.missing;
    const value = any ? Number(cost ? used.cost : used.taken) : null;
    const kind = !used || !used.due ? 'later' : date === data.today ? 'now' : used.estimated || used.missing ? 'estimated' : '';
    return { key: date, date, used, value: any && (!cost || used.cost !== null) ? value : null, label: String(Number(date.slice(8))), kind };
  });
  const any = data.days.some((d) => d.used.due > d.used.missing);
  const whole = data.months[0]?.used;
  const readout = ({ date, used, value }) => many(h('strong', dayWords(date)), value === null
    ? h('span', used?.due ? 'nothing has come' : date > data.today ? 'still to come' : 'not yet yours')
    : many(used.cost !== null && h('span', money(used.cost, data.currency)), h('span', kwh(used.taken)), Number(used.fedIn) > 0 && h('span', `${kwh(used.fedIn)} fed in`)), used && marks(used).map((words) => h('span.dim', { key: words }, words)));
  return h('section.card.own-days',
    h('header.card-head',
      h('div.own-step', h(Button, { icon: 'left', small: true, kind: 'quiet', label: 'The month before', disabled: month <= firstMonth, onClick: () => step(-1) }), h('h2', monthName(month)), h(Button, { icon: 'right', small: true, kind: 'quiet', label: 'The month after', disabled: present, onClick: () => step(1) })),
      whole && any && h('span.own-sum', whole.cost !== null && h('strong', money(whole.cost, data.currency)), h('span.dim', kwh(whole.taken))),
      priced && h(Segments, { label: 'Show', value: cost ? 'cost' : 'energy', onPick: setAs, options: [['cost', data.currency], ['energy', 'kWh']] })),
    any ? many(
      h(Bars, { items, readout, unit: cost ? data.currency : 'kWh', name: `${cost ? 'Cost' : 'Energy'} by day, ${monthName(month)}`, first: present ? Number(data.today.slice(8)) - 1 : undefined }),
      h('div.own-legend', h('span.key-one', 'Measured'), items.some((i) => i.kind === 'estimated' && i.value !== null) && h('span.key-estimated', 'In part estimated or missing'), items.some((i) => i.kind === 'now') && h('span.key-now', 'Today, so far'), items.some((i) => i.value === null && i.kind !== 'later') && h('span.key-gap', 'Nothing has come')),
      whole?.held && h('p.own-note', h(Mark, { state: 'attention' }), 'Some of these readings are being looked into; they are not billed before that.'),
      !priced && h('p.own-note', h(Mark, { state: 'info' }), 'No tariff is agreed upon for these days: what they cost is not known.'),
      h('details.own-table', h('summary', 'As a table'), h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': 'Days' }, h('table', h('caption.offscreen', `Days of ${monthName(month)}`),
        h('thead', h('tr', h('th', { scope: 'col' }, 'Day'), h('th.num', { scope: 'col' }, 'kWh'), h('th.num', { scope: 'col' }, data.currency || 'Cost'), h('th', { scope: 'col' }, 'Known'))),
        h('tbody', data.days.map(({ date, used }) => h('tr', { key: date }, h('td', dayWords(date)), h('td.num', used.due > used.missing ? Number(used.taken).toFixed(2) : '–'), h('td.num', used.cost ?? '–'), h('td.wrap', marks(used).join(', ') || (used.due ? 'measured' : '–')))))))))
      : h(Empty, { icon: 'meters', heading: present ? 'Nothing has come from your meter this month' : 'Nothing is known of this month' }, 'Once your meter tells its readings, each day stands here with what it used and cost.'));
}
