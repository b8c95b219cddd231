package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.JsonLine;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a meter's clock with this computer's, and sets or shifts it. */
@Command(
    name = "clock",
    description = {
      "Shows a meter's clock (0.0.1.0.0.255, class 8) and how far it is from this computer's;",
      "sets it, or shifts it, where asked to.",
      ""
    },
    footer = {
      "",
      "Half of the time that the meter took to answer counts as the way back. A clock that jumps",
      "spoils the interval it jumps in: for a few seconds, --shift is the gentler way.",
      "",
      "Examples:",
      "  ./gridwarden dlms clock --host 10.0.0.7",
      "  ./gridwarden dlms clock --host … --client 18 --auth gmac … --shift 3",
      "  ./gridwarden dlms clock --host … --client 18 --auth gmac … --set now --zone Europe/Vienna",
    })
final class DlmsClockCommand implements Callable<Integer> {
  private static final int CLASS = 8;
  private static final int TIME = 2;
  private static final int SHIFT = 6;
  private static final int MOST_SECONDS = 900;
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private DlmsConnection connection = new DlmsConnection();

  @Option(
      names = "--set",
      paramLabel = "TIME",
      description = "now, or a moment such as 2026-11-25T00:00:00+01:00.")
  private @Nullable String set;

  @Option(
      names = "--shift",
      paramLabel = "SECONDS",
      description = "Shifts it by so many seconds, -900 to 900.")
  private @Nullable Integer shift;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "The meter's civil time, for --set now. Default: ${DEFAULT-VALUE}.")
  private ZoneId zone = ZoneOffset.UTC;

  @Option(names = "--json", description = "One JSON object on one line.")
  private boolean json;

  @Override
  public Integer call() {
    Integer by = shift;
    if (by != null && (set != null || Math.abs(by) > MOST_SECONDS)) {
      throw new Failure(
          "--shift takes -900 to 900 seconds, and no --set beside it", Gridwarden.WRONG_INPUT);
    }
    Optional<OffsetDateTime> moment = moment();
    return connection.run(
        spec.commandLine().getErr(),
        meter -> {
          if (set != null) {
            CosemDateTime time =
                moment.isPresent()
                    ? CosemDateTime.of(moment.get().toInstant(), moment.get().getOffset())
                    : CosemDateTime.of(Instant.now(), zone);
            done(
                "setting",
                meter.set(new AttributeRef(CLASS, CLOCK, TIME), DlmsData.OctetString.of(time)));
          }
          if (by != null) {
            done(
                "shifting",
                meter
                    .action(
                        new MethodRef(CLASS, CLOCK, SHIFT), Optional.of(new DlmsData.Long16(by)))
                    .result());
          }
          return show(meter);
        });
  }

  private Optional<OffsetDateTime> moment() {
    String text = set;
    if (text == null || text.equals("now")) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text));
    } catch (DateTimeException e) {
      throw new Failure(
          "--set: '" + text + "' is neither now nor a moment such as 2026-11-25T00:00:00+01:00",
          Gridwarden.WRONG_INPUT);
    }
  }

  private static void done(String what, AccessResult result) {
    if (!result.isSuccess()) {
      throw new Failure("the meter refuses " + what + " its clock: " + result);
    }
  }

  private boolean show(Association meter) throws IOException, DlmsException, AssociationRefused {
    Instant asked = Instant.now();
    Outcome outcome = meter.get(new AttributeRef(CLASS, CLOCK, TIME));
    Instant middle = asked.plus(Duration.between(asked, Instant.now()).dividedBy(2));
    connection.quiet();
    CosemDateTime time =
        switch (outcome) {
          case Outcome.Value(DlmsData.OctetString octets) when octets.length() == 12 ->
              CosemDateTime.of(octets.bytes(), 0);
          case Outcome.Value(DlmsData.DateTime dateTime) -> dateTime.value();
          case Outcome.Value _ -> throw new Failure("the meter's clock shows no date-time");
          case Outcome.Refused(AccessResult why) ->
              throw new Failure("the meter refuses its clock: " + why);
        };
    Optional<Duration> ahead =
        time.instant(zone, CosemDateTime.DeviationSign.STANDARD)
            .map(shown -> Duration.between(middle, shown));
    print(time, ahead);
    return true;
  }

  private void print(CosemDateTime time, Optional<Duration> ahead) {
    PrintWriter out = spec.commandLine().getOut();
    String seconds =
        ahead
            .map(d -> BigDecimal.valueOf(d.toMillis(), 3).setScale(1, RoundingMode.HALF_UP))
            .map(BigDecimal::toPlainString)
            .orElse("");
    if (json) {
      JsonLine line = new JsonLine().object().name("time").text(time.toString());
      line.name("seconds_ahead");
      if (seconds.isEmpty()) {
        line.nothing();
      } else {
        line.decimal(new BigDecimal(seconds));
      }
      line.name("doubtful").flag(time.clockDoubtful());
      line.name("daylight_saving").flag(time.daylightSaving());
      out.println(line.endObject());
    } else {
      out.println(
          time
              + (seconds.isEmpty()
                  ? "  not a whole date and time"
                  : seconds.startsWith("-")
                      ? "  " + seconds.substring(1) + " s behind this computer's clock"
                      : "  " + seconds + " s ahead of this computer's clock")
              + (time.clockDoubtful() ? ", doubtful by its own status" : ""));
    }
    out.flush();
  }
}
