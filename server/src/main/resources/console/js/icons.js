// Line icons on a 16-unit grid, and the state marks: a shape each, so that no state is told by colour alone.
import { h } from './dom.js';

const LINES = {
  overview: 'M2.5 9.5h3l2-6 3 9 1.5-3h1.5',
  meters: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5A5.5 5.5 0 0 1 8 2.5ZM8 8l2.5-2.5M5 10.5h6',
  map: 'M2.5 4 6 2.5l4 1.5 3.5-1.5V12L10 13.5 6 12l-3.5 1.5ZM6 2.5V12M10 4v9.5',
  alarms: 'M4 11V7.5a4 4 0 0 1 8 0V11l1 1.5H3ZM6.8 14.2h2.4',
  commands: 'M2.5 3.5h11v9h-11ZM5 6.5 7 8l-2 1.5M8.5 10H11',
  collection: 'M8 2.5v7M5 7l3 3 3-3M2.5 10.5v3h11v-3',
  billing: 'M4 2.5h8v11l-2-1.3-2 1.3-2-1.3-2 1.3ZM6 5.5h4M6 8h4',
  analytics: 'M2.5 13.5h11M4.5 13V9M8 13V3M11.5 13V6.5',
  security: 'M8 2.2 13 4v4c0 3-2.2 4.9-5 6-2.8-1.1-5-3-5-6V4ZM6 8l1.5 1.5L10.2 6.5',
  'test-bed': 'M6.5 2.5v4L3 12.8c-.3.5 0 1.2.7 1.2h8.6c.7 0 1-.7.7-1.2L9.5 6.5v-4M5.5 2.5h5M4.7 10h6.6',
  settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.3 10.3l3.2 3.2',
  copy: 'M5.5 5.5h8v8h-8ZM3 10.5h-.5v-8h8V3',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  download: 'M8 2.5v7.5M5 7l3 3 3-3M3 13.5h10',
  upload: 'M8 10.5V3M5 6l3-3 3 3M3 13.5h10',
  columns: 'M2.5 3h11v10h-11ZM6.2 3v10M9.8 3v10',
  left: 'M9.8 3.5 5.3 8l4.5 4.5',
  right: 'M6.2 3.5 10.7 8l-4.5 4.5',
  down: 'M4 6.2l4 4 4-4',
  up: 'M4 9.8l4-4 4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  user: 'M8 8.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM3 13.5c.5-2.5 2.5-3.7 5-3.7s4.5 1.2 5 3.7',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9L12.5 8Z',
  reload: 'M13 5.5A5.5 5.5 0 1 0 13.5 9M13.3 2.5v3.2h-3.2',
  plus: 'M8 3v10M3 8h10',
  key: 'M10.5 2.5a3 3 0 1 1-2.7 4.3L3 11.5v2h2.5V12H7v-1.5l1.5-1.5',
  logout: 'M6.5 2.5h-4v11h4M6 8h7.5M11 5.5 13.5 8 11 10.5',
};

export function Icon({ name, size = 16, label }) {
  return h(
    'svg.icon',
    { viewBox: '0 0 16 16', width: size, height: size, role: label ? 'img' : undefined, 'aria-label': label, 'aria-hidden': label ? undefined : 'true' },
    h('path', { d: LINES[name] }),
  );
}

const MARKS = {
  fine: ['circle', { cx: 5, cy: 5, r: 3.2 }],
  info: ['circle', { cx: 5, cy: 5, r: 3.2 }],
  attention: ['path', { d: 'M5 .9 9.5 9H.5Z' }],
  fault: ['rect', { x: 1.2, y: 1.2, width: 7.6, height: 7.6, rx: 0.8 }],
  critical: ['path', { d: 'M3.1.4h3.8L9.6 3.1v3.8L6.9 9.6H3.1L.4 6.9V3.1Z' }],
  security: ['path', { d: 'M5 .3 9.7 5 5 9.7.3 5Z' }],
  muted: ['path', { d: 'M1.5 5h7' }],
};

/** The shape of a state; the word stands beside it. */
export function Mark({ state }) {
  const [tag, shape] = MARKS[state] || MARKS.info;
  return h(`svg.mark`, { class: `is-${state}`, viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
    h(tag, shape),
    state === 'critical' && h('path.mark-in', { d: 'M5 2.6v3M5 7.3v.1' }));
}
