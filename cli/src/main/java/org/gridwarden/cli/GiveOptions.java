package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.security.command.ActionFields;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands to meters have in common: to whom, why, when, and how it is followed. */
final class GiveOptions {
  @Mixin private OfficeOptions office = new OfficeOptions();

  @Mixin private SignerOptions signer = new SignerOptions();

  @Parameters(paramLabel = "METER", arity = "0..*", description = "The meters' ids.")
  private List<String> meters = new ArrayList<>();

  @Option(
      names = "--meters",
      paramLabel = "FILE",
      description = "Further meters, one id a line; at most 10,000 in all.")
  private @Nullable Path file;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; it stands in the audit log for good. Needed unless it is a dry run.")
  private @Nullable String reason;

  @Option(
      names = "--not-before",
      paramLabel = "WHEN",
      description = "Not earlier: an instant (2026-12-24T06:00:00Z) or from now on (2h).")
  private @Nullable String notBefore;

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "Not then or later; by default the policy says how long.")
  private @Nullable String expires;

  @Option(names = "--dry-run", description = "Only says what would become of it.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "60s",
      description =
          "Follows it to the meter's receipt, at most so long; ${FALLBACK-VALUE} where no time is"
              + " given. Exit code 1 where not all is done by then.")
  private @Nullable Duration wait;

  @Option(names = "--json", description = "The outcome as JSON.")
  private boolean json;

  OfficeClient connect() {
    return office.connect();
  }

  SignerOptions signer() {
    return signer;
  }

  boolean dryRun() {
    return dryRun;
  }

  boolean json() {
    return json;
  }

  Optional<Duration> patience() {
    return Optional.ofNullable(wait);
  }

  /** The request's body for an action. */
  Map<String, Object> body(Action action) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("meters", meters());
    body.put("action", action.word());
    body.put("parameters", ActionFields.of(action));
    if (reason != null) {
      body.put("reason", reason);
    } else if (!dryRun) {
      throw new Failure("say why by --reason TEXT", Gridwarden.WRONG_INPUT);
    }
    if (notBefore != null) {
      body.put("notBefore", when("--not-before", notBefore).toString());
    }
    if (expires != null) {
      body.put("expires", when("--expires", expires).toString());
    }
    body.put("dryRun", dryRun);
    return body;
  }

  private List<String> meters() {
    List<String> all = new ArrayList<>(meters);
    if (file != null) {
      try {
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .forEach(all::add);
      } catch (IOException e) {
        throw new Failure("cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
      }
    }
    if (all.isEmpty()) {
      throw new Failure(
          "which meters? name them, or a file of them by --meters", Gridwarden.WRONG_INPUT);
    }
    return all;
  }

  /** An instant, or so long from now on. */
  static Instant when(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      try {
        return Instant.now().plus(Durations.parse(text)).truncatedTo(ChronoUnit.SECONDS);
      } catch (RuntimeException f) {
        throw new Failure(
            option + " is an instant such as 2026-12-24T06:00:00Z, or from now on as 2h",
            Gridwarden.WRONG_INPUT);
      }
    }
  }
}
