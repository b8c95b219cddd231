package org.gridwarden.server;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.gridwarden.store.Machine;
import org.gridwarden.store.Machines;
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

/** Machines, their keys and certificates; a security administrator's. */
@RestController
@RequestMapping("/api/v1/machines")
class MachineApi {
  private static final int USUAL_DAYS = 90;
  private static final int MOST_DAYS = 730;
  private static final int USUAL_RATE = 600;

  private final MachineDesk desk;
  private final Machines machines;
  private final InstantSource clock;

  MachineApi(MachineDesk desk, Office office) {
    this.desk = desk;
    this.machines = office.store().machines();
    this.clock = office.clock();
  }

  /**
   * A machine.
   *
   * @param state in force, expired or revoked
   * @param key names its key, and opens nothing; empty where it has none
   * @param certificate SHA-256 of its certificate; empty where it has none
   */
  record MachineView(
      String name,
      List<String> permissions,
      String state,
      int perMinute,
      String key,
      String certificate,
      String created,
      String createdBy,
      String expires,
      @Nullable String lastUsed,
      @Nullable String revoked,
      String revokedBy) {}

  /**
   * A machine to be added.
   *
   * @param days for how long, 1 to 730; 90 where it is not said
   * @param perMinute how many requests a minute, at most; 600 where it is not said
   * @param certificate its certificate (PEM) or the SHA-256 of it; for one that shows it in TLS
   * @param withKey whether a key is made; so it is where nothing is said and there is no
   *     certificate
   */
  record NewMachine(
      @Nullable String name,
      @Nullable List<String> permissions,
      @Nullable Integer days,
      @Nullable Integer perMinute,
      @Nullable String certificate,
      @Nullable Boolean withKey) {}

  /**
   * It is added.
   *
   * @param key shown this once; null where none was made
   */
  record NewKey(MachineView machine, @Nullable String key) {
    @Override
    public String toString() {
      return "NewKey[" + machine.name() + "]";
    }
  }

  @GetMapping
  ReadingApi.Items<MachineView> list() {
    return new ReadingApi.Items<>(machines.all().stream().map(this::view).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  NewKey add(@RequestBody NewMachine fresh, Principal by) {
    String certificate = fresh.certificate() == null ? null : fingerprint(fresh.certificate());
    boolean withKey = fresh.withKey() == null ? certificate == null : fresh.withKey();
    int days = fresh.days() == null ? USUAL_DAYS : fresh.days();
    MachineDesk.Added added =
        desk.add(
            Requests.needed("name", fresh.name()),
            Roles.permissions(fresh.permissions() == null ? List.of() : fresh.permissions()),
            withKey,
            certificate,
            Duration.ofDays(Requests.within("days", days, 1, MOST_DAYS)),
            fresh.perMinute() == null ? USUAL_RATE : fresh.perMinute(),
            by.getName());
    return new NewKey(view(added.machine()), added.key().isEmpty() ? null : added.key());
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable String name) {
    if (!machines.revoke(name, Audit.actor())) {
      throw FaultException.notFound("machine", "there is none of this name that is in force");
    }
  }

  private MachineView view(Machine machine) {
    String state =
        machine.revoked().isPresent()
            ? "revoked"
            : machine.inForce(clock.instant()) ? "in force" : "expired";
    return new MachineView(
        machine.name(),
        RoleApi.names(machine.permissions()),
        state,
        machine.perMinute(),
        machine.keyId().isEmpty() ? "" : "gw_" + machine.keyId(),
        machine.certificate(),
        machine.created().toString(),
        machine.createdBy(),
        machine.expires().toString(),
        machine.lastUsed().map(Object::toString).orElse(null),
        machine.revoked().map(Object::toString).orElse(null),
        machine.revokedBy());
  }

  /** Of a certificate, or what is one already. */
  private static String fingerprint(String text) {
    String digits = text.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT);
    if (digits.matches("[0-9a-f]{64}")) {
      return digits;
    }
    try {
      byte[] pem = text.getBytes(StandardCharsets.US_ASCII);
      return MachineDesk.sha256(
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem))
              .getEncoded());
    } catch (CertificateException e) {
      throw Requests.wrong("certificate", "is a PEM certificate, or its SHA-256 in 64 digits");
    }
  }
}
