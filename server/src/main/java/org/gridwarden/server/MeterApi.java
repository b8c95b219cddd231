package org.gridwarden.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentError;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.store.MeterPage;
import org.gridwarden.store.MeterQuery;
import org.gridwarden.store.MeterRow;
import org.gridwarden.store.Readings;
import org.gridwarden.store.ShipmentResult;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Meters: listed, one by one, and taken in from shipment files. */
@RestController
@RequestMapping("/api/v1/meters")
class MeterApi {
  private static final String CSV_HEAD =
      "id,serial,systemTitle,profile,servicePoint,zone,state,lastContact,lastChannel,address,link,"
          + "client,companion\r\n";

  private final Office office;
  private final GridwardenConfig config;

  MeterApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.config = config;
  }

  /** A meter as lists show it; instants in UTC, system title in hexadecimal digits. */
  record MeterView(
      String id,
      String serial,
      String systemTitle,
      String profile,
      String servicePoint,
      String zone,
      String state,
      @Nullable String lastContact,
      @Nullable String lastChannel,
      String address,
      String link,
      String client,
      String companion) {
    static MeterView of(MeterRow row) {
      var meter = row.meter();
      return new MeterView(
          meter.id().value(),
          meter.serial(),
          HexFormat.of().withUpperCase().formatHex(meter.systemTitle()),
          meter.profile(),
          row.servicePoint(),
          meter.zone().getId(),
          meter.state().name().toLowerCase(Locale.ROOT),
          row.lastContact().map(Object::toString).orElse(null),
          row.lastChannel().map(ChannelId::toString).orElse(null),
          meter.reach().address(),
          meter.reach().link(),
          meter.reach().client(),
          meter.reach().companion());
    }

    /** As its consumer sees it: how the office reaches it is nobody else's business. */
    static MeterView own(MeterRow row) {
      MeterView all = of(row);
      return new MeterView(
          all.id,
          all.serial,
          "",
          "",
          all.servicePoint,
          all.zone,
          all.state,
          all.lastContact,
          null,
          "",
          "",
          "",
          "");
    }

    String csv() {
      return String.join(
              ",",
              Stream.of(
                      id,
                      serial,
                      systemTitle,
                      profile,
                      servicePoint,
                      zone,
                      state,
                      lastContact == null ? "" : lastContact,
                      lastChannel == null ? "" : lastChannel,
                      address,
                      link,
                      client,
                      companion)
                  .map(Fields::csv)
                  .toList())
          + "\r\n";
    }
  }

  /**
   * One meter.
   *
   * @param feeder empty where it is not known
   * @param protection why nobody switches its consumer off from afar; null where somebody may
   */
  record OneMeter(
      @JsonUnwrapped MeterView meter,
      String feeder,
      ProtectionApi.@Nullable ProtectionView protection) {}

  /** A page of a list. */
  record Page<T>(List<T> items, long total, int page, int size) {}

  /** A channel of a meter. */
  record ChannelView(
      String obis,
      String name,
      String kind,
      String unit,
      int scaler,
      long intervalSeconds,
      String first,
      String last) {
    static ChannelView of(Readings.ChannelInfo info) {
      return new ChannelView(
          info.obis().toString(),
          ChannelNames.of(info.obis()),
          info.kind().name().toLowerCase(Locale.ROOT),
          info.unit().symbol(),
          info.scaler(),
          info.interval().toSeconds(),
          info.first().toString(),
          info.last().toString());
    }
  }

  /** What became of a shipment. */
  record Imported(
      int accepted,
      int unchanged,
      List<ShipmentError> rejected,
      int rejectedMeters,
      boolean dryRun,
      boolean stored) {}

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Page<MeterView> list(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String sort,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    Optional<String> consumer = OwnMeters.consumer();
    if (consumer.isPresent()) {
      List<MeterView> own = own(consumer.get()).map(MeterView::own).toList();
      return new Page<>(own, own.size(), 0, own.size());
    }
    MeterPage found = office.store().meters().list(query(q, state, sort, page, size));
    return new Page<>(
        found.items().stream().map(MeterView::of).toList(),
        found.total(),
        found.page(),
        found.size());
  }

  /** All that fit, whatever their number, as they are read. */
  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = "text/csv", schema = @Schema(type = "string")))
  @GetMapping(produces = "text/csv")
  void csv(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String sort,
      HttpServletResponse response)
      throws IOException {
    Optional<String> consumer = OwnMeters.consumer();
    try (Stream<MeterRow> rows =
        consumer.isPresent()
            ? own(consumer.get())
            : office.store().meters().stream(query(q, state, sort, 0, 1_000))) {
      response.setContentType("text/csv;charset=UTF-8");
      response.setHeader("Content-Disposition", "attachment; filename=\"meters.csv\"");
      PrintWriter out = response.getWriter();
      out.write(CSV_HEAD);
      rows.map(consumer.isPresent() ? MeterView::own : MeterView::of)
          .forEach(view -> out.write(view.csv()));
    }
  }

  private Stream<MeterRow> own(String consumer) {
    return office
        .store()
        .meters()
        .at(office.store().customerPoints().of(consumer).keySet())
        .stream();
  }

  @GetMapping("/{id}")
  OneMeter one(@PathVariable String id) {
    MeterId meter = Requests.meter(id);
    return new OneMeter(
        MeterView.of(office.store().meters().row(meter).orElseThrow(Office::unknownMeter)),
        office.store().meters().feeder(meter),
        office.store().protections().of(meter).map(ProtectionApi.ProtectionView::of).orElse(null));
  }

  @GetMapping("/{id}/channels")
  List<ChannelView> channels(@PathVariable String id) {
    MeterId meter = office.known(id).id();
    return office.store().readings().channels(meter).stream().map(ChannelView::of).toList();
  }

  /** All of a shipment, or nothing where a line of it is wrong. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = "application/xml", schema = @Schema(type = "string"))
      })
  @PostMapping("/import")
  Imported importShipment(
      @RequestParam(defaultValue = "false") boolean dryRun, HttpServletRequest request)
      throws IOException {
    long most = config.console().maxImport();
    if (request.getContentLengthLong() > most) {
      throw tooLarge(most);
    }
    Shipment shipment;
    try (InputStream body = new LimitedBody(request.getInputStream(), most)) {
      shipment = Shipments.read(body, ShipmentRules.of(office.key(), config.demo()));
    } catch (LimitedBody.TooLargeException e) {
      throw tooLarge(most);
    }
    ShipmentResult result = office.store().meters().importShipment(shipment, office.key(), dryRun);
    if (result.stored()) {
      Audit.note(
          office,
          "meters.imported",
          (result.accepted() + " meters").getBytes(StandardCharsets.UTF_8));
    }
    return new Imported(
        result.accepted(),
        result.unchanged(),
        result.rejected(),
        result.rejectedMeters(),
        result.dryRun(),
        result.stored());
  }

  private static FaultException tooLarge(long most) {
    return FaultException.tooLarge(
        "body", "a shipment has at most " + most + " bytes: split it, or raise console.maxImport");
  }

  private static MeterQuery query(String q, String state, String sort, int page, int size) {
    try {
      return MeterQuery.parse(q, state, sort, page, size);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("query", String.valueOf(e.getMessage()));
    }
  }
}
