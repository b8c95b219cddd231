package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.Holds;
import org.gridwarden.store.Readings;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** A meter's readings. Long ranges are written as they are read. */
@RestController
@RequestMapping("/api/v1/meters/{id}")
class ReadingApi {
  private static final Duration USUAL_RANGE = Duration.ofDays(1);

  /** Readings of registers in one answer. */
  private static final int MOST_READINGS = 10_000;

  /** Kept, and not billed before a person releases it (C20). */
  static final String HELD = "held";

  private static final String XML = "application/xml;charset=UTF-8";

  private final Office office;
  private final JsonMapper json;

  ReadingApi(Office office, JsonMapper json) {
    this.office = office;
    this.json = json;
  }

  /** One value at one instant; the value is a decimal string after scaling. */
  record ReadingView(
      String channel, String name, String at, String value, String unit, List<String> quality) {
    static ReadingView of(Reading reading, List<Holds.Span> held) {
      return new ReadingView(
          reading.channel().toString(),
          ChannelNames.of(reading.channel()),
          reading.at().toString(),
          reading.value().plain(),
          reading.value().unit().symbol(),
          ReadingApi.quality(reading.quality(), ReadingApi.held(held, reading.at(), reading.at())));
    }
  }

  /**
   * What {@link #readings} writes slot by slot, as the API's description shows it.
   *
   * @param scaler value = raw * 10^scaler, as it was stored
   */
  record SlotsView(
      String meter,
      String channel,
      String unit,
      int scaler,
      long intervalSeconds,
      String zone,
      List<SlotView> slots) {}

  /**
   * One slot, named by its start; the value is a decimal string after scaling, null where it is
   * missing.
   */
  record SlotView(
      String start,
      @Schema(types = {"string", "null"}) @Nullable String value,
      List<String> quality) {}

