// What is looked into at meters: open cases first.
import { h, many } from '../dom.js';
import { asPage, get, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { useLive } from '../live.js';
import { Mark } from '../icons.js';
import { Ago, Empty, Id, Loaded, Segments, useTitle } from '../parts.js';
import { Pager, Table } from '../table.js';
import { AlarmSeverity, AlarmTabs, verdictWord } from '../alarms.js';

export default function Cases() {
  useTitle('Cases');
  const { query } = useRoute();
  const asked = { state: ['open', 'closed'].includes(query.state) ? query.state : '', meter: query.meter || '', page: Math.max(0, Number(query.page) || 0), size: Math.min(200, Math.max(1, Number(query.size) || 50)) };
  const list = useResource(JSON.stringify(asked), (signal) => get('/cases', asked, signal).then(asPage), { every: 30000 });
  useLive((batch) => batch.some((e) => e.type === 'case') && list.reload());
  const columns = [
    { id: 'id', name: 'Case', num: true, cell: (c) => h('a', { href: `/cases/${c.id}` }, c.id) },
    { id: 'severity', name: 'Severity', cell: (c) => h(AlarmSeverity, { of: c }) },
    { id: 'meter', name: 'Meter', cell: (c) => h(Id, { value: c.meter, link: `/meters/${encodeURIComponent(c.meter)}` }) },
    { id: 'state', name: 'State', cell: (c) => (c.closed ? many(h(Mark, { state: 'muted' }), ' ', verdictWord(c.verdict)) : many(h(Mark, { state: 'attention' }), ' Open')) },
    { id: 'opened', name: 'Opened', low: true, cell: (c) => h(Ago, { at: c.opened }) },
    { id: 'closed', name: 'Closed', low: true, cell: (c) => (c.closed ? many(h(Ago, { at: c.closed }), h('span.dim', ` by ${c.closedBy}`)) : h('span.dim', '–')) },
  ];
  return many(
    h('header.page-head', h('h1', 'Cases'), h(AlarmTabs, { here: '/cases' })),
    h('div.toolbar',
      h(Segments, { label: 'State', value: asked.state, options: [['', 'All'], ['open', 'Open'], ['closed', 'Closed']], onPick: (state) => setQuery({ state: state || undefined, page: undefined }) }),
      asked.meter && h('button.chip', { type: 'button', 'aria-pressed': 'true', onClick: () => setQuery({ meter: undefined, page: undefined }), title: 'Of all meters again' }, h('span.mono', asked.meter), ' ×')),
    h(Loaded, { of: list, rows: 8, what: 'The cases could not be loaded' }, (data) =>
      data.items.length
        ? many(h(Table, { caption: 'Cases', columns, rows: data.items, keyOf: (c) => c.id }), h(Pager, { page: asked.page, size: asked.size, total: data.total }))
        : h(Empty, { icon: 'alarms', heading: 'No case here' }, 'A case opens when a meter tells of tamper, or when somebody puts a meter in quarantine.')));
}
