// The load curve with all that belongs to it: range, channel, comparison, readout, legend, table, picture and CSV.
import { h, many, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../dom.js';
import { get, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { useLive } from '../live.js';
import { clock, clockRange, count, dayName, fixed, qualityWord, utc } from '../format.js';
import { Button, Empty, Loaded, Segments, csv, download, toast } from '../parts.js';
import { grid, isEnergy, overlay, scale, summary } from '../curve.js';
import { draw, drawMark, loadLibrary, palette, picture } from '../chart.js';
import { dateOf, isDate, period, plusDays, startOf, step } from '../zone.js';

const SPANS = [['day', 'Day'], ['week', 'Week'], ['month', 'Month']];

function useView(meter, channels) {
  const { query } = useRoute();
  const today = dateOf(Date.now(), meter.zone);
  const span = SPANS.some(([s]) => s === query.span) ? query.span : 'day';
  const date = isDate(query.date) ? query.date : today;
  const { first, after } = period(span, date);
  const channel = channels.find((c) => c.obis === query.channel) || channels[0];
  return { span, date, today, first, after, channel, from: startOf(first, meter.zone), to: startOf(after, meter.zone),
    as: query.as === 'energy' ? 'energy' : 'power', compare: query.compare === '1', view: query.view === 'table' ? 'table' : 'chart' };
}

const iso = (ms) => new Date(ms).toISOString();

function useCurve(meter, view, first, after, layer, wanted = true) {
  const from = startOf(first, meter.zone);
  const to = startOf(after, meter.zone);
  const key = `${meter.id} ${view.channel?.obis} ${from} ${to} ${layer} ${wanted}`;
  return useResource(key, async (signal) =>
    wanted && view.channel ? grid(await get(`/meters/${encodeURIComponent(meter.id)}/readings`, { channel: view.channel.obis, from: iso(from), to: iso(to), layer }, signal), from, to) : null);
}

/** `layer` is raw, as the meter sent it, or final, as it counts. */
export function LoadCurve({ meter, channels, layer = 'raw' }) {
  const view = useView(meter, channels);
  const curve = useCurve(meter, view, view.first, view.after, layer);
  const compareDays = view.span === 'month' ? 28 : 7;
  const before = useCurve(meter, view, plusDays(view.first, -compareDays), plusDays(view.after, -compareDays), layer, view.compare);
  const due = useRef(0);
  useLive((batch) => {
    if (due.current || !batch.some((e) => e.type === 'slot' && e.meter === meter.id && e.channel === view.channel?.obis && Date.parse(e.start) >= view.from && Date.parse(e.start) < view.to)) return;
    due.current = setTimeout(() => { due.current = 0; curve.reload(); }, 1000);
  });
  useEffect(() => () => clearTimeout(due.current), []);
  if (!channels.length) {
    return h('section.card', h('header.card-head', h('h2', 'Load curve')), h(Empty, { heading: 'No interval data yet' }, 'The curve stands here once this meter pushed its first load profile or quarter-hour.'));
  }
  return h('section.card.curve', h(Toolbar, { view, channels, meter }),
    h(Loaded, { of: curve, kind: 'block', what: 'The readings could not be loaded', still: 'What the meter sends is stored all the same.' }, (data) =>
      h(Curve, { curve: data, before: view.compare && before.fresh && before.data ? overlay(data, before.data, compareDays) : null, view, meter, compareDays, stale: !curve.fresh })));
}

function rangeName(view, zone) {
  if (view.span === 'day') return dayName(view.from, zone);
  if (view.span === 'month') return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(Date.parse(view.first));
  return `${dayName(view.from, zone, { year: false })} – ${dayName(view.to - 1, zone)}`;
}

function Toolbar({ view, channels, meter }) {
  const move = (n) => setQuery({ date: step(view.span, view.date, n) }, { replace: false });
  const inside = view.today >= view.first && view.today < view.after;
  return h('div.curve-bar',
    h('h2.offscreen', 'Load curve'),
    h(Segments, { label: 'Range', value: view.span, options: SPANS, onPick: (span) => setQuery({ span: span === 'day' ? undefined : span }) }),
    h('div.curve-step', h(Button, { icon: 'left', label: `The ${view.span} before`, onClick: () => move(-1) }),
      h('label.curve-date', h('span', rangeName(view, meter.zone)), h('input', { type: 'date', value: view.date, max: view.today, 'aria-label': 'Choose a date', onChange: (e) => isDate(e.currentTarget.value) && setQuery({ date: e.currentTarget.value }, { replace: false }), onClick: (e) => e.currentTarget.showPicker?.() })),
      h(Button, { icon: 'right', label: `The ${view.span} after`, disabled: inside || view.first > view.today, onClick: () => move(1) }),
      h(Button, { disabled: inside, onClick: () => setQuery({ date: undefined }, { replace: false }) }, 'Today')),
    h('select.curve-channel', { 'aria-label': 'Channel', value: view.channel?.obis, onChange: (e) => setQuery({ channel: e.currentTarget.value === channels[0].obis ? undefined : e.currentTarget.value }) },
      channels.map((c) => h('option', { key: c.obis, value: c.obis, selected: c.obis === view.channel?.obis }, c.name || c.obis))));
}

function Curve({ curve, before, view, meter, compareDays, stale }) {
  const shown = useMemo(() => scale(curve, view.as), [curve, view.as]);
  const sum = useMemo(() => summary(curve), [curve]);
  const [at, setAt] = useState(null);
  const [zoomed, setZoomed] = useState(false);
  const chart = useRef(null);
  const energy = isEnergy(curve.unit);
  const fileName = `${meter.id}_${view.channel.obis}_${view.first}_${view.span}`;
  const saveCsv = () => download(`${fileName}.csv`, csv([['start', 'end', `value_${curve.unit}`, 'quality', 'channel', 'meter'],
    ...curve.slots.filter((s) => s.due || s.text !== null).map((s) => [iso(s.start), iso(s.end), s.text, s.quality.join(' '), view.channel.obis, meter.id])]), 'text/csv;charset=utf-8');
  const savePng = async () => {
    try {
      download(`${fileName}.png`, await picture(chart.current.plot, `${meter.id}  ·  ${view.channel.name || view.channel.obis}  ·  ${rangeName(view, meter.zone)}  (${shown.unit})`, `${meter.servicePoint || ''}  ·  times in ${meter.zone}`), 'image/png');
    } catch (error) {
      toast(`The picture could not be made: ${error.message}`, 'fault');
    }
  };
  return many(
    h(Figures, { sum, curve, shown, energy, view, meter }),
    h('div.curve-options',
      energy && h(Segments, { label: 'Quantity', value: view.as, options: [['power', 'Power', 'The mean power of each interval'], ['energy', 'Energy', 'The energy of each interval']], onPick: (as) => setQuery({ as: as === 'power' ? undefined : as }) }),
      h(Segments, { label: 'View', value: view.view, options: [['chart', 'Chart'], ['table', 'Table']], onPick: (v) => setQuery({ view: v === 'chart' ? undefined : v }) }),
      h('label.check', h('input', { type: 'checkbox', checked: view.compare, onChange: (e) => setQuery({ compare: e.currentTarget.checked ? '1' : undefined }) }), compareDays === 7 ? 'Last week' : 'Four weeks before'),
      h('span.toolbar-gap'),
      zoomed && view.view === 'chart' && h(Button, { onClick: () => chart.current.resetZoom() }, 'Whole range'),
      view.view === 'chart' && h(Button, { icon: 'download', onClick: savePng, title: 'The chart as a picture' }, 'PNG'),
      h(Button, { icon: 'download', onClick: saveCsv, title: 'These slots as CSV, times in UTC' }, 'CSV')),
    view.view === 'table'
      ? h(SlotTable, { curve, shown, before, compareDays })
      : many(h(Readout, { curve, shown, before, at, compareDays, energy }), h(Chart, { curve, shown, before, onCursor: setAt, onZoom: setZoomed, at, chart, stale, name: `${view.channel.name || view.channel.obis}, ${rangeName(view, meter.zone)}` }), h(Legend, { curve, sum, before, compareDays })));
}

function Figures({ sum, curve, shown, energy, view, meter }) {
  const kilo = energy ? scale(curve, 'energy') : null;
  const missing = sum.marks.get('missing') || 0;
  const usual = Math.round(86400000 / curve.step);
  return h('dl.figures',
    kilo && h('div', h('dt', 'Energy'), h('dd', fixed(kilo.of(sum.sum), 2), h('span.unit', kilo.unit))),
    h('div', h('dt', 'Peak'), h('dd', sum.peak ? many(fixed(shown.of(sum.peak.value), 2), h('span.unit', shown.unit), h('small', ' ', view.span === 'day' ? clock(sum.peak.start, meter.zone) : `${dayName(sum.peak.start, meter.zone, { year: false })}, ${clock(sum.peak.start, meter.zone)}`)) : '–')),
    h('div', h('dt', 'Slots'), h('dd', `${count(sum.have)} of ${count(sum.due)}`, missing > 0 && h('small.is-attention', ` ${count(missing)} missing`),
      view.span === 'day' && sum.all !== usual && h('small', ` ${sum.all}-slot day: the clocks go ${sum.all < usual ? 'forward' : 'back'}`), view.span === 'day' && sum.all === usual && sum.due < sum.all && h('small', ' so far'))));
}

function Readout({ curve, shown, before, at, compareDays, energy }) {
  const slot = at === null ? null : curve.slots[at];
  if (!slot) return h('p.readout.dim', 'Point at the curve for its values; drag to zoom.');
  const value = (v) => (v === null || v === undefined ? 'no value' : many(h('b', fixed(shown.of(v), 3)), ' ', shown.unit));
  return h('p.readout', { title: `${utc(slot.start)} – ${utc(slot.end)}` },
    h('span', `${dayName(slot.start, curve.zone, { year: false })} ${clockRange(slot.start, slot.end, curve.zone)}`),
    h('span', slot.value === null ? (slot.due ? 'missing' : 'not due yet') : value(slot.value)),
    energy && slot.text !== null && h('span.dim', `${slot.text} ${curve.unit}`),
    slot.value !== null && slot.quality.length > 0 && h('span', slot.quality.map(qualityWord).join(', ')),
    before && h('span.dim', compareDays === 7 ? 'last week ' : 'four weeks before ', value(before[at])));
}

const CHART_HEIGHT = 300;

function Chart({ curve, shown, before, onCursor, onZoom, at, chart, stale, name }) {
  const root = useRef();
  const [dark, setDark] = useState(0);
  const [failure, setFailure] = useState(null);
  useEffect(() => {
    const theme = matchMedia('(prefers-color-scheme: dark)');
    const turn = () => setDark((n) => n + 1);
    theme.addEventListener('change', turn);
    return () => theme.removeEventListener('change', turn);
  }, []);
  useLayoutEffect(() => {
    let drawn;
    let gone = false;
    const watch = new ResizeObserver(() => drawn && root.current.clientWidth && drawn.resize(root.current.clientWidth));
    loadLibrary().then((uPlot) => {
      if (gone) return;
      drawn = draw(uPlot, root.current, { curve, before, scale: shown, height: root.current.clientWidth < 500 ? 240 : CHART_HEIGHT, onCursor, onZoom });
      chart.current = drawn;
      watch.observe(root.current);
    }, setFailure);
    return () => {
      gone = true;
      watch.disconnect();
      drawn?.destroy();
      chart.current = null;
      onCursor(null);
      onZoom(false);
    };
  }, [curve, shown, before, dark]);
  const onKeyDown = (event) => {
    if (!chart.current) return;
    const last = curve.slots.length - 1;
    const keys = {
      ArrowLeft: () => chart.current.moveTo(Math.max(0, (at ?? last + 1) - 1)),
      ArrowRight: () => chart.current.moveTo(Math.min(last, (at ?? -1) + 1)),
      Home: () => chart.current.moveTo(0),
      End: () => chart.current.moveTo(last),
      '+': () => chart.current.zoom(0.5, at === null ? undefined : curve.slots[at].start / 1000),
      '-': () => chart.current.zoom(2, at === null ? undefined : curve.slots[at].start / 1000),
      0: () => chart.current.resetZoom(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  if (failure) return h('p.readout', { role: 'alert' }, `${failure.message}; the table shows the same data.`);
  return h('div.chart', { ref: root, class: stale ? 'is-stale' : '', tabIndex: 0, role: 'application', onKeyDown,
    'aria-label': `Load curve, ${name}. Arrow keys read each slot, plus and minus zoom; the table view holds the same data.`, 'data-slots': curve.slots.length });
}

function Swatch({ word }) {
  const ref = useRef();
  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio || 1;
    const ctx = ref.current.getContext('2d');
    ref.current.width = ref.current.height = 14 * ratio;
    drawMark(ctx, word, 7 * ratio, 7 * ratio, 9 * ratio, palette(), ratio);
  }, [word]);
  return h('canvas.swatch-mark', { ref, width: 14, height: 14, 'aria-hidden': 'true' });
}

function Legend({ curve, sum, before, compareDays }) {
  const marks = [...sum.marks].filter(([, n]) => n > 0);
  return h('ul.legend', { 'aria-label': 'Legend' },
    h('li', h('i.swatch.swatch-line'), 'Measured'),
    before && h('li', h('i.swatch.swatch-before'), compareDays === 7 ? 'Last week' : 'Four weeks before'),
    marks.map(([word, n]) => h('li', { key: word },
      word === 'missing' ? h('i.swatch.swatch-missing') : word === 'estimated' ? h('i.swatch.swatch-hatched') : h(Swatch, { word }),
      qualityWord(word), word === 'missing' && ', a gap', h('span.dim', ` ${count(n)}`))),
    h('li.legend-zone.dim', `Times in ${curve.zone}`));
}

const TABLE_PAGE = 200;

function SlotTable({ curve, shown, before, compareDays }) {
  const [most, setMost] = useState(TABLE_PAGE);
  const rows = curve.slots.map((slot, i) => ({ slot, i })).filter(({ slot }) => slot.due || slot.value !== null);
  if (!rows.length) return h(Empty, { heading: 'No slot of this range is due yet' }, 'Choose an earlier day.');
  const figure = (v) => (v === null || v === undefined ? h('span.dim', 'no value') : fixed(shown.of(v), 3));
  return many(
    h('div.table-wrap.slot-table', { tabIndex: 0, role: 'region', 'aria-label': 'Slots' }, h('table', h('caption.offscreen', `Slots, times in ${curve.zone}`),
      h('thead', h('tr', h('th', { scope: 'col' }, 'Interval', h('span.unit', curve.zone)), h('th.low', { scope: 'col' }, 'Start', h('span.unit', 'UTC')), h('th.num', { scope: 'col' }, 'Value', h('span.unit', shown.unit)),
        before && h('th.num', { scope: 'col' }, compareDays === 7 ? 'Last week' : 'Four weeks before', h('span.unit', shown.unit)), h('th', { scope: 'col' }, 'Quality'))),
      h('tbody', rows.slice(0, most).map(({ slot, i }) => h('tr', { key: slot.start },
        h('td', `${dayName(slot.start, curve.zone, { year: false })} ${clockRange(slot.start, slot.end, curve.zone)}`), h('td.low.dim', utc(slot.start).slice(0, 16)),
        h('td.num', slot.value === null ? h('span.dim', '–') : figure(slot.value)), before && h('td.num.dim', figure(before[i])), h('td', slot.quality.length ? slot.quality.map(qualityWord).join(', ') : h('span.dim', 'Good'))))))),
    rows.length > most && h('div.card-foot', h('button.link', { type: 'button', onClick: () => setMost(most + 1000) }, `Show more, ${count(rows.length - most)} left`)));
}
