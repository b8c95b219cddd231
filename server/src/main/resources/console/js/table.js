// Lists: the order and the filter live in the address, the chosen columns on this machine.
import { cx, h, useState } from './dom.js';
import { asPage, get } from './api.js';
import { setQuery } from './router.js';
import { Icon } from './icons.js';
import { Button, Popover, csv, download, toast, usePref } from './parts.js';
import { count } from './format.js';

const CSV_PAGE = 500;

/**
 * A column: id, name, unit (told in the head), num (right-aligned figures), sort (the API's word), low (left out on
 * phones), off (not among the first choice), wrap (may break its lines), bare (its head is for screen readers only),
 * cell(row), text(row) for the CSV.
 */
export function useColumns(list, columns) {
  const [chosen, choose] = usePref(`columns.${list}`, columns.filter((c) => !c.off).map((c) => c.id));
  const shown = columns.filter((c) => c.always || chosen.includes(c.id));
  return { columns, chosen, choose, shown };
}

export function ColumnPicker({ of }) {
  const { columns, chosen, choose } = of;
  return h(Popover, { align: 'right', label: 'Columns', button: (props) => h(Button, { icon: 'columns', ...props }, 'Columns') },
    h('fieldset.picker', h('legend', 'Columns shown'),
      columns.map((c) => h('label.check', { key: c.id }, h('input', { type: 'checkbox', checked: c.always || chosen.includes(c.id), disabled: c.always,
        onChange: (e) => choose(e.currentTarget.checked ? [...chosen, c.id] : chosen.filter((id) => id !== c.id)) }), c.name))));
}

function Head({ column, sort }) {
  const dir = sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : undefined;
  const words = [column.bare ? h('span.offscreen', column.name) : column.name, column.unit && h('span.unit', column.unit)];
  return h('th', { scope: 'col', class: cx(column.num && 'num', column.low && 'low'), 'aria-sort': dir },
    column.sort
      ? h('button.sort', { type: 'button', onClick: () => setQuery({ sort: dir === 'ascending' ? `-${column.sort}` : column.sort, page: undefined }) }, words, h('span.sort-mark', dir && h(Icon, { name: dir === 'ascending' ? 'up' : 'down', size: 12 })))
      : words);
}

/** Saves the whole filtered list, page by page from the API, with the columns that are shown. */
export function CsvButton({ name, path, query, columns, total }) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const rows = [columns.map((c) => c.name)];
      for (let page = 0, all = 1, seen = 0; seen < all; page++) {
        const part = asPage(await get(path, { ...query, page, size: CSV_PAGE }));
        if (!part.items.length) break;
        all = part.total;
        seen += part.items.length;
        for (const item of part.items) rows.push(columns.map((c) => c.text(item)));
      }
      download(`${name}.csv`, csv(rows), 'text/csv;charset=utf-8');
    } catch (error) {
      toast(`The CSV could not be made: ${error.message}`, 'fault');
    } finally {
      setBusy(false);
    }
  };
  return h(Button, { icon: 'download', onClick: save, busy, disabled: !total, title: 'The filtered list with the columns shown, as CSV' }, 'CSV');
}

export function Table({ columns, rows, keyOf, sort, caption, rowClass }) {
  return h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': caption },
    h('table', h('caption.offscreen', caption), h('thead', h('tr', columns.map((c) => h(Head, { key: c.id, column: c, sort })))),
      h('tbody', rows.map((row) => h('tr', { key: keyOf(row), class: rowClass?.(row) },
        columns.map((c) => h('td', { key: c.id, class: cx(c.num && 'num', c.low && 'low', c.wrap && 'wrap') }, c.cell(row))))))));
}

export function Pager({ page, size, total, sizes = [25, 50, 100, 200] }) {
  const pages = Math.max(1, Math.ceil(total / size));
  const to = (n) => setQuery({ page: n || undefined }, { replace: false });
  return h('nav.pager', { 'aria-label': 'Pages' },
    h('span', total ? `${count(page * size + 1)}–${count(Math.min(total, (page + 1) * size))} of ${count(total)}` : 'None'),
    h('label.pager-size', 'Rows', h('select', { value: size, onChange: (e) => setQuery({ size: e.currentTarget.value, page: undefined }) }, sizes.map((n) => h('option', { key: n, value: n, selected: n === size }, n)))),
    h(Button, { icon: 'left', label: 'Page before', disabled: page <= 0, onClick: () => to(page - 1) }),
    h('span.pager-at', `${count(page + 1)} / ${count(pages)}`),
    h(Button, { icon: 'right', label: 'Next page', disabled: page >= pages - 1, onClick: () => to(page + 1) }));
}
