// Figures of groups of households: what they take, when, and how it spreads. Nothing here is about a single one.
import { h, many, useState } from '../dom.js';
import { get, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { count, decimal } from '../format.js';
import { Button, Empty, Loaded, Segments, csv, download, useTitle } from '../parts.js';
import { Table } from '../table.js';

const DIMENSIONS = [['all', 'All'], ['tariff', 'Tariff'], ['feeder', 'Feeder'], ['area', 'Area', 'The first two digits of the postal code'], ['zone', 'Zone', 'Time zone']];
const SHOWN = 12; // plots, before one asks for all
const WIDE = 280;
const HIGH = 120;
const LEFT = 34;
const FOOT = 16;

const lastMonth = () => { const d = new Date(Date.now() - 12 * 3600e3); return new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - 1, 1)).toISOString().slice(0, 7); };
const hour = (n) => `${String(n).padStart(2, '0')}:00`;

export default function AnalyticsPage() {
  useTitle('Analytics');
  const { query } = useRoute();
  const asked = { month: query.month || lastMonth(), dimension: DIMENSIONS.some(([id]) => id === query.by) ? query.by : 'tariff' };
  const key = `${asked.month} ${asked.dimension}`;
  const groups = useResource(`analytics groups ${key}`, (signal) => get('/analytics/groups', asked, signal));
  const profile = useResource(`analytics profile ${key}`, (signal) => get('/analytics/profile', asked, signal));
  const spread = useResource(`analytics distribution ${key}`, (signal) => get('/analytics/distribution', asked, signal));
  return many(
    h('header.page-head', h('h1', 'Analytics')),
    h('div.toolbar',
      h('input', { type: 'month', 'aria-label': 'Month', value: asked.month, max: lastMonth(), onChange: (e) => e.currentTarget.value && setQuery({ month: e.currentTarget.value }) }),
      h(Segments, { label: 'Grouped by', value: asked.dimension, options: DIMENSIONS, onPick: (by) => setQuery({ by }) })),
    h(Loaded, { of: groups, rows: 6, what: 'The groups could not be loaded' }, (data) => data.groups.length
      ? many(h(Groups, { data }), h(Plots, { of: profile, heading: 'Mean day', key: `p ${key}`, note: h(Keys), draw: curves, ask: 'profile' }), h(Plots, { of: spread, heading: 'What a household takes in a day', key: `d ${key}`, draw: bars, ask: 'distribution' }))
      : h(Empty, { icon: 'analytics', heading: 'No household is known for that month' }, 'A household counts where three quarters of the month\'s days are known whole. Choose another month.')));
}

const nameOf = (group, dimension) => group.group || (dimension === 'all' ? 'All households' : 'Not known');

const Hidden = () => h('span.groups-hidden', 'hidden');

function Groups({ data }) {
  const figure = (field) => (g) => (g.hidden ? '' : decimal(g[field]));
  const columns = [
    { id: 'group', name: data.dimension === 'all' ? 'Group' : DIMENSIONS.find(([id]) => id === data.dimension)[1], cell: (g) => nameOf(g, data.dimension) },
    { id: 'households', name: 'Households, at least', num: true, cell: (g) => (g.hidden ? h(Hidden) : count(g.households)) },
    { id: 'daily', name: 'A day', unit: 'kWh', num: true, cell: figure('dailyKwh') },
    { id: 'base', name: 'Least hour', unit: 'W', num: true, low: true, cell: figure('baseW') },
    { id: 'peak', name: 'Together at most', unit: 'W', num: true, cell: figure('peakW') },
    { id: 'at', name: 'At', num: true, low: true, cell: (g) => (g.hidden ? '' : hour(g.peakHour)) },
    { id: 'own', name: 'Each by itself', unit: 'W', num: true, low: true, cell: figure('ownPeakW') },
  ];
  const hidden = data.groups.filter((g) => g.hidden).length;
  const save = () => download(`analytics-${data.month}-${data.dimension}.csv`, csv([columns.map((c) => (c.unit ? `${c.name} (${c.unit})` : c.name)), ...data.groups.map((g) => [nameOf(g, data.dimension), ...(g.hidden ? ['hidden'] : [g.households, g.dailyKwh, g.baseW, g.peakW, hour(g.peakHour), g.ownPeakW])])]), 'text/csv');
  return many(
    h(Table, { caption: 'Groups of households', columns, rows: data.groups, keyOf: (g) => g.group }),
    h('div.toolbar.groups-foot', h('p.dim', hidden ? `${count(hidden)} hidden: fewer than ${data.leastGroup} households, one that outweighs the others, or such a group could be reckoned from it.` : `Each group has at least ${data.leastGroup} households.`), h('span.toolbar-gap'), h(Button, { icon: 'download', onClick: save }, 'CSV')));
}

const Keys = () => many(
  h('span.plot-key', h('svg', { viewBox: '0 0 24 8', 'aria-hidden': 'true' }, h('path.workday', { d: 'M0 4h24' })), 'Monday to Friday'),
  h('span.plot-key', h('svg', { viewBox: '0 0 24 8', 'aria-hidden': 'true' }, h('path.weekend', { d: 'M0 4h24' })), 'weekend'),
  h('span.dim', 'W, the mean of a household'));

