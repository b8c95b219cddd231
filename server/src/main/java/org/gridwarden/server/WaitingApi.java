package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Fault;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentError;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.store.MeterRegistry;
import org.gridwarden.store.ShipmentResult;
import org.gridwarden.store.WaitingMeter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Meters that call and are not known: an operator lets them in, or strikes them off. */
@RestController
@RequestMapping("/api/v1/waiting")
class WaitingApi {
  private final Office office;
  private final GridwardenConfig config;

  WaitingApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.config = config;
  }

  /** One of them; {@code systemTitle} is what it called itself, a serial where it told no title. */
  record WaitingView(
      String systemTitle, String first, String last, long count, String channel, String sample) {
    static WaitingView of(WaitingMeter meter) {
      return new WaitingView(
          meter.identity(),
          meter.firstSeen().toString(),
          meter.lastSeen().toString(),
          meter.messages(),
          meter.via().toString(),
          HexFormat.of().formatHex(meter.sample()));
    }
  }

  @GetMapping
  MeterApi.Page<WaitingView> list(
      @RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "50") int size) {
    var waiting = office.store().meters().waiting();
    List<WaitingMeter> items =
        waiting.list(
            Requests.within("page", page, 0, 100_000), Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        items.stream().map(WaitingView::of).toList(), waiting.count(), page, size);
  }

  /**
   * Lets it in with the data of a shipment's line, named as the columns are. Without data it leaves
   * the list where a shipment has made it known meanwhile.
   */
  @PostMapping("/{identity}/accept")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void accept(
      @PathVariable String identity,
      @RequestBody(required = false) @Nullable Map<String, String> line) {
    MeterRegistry meters = office.store().meters();
    if (line == null || line.isEmpty()) {
      if (!known(meters, identity)) {
        throw new FaultException(
            Fault.Code.CONFLICT,
            "waiting/" + name(identity),
            "its keys are not here: import a shipment that names it, or send its line");
      }
      meters.waiting().remove(identity);
      return;
    }
    if (meters.waiting().find(identity).isEmpty()) {
      throw gone();
    }
    Map<String, String> fields = new HashMap<>(line);
    fields.putIfAbsent(identity.matches("[0-9A-Fa-f]{16}") ? "system_title" : "serial", identity);
    Shipment shipment = Shipments.line(fields, ShipmentRules.of(office.key(), config.demo()));
    ShipmentResult result = meters.importShipment(shipment, office.key(), false);
    if (!result.rejected().isEmpty()) {
      ShipmentError first = result.rejected().getFirst();
      throw Requests.wrong(first.field().isEmpty() ? "body" : first.field(), first.error());
    }
    meters.waiting().remove(identity);
    audit("waiting.accepted", identity);
  }

  @DeleteMapping("/{identity}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String identity) {
    if (!office.store().meters().waiting().remove(identity)) {
      throw gone();
    }
    audit("waiting.removed", identity);
  }

  private static boolean known(MeterRegistry meters, String identity) {
    if (identity.matches("[0-9A-Fa-f]{16}")
        && meters.bySystemTitle(HexFormat.of().parseHex(identity)).isPresent()) {
      return true;
    }
    return meters.bySerial(identity).isPresent();
  }

  private void audit(String action, String identity) {
    Audit.note(office, action, name(identity).getBytes(StandardCharsets.UTF_8));
  }

  private static String name(String identity) {
    return identity.replaceAll("[^A-Za-z0-9._:-]", "?");
  }

  private static FaultException gone() {
    return FaultException.notFound("waiting", "no such meter waits: look at the list again");
  }
}
