package org.gridwarden.server;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.exchange.cim.CimControls;
import org.gridwarden.exchange.cim.CimEvents;
import org.gridwarden.exchange.cim.CimException;
import org.gridwarden.exchange.cim.CimExport;
import org.gridwarden.exchange.cim.CimMessage;
import org.gridwarden.exchange.cim.CimMeters;
import org.gridwarden.exchange.cim.CimReader;
import org.gridwarden.exchange.cim.CimRequest;
import org.gridwarden.exchange.cim.Envelope;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.load.ImportDesk;
import org.gridwarden.exchange.load.ImportResult;
import org.gridwarden.exchange.load.ImportSettings;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.store.Events;
import org.gridwarden.store.MeterQuery;
import org.gridwarden.store.MeterRow;
import org.gridwarden.store.StoredCommand;

/** What messages of IEC 61968-9 do in the office. Thread-safe. */
final class CimDesk {
  private static final Duration USUAL_RANGE = Duration.ofDays(1);
  private static final int EVENT_PAGE = 1_000;
  private static final int MOST_EVENTS = 100_000;

  private final Office office;
  private final ExportDesk exports;
  private final ImportDesk imports;

  CimDesk(Office office) {
    this.office = office;
    this.exports = new ExportDesk(office);
    this.imports =
        new ImportDesk(
            office.store().meters(), office.store().imports(), office.intake(), office.clock());
  }

  /** How an answer goes back. */
  record Answer(UUID id, Instant at, boolean json, HttpServletResponse response) {
    void begin() {
      response.setContentType((json ? "application/json" : "application/xml") + ";charset=UTF-8");
    }

    void whole(Element message) throws IOException {
      begin();
      CimReader.write(message, json, response.getOutputStream());
    }
  }

  /** A fault as the error of an answer. */
  static CimException of(Fault fault) {
    CimException.Code code =
        switch (fault.code()) {
          case UNKNOWN_METER -> CimException.Code.METER;
          case FORBIDDEN, UNAUTHENTICATED -> CimException.Code.FORBIDDEN;
          case CONFLICT, REPLAYED -> CimException.Code.CONFLICT;
          case MALFORMED -> CimException.Code.CONTENT;
          case TIMEOUT, BUSY, INTERNAL -> CimException.Code.FAILED;
        };
    return new CimException(code, fault.where() + ": " + fault.remedy());
  }

  void get(CimMessage message, Answer answer) throws CimException, IOException {
    need(message, "/api/v1/cim/get takes", List.of("get"), "get");
    switch (message.header().noun()) {
      case "MeterReadings" -> readingsOf(message, answer);
      case "EndDeviceEvents" -> eventsOf(message, answer);
      case "MeterConfig" -> configOf(message, answer);
      default ->
          throw new CimException(
              CimException.Code.NOUN,
              "get is answered for MeterReadings, EndDeviceEvents and MeterConfig");
    }
  }

  private void readingsOf(CimMessage message, Answer answer) throws CimException, IOException {
    CimRequest asked = CimRequest.of(message);
    Instant to = asked.to().orElse(answer.at());
    Instant from = asked.from().orElse(to.minus(USUAL_RANGE));
    if (!from.isBefore(to) || Duration.between(from, to).toDays() > ExportDesk.MOST_DAYS) {
      throw new CimException(
          CimException.Code.CONTENT, "StartTime is before EndTime, by 10 years at most");
    }
    List<ExportPart> parts = new ArrayList<>();
    for (String name : asked.meters()) {
      parts.add(new ExportPart(meter(name), from, to, Layer.FINAL));
    }
    for (String point : asked.usagePoints()) {
      if (!exports.known(point)) {
        throw new CimException(CimException.Code.METER, "no such UsagePoint is known");
      }
      parts.addAll(exports.parts(point, from, to, Layer.FINAL));
    }
    if (parts.isEmpty()) {
      throw new CimException(
          CimException.Code.CONTENT, "name an EndDevice or UsagePoint that had a meter then");
    }
    answer.begin();
    new CimExport(exports.source())
        .write(
            Envelope.done(message, answer.id(), answer.at()),
            parts,
            answer.json(),
            answer.response().getOutputStream());
  }

