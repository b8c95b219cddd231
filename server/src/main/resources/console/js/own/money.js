// Amounts and energy as consumers read them.
import { decimal } from '../format.js';

/** CHF 1 204.50; a minus sign before the currency. */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return '–';
  const text = decimal(amount);
  return text.startsWith('\u2212') ? `\u2212${currency}\u00a0${text.slice(1)}` : `${currency}\u00a0${text}`;
}

/** 5.3 kWh, 212 kWh: as many digits as one can make sense of. */
export function kwh(amount) {
  if (amount === null || amount === undefined) return '–';
  const n = Number(amount);
  return `${decimal(n.toFixed(Math.abs(n) < 100 ? 1 : 0))}\u00a0kWh`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** November 2026 of 2026-11. */
export const monthName = (month, year = true) => `${MONTHS[Number(month.slice(5, 7)) - 1]}${year ? ` ${month.slice(0, 4)}` : ''}`;
export const monthShort = (month) => MONTHS[Number(month.slice(5, 7)) - 1].slice(0, 3);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Tue 24 Nov of 2026-11-24. */
export const dayWords = (date) => `${DAYS[new Date(Date.parse(date)).getUTCDay()]} ${Number(date.slice(8))} ${monthShort(date)}`;
