package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.exchange.export.ExportPart;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Readings as files: a meter's, or a service point's whatever meters it had. Green Button's
 * Download My Data for consumers, who get their own.
 */
@RestController
class ExportApi {
  private static final Duration USUAL_RANGE = Duration.ofDays(31);

  private final Office office;
  private final ExportDesk desk;

  ExportApi(Office office) {
    this.office = office;
    this.desk = new ExportDesk(office);
  }

  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/atom+xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string")),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
      })
  @GetMapping("/api/v1/meters/{id}/export")
  void meter(
      @PathVariable String id,
      @RequestParam(defaultValue = "green-button") String format,
      @RequestParam @Nullable String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "final") String layer,
      HttpServletResponse response)
      throws IOException {
    Meter meter = office.known(id);
    Range range = range(from, to);
    ExportPart part =
        new ExportPart(
            meter, later(range.from, OwnMeters.since()), range.to, ExportDesk.layer(layer));
    desk.write(
        ExportDesk.Format.of(format),
        meter.id().value(),
        some(List.of(part)),
        Optional.ofNullable(channel),
        response);
  }

  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/atom+xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string")),
        @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
      })
  @GetMapping("/api/v1/service-points/export")
  void servicePoint(
      @RequestParam String servicePoint,
      @RequestParam(defaultValue = "green-button") String format,
      @RequestParam @Nullable String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "final") String layer,
      HttpServletResponse response)
      throws IOException {
    Instant since = since(servicePoint);
    Layer which = ExportDesk.layer(layer);
    Range range = range(from, to);
    List<ExportPart> parts = desk.parts(servicePoint, later(range.from, since), range.to, which);
    if (parts.isEmpty() && !desk.known(servicePoint)) {
      throw unknown();
    }
    desk.write(
        ExportDesk.Format.of(format),
        servicePoint,
        some(parts),
        Optional.ofNullable(channel),
        response);
  }

  /** From when on who asks may see it; one that is not theirs is not known to them. */
  private Instant since(String servicePoint) {
    Optional<String> consumer = OwnMeters.consumer();
    if (consumer.isEmpty()) {
      return Instant.MIN;
    }
    Instant since = office.store().customerPoints().of(consumer.get()).get(servicePoint);
    if (since == null) {
      throw unknown();
    }
    return since;
  }

  private static FaultException unknown() {
    return FaultException.notFound("servicePoint", "no such service point is known");
  }

  private static List<ExportPart> some(List<ExportPart> parts) {
    List<ExportPart> some = new ArrayList<>(parts);
    some.removeIf(p -> !p.from().isBefore(p.to()));
    if (some.isEmpty()) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "from", "no meter of yours was there at that time");
    }
    return some;
  }

  private record Range(Instant from, Instant to) {}

  private Range range(@Nullable String from, @Nullable String to) {
    Instant end =
        to == null || to.isEmpty() ? office.clock().instant() : Requests.instant("to", to);
    Instant begin =
        from == null || from.isEmpty() ? end.minus(USUAL_RANGE) : Requests.instant("from", from);
    if (!begin.isBefore(end)) {
      throw Requests.wrong("from", "is before to");
    }
    if (Duration.between(begin, end).toDays() > ExportDesk.MOST_DAYS) {
      throw Requests.wrong("from", "is at most " + ExportDesk.MOST_DAYS + " days before to");
    }
    return new Range(begin, end);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
