package org.gridwarden.message.senml;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.message.MessageException;

/** Usage as a pack: readings, captures, single slots and days of slots, in this order. */
final class UsagePack {
  private static final int MOST_SLOTS = 86_400 + 3_600;

  private UsagePack() {}

  static void write(Usage usage, PackWriter out) {
    usage.momentary().forEach(reading -> write(reading, out));
    for (Capture capture : usage.captures()) {
      SenmlRecord record =
          out.value(capture.channel(), capture.at(), capture.value(), capture.quality())
              .with(SenmlField.LENGTH, seconds(capture.length()))
              .with(SenmlField.CAPTURE, ObisNames.of(capture.slotChannel()));
      if (capture.modulus() != 0) {
        record.with(SenmlField.MODULUS, capture.modulus());
      }
    }
    for (Slot slot : usage.slots()) {
      out.slot(slot.channel(), slot.start(), seconds(slot.length()), slot.value(), slot.quality());
    }
    usage.blocks().forEach(block -> write(block, out));
  }

  static void write(Reading reading, PackWriter out) {
    out.value(reading.channel(), reading.at(), reading.value(), reading.quality());
  }

  private static void write(IntervalBlock block, PackWriter out) {
    if (block.layer() != Layer.RAW) {
      throw new IllegalArgumentException("a meter's days are raw; " + block + " is not");
    }
    Day day = block.day();
    out.newRun();
    for (int i = 0; i < day.slots(); i++) {
      byte quality = block.qualityOf(i);
      long raw = quality == Quality.MISSING ? 0 : block.values()[i];
      SenmlRecord record =
          out.slot(
              block.channel(),
              day.startOf(i),
              seconds(day.slot()),
              new ScaledValue(raw, block.scaler(), block.unit()),
              quality);
      if (i == 0) {
        record.with(SenmlField.ZONE, day.zone().getId()).with(SenmlField.COUNT, day.slots());
      }
    }
    out.newRun();
  }

  private static long seconds(Duration length) {
    if (length.getNano() != 0 || length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("an interval has whole seconds, not " + length);
    }
    return length.toSeconds();
  }

  static Usage read(MeterId meter, SenmlReader in) throws MessageException {
    List<Reading> momentary = new ArrayList<>();
    List<Slot> slots = new ArrayList<>();
    List<IntervalBlock> blocks = new ArrayList<>();
    List<Capture> captures = new ArrayList<>();
    while (in.hasNext()) {
      SenmlReader.Laid laid = in.next();
      if (laid.record().has(SenmlField.ZONE)) {
        blocks.add(block(meter, laid, in));
      } else if (laid.record().has(SenmlField.CAPTURE)) {
        captures.add(capture(laid));
      } else if (laid.interval()) {
        slots.add(
            new Slot(
                ObisNames.parse(laid.name()),
                laid.at(),
                laid.duration(),
                laid.value(),
                laid.quality()));
      } else {
        momentary.add(reading(laid));
      }
    }
    return new Usage(meter, momentary, slots, blocks, captures);
  }

  static Reading reading(SenmlReader.Laid laid) throws MessageException {
    if (laid.interval()) {
      throw MessageException.malformed("a value at a moment has no length");
    }
    return new Reading(ObisNames.parse(laid.name()), laid.at(), laid.value(), laid.quality());
  }

  private static Capture capture(SenmlReader.Laid laid) throws MessageException {
    if (!laid.interval()) {
      throw MessageException.malformed("a register's capture has its interval's length");
    }
    Optional<Decimal> modulus = laid.record().number(SenmlField.MODULUS);
    return new Capture(
        ObisNames.parse(laid.name()),
        ObisNames.parse(laid.record().text(SenmlField.CAPTURE).orElse("")),
        laid.at(),
        laid.duration(),
        laid.value(),
        modulus.isPresent() ? modulus.get().whole("a modulus", 0, Long.MAX_VALUE) : 0,
        laid.quality());
  }

  private static IntervalBlock block(MeterId meter, SenmlReader.Laid first, SenmlReader in)
      throws MessageException {
    int count =
        (int)
            first
                .record()
                .number(SenmlField.COUNT)
                .orElseThrow(() -> MessageException.malformed("a day says how many slots it has"))
                .whole("a day's slots", 1, MOST_SLOTS);
    Day day = day(first, count);
    ObisCode channel = ObisNames.parse(first.name());
    ScaledValue one = first.value();
    List<Long> values = new ArrayList<>(); // grows with what is there, not with what is said
    List<Byte> qualities = new ArrayList<>();
    SenmlReader.Laid laid = first;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        laid = in.next();
      }
      ScaledValue value = laid.value();
      if (!laid.name().equals(first.name())
          || laid.length() != first.length()
          || !laid.at().equals(day.startOf(i))
          || value.scaler() != one.scaler()
          || value.unit() != one.unit()) {
        throw MessageException.malformed("a day's slots are alike, and follow each other");
      }
      values.add(value.raw());
      qualities.add(laid.quality());
    }
    return new IntervalBlock(
        meter,
        channel,
        Layer.RAW,
        day,
        one.scaler(),
        one.unit(),
        values.stream().mapToLong(Long::longValue).toArray(),
        bytes(qualities));
  }

  private static Day day(SenmlReader.Laid first, int count) throws MessageException {
    try {
      ZoneId zone = ZoneId.of(first.record().text(SenmlField.ZONE).orElse(""));
      LocalDate date = LocalDate.ofInstant(first.at(), zone);
      Day day = Day.of(date, zone, first.duration());
      Instant start = first.at();
      if (day.start().equals(start) && day.slots() == count) {
        return day;
      }
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      // told below
    }
    throw MessageException.malformed("a day of slots is a civil day in its zone");
  }

  private static byte[] bytes(List<Byte> qualities) {
    byte[] bytes = new byte[qualities.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = qualities.get(i);
    }
    boolean good = Arrays.equals(bytes, new byte[bytes.length]);
    return good ? new byte[0] : bytes;
  }
}