  private void eventsOf(CimMessage message, Answer answer) throws CimException, IOException {
    CimRequest asked = CimRequest.of(message);
    if (asked.meters().size() > 1 || !asked.usagePoints().isEmpty()) {
      throw new CimException(
          CimException.Code.CONTENT, "name one EndDevice, or none for the events of all");
    }
    Instant to = asked.to().orElse(answer.at());
    Instant from = asked.from().orElse(to.minus(USUAL_RANGE));
    Optional<MeterId> meter =
        asked.meters().isEmpty()
            ? Optional.empty()
            : Optional.of(meter(asked.meters().getFirst()).id());
    Events.Query query = new Events.Query(meter, Severity.INFO, from, to);
    if (office.store().events().page(query, 0, 1).total() > MOST_EVENTS) {
      throw new CimException(
          CimException.Code.CONTENT,
          "there are more than " + MOST_EVENTS + " events: ask for a shorter time");
    }
    answer.begin();
    CimEvents.write(
        Envelope.done(message, answer.id(), answer.at()),
        new Pages(query),
        answer.json(),
        answer.response().getOutputStream());
  }

  /** Events, a page after the other. */
  private final class Pages implements Iterator<Warning> {
    private final Events.Query query;
    private Iterator<Warning> page = List.<Warning>of().iterator();
    private int number;
    private boolean last;

    Pages(Events.Query query) {
      this.query = query;
    }

    @Override
    public boolean hasNext() {
      if (!page.hasNext() && !last) {
        List<Warning> items = office.store().events().page(query, number++, EVENT_PAGE).items();
        last = items.size() < EVENT_PAGE;
        page = items.iterator();
      }
      return page.hasNext();
    }

