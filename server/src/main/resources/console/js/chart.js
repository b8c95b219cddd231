// The load curve, drawn by uPlot: steps, because a value holds for its whole interval; gaps, because unknown is not zero.
import { clock, dayName } from './format.js';
import { offsets, wallBy } from './zone.js';

const LIBRARY = '/webjars/uplot/1.6.30/dist/uPlot.iife.min.js';
const LANE = 10; // px under the curve, where the quality of each slot stands
let library;

export function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = LIBRARY;
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => {
      library = undefined;
      reject(new Error('the chart library did not load'));
    };
    document.head.append(script);
  });
  return library;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const palette = () => ({
  ink: token('--ink'), dim: token('--ink-3'), line: token('--line'), strong: token('--line-strong'), accent: token('--accent'), surface: token('--surface'),
  amber: token('--amber-mark'), red: token('--red-mark'), violet: token('--violet-mark'), font: token('--font'),
});

const HOUR = 3600;
const STEPS = [900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 168 * HOUR, 336 * HOUR];

/** Ticks that fall on the wall's round times, whatever the clocks did in between. */
function civilSplits(table, from, to, least) {
  const step = STEPS.find((s) => s >= least) || STEPS.at(-1);
  const splits = [];
  const grain = Math.min(step, HOUR);
  const end = to - from > 36 * HOUR ? to - HOUR : to; // a day's name at the very edge would be cut
  for (let at = Math.ceil(from / 900) * 900; at <= end; at += 900) {
    const onWall = wallBy(table, at * 1000) / 1000;
    if (onWall % grain) continue;
    const fits = step <= 24 * HOUR ? onWall % step === 0 : onWall % (24 * HOUR) === 0 && (onWall / (24 * HOUR) + 3) % (step / (24 * HOUR)) === 0;
    if (fits) splits.push(at);
  }
  return splits;
}

/** A path of steps; each run of known slots is a piece of its own. */
function steps(seconds) {
  return (u, series, first, last) => {
    const xs = u.data[0];
    const ys = u.data[series];
    const line = new Path2D();
    const area = new Path2D();
    const floor = u.valToPos(0, 'y', true);
    let begun;
    const end = (i) => {
      const x = u.valToPos(xs[i] + seconds, 'x', true);
      line.lineTo(x, u.valToPos(ys[i], 'y', true));
      area.lineTo(x, u.valToPos(ys[i], 'y', true));
      area.lineTo(x, floor);
      area.lineTo(begun, floor);
      area.closePath();
      begun = undefined;
    };
    for (let i = first; i <= last; i++) {
      if (ys[i] === null || ys[i] === undefined) {
        if (begun !== undefined) end(i - 1);
        continue;
      }
      const x = u.valToPos(xs[i], 'x', true);
      const y = u.valToPos(ys[i], 'y', true);
      if (begun === undefined) {
        begun = x;
        line.moveTo(x, y);
        area.moveTo(x, floor);
        area.lineTo(x, y);
      } else {
        line.lineTo(x, u.valToPos(ys[i - 1], 'y', true));
        line.lineTo(x, y);
        area.lineTo(x, u.valToPos(ys[i - 1], 'y', true));
        area.lineTo(x, y);
      }
    }
    if (begun !== undefined) end(last);
    return { stroke: line, fill: area, clip: null, band: null, gaps: null, flags: 3 };
  };
}

function hatch(ctx, colour, ratio) {
  const size = 6 * ratio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d');
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2 * ratio;
  pen.beginPath();
  for (const o of [-size, 0, size]) { pen.moveTo(o, size); pen.lineTo(o + size, 0); }
  pen.stroke();
  return ctx.createPattern(tile, 'repeat');
}

/** The mark of a quality, drawn in a box of `s` pixels round (x, y): a shape each, as in the legend. */
export function drawMark(ctx, word, x, y, s, colours, ratio = 1) {
  const r = s / 2;
  ctx.lineWidth = 1.4 * ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  switch (word) {
    case 'unauthenticated':
      ctx.moveTo(x, y - r); ctx.lineTo(x + r, y); ctx.lineTo(x, y + r); ctx.lineTo(x - r, y); ctx.closePath();
      ctx.fillStyle = colours.violet; ctx.fill();
      break;
    case 'doubtful':
      ctx.moveTo(x, y - r); ctx.lineTo(x + r, y + r); ctx.lineTo(x - r, y + r); ctx.closePath();
      ctx.fillStyle = colours.amber; ctx.fill();
      break;
    case 'power-down':
      ctx.rect(x - r, y - r, s, s); ctx.fillStyle = colours.red; ctx.fill();
      break;
    case 'clock-invalid':
      ctx.arc(x, y, r, 0, 7); ctx.moveTo(x, y - r); ctx.lineTo(x, y); ctx.lineTo(x + r, y); ctx.strokeStyle = colours.amber; ctx.stroke();
      break;
    case 'clock-adjusted':
      ctx.arc(x, y, r, 0, 7); ctx.moveTo(x, y - r); ctx.lineTo(x, y); ctx.lineTo(x + r, y); ctx.strokeStyle = colours.dim; ctx.stroke();
      break;
    case 'derived':
      ctx.moveTo(x - r, y); ctx.lineTo(x + r, y); ctx.strokeStyle = colours.dim; ctx.stroke();
      break;
    default:
  }
}

