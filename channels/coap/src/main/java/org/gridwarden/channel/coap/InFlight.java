package org.gridwarden.channel.coap;

import java.util.HashMap;
import java.util.Map;

/** How many messages wait for their commit: of each caller, and of all. Thread-safe. */
final class InFlight {
  private final int ofOne;
  private final int ofAll;
  private final Map<Object, Integer> byCaller = new HashMap<>();
  private int all;

  InFlight(int ofOne, int ofAll) {
    this.ofOne = ofOne;
    this.ofAll = ofAll;
  }

  /** Takes a place; to be given back where it was given. */
  synchronized boolean take(Object caller) {
    if (all >= ofAll || byCaller.getOrDefault(caller, 0) >= ofOne) {
      return false;
    }
    byCaller.merge(caller, 1, Integer::sum);
    all++;
    return true;
  }

  synchronized void giveBack(Object caller) {
    all--;
    byCaller.computeIfPresent(caller, (key, held) -> held == 1 ? null : held - 1);
    notifyAll();
  }

  synchronized int all() {
    return all;
  }

  /** Waits until nothing is held; not longer than this. */
  synchronized void drain(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis; all > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
  }
}
