// Preact with a shorthand: h('div.card#id', {props}, …children); the props may be left out.
import { h as create, Fragment, isValidElement } from 'preact';

export { render, Fragment } from 'preact';
export { useState, useEffect, useLayoutEffect, useMemo, useRef, useCallback } from 'preact/hooks';

const parsed = new Map();

function parse(type) {
  let known = parsed.get(type);
  if (!known) {
    const [, name, rest] = /^([a-z0-9-]+)(.*)$/i.exec(type);
    const classes = [...rest.matchAll(/\.([\w-]+)/g)].map((m) => m[1]).join(' ');
    known = { name, classes, id: /#([\w-]+)/.exec(rest)?.[1] };
    parsed.set(type, known);
  }
  return known;
}

const isProps = (x) => x !== null && typeof x === 'object' && !Array.isArray(x) && !isValidElement(x);

export function h(type, ...rest) {
  const given = isProps(rest[0]) ? rest.shift() : undefined;
  if (typeof type !== 'string') return create(type, given, ...rest);
  const { name, classes, id } = parse(type);
  if (!classes && !id) return create(name, given, ...rest);
  const props = { ...given };
  if (classes) props.class = props.class ? `${classes} ${props.class}` : classes;
  if (id) props.id = id;
  return create(name, props, ...rest);
}

export const many = (...children) => create(Fragment, null, ...children);
export const cx = (...names) => names.filter(Boolean).join(' ');
