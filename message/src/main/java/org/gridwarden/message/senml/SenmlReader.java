package org.gridwarden.message.senml;

import static org.gridwarden.message.senml.SenmlField.BASE_LENGTH;
import static org.gridwarden.message.senml.SenmlField.BASE_NAME;
import static org.gridwarden.message.senml.SenmlField.BASE_TIME;
import static org.gridwarden.message.senml.SenmlField.BASE_UNIT;
import static org.gridwarden.message.senml.SenmlField.BASE_VALUE;
import static org.gridwarden.message.senml.SenmlField.BASE_VERSION;
import static org.gridwarden.message.senml.SenmlField.LENGTH;
import static org.gridwarden.message.senml.SenmlField.NAME;
import static org.gridwarden.message.senml.SenmlField.QUALITY;
import static org.gridwarden.message.senml.SenmlField.TIME;
import static org.gridwarden.message.senml.SenmlField.UNIT;
import static org.gridwarden.message.senml.SenmlField.VALUE;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.message.MessageException;

/**
 * Lays a pack's base fields out over its records, one after the other (RFC 8428, clause 4.6). One
 * pass, one thread.
 */
final class SenmlReader {
  /**
   * Below, a time is meant from now on (clause 4.5.3), which says nothing once a message waited.
   */
  private static final Instant ABSOLUTE = Instant.ofEpochSecond(1L << 28);

  /** No meter is that far ahead, and no reckoning with a time before it overflows. */
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** RFC 8428, and with the feature of secondary units (RFC 9100). */
  private static final List<Long> VERSIONS = List.of(10L, 26L);

  private static final int LONGEST_SLOT = 366 * 86_400;
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:./_-]{0,127}");

  private final String before;
  private final Iterator<SenmlRecord> records;
  private String baseName = "";
  private Decimal baseTime = Decimal.of(0);
  private String baseUnit = "";
  private Decimal baseValue = Decimal.of(0);
  private long baseLength;
  private Optional<Instant> end = Optional.empty();

  /**
   * @param meter whose name may stand before each record's, with a slash
   */
  SenmlReader(MeterId meter, List<SenmlRecord> pack) throws MessageException {
    if (pack.isEmpty()) {
      throw MessageException.malformed("a pack has at least one record");
    }
    this.before = meter.value() + "/";
    this.records = pack.iterator();
  }

  /** A record with what the ones before it said for it. */
  record Laid(
      SenmlRecord record, String name, String unit, Decimal baseValue, Instant at, long length) {
    /** Whether its value is over an interval. */
    boolean interval() {
      return length > 0;
    }

    Duration duration() {
      return Duration.ofSeconds(length);
    }

    ScaledValue value() throws MessageException {
      Decimal value =
          record
              .number(VALUE)
              .orElseThrow(() -> MessageException.malformed("a record has no value"))
              .plus(baseValue);
      SenmlUnits.Meaning meaning = SenmlUnits.of(unit);
      return value.in(meaning.unit(), meaning.shift());
    }

    byte quality() throws MessageException {
      Optional<Decimal> quality = record.number(QUALITY);
      return quality.isPresent() ? (byte) quality.get().whole("a quality", 0, 255) : 0;
    }
  }

  boolean hasNext() {
    return records.hasNext();
  }

  Laid next() throws MessageException {
    if (!records.hasNext()) {
      throw MessageException.malformed("the pack ends too early");
    }
    SenmlRecord record = records.next();
    bases(record);
    Optional<Decimal> own = record.number(LENGTH);
    long length = own.isPresent() ? seconds(own.get()) : baseLength;
    Optional<Decimal> delta = record.number(TIME);
    Instant at =
        end.isPresent() && baseLength > 0 && delta.isEmpty() && !record.has(BASE_TIME)
            ? end.get()
            : baseTime.plus(delta.orElse(Decimal.of(0))).instant();
    bounded(at);
    end = length > 0 ? Optional.of(at.plusSeconds(length)) : Optional.empty();
    return new Laid(
        record, name(record), record.text(UNIT).orElse(baseUnit), baseValue, at, length);
  }

  /**
   * @throws MessageException where a time is none that a message may have
   */
  static Instant bounded(Instant at) throws MessageException {
    if (at.isBefore(ABSOLUTE) || at.isAfter(LATEST)) {
      throw MessageException.malformed("a time is not absolute, or too far away");
    }
    return at;
  }

  private void bases(SenmlRecord record) throws MessageException {
    Optional<Decimal> version = record.number(BASE_VERSION);
    if (version.isPresent()
        && !VERSIONS.contains(version.get().whole("a version", 0, Integer.MAX_VALUE))) {
      throw MessageException.unsupported("a version of SenML that is not known");
    }
    baseName = record.text(BASE_NAME).orElse(baseName);
    baseTime = record.number(BASE_TIME).orElse(baseTime);
    baseUnit = record.text(BASE_UNIT).orElse(baseUnit);
    baseValue = record.number(BASE_VALUE).orElse(baseValue);
    Optional<Decimal> length = record.number(BASE_LENGTH);
    if (length.isPresent()) {
      baseLength = seconds(length.get());
    }
  }

  private static long seconds(Decimal length) throws MessageException {
    return length.whole("an interval's length", 0, LONGEST_SLOT);
  }

  private String name(SenmlRecord record) throws MessageException {
    String whole = baseName + record.text(NAME).orElse("");
    String name = whole.startsWith(before) ? whole.substring(before.length()) : whole;
    if (!NAMES.matcher(name).matches()) {
      throw MessageException.malformed("a name is missing, or not of the letters of names");
    }
    return name;
  }

  /** Whether a word can stand as a name. */
  static boolean isName(String word) {
    return NAMES.matcher(word).matches();
  }
}
