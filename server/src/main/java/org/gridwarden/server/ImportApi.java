package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.cosem.Unit;
import org.gridwarden.exchange.Measure;
import org.gridwarden.exchange.load.ImportDesk;
import org.gridwarden.exchange.load.ImportResult;
import org.gridwarden.exchange.load.ImportSettings;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.store.StoredImport;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Files of readings, whatever their form, and what became of them. */
@RestController
@RequestMapping("/api/v1/imports")
class ImportApi {
  private static final int LISTED = 1_000;

  private final Office office;
  private final GridwardenConfig config;
  private final ImportDesk desk;

  ImportApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.config = config;
    this.desk =
        new ImportDesk(
            office.store().meters(), office.store().imports(), office.intake(), office.clock());
  }

  /**
   * A file that was taken in.
   *
   * @param state taking, done or failed
   * @param by whose it was
   * @param messages how many were made of it and were new
   * @param duplicates how many were known
   * @param note why some were refused; empty where none was
   */
  record ImportView(
      long id,
      String at,
      String state,
      String by,
      String file,
      String form,
      String sha256,
      String settings,
      int meters,
      long intervals,
      String first,
      String last,
      int messages,
      int duplicates,
      int refused,
      String note) {
    static ImportView of(StoredImport run) {
      return new ImportView(
          run.id(),
          run.at().toString(),
          run.state().name().toLowerCase(Locale.ROOT),
          run.by().name(),
          run.file(),
          run.form(),
          run.sha256(),
          run.settings(),
          run.meters(),
          run.intervals(),
          run.first().toString(),
          run.last().toString(),
          run.messages(),
          run.duplicates(),
          run.refused(),
          run.note());
    }
  }

  /**
   * What became of a file, or would.
   *
   * @param stored whether its readings are stored
   * @param again whether it was taken in before, so that nothing happened
   * @param form what it is; empty where it is nothing
   * @param run its import; null in a dry run, and where a line is wrong
   * @param problems the lines that are wrong, the first twenty; then nothing of it was taken
   */
  record Taken(
      boolean dryRun,
      boolean stored,
      boolean again,
      String form,
      String sha256,
      int meters,
      long intervals,
      @Nullable String first,
      @Nullable String last,
      @Nullable ImportView run,
      List<String> notes,
      List<String> problems) {
    static Taken of(ImportResult result, boolean dryRun) {
      ImportView run = result.stored().map(ImportView::of).orElse(null);
      return new Taken(
          dryRun,
          result.stored().filter(s -> s.state() == StoredImport.State.DONE).isPresent(),
          result.again(),
          result.form(),
          result.sha256(),
          result.meters(),
          result.intervals(),
          result.first().toString(),
          result.last().toString(),
          run,
          result.notes(),
          List.of());
    }

    static Taken wrong(LoadFileException e, boolean dryRun) {
      List<String> problems =
          e.problems().isEmpty() ? List.of(String.valueOf(e.getMessage())) : e.problems();
      return new Taken(dryRun, false, false, "", "", 0, 0, null, null, null, List.of(), problems);
    }
  }

  @GetMapping
  ReadingApi.Items<ImportView> list(@RequestParam(defaultValue = "50") int size) {
    int most = Requests.within("size", size, 1, LISTED);
    return new ReadingApi.Items<>(
        office.store().imports().newest(most).stream().map(ImportView::of).toList());
  }

  @GetMapping("/{id}")
  ImportView one(@PathVariable long id) {
    return office
        .store()
        .imports()
        .find(id)
        .map(ImportView::of)
        .orElseThrow(() -> FaultException.notFound("import", "there is no import of this number"));
  }

  /** All of a file, or nothing where a line of it is wrong. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @PostMapping
  Taken take(
      @RequestParam String file,
      @RequestParam(defaultValue = "false") boolean dryRun,
      @RequestParam @Nullable String meter,
      @RequestParam @Nullable String zone,
      @RequestParam @Nullable String day,
      @RequestParam @Nullable String unit,
      @RequestParam @Nullable String interval,
      @RequestParam @Nullable String channel,
      HttpServletRequest request)
      throws IOException, InterruptedException {
    ImportSettings settings = settings(file, meter, zone, day, unit, interval, channel);
    long most = config.console().maxImport();
    try (InputStream body = new LimitedBody(request.getInputStream(), most)) {
      return Taken.of(desk.take(body, settings, most, Audit.actor(), dryRun), dryRun);
    } catch (LoadFileException e) {
      return Taken.wrong(e, dryRun);
    } catch (LimitedBody.TooLargeException e) {
      throw FaultException.tooLarge(
          "body", "a file has at most " + most + " bytes: split it, or raise console.maxImport");
    }
  }

  private static ImportSettings settings(
      String file,
      @Nullable String meter,
      @Nullable String zone,
      @Nullable String day,
      @Nullable String unit,
      @Nullable String interval,
      @Nullable String channel) {
    try {
      return new ImportSettings(
          file,
          given(meter).map(m -> Requests.needed("meter", m)),
          given(zone)
              .map(z -> part("zone", () -> ZoneId.of(z), "is a time zone such as Europe/Zurich")),
          given(day).map(d -> part("day", () -> LocalDate.parse(d), "is a day such as 2026-10-26")),
          given(unit).map(ImportApi::power),
          given(interval)
              .map(i -> part("interval", () -> Duration.parse(i), "is a duration such as PT15M")),
          given(channel).map(ImportApi::measure).orElse(Measure.DELIVERED));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("file", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> given(@Nullable String text) {
    return Optional.ofNullable(text).filter(t -> !t.isBlank());
  }

  private interface Parse<T> {
    T parse();
  }

  private static <T> T part(String name, Parse<T> parse, String what) {
    try {
      return parse.parse();
    } catch (DateTimeException e) {
      throw Requests.wrong(name, what);
    }
  }

  private static boolean power(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "kwh" -> false;
      case "kw" -> true;
      default -> throw Requests.wrong("unit", "is kwh or kw");
    };
  }

  private static Measure measure(String channel) {
    for (Unit unit : List.of(Unit.WATT_HOUR, Unit.VAR_HOUR, Unit.VOLT_AMPERE_HOUR)) {
      Optional<Measure> measure = Measure.of(Requests.obis(channel), unit);
      if (measure.isPresent()) {
        return measure.get();
      }
    }
    throw new FaultException(
        Fault.Code.MALFORMED, "channel", "is none of energy, such as 1.0.1.29.0.255");
  }
}