    @Override
    public Warning next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.next();
    }
  }

  private void configOf(CimMessage message, Answer answer) throws CimException, IOException {
    CimRequest asked = CimRequest.of(message);
    List<MeterRow> named = new ArrayList<>();
    for (String name : asked.meters()) {
      named.add(office.store().meters().row(meter(name).id()).orElseThrow(Office::unknownMeter));
    }
    if (!asked.usagePoints().isEmpty()) {
      named.addAll(office.store().meters().at(asked.usagePoints()));
    }
    boolean all = asked.meters().isEmpty() && asked.usagePoints().isEmpty();
    try (Stream<MeterRow> rows =
        all ? office.store().meters().stream(MeterQuery.all()) : named.stream()) {
      answer.begin();
      CimMeters.write(
          Envelope.done(message, answer.id(), answer.at()),
          rows.iterator(),
          answer.json(),
          answer.response().getOutputStream());
    }
  }

  /** Takes readings in, all of a message or nothing. */
  void readings(CimMessage message, Element root, Answer answer)
      throws CimException, IOException, InterruptedException {
    need(
        message,
        "/api/v1/cim/readings takes",
        List.of("created", "changed", "create"),
        "MeterReadings");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    CimReader.write(root, false, text);
    String id = message.header().messageId();
    String source = message.header().source();
    String name =
        "MeterReadings "
            + (id.isEmpty() ? answer.id() : id)
            + (source.isEmpty() ? "" : " of " + source);
    ImportResult result;
    try {
      result =
          imports.take(
              new ByteArrayInputStream(text.toByteArray()),
              ImportSettings.of(name.length() > 255 ? name.substring(0, 255) : name),
              4 * CimApi.MOST,
              Audit.actor(),
              false);
    } catch (LoadFileException e) {
      List<String> problems =
          e.problems().isEmpty() ? List.of(String.valueOf(e.getMessage())) : e.problems();
      throw new CimException(CimException.Code.CONTENT, String.join("; ", problems));
    }
    if (result.stored().filter(s -> s.refused() > 0).isPresent()) {
      throw new CimException(
          CimException.Code.FAILED,
          "not all was stored: " + result.stored().get().note() + "; send it again");
    }
    answer.whole(Envelope.done(message, answer.id(), answer.at()).element());
  }

  /** Makes drafts, of all orders or none. */
  void controls(CimMessage message, Answer answer) throws CimException, IOException {
    need(message, "/api/v1/cim/controls takes", List.of("create"), "EndDeviceControls");
    List<Wish> wishes = new ArrayList<>();
    for (CimControls.Order order : CimControls.orders(message.needed())) {
      List<MeterId> meters = new ArrayList<>();
      for (String name : order.meters()) {
        meters.add(meter(name).id());
      }
      wishes.add(
          new Wish(
              meters,
              ActionForm.action(order.action(), java.util.Map.of()),
              reason(message, order),
              Optional.empty(),
              Optional.empty()));
    }
    CommandOffice commands = office.commands().office();
    for (Wish wish : wishes) {
      commands.dryRun(wish, Audit.actor()); // says what is wrong before anything is drafted
    }
    List<Element> drafted = new ArrayList<>();
    for (Wish wish : wishes) {
      for (StoredCommand command : commands.draft(wish, Audit.actor())) {
        drafted.add(
            CimControls.drafted(
                command.id().value().toString(),
                command.meter().value(),
                command.word(),
                command.state() + (command.why().isEmpty() ? "" : ": " + command.why())));
      }
    }
    answer.whole(
        Envelope.done(message, answer.id(), answer.at()).around(CimControls.payload(drafted)));
  }

  private static String reason(CimMessage message, CimControls.Order order) {
    String source = message.header().source();
    String text =
        "EndDeviceControl "
            + order.id()
            + (source.isEmpty() ? "" : " of " + source)
            + (order.reason().isEmpty() ? "" : ": " + order.reason());
    return text.length() > 500 ? text.substring(0, 500) : text;
  }

  /**
   * Says where known meters are mounted; what else it says must be as it is known. New meters come
   * with their keys, in a shipment.
   */
  void meters(CimMessage message, Answer answer) throws CimException, IOException {
    need(message, "/api/v1/cim/meters takes", List.of("change", "changed"), "MeterConfig");
    List<Move> moves = new ArrayList<>();
    for (CimMeters.Entry entry : CimMeters.entries(message.needed())) {
      Meter meter = meter(entry.id());
      same(entry.id(), "serialNumber", entry.serial(), meter.serial(), entry.id());
      same(entry.id(), "type", entry.profile(), meter.profile(), "");
      same(entry.id(), "TimeZone", entry.zone(), meter.zone().getId(), "");
      String point = entry.servicePoint();
      if (point.isBlank()
          || point.length() > 64
          || point.codePoints().anyMatch(Character::isISOControl)) {
        throw new CimException(
            CimException.Code.CONTENT,
            "Meter "
                + entry.id()
                + " needs a name of the type ServicePoint, 1 to 64 characters in one line");
      }
      moves.add(new Move(meter, point));
    }
    for (Move move : moves) {
      office.store().meters().put(move.meter(), move.servicePoint());
    }
    Audit.note(
        office,
        "meters.mounted",
        String.join(
                ", ", moves.stream().map(m -> m.meter().id() + " at " + m.servicePoint()).toList())
            .getBytes(StandardCharsets.UTF_8));
    answer.whole(Envelope.done(message, answer.id(), answer.at()).element());
  }

  private record Move(Meter meter, String servicePoint) {}

  private static void same(String meter, String what, String said, String known, String or)
      throws CimException {
    if (!said.isEmpty() && !said.equals(known) && !said.equals(or)) {
      throw new CimException(
          CimException.Code.CONFLICT,
          "Meter " + meter + " is known with another " + what + ": a message does not change it");
    }
  }

  private Meter meter(String name) throws CimException {
    Optional<Meter> found = Optional.empty();
    try {
      found = office.store().meters().byId(new MeterId(name));
    } catch (IllegalArgumentException e) {
      // no id; a serial perhaps
    }
    return found
        .or(() -> office.store().meters().bySerial(name))
        .orElseThrow(() ->
            new CimException(
                CimException.Code.METER,
                "no meter '"
                    + (name.length() > 64 ? name.substring(0, 64) : name)
                    + "' is known: import a shipment that names it"));
  }

  private static void need(CimMessage message, String what, List<String> verbs, String noun)
      throws CimException {
    if (!verbs.contains(message.header().verb())) {
      throw new CimException(
          CimException.Code.VERB,
          what + " " + String.join(", ", verbs) + "; another verb goes to its own address");
    }
    if (!noun.equals("get") && !message.header().noun().equals(noun)) {
      throw new CimException(CimException.Code.NOUN, what + " " + noun + " alone");
    }
  }
}
