package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.Signing;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.thirdparty.GeneralSigned;
import org.gridwarden.security.thirdparty.OperatorTitle;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.StoredCommand;

/**
 * Operators' signatures under orders, each in the form in which its meter has it checked:
 * COSE_Sign1 or DLMS general-signing. Thread-safe.
 */
final class OrderSignatures {
  /** So far may the office's clock and that of who signs differ. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final OperatorKeys keys;
  private final MeterDirectory meters;
  private final InstantSource clock;

  OrderSignatures(OperatorKeys keys, MeterDirectory meters, InstantSource clock) {
    this.keys = keys;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Puts a signature to a command's order.
   *
   * @param at when it was signed, for meters whose form says so
   * @return the signed bytes, as they go to the meter
   * @throws CommandFault where it does not fit
   */
  byte[] put(StoredCommand command, OperatorKeys.Key key, byte[] signature, Optional<Instant> at) {
    Order order = CommandOffice.order(command);
    Optional<Meter> meter = meters.byId(command.meter());
    try {
      PublicKey publicKey = P256.publicKey(key.spki());
      return switch (meter.map(Meter::signing).orElse(Signing.COSE)) {
        case COSE -> Signed.of(Purpose.ORDER, publicKey, order.bytes(), signature).bytes();
        case DLMS ->
            GeneralSigned.of(
                    order, publicKey, meter.orElseThrow().systemTitle(), time(at), signature)
                .bytes();
      };
    } catch (CommandException e) {
      throw new CommandFault(
          Fault.Code.UNAUTHENTICATED, "signature", String.valueOf(e.getMessage()));
    }
  }

  private Instant time(Optional<Instant> at) {
    Instant signed =
        at.orElseThrow(() ->
            new CommandFault(
                Fault.Code.MALFORMED,
                "signedAt",
                "is missing: this meter has the operator's signature checked as "
                    + Signing.DLMS.words()
                    + ", which says when it was made"));
    if (Duration.between(clock.instant(), signed).abs().compareTo(SKEW) > 0) {
      throw new CommandFault(
          Fault.Code.MALFORMED,
          "signedAt",
          "is more than "
              + SKEW.toMinutes()
              + " minutes from the office's time: set the clock of the machine that signs");
    }
    return signed;
  }

  /**
   * Why a command that was signed may not be sent by its signature; empty where it may.
   *
   * @param meter its meter as it is now
   */
  Optional<String> wrong(StoredCommand command, Meter meter) {
    byte[] bytes = command.signed().orElse(new byte[0]);
    boolean dlms = GeneralSigned.is(bytes);
    if (dlms != (meter.signing() == Signing.DLMS)) {
      return Optional.of("the meter takes another form of signature now");
    }
    try {
      if (dlms) {
        GeneralSigned signed = GeneralSigned.parse(bytes);
        Optional<OperatorKeys.Key> key =
            keys.beginning(OperatorTitle.keyIdBeginning(signed.operator()))
                .filter(found -> found.operator().equals(command.draftedBy()));
        if (key.isEmpty()) {
          return revoked();
        }
        signed.check(
            CommandOffice.order(command), P256.publicKey(key.get().spki()), meter.systemTitle());
        return Optional.empty();
      }
      Signed signed = Signed.parse(bytes);
      Optional<OperatorKeys.Key> key = keys.find(signed.keyId());
      if (key.isEmpty() || !key.get().operator().equals(command.draftedBy())) {
        return revoked();
      }
      byte[] order = signed.open(Purpose.ORDER, P256.publicKey(key.get().spki()));
      return Arrays.equals(order, CommandOffice.order(command).bytes())
          ? Optional.empty()
          : Optional.of("the order in the database is not the one that was signed");
    } catch (CommandException e) {
      return Optional.of("the operator's signature does not fit: " + e.getMessage());
    }
  }

  private static Optional<String> revoked() {
    return Optional.of("the operator's key was revoked");
  }
}
