package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.bench.dlms.Pairs.Pair;

/**
 * Our client and meter beside those of the other stacks: each load by each pair in turn, and again
 * in the same order, after a run that warms up.
 */
final class Comparison {
  private static final List<Pair> OWN =
      List.of(
          new Pair(Stack.OURS, Stack.OURS),
          new Pair(Stack.GURUX, Stack.GURUX),
          new Pair(Stack.JDLMS, Stack.JDLMS));
  private static final List<Pair> CROSSED =
      List.of(
          new Pair(Stack.OURS, Stack.GURUX),
          new Pair(Stack.OURS, Stack.JDLMS),
          new Pair(Stack.GURUX, Stack.OURS),
          new Pair(Stack.JDLMS, Stack.OURS));

  private final long millis;
  private final int rounds;
  private final PrintWriter progress;

  /** One load, and what each pair made of it. */
  record Row(Load load, Map<Pair, List<Figures>> runs) {
    Figures of(Pair pair) {
      return Figures.mean(runs.getOrDefault(pair, List.of()));
    }

    Figures ours() {
      return of(OWN.get(0));
    }

    Stack betterPeer() {
      return of(OWN.get(1)).perSecond() >= of(OWN.get(2)).perSecond() ? Stack.GURUX : Stack.JDLMS;
    }

    private Figures better() {
      return of(new Pair(betterPeer(), betterPeer()));
    }

    /** How many times as many a second as the better peer. */
    double ratio() {
      return ours().perSecond() / better().perSecond();
    }

    /** How many times less processor time, both sides, than the peer that takes less. */
    double cpuRatio() {
      return Math.min(of(OWN.get(1)).cpu(), of(OWN.get(2)).cpu()) / ours().cpu();
    }

    /** How many times less is allocated, both sides, than by the peer that allocates less. */
    double allocationRatio() {
      return Math.min(of(OWN.get(1)).allocated(), of(OWN.get(2)).allocated()) / ours().allocated();
    }
  }

  /**
   * @param millis of one run
   * @param rounds how often each load is measured with each stack's own pair
   */
  Comparison(long millis, int rounds, PrintWriter progress) {
    this.millis = millis;
    this.rounds = rounds;
    this.progress = progress;
  }

  List<Row> measure(Path interop, List<Load> loads) throws IOException {
    List<Row> rows = new ArrayList<>();
    long begin = System.nanoTime();
    long runs = (long) loads.size() * (OWN.size() * (1L + rounds) + CROSSED.size());
    try (Pairs pairs = Pairs.start(interop)) {
      long done = 0;
      for (Load load : loads) {
        Map<Pair, List<Figures>> found = new LinkedHashMap<>();
        for (Pair pair : OWN) {
          pairs.run(pair, load, millis);
          done = told(load, pair, done, runs, begin);
        }
        for (int round = 0; round < rounds; round++) {
          for (Pair pair : OWN) {
            found.computeIfAbsent(pair, _ -> new ArrayList<>()).add(pairs.run(pair, load, millis));
            done = told(load, pair, done, runs, begin);
          }
        }
        for (Pair pair : CROSSED) {
          found.put(pair, List.of(pairs.run(pair, load, millis)));
          done = told(load, pair, done, runs, begin);
        }
        rows.add(new Row(load, found));
      }
    }
    return rows;
  }

  private long told(Load load, Pair pair, long done, long runs, long begin) {
    long now = done + 1;
    double took = (System.nanoTime() - begin) / 1e9;
    progress.printf(
        "%d of %d runs, %.0f s left: %s, %s, %d at a time: %s%n",
        now,
        runs,
        took / now * (runs - now),
        load.what(),
        load.auth(),
        load.clients(),
        pair.title());
    progress.flush();
    return now;
  }

  static List<Pair> own() {
    return OWN;
  }

  static List<Pair> crossed() {
    return CROSSED;
  }
}
