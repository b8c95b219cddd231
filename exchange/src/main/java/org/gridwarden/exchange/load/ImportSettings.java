package org.gridwarden.exchange.load;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.gridwarden.exchange.Measure;

/**
 * How a file is to be read where it does not say so itself.
 *
 * @param file its name, for people; 1 to 255 characters
 * @param meter whose all of it is; empty: the file says so
 * @param zone by which clock times without an offset are; empty: the meter's own
 * @param from the day that a line without a date begins with
 * @param power whether values that no header names are average kW; empty: it is not said
 * @param interval an interval's length where a meter has one line only
 * @param measure what is measured; energy delivered as a rule
 */
public record ImportSettings(
    String file,
    Optional<String> meter,
    Optional<ZoneId> zone,
    Optional<LocalDate> from,
    Optional<Boolean> power,
    Optional<Duration> interval,
    Measure measure) {
  public ImportSettings {
    if (file.isBlank() || file.length() > 255) {
      throw new IllegalArgumentException("a file's name has 1 to 255 characters");
    }
  }

  /** Whatever the file says. */
  public static ImportSettings of(String file) {
    return new ImportSettings(
        file,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Measure.DELIVERED);
  }

  /** All but the file's name, in words: the same file read otherwise is another import. */
  public String words() {
    StringBuilder words = new StringBuilder(measure.channel().toString());
    meter.ifPresent(m -> words.append(" meter=").append(m));
    zone.ifPresent(z -> words.append(" zone=").append(z));
    from.ifPresent(f -> words.append(" from=").append(f));
    power.ifPresent(p -> words.append(p ? " unit=kw" : " unit=kwh"));
    interval.ifPresent(i -> words.append(" interval=").append(i));
    return words.toString();
  }
}
