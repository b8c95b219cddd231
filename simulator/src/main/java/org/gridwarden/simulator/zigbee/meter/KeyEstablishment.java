package org.gridwarden.simulator.zigbee.meter;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.security.cbke.Agreement;
import org.gridwarden.security.cbke.CbkeException;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Ephemeral;
import org.gridwarden.security.cbke.ImplicitCertificate;
import org.gridwarden.security.cbke.Refusal;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * The meter's side of Key Establishment (cluster 0x0800): once it is let in it asks the office for
 * a link key by certificates, by the strongest suite that both have, and begins anew, later each
 * time, until there is one. On the model's thread only.
 */
public final class KeyEstablishment {
  static final int CLUSTER = 0x0800;

  private static final int INITIATE = 0;
  private static final int EPHEMERAL = 1;
  private static final int CONFIRM = 2;
  private static final int TERMINATE = 3;

  private static final int SUITES = 0x0000;
  private static final int BITS_16 = 0x19;
  private static final int SECONDS = 10;
  private static final long PATIENCE = 20_000_000;
  private static final long FIRST_PAUSE = 15_000_000;
  private static final long LONGEST_PAUSE = 3_600_000_000L;

  private final Timeline time;
  private final List<CbkeIdentity> identities;
  private final SecureRandom random;
  private final Supplier<Optional<Long>> centre;
  private final EnergyServices.Line line;
  private final Consumer<byte[]> switched;
  private final Set<String> heardBefore = new HashSet<>();
  private State state = new Idle();
  private Runnable afterwards = () -> {};
  private Timeline.@Nullable Due timer;
  private long pause = FIRST_PAUSE;
  private @Nullable Suite established;
  private @Nullable Refusal refused;
  private @Nullable Refusal ended;

  private sealed interface State {}

  private record Idle() implements State {}

  private record Asked() implements State {}

  private record Shown(CbkeIdentity own) implements State {}

  private record Sent(CbkeIdentity own, ImplicitCertificate its, Ephemeral ephemeral)
      implements State {}

  private record Proven(Suite suite, Agreement agreement) implements State {}

  /**
   * @param identities its certificates, one a suite
   * @param centre whose certificate it wants to see
   * @param switched told the key that both have from now on
   */
  KeyEstablishment(
      Timeline time,
      List<CbkeIdentity> identities,
      SecureRandom random,
      Supplier<Optional<Long>> centre,
      EnergyServices.Line line,
      Consumer<byte[]> switched) {
    this.time = time;
    this.identities = List.copyOf(identities);
    this.random = random;
    this.centre = centre;
    this.line = line;
    this.switched = switched;
  }

  /**
   * Sets out, where there is no key yet.
   *
   * @param then done once there is one, or an attempt has failed
   */
  void begin(Runnable then) {
    if (established != null || !(state instanceof Idle)) {
      then.run();
      return;
    }
    afterwards = then;
    ask();
  }

  private void ask() {
    state = new Asked();
    wait(PATIENCE, this::failed);
    line.ask(CLUSTER, false, Zcl.READ, new byte[] {SUITES, 0});
  }

  private void wait(long micros, Runnable then) {
    if (timer != null) {
      timer.cancel();
    }
    timer = time.after(micros, then);
  }

  private void failed() {
    state = new Idle();
    wait(pause, this::ask);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    over();
  }

  private void over() {
    Runnable then = afterwards;
    afterwards = () -> {};
    then.run();
  }

  /** By which suite it has its key; empty where it has none. */
  public Optional<Suite> established() {
    return Optional.ofNullable(established);
  }

  /** Why it ended an exchange last. */
  public Optional<Refusal> refused() {
    return Optional.ofNullable(refused);
  }

  /** Why the office ended one last. */
  public Optional<Refusal> ended() {
    return Optional.ofNullable(ended);
  }

