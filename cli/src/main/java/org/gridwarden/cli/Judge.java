package org.gridwarden.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.simulator.Confirmed;
import org.gridwarden.simulator.Journal;
import org.gridwarden.store.Readings;

/**
 * Holds the meters' journal of confirmed pushes against the database (control C38): every slot and
 * value that was acknowledged must be there with the value that was sent, and only once.
 */
final class Judge {
  /** So many entries are judged at a time, to bound the memory of a long demo. */
  private static final int AT_A_TIME = 200_000;

  private static final int SIDE_BY_SIDE = 8;

  private final Readings readings;

  Judge(Readings readings) {
    this.readings = readings;
  }

  /**
   * Judges a journal's file.
   *
   * @throws IOException where it cannot be read
   */
  Verdict judge(Path journal) throws IOException, InterruptedException {
    List<Confirmed> entries = new ArrayList<>();
    List<Verdict> verdicts = new ArrayList<>();
    try (ExecutorService workers =
        Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofVirtual().factory())) {
      Journal.read(
          journal,
          entry -> {
            entries.add(entry);
            if (entries.size() >= AT_A_TIME) {
              verdicts.add(judge(entries, workers));
              entries.clear();
            }
          });
      verdicts.add(judge(entries, workers));
    }
    return verdicts.stream().reduce(Verdict.NONE, Verdict::and);
  }

  private Verdict judge(List<Confirmed> entries, ExecutorService workers) {
    Map<String, Map<ObisCode, TreeMap<Instant, BigDecimal>>> slots = new HashMap<>();
    Map<String, Map<ObisCode, TreeMap<Instant, BigDecimal>>> values = new HashMap<>();
    for (Confirmed entry : entries) {
      for (Confirmed.Fact fact : entry.facts()) {
        switch (fact) {
          case Confirmed.Slots s -> {
            Instant start = s.start();
            for (int value : s.values()) {
              channel(slots, entry.serial(), s.channel()).put(start, BigDecimal.valueOf(value));
              start = start.plusSeconds(s.seconds());
            }
          }
          case Confirmed.Value v ->
              channel(values, entry.serial(), v.channel())
                  .put(v.at(), BigDecimal.valueOf(v.raw()).scaleByPowerOfTen(v.scaler()));
          case Confirmed.Event _ -> {
            // an event is no reading
          }
        }
      }
    }
    List<Future<Verdict>> parts = new ArrayList<>();
    slots.forEach((meter, channels) ->
        channels.forEach((obis, sent) ->
            parts.add(workers.submit(() -> compare(meter, obis, sent, this::slots)))));
    values.forEach((meter, channels) ->
        channels.forEach((obis, sent) ->
            parts.add(workers.submit(() -> compare(meter, obis, sent, this::values)))));
    Verdict all = Verdict.NONE;
    for (Future<Verdict> part : parts) {
      all = all.and(result(part));
    }
    return all;
  }

  private static TreeMap<Instant, BigDecimal> channel(
      Map<String, Map<ObisCode, TreeMap<Instant, BigDecimal>>> all, String meter, ObisCode obis) {
    return all.computeIfAbsent(meter, m -> new HashMap<>())
        .computeIfAbsent(obis, o -> new TreeMap<>());
  }

  /** A moment and the value the database has for it. */
  private record Kept(Instant at, BigDecimal value) {}

  private interface Question {
    Stream<Kept> ask(MeterId meter, ObisCode channel, Instant from, Instant to);
  }

  private Stream<Kept> slots(MeterId meter, ObisCode channel, Instant from, Instant to) {
    return readings
        .slots(meter, channel, Layer.RAW, from, to)
        .map(s -> new Kept(s.start(), decimal(s.value().raw(), s.value().scaler())));
  }

  /** Where a value lies is the office's affair: registers and momentary values are both asked. */
  private Stream<Kept> values(MeterId meter, ObisCode channel, Instant from, Instant to) {
    return Stream.of(
            readings.registers(meter, channel, from, to),
            readings.momentary(meter, channel, from, to))
        .flatMap(s -> s)
        .map(r -> new Kept(r.at(), decimal(r.value().raw(), r.value().scaler())));
  }

  private static BigDecimal decimal(long raw, int scaler) {
    return BigDecimal.valueOf(raw).scaleByPowerOfTen(scaler);
  }

  private static Verdict compare(
      String meter, ObisCode channel, TreeMap<Instant, BigDecimal> sent, Question question) {
    Map<Instant, BigDecimal> kept = new HashMap<>();
    long doubled = 0;
    String example = "";
    try (Stream<Kept> rows =
        question.ask(new MeterId(meter), channel, sent.firstKey(), sent.lastKey().plusSeconds(1))) {
      for (Kept row : (Iterable<Kept>) rows::iterator) {
        if (kept.put(row.at(), row.value()) != null && sent.containsKey(row.at())) {
          doubled++;
          example = meter + " " + channel + " " + row.at() + " is there twice";
        }
      }
    }
    long missing = 0;
    for (Map.Entry<Instant, BigDecimal> one : sent.entrySet()) {
      BigDecimal its = kept.get(one.getKey());
      if (its == null || its.compareTo(one.getValue()) != 0) {
        missing++;
        example =
            meter
                + " "
                + channel
                + " "
                + one.getKey()
                + ": sent "
                + one.getValue().toPlainString()
                + ", kept "
                + (its == null ? "nothing" : its.toPlainString());
      }
    }
    return new Verdict(sent.size(), missing, doubled, example);
  }

  private static Verdict result(Future<Verdict> part) {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted while judging");
    } catch (ExecutionException e) {
      throw new Failure("the database could not be asked: " + e.getCause());
    }
  }
}
