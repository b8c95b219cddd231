package org.gridwarden.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.gridwarden.channel.zigbee.Admissions;
import org.gridwarden.channel.zigbee.KeyChange;
import org.gridwarden.channel.zigbee.Orders;
import org.gridwarden.channel.zigbee.ZigbeeNetwork;
import org.gridwarden.core.Fault;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Zigbee's networks: who is inside, who waits for an operator. What is ordered is put into the
 * coordinator's folder, as the command line does it; the coordinator takes it within a second where
 * its line is open, and where not, once it is.
 */
@RestController
@RequestMapping("/api/v1/zigbee")
class ZigbeeApi {
  private static final int USUAL = 180;
  private static final int LONGEST = 254;

  private final Office office;

  ZigbeeApi(Office office) {
    this.office = office;
  }

  /**
   * A device.
   *
   * @param state unknown, expected, joined, silent or left
   * @param address the network's for it; empty where it has none
   * @param meter which meter it is; empty where nobody said
   * @param tunnel whether secured messages go both ways now
   * @param heard when it last proved itself; null where it did not since the server started
   * @param quality of its last hop, 0 to 255; null where the dongle tells none
   */
  record ZigbeeDevice(
      String eui64,
      String state,
      String address,
      String meter,
      boolean tunnel,
      @Nullable String heard,
      @Nullable Integer quality) {
    static ZigbeeDevice of(ZigbeeNetwork.Device device) {
      return new ZigbeeDevice(
          device.eui64(),
          device.state(),
          device.address(),
          device.meter(),
          device.tunnel(),
          device.heard().map(Instant::toString).orElse(null),
          device.quality() < 0 ? null : device.quality());
    }
  }

  /**
   * A coordinator and who is around it.
   *
   * @param up whether its line is open, and its network is up
   * @param network its extended number; empty before it was formed
   * @param openSeconds for how long it still lets devices in
   * @param keyNumber of the network's key, where it was changed; null where it never was
   * @param keyChanged when
   * @param keyTold to how many devices
   */
  record ZigbeeCoordinator(
      String name,
      String port,
      String type,
      boolean up,
      String network,
      int openSeconds,
      @Nullable Integer keyNumber,
      @Nullable String keyChanged,
      @Nullable Integer keyTold,
      List<ZigbeeDevice> devices) {
    static ZigbeeCoordinator of(ZigbeeNetwork.View view) {
      return new ZigbeeCoordinator(
          view.name(),
          view.port(),
          view.type(),
          view.up(),
          view.network(),
          view.openSeconds(),
          view.key().map(KeyChange::number).orElse(null),
          view.key().map(k -> k.at().toString()).orElse(null),
          view.key().map(KeyChange::told).orElse(null),
          view.devices().stream().map(ZigbeeDevice::of).toList());
    }
  }

  /**
   * A device to be let in.
   *
   * @param installCode as it is printed, with its check digits; it is not kept, and never shown
   * @param seconds for how long the network stands open, 1 to 254; 180 where it is not given
   */
  record ZigbeeAdmission(
      @Nullable String eui64,
      @Nullable String installCode,
      @Nullable String meter,
      @Nullable Integer seconds) {
    @Override
    public String toString() {
      return "ZigbeeAdmission[" + eui64 + ", " + meter + "]";
    }
  }

  /** For how long a network stands open, 1 to 254 seconds. */
  record ZigbeeOpening(@Nullable Integer seconds) {}

  @GetMapping
  ReadingApi.Items<ZigbeeCoordinator> list() {
    return new ReadingApi.Items<>(networks().stream().map(ZigbeeCoordinator::of).toList());
  }

  /** Lets a device in by its install code, as a meter. */
  @PostMapping("/{coordinator}/admit")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void admit(@PathVariable String coordinator, @RequestBody ZigbeeAdmission guest) {
    ZigbeeNetwork.View view = find(coordinator);
    String eui64 = Requests.needed("eui64", guest.eui64());
    String code = Requests.needed("installCode", guest.installCode());
    String meter = office.known(Requests.needed("meter", guest.meter())).id().value();
    Duration open = open(guest.seconds());
    post(
        "installCode",
        () ->
            Admissions.post(
                view.folder(), List.of(new Admissions.Guest(eui64, code, meter)), open));
    note("zigbee.admit", coordinator + " " + eui64.strip() + " " + meter);
  }

  /** Lets devices in that an operator named before, or that come back. */
  @PostMapping("/{coordinator}/permit")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void permit(@PathVariable String coordinator, @RequestBody ZigbeeOpening opening) {
    ZigbeeNetwork.View view = find(coordinator);
    Duration open = open(opening.seconds());
    post("seconds", () -> Admissions.post(view.folder(), List.of(), open));
    note("zigbee.permit", coordinator + " " + open.toSeconds() + " s");
  }

  /** Sends a device away, and forgets it. */
  @DeleteMapping("/{coordinator}/devices/{eui64}")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void remove(@PathVariable String coordinator, @PathVariable String eui64) {
    ZigbeeNetwork.View view = find(coordinator);
    Predicate<ZigbeeNetwork.Device> its = d -> d.eui64().equalsIgnoreCase(eui64);
    ZigbeeNetwork.Device device =
        view.devices().stream()
            .filter(its)
            .findFirst()
            .orElseThrow(() -> FaultException.notFound("eui64", "no such device is known there"));
    post("eui64", () -> Orders.remove(view.folder(), device.eui64()));
    note("zigbee.remove", coordinator + " " + device.eui64() + " " + device.meter());
  }

  /** Gives the network another key on the air. */
  @PostMapping("/{coordinator}/refresh-key")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void refresh(@PathVariable String coordinator) {
    ZigbeeNetwork.View view = find(coordinator);
    if (!view.type().equals("ezsp")) {
      throw new FaultException(
          Fault.Code.CONFLICT, "coordinator", "a module of its type changes no network key");
    }
    post("coordinator", () -> Orders.refreshKey(view.folder()));
    note("zigbee.refresh-key", coordinator);
  }

  private List<ZigbeeNetwork.View> networks() {
    return office.channels().stream()
        .filter(ZigbeeNetwork.class::isInstance)
        .map(channel -> ((ZigbeeNetwork) channel).view())
        .toList();
  }

  private ZigbeeNetwork.View find(String coordinator) {
    return networks().stream()
        .filter(view -> view.name().equals(coordinator))
        .findFirst()
        .orElseThrow(() ->
            FaultException.notFound(
                "coordinator", "channels.zigbee has no coordinator at such a port"));
  }

  private static Duration open(@Nullable Integer seconds) {
    return Duration.ofSeconds(
        seconds == null ? USUAL : Requests.within("seconds", seconds, 1, LONGEST));
  }

  /** Puts something into a coordinator's folder. */
  private interface Posting {
    void post() throws IOException;
  }

  private static void post(String where, Posting posting) {
    try {
      posting.post();
    } catch (IllegalArgumentException e) {
      throw Requests.wrong(where, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new FaultException(
          Fault.Code.INTERNAL,
          "the coordinator's folder",
          "it cannot be written: make room, and see to its rights");
    }
  }

  private void note(String action, String detail) {
    Audit.note(office, action, detail.getBytes(StandardCharsets.UTF_8));
  }
}
