// The live stream. Whatever its rate, pages hear of it once a frame, in one batch.
import { useEffect, useRef, useState } from './dom.js';

const KEPT = 2000; // events held for the next frame; the oldest go first (a hidden page has no frames)

const batchListeners = new Set();
const stateListeners = new Set();
let socket;
let wanted = false;
let state = 'connecting';
let tries = 0;
let timer;
let waiting = [];
let frame = 0;

function setState(next) {
  if (next === state) return;
  state = next;
  for (const listener of stateListeners) listener(next);
}

function flush() {
  frame = 0;
  const batch = waiting;
  waiting = [];
  for (const listener of batchListeners) listener(batch);
}

function receive(message) {
  let events;
  try {
    events = JSON.parse(message.data).events;
  } catch {
    return;
  }
  if (!Array.isArray(events) || !events.length) return;
  waiting = waiting.length ? waiting.concat(events) : events;
  if (waiting.length > KEPT) waiting = waiting.slice(-KEPT);
  if (!frame) frame = requestAnimationFrame(flush);
}

function connect() {
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`);
  socket.onopen = () => {
    tries = 0;
    setState('live');
  };
  socket.onmessage = receive;
  socket.onclose = () => {
    if (!wanted) return;
    setState('off');
    timer = setTimeout(connect, Math.min(15000, 500 * 2 ** tries++));
  };
}

/** The stream is open while somebody is logged in. */
export function keepLive(on) {
  if (on === wanted) return;
  wanted = on;
  clearTimeout(timer);
  if (on) {
    setState('connecting');
    connect();
  } else {
    socket?.close();
  }
}

/** Calls `listener` with each frame's batch of events. */
export function useLive(listener) {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const mine = (batch) => latest.current(batch);
    batchListeners.add(mine);
    return () => batchListeners.delete(mine);
  }, []);
}

export function useLiveState() {
  const [value, set] = useState(state);
  useEffect(() => {
    stateListeners.add(set);
    set(state);
    return () => stateListeners.delete(set);
  }, []);
  return value;
}
