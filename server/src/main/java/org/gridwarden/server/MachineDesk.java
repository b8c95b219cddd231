package org.gridwarden.server;

import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Duties;
import org.gridwarden.security.access.Duty;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.SpokenCode;
import org.gridwarden.store.Machine;
import org.gridwarden.store.Machines;
import org.jspecify.annotations.Nullable;

/**
 * Lets machines in: by a key, of which only a hash is kept, or by a certificate whose private key
 * TLS has shown. Each has its own permissions, end and rate. Thread-safe.
 */
final class MachineDesk {
  /** A key that is no bearer's. */
  static final String KEY_HEADER = "X-Api-Key";

  /**
   * Names the machine whose certificate the connection shows: no page of another origin sends it.
   */
  static final String NAME_HEADER = "X-Machine";

  private static final Pattern KEY = Pattern.compile("gw_([a-z2-9]{12})_([a-z2-9]{40})");
  private static final int ID_LENGTH = 12;
  private static final int SECRET_LENGTH = 40; // 200 bits

  private final Machines machines;
  private final InstantSource clock;
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();
  private final Map<String, Instant> noted = new ConcurrentHashMap<>();

  MachineDesk(Machines machines, InstantSource clock) {
    this.machines = machines;
    this.clock = clock;
  }

  private record Rate(int perMinute, Bucket bucket) {}

  /**
   * A machine that was added.
   *
   * @param key shown this once; empty where it has none
   */
  record Added(Machine machine, String key) {
    @Override
    public String toString() {
      return "Added[" + machine.name() + "]";
    }
  }

  /**
   * Which machine asks.
   *
   * @param bearer what stands behind Bearer; empty where nothing does
   * @return empty where it is none that is let in
   * @throws FaultException BUSY (429) where it asks too often
   */
  Optional<Machine> asks(HttpServletRequest request, String bearer) {
    String key = request.getHeader(KEY_HEADER);
    Optional<Machine> machine =
        key != null ? byKey(key) : !bearer.isEmpty() ? byKey(bearer) : byCertificate(request);
    machine.ifPresent(this::count);
    return machine;
  }

  private Optional<Machine> byKey(String shown) {
    Matcher matcher = KEY.matcher(shown);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    byte[] hash = SpokenCode.hash(shown);
    return machines
        .byKey(matcher.group(1))
        .filter(known -> MessageDigest.isEqual(known.keyHash(), hash))
        .map(Machines.Known::machine)
        .filter(machine -> machine.inForce(clock.instant()));
  }

  private Optional<Machine> byCertificate(HttpServletRequest request) {
    String name = request.getHeader(NAME_HEADER);
    if (name == null
        || !(request.getAttribute("jakarta.servlet.request.X509Certificate")
            instanceof X509Certificate[] chain)
        || chain.length == 0) {
      return Optional.empty();
    }
    try {
      chain[0].checkValidity(Date.from(clock.instant()));
      return machines
          .byCertificate(sha256(chain[0].getEncoded()))
          .map(Machines.Known::machine)
          .filter(machine -> machine.name().equals(name) && machine.inForce(clock.instant()));
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  private void count(Machine machine) {
    Rate rate =
        rates.compute(
            machine.name(),
            (name, old) ->
                old != null && old.perMinute == machine.perMinute()
                    ? old
                    : new Rate(machine.perMinute(), bucket(machine.perMinute())));
    var probe = rate.bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
      throw FaultException.tooMany(
          "machine",
          machine.name() + " may ask " + machine.perMinute() + " times a minute: wait",
          seconds);
    }
    Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    if (!minute.equals(noted.put(machine.name(), minute))) {
      machines.used(machine.name(), minute);
    }
  }

  private static Bucket bucket(int perMinute) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
        .build();
  }

  /**
   * Adds a machine.
   *
   * @param withKey whether a key is made for it
   * @param certificate its SHA-256, hexadecimal digits; null for none
   * @throws FaultException where the permissions are no machine's, or the name was given before
   */
  Added add(
      String name,
      Set<Permission> permissions,
      boolean withKey,
      @Nullable String certificate,
      Duration lives,
      int perMinute,
      String by) {
    for (Permission permission : permissions) {
      if (permission == Permission.COMMAND || permission == Permission.APPROVE) {
        throw Requests.wrong(
            "permissions", permission + " is for people alone: two keys are no four eyes");
      }
      if (permission.duty() == Duty.GRANTS || permission.duty() == Duty.OWNS) {
        throw Requests.wrong("permissions", permission + " is for people alone");
      }
    }
    Duties.conflict(permissions)
        .ifPresent(conflict -> {
          throw Requests.wrong("permissions", conflict);
        });
    String id = withKey ? SpokenCode.random(ID_LENGTH, 0) : "";
    String key = withKey ? "gw_" + id + "_" + SpokenCode.random(SECRET_LENGTH, 0) : "";
    Instant now = clock.instant();
    Machine machine;
    try {
      machine =
          new Machine(
              name,
              permissions,
              perMinute,
              id,
              certificate == null ? "" : certificate,
              now,
              by,
              now.plus(lives),
              Optional.empty(),
              Optional.empty(),
              "");
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("machine", String.valueOf(e.getMessage()));
    }
    byte[] hash = withKey ? SpokenCode.hash(key) : new byte[0];
    if (!machines.add(machine, hash, new Actor(Actor.Kind.PERSON, by))) {
      throw new FaultException(
          Fault.Code.CONFLICT,
          "machine",
          "its name or certificate is, or was, another machine's: choose another");
    }
    return new Added(machine, key);
  }

  /** In hexadecimal digits. */
  static String sha256(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
