package org.gridwarden.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.headend.IntakeState;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How the system is. */
@RestController
@RequestMapping("/api/v1")
class StateApi {
  private static final Duration ONLINE = Duration.ofMinutes(30);

  private final Office office;

  StateApi(Office office) {
    this.office = office;
  }

  /** A part's lamp. */
  record Lamp(String state, String detail) {
    static Lamp of(Health health) {
      return new Lamp(health.state().name().toLowerCase(Locale.ROOT), health.detail());
    }
  }

  /** A channel's lamp. */
  record ChannelLamp(String id, String state, String detail) {}

  /** Intake's figures. */
  record IntakeLamp(String state, String detail, int queued, double perSecond, long oldestMs) {
    static IntakeLamp of(IntakeState state) {
      Lamp lamp = Lamp.of(state.health());
      return new IntakeLamp(
          lamp.state(), lamp.detail(), state.queued(), state.perSecond(), state.oldestMillis());
    }
  }

  /** How many meters, and how many were heard in the last half hour. */
  record Meters(int total, long online) {}

  /** All of it. */
  record State(
      Lamp database,
      Lamp backup,
      List<ChannelLamp> channels,
      IntakeLamp intake,
      Meters meters,
      String version,
      String started) {}

  @GetMapping("/state")
  State state() {
    Instant since = office.clock().instant().minus(ONLINE);
    return new State(
        Lamp.of(office.store().health()),
        Lamp.of(office.backups().health()),
        office.channels().stream()
            .map(channel -> {
              Lamp lamp = Lamp.of(channel.health());
              return new ChannelLamp(channel.id().toString(), lamp.state(), lamp.detail());
            })
            .toList(),
        IntakeLamp.of(office.intake().state()),
        new Meters(office.store().meters().count(), office.store().readings().heardSince(since)),
        Optional.ofNullable(StateApi.class.getPackage().getImplementationVersion())
            .orElse("development"),
        office.started().toString());
  }

  /** For a watcher that only asks whether all is well: 200 or 503. */
  @GetMapping("/health")
  ResponseEntity<Lamp> health() {
    Health database = office.store().health();
    Health intake = office.intake().health();
    Health worst = database.state().compareTo(intake.state()) >= 0 ? database : intake;
    return ResponseEntity.status(worst.state() == Health.State.DOWN ? 503 : 200)
        .body(Lamp.of(worst));
  }

  /** Every figure, as Prometheus reads it. */
  @GetMapping(path = "/metrics", produces = MediaType.TEXT_PLAIN_VALUE)
  String metrics() {
    if (office.metrics() instanceof PrometheusMeterRegistry prometheus) {
      return prometheus.scrape();
    }
    throw new FaultException(Fault.Code.INTERNAL, "metrics", "no figures are kept");
  }

  /** The public key that makers of meters wrap their keys to (PEM). */
  @GetMapping(
      path = "/office-key",
      produces = {MediaType.TEXT_PLAIN_VALUE, "application/x-pem-file"})
  String officeKey() {
    return office.key().publicPem();
  }
}
