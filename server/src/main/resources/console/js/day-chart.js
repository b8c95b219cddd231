// A day of a curve as it counts, with what the meter sent as a dashed line where that differs.
import { h, useEffect, useLayoutEffect, useRef, useState } from './dom.js';
import { draw, loadLibrary } from './chart.js';
import { scale } from './curve.js';

/** The answer's day as the chart wants it: {slots, step, from, to, unit, zone}, and the raw values beside. */
export function dayOf(curve, zone) {
  const step = curve.intervalSeconds * 1000;
  const number = (text) => (text === null || text === undefined ? null : Number(text));
  const slots = curve.slots.map((slot) => ({ ...slot, start: Date.parse(slot.start), end: Date.parse(slot.start) + step, text: slot.value, value: number(slot.value), due: true }));
  return { slots, raw: curve.slots.map((slot) => number(slot.raw)), step, from: Date.parse(curve.from), to: Date.parse(curve.to), unit: curve.unit, zone };
}

export function DayChart({ day, as, name, at, onCursor }) {
  const root = useRef();
  const chart = useRef(null);
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
      const changed = day.raw.map((value, i) => (value === day.slots[i].value ? null : value));
      drawn = draw(uPlot, root.current, { curve: day, before: changed.some((v) => v !== null) ? changed : undefined, scale: scale(day, as), height: root.current.clientWidth < 500 ? 240 : 280, onCursor, onZoom: () => {} });
      chart.current = drawn;
      watch.observe(root.current);
    }, setFailure);
    return () => {
      gone = true;
      watch.disconnect();
      drawn?.destroy();
      chart.current = null;
    };
  }, [day, as, dark]);
  const onKeyDown = (event) => {
    const last = day.slots.length - 1;
    const next = { ArrowLeft: Math.max(0, (at ?? last + 1) - 1), ArrowRight: Math.min(last, (at ?? -1) + 1), Home: 0, End: last }[event.key];
    if (next === undefined || !chart.current) return;
    event.preventDefault();
    chart.current.moveTo(next);
  };
  if (failure) return h('p.readout', { role: 'alert' }, `${failure.message}; the table shows the same data.`);
  return h('div.chart', { ref: root, tabIndex: 0, role: 'application', onKeyDown, 'data-slots': day.slots.length, 'aria-label': `Load curve, ${name}. Arrow keys read each slot; the table below holds the same data.` });
}