/** A plot a group, all to one scale, and the same as a table. */
function Plots({ of, heading, note, draw }) {
  const [all, setAll] = useState(false);
  return many(h('div.plots-head', h('h2', heading), note),
    h(Loaded, { of, kind: 'block', what: `${heading} could not be loaded` }, (data) => {
      const told = data.groups.filter((g) => !g.hidden);
      if (!told.length) return h('p.dim', 'Every group is hidden.');
      const { plot, table } = draw(told, data.dimension);
      const shown = all ? told : told.slice(0, SHOWN);
      return many(
        h('div.group-plots', shown.map((g) => h('figure.card.group-plot', { key: g.group, style: { margin: 0 } }, h('h3', nameOf(g, data.dimension), h('span.dim', `${count(g.households)} or more`)), plot(g)))),
        h('div.actions', told.length > shown.length && h(Button, { onClick: () => setAll(true) }, `All ${count(told.length)} groups`)),
        h('details', h('summary', 'As a table'), h(Table, { caption: heading, ...table })));
    }));
}

/** A round figure at or above `value`, of which the half is round, too. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 4, 6, 8, 10].map((n) => n * power).find((n) => n >= value);
}

function Axes({ top, unit, feet }) {
  const y = (part) => HIGH * (1 - part);
  return many([0, 0.5, 1].map((part) => h('g', { key: part }, h('path.grid', { d: `M${LEFT} ${y(part)}H${WIDE}` }), h('text', { x: LEFT - 6, y: y(part) + 4, 'text-anchor': 'end' }, count(top * part)))),
    feet.map(([x, text]) => h('text', { key: text, x, y: HIGH + FOOT - 2, 'text-anchor': 'middle' }, text)), h('title', unit));
}

function curves(told) {
  const top = roundUp(Math.max(...told.flatMap((g) => [...g.workday, ...g.weekend]).map(Number)));
  const x = (n) => LEFT + (n / 24) * (WIDE - LEFT);
  const line = (values) => values.map((v, n) => `${n ? 'L' : 'M'}${x(n + 0.5).toFixed(1)} ${(HIGH * (1 - v / top)).toFixed(1)}`).join('');
  const feet = [0, 6, 12, 18, 24].map((n) => [x(n), String(n)]);
  const most = (values) => values.reduce((best, v, n) => (Number(v) > Number(values[best]) ? n : best), 0);
  return {
    plot: (g) => h('svg', { viewBox: `0 -6 ${WIDE + 8} ${HIGH + FOOT + 6}`, role: 'img', 'aria-label': `${g.group || 'All'}: on workdays at most ${decimal(g.workday[most(g.workday)])} W at ${hour(most(g.workday))}, on weekends ${decimal(g.weekend[most(g.weekend)])} W at ${hour(most(g.weekend))}` },
      h(Axes, { top, unit: 'W by the hour', feet }), h('path.weekend', { d: line(g.weekend) }), h('path.workday', { d: line(g.workday) })),
    table: {
      columns: [{ id: 'hour', name: 'Hour', cell: (n) => hour(n) }, ...told.flatMap((g) => [{ id: `${g.group} w`, name: `${g.group || 'All'}, workday`, unit: 'W', num: true, cell: (n) => decimal(g.workday[n]) }, { id: `${g.group} e`, name: `${g.group || 'All'}, weekend`, unit: 'W', num: true, cell: (n) => decimal(g.weekend[n]) }])],
      rows: Array.from({ length: 24 }, (_, n) => n), keyOf: (n) => n,
    },
  };
}

const range = (bin) => (bin.toKwh === null || bin.toKwh === undefined ? `${bin.fromKwh} and more` : `${bin.fromKwh}–${bin.toKwh}`);

/** Bars as wide as their bins, in per cent of the group; an open bin ends where the widest closed one does. */
function bars(told) {
  const end = Math.max(...told.flatMap((g) => g.bins.map((b) => b.toKwh ?? b.fromKwh + 5)));
  const share = (g, b) => b.households / g.bins.reduce((sum, one) => sum + one.households, 0);
  const x = (kwh) => LEFT + (kwh / end) * (WIDE - LEFT);
  const ticks = [0, end / 2, end].map((kwh) => [x(kwh), `${decimal(String(kwh))}${kwh === end ? ' kWh' : ''}`]);
  return {
    plot: (g) => h('svg', { viewBox: `0 -6 ${WIDE + 20} ${HIGH + FOOT + 6}`, role: 'img', 'aria-label': `${g.group || 'All'}: ${g.bins.map((b) => `${range(b)} kWh a day, ${b.households} households or more`).join('; ')}` },
      h(Axes, { top: 100, unit: 'Per cent of households by kWh a day', feet: ticks }),
      g.bins.map((b) => { const part = share(g, b); const to = b.toKwh ?? end; return h('rect.bin', { key: b.fromKwh, x: x(b.fromKwh) + 0.5, width: Math.max(1, x(to) - x(b.fromKwh) - 1), y: HIGH * (1 - part), height: HIGH * part }); })),
    table: {
      columns: [{ id: 'group', name: 'Group', cell: (r) => r.group.group || 'All' }, { id: 'range', name: 'A day', unit: 'kWh', cell: (r) => range(r.bin) }, { id: 'n', name: 'Households, at least', num: true, cell: (r) => count(r.bin.households) }],
      rows: told.flatMap((group) => group.bins.map((bin) => ({ group, bin }))), keyOf: (r) => `${r.group.group} ${r.bin.fromKwh}`,
    },
  };
}
