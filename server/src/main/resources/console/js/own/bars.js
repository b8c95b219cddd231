// Bars of days or months: estimated ones hatched, unknown ones an empty outline and never zero. Arrow keys read them.
import { h, many, useEffect, useLayoutEffect, useRef, useState } from '../dom.js';

const LEFT = 44;
const FOOT = 22;
const HEAD = 8;

/** At most four round steps from low to high, zero among them. */
export function ticks(low, high) {
  const span = Math.max(high - low, 1e-9);
  const raw = span / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999);
  const list = [];
  for (let i = Math.floor(low / step + 1e-9); i <= Math.ceil(high / step - 1e-9); i++) list.push(i * step);
  return { list, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0)) };
}

function useWidth() {
  const box = useRef();
  const [width, set] = useState(0);
  useLayoutEffect(() => {
    const measure = () => set(box.current.clientWidth);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

/**
 * items: {key, label, value (number or null), other (a second bar beside it), kind: estimated | now | later}. `label` is empty
 * where none is wanted; what a bar says in words is for `readout(item)`.
 */
export function Bars({ items, name, unit, readout, first, height = 200 }) {
  const [box, width] = useWidth();
  const [at, setAt] = useState(null);
  useEffect(() => setAt(null), [items]);
  const values = items.flatMap((i) => [i.value, i.other]).filter((v) => v !== null && v !== undefined);
  const scale = ticks(Math.min(0, ...values), Math.max(...values, 0.001));
  const low = scale.list[0];
  const high = scale.list.at(-1);
  const y = (v) => HEAD + ((high - v) / (high - low)) * (height - HEAD - FOOT);
  const pitch = (width - LEFT) / Math.max(items.length, 1);
  const two = items.some((i) => i.other !== undefined);
  const gap = Math.min(8, Math.max(1, pitch * 0.22));
  const wide = Math.max(1, Math.min(64, (pitch - gap) / (two ? 2 : 1)));
  const shown = at ?? first ?? items.length - 1;
  const move = (to) => setAt(Math.max(0, Math.min(items.length - 1, to)));
  const onKeyDown = (event) => {
    const to = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const onPointer = (event) => {
    const x = event.clientX - box.current.getBoundingClientRect().left - LEFT;
    if (x >= 0) move(Math.floor(x / pitch));
  };
  const bar = (value, x, kind, which) => {
    const top = y(Math.max(value, 0));
    const tall = Math.max(1, y(Math.min(value, 0)) - top);
    return many(h('rect', { class: `bar-${which} ${kind ? `is-${kind}` : ''}`, x, y: top, width: wide, height: tall, rx: Math.min(2, wide / 3) }),
      kind === 'estimated' && h('rect', { class: 'bar-hatch', fill: 'url(#own-hatch)', x, y: top, width: wide, height: tall, rx: Math.min(2, wide / 3) }));
  };
  const every = Math.ceil(30 / Math.max(pitch, 1));
  return h('div.own-chart',
    h('p.own-readout', { 'aria-live': 'polite' }, items[shown] ? readout(items[shown]) : ''),
    h('div.own-bars', { ref: box, tabIndex: 0, role: 'application', 'aria-label': `${name}. Arrow keys read each bar; the table below holds the same figures.`, onKeyDown, onPointerMove: onPointer, onPointerDown: onPointer, 'data-bars': items.length },
      width > 0 && h('svg', { width, height, 'aria-hidden': 'true' },
        h('defs', h('pattern', { id: 'own-hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, h('rect', { class: 'hatch-line', width: 2, height: 5 }))),
        scale.list.map((v) => many(h('line', { class: v === 0 ? 'bars-zero' : 'bars-grid', x1: LEFT, x2: width, y1: y(v), y2: y(v) }), h('text.bars-tick', { x: LEFT - 8, y: y(v) + 4, 'text-anchor': 'end' }, v.toFixed(scale.digits)))),
        items.map((item, i) => {
          const x = LEFT + i * pitch + (pitch - wide * (two ? 2 : 1)) / 2;
          return h('g', { key: item.key },
            i === shown && h('rect.bars-here', { x: LEFT + i * pitch, y: HEAD, width: pitch, height: height - HEAD - FOOT }),
            item.value === null || item.value === undefined
              ? item.kind !== 'later' && h('rect.bar-gap', { x: x + 0.5, y: y(0) - 14, width: Math.max(1, wide - 1), height: 13.5 })
              : bar(item.value, x, item.kind, 'one'),
            item.other !== null && item.other !== undefined && bar(item.other, x + wide, '', 'other'),
            item.label && (i % every === 0 || items.length <= 12) && h('text.bars-label', { x: LEFT + (i + 0.5) * pitch, y: height - 6, 'text-anchor': 'middle' }, item.label));
        }))),
    h('span.offscreen', unit));
}
