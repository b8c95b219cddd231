// How a month compares with similar households, and what would have cost less.
import { h, many } from '../dom.js';
import { get, useResource } from '../api.js';
import { Mark } from '../icons.js';
import { Loaded } from '../parts.js';
import { dayWords, kwh, money, monthName } from './money.js';

export function Similar({ servicePoint, day }) {
  const found = useResource(`similar ${servicePoint} ${day}`, (signal) => get('/own/comparison', { servicePoint }, signal));
  return h('section.card', h('header.card-head', h('h2', 'Similar homes')),
    h('div.card-body', h(Loaded, { of: found, rows: 2, what: 'The comparison could not be loaded' }, (data) => (data.enough ? h(Strip, { data }) : h('p.dim', `There is nothing to compare with yet: it takes ${data.least} homes with your tariff, so that nobody’s own use is told.`)))));
}

/** Where one stands between the quartiles. */
function Strip({ data }) {
  const [own, lower, median, upper] = [data.own, data.lowerQuartile, data.median, data.upperQuartile].map((v) => (v === null ? null : Number(v)));
  const all = Math.max(upper * 1.35, own === null ? 0 : own * 1.1, 1);
  const x = (v) => `${((v / all) * 100).toFixed(2)}%`;
  const place = own === null ? '' : own < lower ? 'less than three quarters of them' : own < median ? 'less than most' : own <= upper ? 'more than most' : 'more than three quarters of them';
  return many(
    h('p.own-lead', own === null ? `Half of ${data.households}+ homes with your tariff used less than ${kwh(data.median)} in ${monthName(data.month, false)}.`
      : many('In ', monthName(data.month, false), ' you used ', h('strong', kwh(data.own)), `: ${place}.`)),
    h('svg.own-strip', { width: '100%', height: 56, role: 'img', 'aria-label': `Similar homes: a quarter used less than ${data.lowerQuartile} kWh, half less than ${data.median}, three quarters less than ${data.upperQuartile}${own === null ? '' : `; you ${data.own}`}` },
      h('line.strip-line', { x1: 0, x2: '100%', y1: 22, y2: 22 }),
      h('rect.strip-box', { x: x(lower), y: 12, width: x(upper - lower), height: 20, rx: 3 }),
      h('rect.strip-median', { x: x(median), y: 9, width: 2, height: 26 }),
      own !== null && h('circle.strip-own', { cx: x(own), cy: 22, r: 7 }),
      h('text.bars-tick', { x: x(lower), y: 50, 'text-anchor': 'middle' }, data.lowerQuartile),
      h('text.bars-tick', { x: x(median), y: 50, 'text-anchor': 'middle' }, data.median),
      h('text.bars-tick', { x: x(upper), y: 50, 'text-anchor': 'middle' }, `${data.upperQuartile} kWh`)),
    h('div.own-legend', own !== null && h('span.key-you', 'You'), h('span.key-box', `The middle half of ${data.households}+ homes with your tariff`), h('span.key-median', 'Median')));
}

const hours = (tip) => `${tip.fromHour}–${tip.toHour} o’clock`;

/** A tip in words: what was found, and what the second bill assumes. */
const WORDS = {
  'base-load': (t) => [`${t.figure} W run day and night`, `That is ${t.against} % of all you use. ${t.assumed} W less:`],
  evening: (t) => [`${t.figure} % of your use is between 17 and 21 o’clock`, `A quarter of it at ${hours(t)}, when it costs less:`],
  weekend: (t) => [`A weekend’s day takes ${kwh(t.figure)}, a weekday ${kwh(t.against)}`, 'Half of the difference less:'],
  weekdays: (t) => [`A weekday takes ${kwh(t.figure)}, a weekend’s day ${kwh(t.against)}`, 'Half of the difference less:'],
  'high-days': (t) => [t.days.length === 1 ? `${dayWords(t.days[0])} took ${kwh(t.figure)}, a usual day ${kwh(t.against)}` : `${t.days.length} days took up to ${kwh(t.figure)}, a usual day ${kwh(t.against)}`, t.days.length === 1 ? 'Had it been a usual day:' : `Had ${t.days.slice(0, 4).map(dayWords).join(', ')}${t.days.length > 4 ? ' …' : ''} been usual days:`],
};

export function Tips({ servicePoint, day }) {
  const found = useResource(`tips ${servicePoint} ${day}`, (signal) => get('/own/tips', { servicePoint }, signal));
  return h('section.card', h('header.card-head', h('h2', 'What would cost less')),
    h(Loaded, { of: found, rows: 3, what: 'Tips could not be loaded' }, (data) => (data.items.length
      ? many(h('ul.own-tips', data.items.map((tip) => {
        const [head, words] = WORDS[tip.kind](tip);
        return h('li', { key: tip.kind }, h('div', h('strong', head), h('p.dim', words)), h('span.own-saves', h('b', `\u2212${money(tip.saves, data.currency)}`)));
      })), h('p.own-note', `By your readings and tariff, ${dayWords(data.from)} to ${dayWords(data.to)}.`))
      : h('div.card-body', h('p.dim', h(Mark, { state: 'fine' }), ' Nothing stands out. Tips come from two weeks of your own readings, each with its figure.')))));
}