const SHAPES = ['power-down', 'doubtful', 'unauthenticated', 'clock-invalid', 'clock-adjusted', 'derived'];

/** Hatches estimated slots and sets each slot's mark into the lane under the curve. */
function drawQuality(u, curve, colours) {
  const { ctx } = u;
  const ratio = window.devicePixelRatio || 1;
  const { left, top, width, height } = u.bbox;
  const pattern = hatch(ctx, colours.accent, ratio);
  const foot = u.valToPos(0, 'y', true);
  const laneY = top + height - (LANE / 2) * ratio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  let lastX = -Infinity;
  for (let i = 0; i < curve.slots.length; i++) {
    const slot = curve.slots[i];
    if (!slot.quality.length || slot.end / 1000 < u.scales.x.min || slot.start / 1000 > u.scales.x.max) continue;
    const x0 = u.valToPos(slot.start / 1000, 'x', true);
    const x1 = u.valToPos(slot.end / 1000, 'x', true);
    if (slot.quality.includes('missing')) {
      ctx.beginPath();
      ctx.setLineDash([2 * ratio, 2 * ratio]);
      ctx.lineWidth = 1.5 * ratio;
      ctx.strokeStyle = colours.strong;
      ctx.moveTo(x0, laneY);
      ctx.lineTo(x1, laneY);
      ctx.stroke();
      continue;
    }
    if (slot.quality.includes('estimated')) {
      const y = u.valToPos(u.data[1][i], 'y', true);
      ctx.fillStyle = colours.surface;
      ctx.fillRect(x0, y + ratio, x1 - x0, foot - y - ratio);
      ctx.fillStyle = pattern;
      ctx.fillRect(x0, y + ratio, Math.max(1, x1 - x0), foot - y - ratio);
    }
    const word = SHAPES.find((w) => slot.quality.includes(w));
    const middle = (x0 + x1) / 2;
    if (word && middle - lastX >= 5 * ratio) {
      drawMark(ctx, word, middle, laneY, 8 * ratio, colours, ratio);
      lastX = middle;
    }
  }
  ctx.restore();
}

/**
 * Draws `curve` into `root`. `before` is an optional earlier curve's values for the same slots; `scale` makes numbers
 * of values; onCursor(index or null) and onZoom(isZoomed) tell the page.
 */
