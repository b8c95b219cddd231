package org.gridwarden.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.Selection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows of a profile. */
final class ProfilePart {
  private static final Pattern ENTRIES = Pattern.compile("(\\d{1,9})-(\\d{0,9})");

  @Option(
      names = "--range",
      paramLabel = "FROM/TO",
      description = "Of a profile: from one moment to another, both included; a date is its 0:00.")
  private @Nullable String range;

  @Option(
      names = "--entries",
      paramLabel = "A-B",
      description = "Of a profile: its rows A to B, counted from 1; without B to the last.")
  private @Nullable String entries;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description =
          "Where the moments of --range are meant that name no offset. Default: ${DEFAULT-VALUE}.")
  private ZoneId zone = ZoneOffset.UTC;

  /** The selection; empty for all rows. */
  Optional<Selection> selection() {
    String span = range;
    String rows = entries;
    if (span != null && rows != null) {
      throw new Failure("--range or --entries, not both", Gridwarden.WRONG_INPUT);
    }
    if (span != null) {
      String[] ends = span.split("/", -1);
      if (ends.length != 2) {
        throw new Failure("--range takes FROM/TO, two moments", Gridwarden.WRONG_INPUT);
      }
      return Optional.of(Selection.range(moment(ends[0]), moment(ends[1])));
    }
    if (rows == null) {
      return Optional.empty();
    }
    Matcher m = ENTRIES.matcher(rows);
    if (!m.matches()) {
      throw new Failure("--entries takes A-B, two numbers", Gridwarden.WRONG_INPUT);
    }
    return Optional.of(
        Selection.entries(
            Long.parseLong(m.group(1)), m.group(2).isEmpty() ? 0 : Long.parseLong(m.group(2))));
  }

  private CosemDateTime moment(String text) {
    try {
      Instant at =
          text.length() <= 10
              ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
              : text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                  ? OffsetDateTime.parse(text).toInstant()
                  : LocalDateTime.parse(text).atZone(zone).toInstant();
      return CosemDateTime.of(at, zone);
    } catch (DateTimeException e) {
      throw new Failure(
          "--range: '" + text + "' is no moment such as 2026-11-23 or 2026-11-23T00:00:00Z",
          Gridwarden.WRONG_INPUT);
    }
  }
}