  /** Takes what came from the office. */
  void take(Zcl zcl) {
    if (!zcl.fromServer() || state instanceof Idle) {
      return;
    }
    byte[] payload = zcl.payload();
    try {
      if (!zcl.cluster()) {
        if (zcl.command() == Zcl.READ_RESPONSE && state instanceof Asked) {
          suites(payload);
        }
      } else {
        switch (zcl.command()) {
          case INITIATE -> initiated(payload);
          case EPHEMERAL -> ephemeral(payload);
          case CONFIRM -> confirmed(payload);
          case TERMINATE -> {
            ended = payload.length == 4 ? Refusal.of(payload[0]).orElse(null) : null;
            failed();
          }
          default -> throw bad();
        }
      }
    } catch (CbkeException e) {
      refused = e.refusal();
      byte[] terminate =
          new Zcl.Out()
              .number(1, e.refusal().code())
              .number(1, SECONDS)
              .number(2, identities.stream().mapToInt(i -> i.suite().number()).sum())
              .done();
      line.ask(CLUSTER, true, TERMINATE, terminate);
      failed();
    }
  }

  private void suites(byte[] payload) {
    int offered =
        payload.length == 6 && payload[2] == 0 && payload[3] == BITS_16
            ? (int) Zcl.number(payload, 4, 2)
            : 0;
    Optional<CbkeIdentity> best =
        identities.stream()
            .filter(i -> (i.suite().number() & offered) != 0)
            .max((one, other) -> one.suite().compareTo(other.suite()));
    if (best.isEmpty()) {
      failed(); // an office without certificates may get some
      return;
    }
    CbkeIdentity own = best.get();
    state = new Shown(own);
    wait(PATIENCE, this::failed);
    byte[] shown =
        new Zcl.Out()
            .number(2, own.suite().number())
            .number(1, SECONDS)
            .number(1, SECONDS)
            .bytes(own.certificate().bytes())
            .done();
    line.ask(CLUSTER, true, INITIATE, shown);
  }

  private void initiated(byte[] payload) throws CbkeException {
    if (!(state instanceof Shown(CbkeIdentity own))
        || payload.length < 4
        || Zcl.number(payload, 0, 2) != own.suite().number()) {
      throw bad();
    }
    ImplicitCertificate its =
        ImplicitCertificate.parse(own.suite(), Arrays.copyOfRange(payload, 4, payload.length));
    if (its.issuer() != own.certificate().issuer()) {
      throw new CbkeException(Refusal.UNKNOWN_ISSUER, "another authority's");
    }
    if (!centre.get().equals(Optional.of(its.subject()))) {
      throw new CbkeException(Refusal.INVALID_CERTIFICATE, "not the trust centre's");
    }
    Ephemeral fresh = Ephemeral.make(own.suite(), random);
    state = new Sent(own, its, fresh);
    wait(PATIENCE, this::failed);
    line.ask(CLUSTER, true, EPHEMERAL, fresh.point());
  }

  private void ephemeral(byte[] payload) throws CbkeException {
    if (!(state instanceof Sent(var own, var its, var fresh))) {
      throw bad();
    }
    if (!heardBefore.add(HexFormat.of().formatHex(payload))) {
      throw bad();
    }
    Agreement agreement = Agreement.asInitiator(own, fresh, its, payload);
    state = new Proven(own.suite(), agreement);
    wait(PATIENCE, this::failed);
    line.ask(CLUSTER, true, CONFIRM, agreement.initiatorProof());
  }

  private void confirmed(byte[] payload) throws CbkeException {
    if (!(state instanceof Proven(Suite suite, Agreement agreement))) {
      throw bad();
    }
    Agreement.confirm(agreement.responderProof(), payload);
    state = new Idle();
    if (timer != null) {
      timer.cancel();
    }
    established = suite;
    pause = FIRST_PAUSE;
    switched.accept(agreement.linkKey());
    over();
  }

  private static CbkeException bad() {
    return new CbkeException(Refusal.BAD_MESSAGE, "out of its turn, or sent before");
  }
}
