package org.gridwarden.exchange.greenbutton;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.gridwarden.exchange.greenbutton.FeedReport.Series;

/**
 * Joins what belongs together by its links, whatever its order in the feed: usage points, series,
 * their types and blocks. Not thread-safe.
 */
final class SeriesCheck {
  private final FindingList findings;
  private final Map<String, Entry> points = new LinkedHashMap<>();
  private final Map<String, Type> types = new HashMap<>();
  private final Map<String, Entry> readings = new LinkedHashMap<>();
  private final List<BlockFacts> blocks = new ArrayList<>();

  private record Type(int line, Resource.ReadingType type) {}

  SeriesCheck(FindingList findings) {
    this.findings = findings;
  }

  void usagePoint(Entry entry, Resource.UsagePoint point) {
    points.put(entry.self(), entry);
    if (point.service().isEmpty()) {
      findings.add(
          Finding.warning(
              entry.line(),
              "usage point",
              "it does not say which service it is",
              "write ServiceCategory with kind 0 for electricity"));
    }
  }

  void meterReading(Entry entry) {
    readings.put(entry.self(), entry);
  }

  void block(BlockFacts facts) {
    blocks.add(facts);
  }

  void readingType(Entry entry, Resource.ReadingType type) {
    types.put(entry.self(), new Type(entry.line(), type));
    int line = entry.line();
    if (type.uom().isEmpty()) {
      findings.add(
          Finding.error(line, "reading type", "it has no uom", "write the unit's code, 72 for Wh"));
    } else {
      int uom = type.uom().getAsInt();
      if (!Codes.known(uom)) {
        findings.add(
            Finding.warning(
                line,
                "reading type",
                "uom " + uom + " is none that is read here",
                "use 72 (Wh), 73 (varh), 71 (VAh) or 38 (W) where it can be said so"));
      }
      if (type.kind().orElse(0) == Codes.ENERGY && Codes.power(uom)
          || type.kind().orElse(0) == Codes.POWER && Codes.energy(uom)) {
        findings.add(
            Finding.warning(
                line,
                "reading type",
                "its kind is "
                    + (Codes.power(uom) ? "energy" : "power")
                    + " and its unit "
                    + Codes.unit(type.uom()),
                "let kind (12 energy, 37 power) and uom say the same"));
      }
    }
    multiplier(line, type.multiplier());
    if (type.interval().isPresent() && type.interval().getAsLong() == 0) {
      findings.add(
          Finding.error(
              line, "reading type", "intervalLength is 0 s", "write an interval's length"));
    }
  }

  private void multiplier(int line, OptionalInt power) {
    if (power.isEmpty()) {
      findings.add(
          Finding.warning(
              line,
              "reading type",
              "it has no powerOfTenMultiplier",
              "write 0: some readers take 3, and a thousandfold of it"));
    } else if (power.getAsInt() < -12 || power.getAsInt() > 12) {
      findings.add(
          Finding.error(
              line,
              "reading type",
              "powerOfTenMultiplier is " + power.getAsInt(),
              "write the exponent of ten, -12 to 12: 3 for thousands, not 1000"));
    }
  }

  /** Judges all of it, and says what there is. */
  List<Series> finish() {
    Map<String, List<BlockFacts>> bySeries = new HashMap<>();
    Map<String, String> collections = new HashMap<>();
    readings.forEach((self, entry) -> {
      collections.put(self + "/IntervalBlock", self);
      entry
          .hrefs("related")
          .filter(h -> h.contains("IntervalBlock"))
          .forEach(h -> collections.put(h, self));
    });
    for (BlockFacts block : blocks) {
      String owner = collections.getOrDefault(block.up(), collections.get(block.self()));
      if (owner == null) {
        findings.add(
            Finding.error(
                block.line(),
                "block",
                "no MeterReading is related to it",
                "let its up link be a related link of the MeterReading that it belongs to"));
      } else {
        bySeries.computeIfAbsent(owner, o -> new ArrayList<>()).add(block);
      }
    }
    List<Series> all = new ArrayList<>();
    readings.forEach(
        (self, entry) -> all.add(series(self, entry, bySeries.getOrDefault(self, List.of()))));
    return all;
  }

  private Series series(String self, Entry entry, List<BlockFacts> its) {
    List<Type> found = entry.hrefs("related").filter(types::containsKey).map(types::get).toList();
    if (found.size() != 1) {
      findings.add(
          Finding.error(
              entry.line(),
              "meter reading",
              found.isEmpty()
                  ? "no ReadingType of the feed is related to it: its values have no unit"
                  : found.size() + " ReadingTypes are related to it",
              "link it to the one that is its own"));
    }
    List<BlockFacts> sorted = new ArrayList<>(its);
    sorted.removeIf(b -> b.readings() == 0);
    sorted.sort(Comparator.comparingLong(BlockFacts::start));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).start() < sorted.get(i - 1).end()) {
        findings.add(
            Finding.error(
                sorted.get(i).line(),
                "block",
                "it begins before the block of line " + sorted.get(i - 1).line() + " has ended",
                "leave one of them out: what overlaps is counted twice"));
      }
    }
    long length = found.isEmpty() ? 0 : found.getFirst().type().interval().orElse(0);
    for (BlockFacts block : sorted) {
      if (length > 0 && block.length() != length) {
        findings.add(
            Finding.warning(
                block.line(),
                "block",
                block.length() < 0
                    ? "its readings do not all last the same"
                    : "its readings last " + block.length() + " s",
                "the ReadingType says " + length + " s"));
        break;
      }
    }
    if (length == 0 && !sorted.isEmpty() && sorted.getFirst().length() > 0) {
      length = sorted.getFirst().length();
    }
    return summed(self, entry, sorted, length, found);
  }

  private Series summed(
      String self, Entry entry, List<BlockFacts> sorted, long length, List<Type> found) {
    BigInteger sum = BigInteger.ZERO;
    long readingsCount = 0;
    long covered = 0;
    for (BlockFacts block : sorted) {
      sum = sum.add(block.sum());
      readingsCount += block.readings();
      covered += block.covered();
    }
    long from = sorted.isEmpty() ? 0 : sorted.getFirst().start();
    long to = sorted.stream().mapToLong(BlockFacts::end).max().orElse(0);
    long missing = length == 0 ? 0 : Math.max(0, (to - from - covered) / length);
    Resource.ReadingType type = found.isEmpty() ? null : found.getFirst().type();
    int power = type == null ? 0 : Math.clamp(type.multiplier().orElse(0), -12, 12);
    return new Series(
        point(self, entry),
        named(entry),
        type == null ? "" : Codes.flow(type.flow()),
        type == null ? "?" : Codes.unit(type.uom()),
        length,
        Instant.ofEpochSecond(from),
        Instant.ofEpochSecond(to),
        readingsCount,
        missing,
        new BigDecimal(sum).scaleByPowerOfTen(power));
  }

  private String point(String self, Entry reading) {
    for (Map.Entry<String, Entry> point : points.entrySet()) {
      if (self.startsWith(point.getKey() + "/")
          || point.getValue().hrefs("related").anyMatch(h -> h.equals(reading.up()))) {
        return named(point.getValue());
      }
    }
    findings.add(
        Finding.error(
            reading.line(),
            "meter reading",
            "no UsagePoint is related to it",
            "let its up link be a related link of its UsagePoint"));
    return "";
  }

  private static String named(Entry entry) {
    return entry.title().isEmpty() ? entry.self() : entry.title();
  }
}