export function draw(uPlot, root, { curve, before, scale, height, onCursor, onZoom }) {
  const colours = palette();
  const table = offsets(curve.from, curve.to, curve.zone);
  const from = curve.from / 1000;
  const to = curve.to / 1000;
  const font = `12px ${colours.font}`;
  const data = [
    curve.slots.map((s) => s.start / 1000),
    curve.slots.map((s) => (s.value === null ? null : scale.of(s.value))),
    before ? before.map((v) => (v === null ? null : scale.of(v))) : curve.slots.map(() => null),
  ];
  const label = (at) => {
    const onWall = new Date(wallBy(table, at * 1000));
    if (onWall.getUTCHours() || onWall.getUTCMinutes()) return clock(at * 1000, curve.zone);
    return to - from > 36 * HOUR ? dayName(at * 1000, curve.zone, { year: false, weekday: to - from < 8 * 24 * HOUR + HOUR }) : '00:00';
  };
  const plot = new uPlot(
    {
      width: root.clientWidth,
      height,
      padding: [24, 20, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: true, y: false, dist: 6 }, points: { show: false }, y: false },
      select: { show: true },
      scales: {
        x: { time: false, range: (u, min, max) => (min === null || (min <= from && max >= to - curve.step / 1000) ? [from, to] : [Math.max(min, from), Math.min(max, to)]) },
        y: { range: (u, min, max) => yRange(min, max) },
      },
      axes: [
        { stroke: colours.dim, font, size: 32, gap: 8, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1, size: 4 },
          splits: (u, i, min, max) => civilSplits(table, min, max, ((max - min) / Math.max(1, u.bbox.width / (window.devicePixelRatio || 1))) * 72), values: (u, splits) => splits.map(label) },
        { stroke: colours.dim, font, size: (u, values) => 16 + 7 * Math.max(3, ...(values || []).map((v) => String(v).length)), gap: 8, grid: { stroke: colours.line, width: 1 }, ticks: { show: false }, splits: (u) => ySplits(u.scales.y.max, u.scales.y.min),
          values: (u, splits) => splits.map((v) => String(Number(v.toFixed(3)))) },
      ],
      series: [
        {},
        { stroke: colours.accent, width: 1.5, fill: `${colours.accent}1f`, paths: steps(curve.step / 1000), points: { show: false }, spanGaps: false },
        { stroke: colours.dim, width: 1, dash: [4, 3], paths: linesOnly(steps(curve.step / 1000)), points: { show: false }, spanGaps: false },
      ],
      hooks: {
        draw: [(u) => drawQuality(u, curve, colours), (u) => drawUnit(u, scale.unit, colours)],
        setCursor: [(u) => onCursor(u.cursor.left >= 0 ? slotAt(u, u.posToVal(u.cursor.left, 'x')) : null)],
        setScale: [(u, key) => key === 'x' && onZoom?.(u.scales.x.min > from || u.scales.x.max < to)],
      },
    },
    data,
    root,
  );
  function slotAt(u, x) {
    const i = Math.floor((x * 1000 - curve.from) / curve.step);
    return i >= 0 && i < curve.slots.length ? i : null;
  }
  return {
    plot,
    resetZoom: () => plot.setScale('x', { min: from, max: to }),
    zoom(factor, centre) {
      const { min, max } = plot.scales.x;
      const middle = centre ?? (min + max) / 2;
      const half = Math.max(2 * curve.step / 1000, ((max - min) / 2) * factor);
      plot.setScale('x', { min: Math.max(from, middle - half), max: Math.min(to, middle + half) });
    },
    moveTo: (i) => plot.setCursor({ left: plot.valToPos(data[0][i] + curve.step / 2000, 'x'), top: 10 }),
    resize: (width) => plot.setSize({ width, height }),
    destroy: () => plot.destroy(),
  };
}

/** The unit stands over the figures it belongs to. */
function drawUnit(u, unit, colours) {
  const ratio = window.devicePixelRatio || 1;
  u.ctx.save();
  u.ctx.font = `${12 * ratio}px ${colours.font}`;
  u.ctx.fillStyle = colours.dim;
  u.ctx.textAlign = 'right';
  u.ctx.textBaseline = 'alphabetic';
  u.ctx.fillText(unit, u.bbox.left - 8 * ratio, u.bbox.top - 10 * ratio);
  u.ctx.restore();
}

const linesOnly = (paths) => (...args) => ({ ...paths(...args), fill: null });

function nice(most) {
  const power = 10 ** Math.floor(Math.log10(most || 1));
  return [1, 2, 2.5, 5, 10].map((k) => k * power).find((v) => v >= most);
}

function yRange(min, max) {
  const most = Math.max(max ?? 0, 0);
  const least = Math.min(min ?? 0, 0);
  if (most === 0 && least === 0) return [-0.06, 1];
  const reach = most - least;
  return [least - reach * 0.06, most + reach * 0.08]; // below: the lane of quality marks
}

function ySplits(max, min) {
  const step = nice((max - Math.min(0, min)) / 5);
  const splits = [];
  for (let v = Math.ceil((min * 0.9) / step) * step; v <= max; v += step) splits.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return splits;
}

/** The chart with its heading on one opaque picture. */
export function picture(plot, heading, foot) {
  const source = plot.ctx.canvas;
  const ratio = window.devicePixelRatio || 1;
  const colours = palette();
  const canvas = document.createElement('canvas');
  const head = 48 * ratio;
  canvas.width = source.width;
  canvas.height = source.height + head + 24 * ratio;
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = colours.surface;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = colours.ink;
  ctx.font = `600 ${14 * ratio}px ${colours.font}`;
  ctx.fillText(heading, 12 * ratio, 28 * ratio);
  ctx.drawImage(source, 0, head);
  ctx.fillStyle = colours.dim;
  ctx.font = `${11 * ratio}px ${colours.font}`;
  ctx.fillText(foot, 12 * ratio, canvas.height - 10 * ratio);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
