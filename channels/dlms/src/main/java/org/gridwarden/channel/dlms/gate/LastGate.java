package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.gate.OrderGate;

/**
 * Makes commands for meters that cannot verify a signature, and only from an order that an operator
 * signed whom this gate knows by itself. Whoever asks is taken to be hostile. Thread-safe: a meter
 * has one command at a time.
 */
final class LastGate {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final byte[] systemTitle;
  private final Keys keys;
  private final OrderGate gate;
  private final InvocationCounter counter;
  private final InstantSource clock;

  /** The gate's own meters and their management client's keys. */
  interface Keys {
    Optional<ShipmentLine> meter(MeterId id);

    /** Opens a meter's keys. */
    KeySet open(ShipmentLine meter) throws IOException;
  }

  /**
   * @param systemTitle the management client's, 8 bytes
   * @param gate verifies orders and keeps the book
   * @param counter durable, never twice with a key
   */
  LastGate(
      byte[] systemTitle,
      Keys keys,
      OrderGate gate,
      InvocationCounter counter,
      InstantSource clock) {
    this.systemTitle = systemTitle.clone();
    this.keys = keys;
    this.gate = gate;
    this.counter = counter;
    this.clock = clock;
  }

  /**
   * Does what an order says.
   *
   * @param relay to the meter; not a byte is made for it before everything is verified
   * @return the record under the gate's signature; the same command again gives the same
   * @throws CommandException where the order is not genuine
   * @throws IOException where the way to the meter broke, or the book cannot be kept: what became
   *     of the command is not known, or it was not begun
   */
  byte[] take(byte[] signedOrder, RelayLink relay)
      throws CommandException, IOException, DlmsException, AssociationRefused {
    try (OrderGate.Turn turn = gate.turn(signedOrder, this::hindrance)) {
      Optional<byte[]> before = turn.record();
      if (before.isPresent()) {
        return before.get();
      }
      GateActs.Done done = converse(turn.order(), relay);
      byte[] answer = relay.last();
      return turn.end(
          done.outcome(),
          done.detail(),
          answer.length > GateRecord.LONGEST_ANSWER ? new byte[0] : answer);
    }
  }

  private Optional<String> hindrance(Order order) {
    return keys.meter(order.meter()).isEmpty()
        ? Optional.of("this gate has no keys of that meter")
        : GateActs.impossible(order.action());
  }

  private GateActs.Done converse(Order order, RelayLink relay)
      throws IOException, DlmsException, AssociationRefused {
    ShipmentLine meter = keys.meter(order.meter()).orElseThrow();
    KeySet set = keys.open(meter);
    byte[] encryption = set.encryption().copy();
    byte[] authentication = set.authentication().copy();
    try (DlmsKeys opened = DlmsKeys.of(encryption, authentication)) {
      // closed with the connection: a release would come after the answer that is kept
      Association association =
          Association.open(
              relay,
              AssociationRequest.gmac(SecurityContext.of(systemTitle, opened, counter))
                  .withPatience(PATIENCE));
      return GateActs.act(association, order.action(), clock.instant(), meter.zone());
    } finally {
      Arrays.fill(encryption, (byte) 0);
      Arrays.fill(authentication, (byte) 0);
    }
  }
}
