package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.headend.keys.CounterWatch;
import org.gridwarden.headend.keys.KeyMaker;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.security.command.KeyWords;
import org.gridwarden.store.KeyBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Meters' keys: which there are, changed by orders, replaced after a revocation. None is shown. */
@RestController
@RequestMapping("/api/v1/keys")
class KeyApi {
  /** A shipment of one meter is short. */
  private static final long LONGEST = 64 << 10;

  private static final double COUNTERS = 4_294_967_296.0;
  private static final int WORN_SHOWN = 100;

  private final Office office;
  private final GridwardenConfig config;

  KeyApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.config = config;
  }

  /**
   * A key.
   *
   * @param purpose DLMS, DLMS broadcast, seal, master or message
   * @param id the beginning of its id
   * @param since when the office got or made it
   * @param changed since when it is in its state
   * @param command which order carried it; null where it was shipped
   * @param used how much of its counters is used, in percent, the more worn side; null where they
   *     have no end
   */
  record KeyView(
      String purpose,
      String state,
      String id,
      String since,
      String changed,
      @Nullable String command,
      @Nullable Double used) {
    static KeyView of(KeyBook.Listed key) {
      return new KeyView(
          KeyWords.of(key.purpose()),
          word(key.state()),
          KeyWords.shortId(key.keyId()),
          key.since().toString(),
          key.changed().toString(),
          key.command().map(id -> id.value().toString()).orElse(null),
          key.purpose() == Purpose.DLMS_GLOBAL_UNICAST || key.purpose() == Purpose.MESSAGE
              ? Math.round(10_000 * Math.max(key.sent(), key.heard().orElse(0L)) / COUNTERS) / 100.0
              : null);
    }
  }

  /** A key that comes to its end; how much of its counters is used, in percent. */
  record WornView(String meter, String purpose, double used) {}

  /** How many keys are in each state, and which are worn: from so many percent on. */
  record StatusView(Map<String, Long> counts, double wornFrom, List<WornView> worn) {}

  /**
   * New keys for meters.
   *
   * @param keys which: DLMS, seal; all that can be changed where null
   */
  record Rotation(
      @Nullable String meter,
      @Nullable List<String> meters,
      @Nullable List<String> keys,
      @Nullable String reason,
      @Nullable String expires) {}

  /** What was replaced. */
  record Replaced(String meter, int keys) {}

  @GetMapping
  StatusView status() {
    Map<String, Long> counts = new LinkedHashMap<>();
    Map<KeyBook.State, Long> found = office.store().keys().counts();
    for (KeyBook.State state : KeyBook.State.values()) {
      counts.put(word(state), found.getOrDefault(state, 0L));
    }
    return new StatusView(
        counts,
        100 * CounterWatch.WORN,
        office.store().keys().worn(CounterWatch.WORN, WORN_SHOWN).stream()
            .map(worn ->
                new WornView(
                    worn.meter().value(),
                    KeyWords.of(worn.purpose()),
                    Math.round(10_000 * worn.part()) / 100.0))
            .toList());
  }

  @GetMapping("/{meter}")
  ReadingApi.Items<KeyView> list(@PathVariable String meter) {
    return new ReadingApi.Items<>(
        office.store().keys().list(office.known(meter).id()).stream().map(KeyView::of).toList());
  }

  @PostMapping("/rotate")
  ResponseEntity<CommandApi.Outcomes> rotate(
      @org.springframework.web.bind.annotation.RequestBody Rotation asked) {
    Set<MeterId> meters = new LinkedHashSet<>();
    if (asked.meter() != null) {
      meters.add(Requests.meter(asked.meter()));
    }
    if (asked.meters() != null) {
      asked.meters().forEach(name -> meters.add(Requests.meter(Requests.needed("meters", name))));
    }
    if (meters.isEmpty() || meters.size() > Wish.MOST) {
      throw Requests.wrong("meters", "are 1 to " + Wish.MOST);
    }
    Optional<Instant> expires =
        asked.expires() == null || asked.expires().isBlank()
            ? Optional.empty()
            : Optional.of(Requests.instant("expires", asked.expires()));
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(
            CommandApi.Outcomes.of(
                office
                    .commands()
                    .meterKeys()
                    .rotate(
                        List.copyOf(meters),
                        purposes(asked.keys()),
                        Requests.needed("reason", asked.reason()),
                        expires,
                        Audit.actor()),
                false,
                office.store().meters()));
  }

  private static Set<Purpose> purposes(@Nullable List<String> words) {
    Set<Purpose> purposes = new LinkedHashSet<>();
    for (String word : words == null ? List.<String>of() : words) {
      purposes.add(
          KeyWords.purpose(word)
              .filter(KeyMaker.CHANGEABLE::contains)
              .orElseThrow(() -> Requests.wrong("keys", "are DLMS and seal")));
    }
    return purposes;
  }

  /** One meter's line, as its fitter or maker sends it. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
        @Content(mediaType = "application/xml", schema = @Schema(type = "string"))
      })
  @PostMapping("/{meter}/replace")
  Replaced replace(
      @PathVariable String meter, @RequestParam String reason, HttpServletRequest request)
      throws IOException {
    MeterId id = office.known(meter).id();
    Shipment shipment;
    try (InputStream body = new LimitedBody(request.getInputStream(), LONGEST)) {
      shipment = Shipments.read(body, ShipmentRules.of(office.key(), config.demo()));
    } catch (LimitedBody.TooLargeException e) {
      throw FaultException.tooLarge("body", "one meter's shipment has at most 64 KiB");
    }
    return new Replaced(
        id.value(), office.commands().meterKeys().replace(id, shipment, reason, Audit.actor()));
  }

  private static String word(KeyBook.State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