  /** A list that is whole. */
  record Items<T>(List<T> items) {}

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = SlotsView.class)))
  @GetMapping(path = "/readings", produces = MediaType.APPLICATION_JSON_VALUE)
  void readings(
      @PathVariable String id,
      @RequestParam String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "raw") String layer,
      HttpServletResponse response)
      throws IOException {
    Asked asked = asked(id, channel, from, to, layer);
    List<Holds.Span> held = held(asked.meter, asked.range);
    Map<String, Object> head = head(asked);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    try (JsonGenerator out = json.createGenerator(response.getOutputStream())) {
      out.writeStartObject();
      head.forEach(out::writePOJOProperty);
      out.writeArrayPropertyStart("slots");
      out.flush();
      SlotsAsJson slots = new SlotsAsJson(response.getOutputStream(), held);
      each(asked, slots);
      slots.end();
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = "text/csv", schema = @Schema(type = "string")))
  @GetMapping(path = "/readings", produces = "text/csv")
  void csv(
      @PathVariable String id,
      @RequestParam String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "raw") String layer,
      HttpServletResponse response)
      throws IOException {
    Asked asked = asked(id, channel, from, to, layer);
    List<Holds.Span> held = held(asked.meter, asked.range);
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"" + asked.meter.id() + ".csv\"");
    SlotsAsCsv slots =
        new SlotsAsCsv(response.getOutputStream(), asked.meter.id(), asked.channel, held);
    each(asked, slots);
    slots.end();
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/readings", produces = MediaType.APPLICATION_XML_VALUE)
  void xml(
      @PathVariable String id,
      @RequestParam String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "raw") String layer,
      HttpServletResponse response)
      throws IOException {
    Asked asked = asked(id, channel, from, to, layer);
    List<Holds.Span> held = held(asked.meter, asked.range);
    Map<String, Object> head = head(asked);
    response.setContentType(XML);
    try (ReadingsXml out = new ReadingsXml(response.getOutputStream(), head)) {
      each(asked, new SlotsAsXml(out, held));
    }
  }

  @GetMapping("/registers")
  Items<ReadingView> registers(
      @PathVariable String id,
      @RequestParam @Nullable String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to) {
    Meter meter = meter(id);
    Range range = range(from, to);
    List<Holds.Span> held = held(meter, range);
    List<ReadingView> items = new ArrayList<>();
    for (ObisCode code : registersOf(meter, channel)) {
      try (Stream<Reading> readings =
          office.store().readings().registers(meter.id(), code, range.from, range.to)) {
        readings.limit(MOST_READINGS).map(r -> ReadingView.of(r, held)).forEach(items::add);
      }
    }
    items.sort(Comparator.comparing(ReadingView::at).reversed());
    return new Items<>(items);
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/registers", produces = MediaType.APPLICATION_XML_VALUE)
  void registersAsXml(
      @PathVariable String id,
      @RequestParam @Nullable String channel,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      HttpServletResponse response)
      throws IOException {
    asXml(id, registers(id, channel, from, to), response);
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/momentary", produces = MediaType.APPLICATION_XML_VALUE)
  void momentaryAsXml(@PathVariable String id, HttpServletResponse response) throws IOException {
    asXml(id, momentary(id), response);
  }

  private static void asXml(String meter, Items<ReadingView> readings, HttpServletResponse response)
      throws IOException {
    response.setContentType(XML);
    try (ReadingsXml out = new ReadingsXml(response.getOutputStream(), Map.of("meter", meter))) {
      readings.items().forEach(out::reading);
    }
  }

  @GetMapping("/momentary")
  Items<ReadingView> momentary(@PathVariable String id) {
    List<Holds.Span> nothing = List.of(); // momentary values are not billed
    return new Items<>(
        office.store().readings().momentary(meter(id).id()).stream()
            .filter(r -> !r.at().isBefore(OwnMeters.since()))
            .map(r -> ReadingView.of(r, nothing))
            .toList());
  }

  private List<ObisCode> registersOf(Meter meter, @Nullable String channel) {
    if (channel != null && !channel.isEmpty()) {
      return List.of(Requests.obis(channel));
    }
    return office.store().readings().channels(meter.id()).stream()
        .filter(info -> info.kind() == Readings.Kind.REGISTER)
        .map(Readings.ChannelInfo::obis)
        .distinct()
        .toList();
  }

  private List<Holds.Span> held(Meter meter, Range range) {
    return office.store().holds().held(meter.id(), range.from, range.to);
  }

  static boolean held(List<Holds.Span> held, Instant from, Instant to) {
    return !held.isEmpty() && held.stream().anyMatch(span -> span.meets(from, to));
  }

  static List<String> quality(byte flags, boolean held) {
    if (!held) {
      return Fields.quality(flags);
    }
    List<String> words = new ArrayList<>(Fields.quality(flags));
    words.add(HELD);
    return words;
  }

  private record Asked(Meter meter, ObisCode channel, Range range, Layer layer) {}

  private record Range(Instant from, Instant to) {}

  private Asked asked(
      String id, String channel, @Nullable String from, @Nullable String to, String layer) {
    Layer which =
        switch (layer) {
          case "raw" -> Layer.RAW;
          case "final" -> Layer.FINAL;
          default -> throw Requests.wrong("layer", "is raw or final");
        };
    return new Asked(meter(id), Requests.obis(channel), range(from, to), which);
  }

  private Meter meter(String id) {
    return office.known(id);
  }

  private Range range(@Nullable String from, @Nullable String to) {
    Instant end =
        to == null || to.isEmpty() ? office.clock().instant() : Requests.instant("to", to);
    Instant begin =
        from == null || from.isEmpty() ? end.minus(USUAL_RANGE) : Requests.instant("from", from);
    if (!begin.isBefore(end)) {
      throw Requests.wrong("from", "is before to");
    }
    Instant since = OwnMeters.since();
    if (!since.isBefore(end)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "to", "these are readings of before " + since + ", none of yours");
    }
    return new Range(begin.isBefore(since) ? since : begin, end);
  }

  /** What is said of all slots of an answer, by its field. */
  private Map<String, Object> head(Asked asked) {
    Optional<Readings.Scale> scale =
        office.store().readings().scale(asked.meter.id(), asked.channel);
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("meter", asked.meter.id().value());
    head.put("channel", asked.channel.toString());
    head.put("unit", scale.map(s -> s.unit().symbol()).orElse(""));
    head.put("scaler", scale.map(Readings.Scale::scaler).orElse(0));
    head.put("intervalSeconds", scale.map(s -> s.interval().toSeconds()).orElse(0L));
    head.put("zone", asked.meter.zone().getId());
    return head;
  }

  private void each(Asked asked, Readings.EachSlot each) throws IOException {
    try {
      if (asked.layer == Layer.RAW) {
        office
            .store()
            .readings()
            .eachSlot(
                asked.meter.id(),
                asked.channel,
                asked.layer,
                asked.range.from,
                asked.range.to,
                each);
        return;
      }
      try (Stream<Slot> slots =
          FinalSlots.of(
              office.store(), asked.meter.id(), asked.channel, asked.range.from, asked.range.to)) {
        slots.forEachOrdered(slot ->
            each.take(
                slot.start().getEpochSecond(),
                Readings.Scale.of(slot),
                slot.value().raw(),
                slot.quality()));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
