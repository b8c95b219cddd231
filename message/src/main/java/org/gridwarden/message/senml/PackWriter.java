package org.gridwarden.message.senml;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/**
 * Puts a pack's records one after the other and says nothing twice: what stays the same stands in a
 * base field. Values at moments come first, runs of slots after them. One pack, one thread.
 */
final class PackWriter {
  private static final int SECONDARY_UNITS = 26;

  private final List<SenmlRecord> pack = new ArrayList<>();
  private Optional<Instant> base = Optional.empty();
  private Optional<Run> run = Optional.empty();
  private boolean secondary;

  /** Slots of a channel that follow each other. */
  private record Run(ObisCode channel, Unit unit, long length, Instant end) {}

  /** A record of no value yet, whose base time is this. */
  SenmlRecord at(Instant at) {
    SenmlRecord record = new SenmlRecord();
    if (!Optional.of(at).equals(base)) {
      record.with(SenmlField.BASE_TIME, Decimal.of(at));
      base = Optional.of(at);
    }
    pack.add(record);
    return record;
  }

  /** A record without a time of its own. */
  SenmlRecord bare() {
    SenmlRecord record = new SenmlRecord();
    pack.add(record);
    return record;
  }

  /** A value at a moment. */
  SenmlRecord value(ObisCode channel, Instant at, ScaledValue value, byte quality) {
    if (run.isPresent()) {
      throw new IllegalStateException("values at moments come before slots");
    }
    SenmlRecord record = at(at).with(SenmlField.NAME, ObisNames.of(channel));
    SenmlUnits.Symbol symbol = symbol(value.unit());
    record.with(SenmlField.UNIT, symbol.text());
    return content(record, value, symbol, quality);
  }

  /** A slot: its value alone where it goes on from the one before it. */
  SenmlRecord slot(ObisCode channel, Instant start, long length, ScaledValue value, byte quality) {
    SenmlRecord record = new SenmlRecord();
    SenmlUnits.Symbol symbol = symbol(value.unit());
    Optional<Run> now = run;
    if (now.isEmpty() || !now.get().channel().equals(channel)) {
      record.with(SenmlField.BASE_NAME, ObisNames.of(channel));
    }
    if (now.isEmpty() || now.get().unit() != value.unit()) {
      record.with(SenmlField.BASE_UNIT, symbol.text());
    }
    if (now.isEmpty() || now.get().length() != length) {
      record.with(SenmlField.BASE_LENGTH, length);
    }
    if (now.isEmpty() || !now.get().end().equals(start)) {
      record.with(SenmlField.BASE_TIME, Decimal.of(start));
    }
    run = Optional.of(new Run(channel, value.unit(), length, start.plusSeconds(length)));
    pack.add(record);
    return content(record, value, symbol, quality);
  }

  /** The next slot says its time, whatever came before it. */
  void newRun() {
    run = run.map(r -> new Run(r.channel(), r.unit(), r.length(), Instant.MIN));
  }

  private SenmlUnits.Symbol symbol(Unit unit) {
    SenmlUnits.Symbol symbol = SenmlUnits.of(unit);
    secondary |= symbol.secondary();
    return symbol;
  }

  private static SenmlRecord content(
      SenmlRecord record, ScaledValue value, SenmlUnits.Symbol symbol, byte quality) {
    record.with(SenmlField.VALUE, new Decimal(value.raw(), value.scaler() - symbol.shift()));
    if (quality != Quality.GOOD) {
      record.with(SenmlField.QUALITY, quality & 0xFF);
    }
    return record;
  }

  List<SenmlRecord> pack() {
    if (pack.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to say");
    }
    if (secondary) {
      pack.getFirst().with(SenmlField.BASE_VERSION, SECONDARY_UNITS);
    }
    return pack;
  }
}
