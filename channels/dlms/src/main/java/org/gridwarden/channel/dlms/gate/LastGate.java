package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.gridwarden.core.CommandState;
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
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * Makes commands for meters that cannot verify a signature, and only from an order that an operator
 * signed whom this gate knows by itself. Whoever asks is taken to be hostile. Thread-safe: a meter
 * has one command at a time.
 */
final class LastGate {
  /** So far may the office's clock and the gate's differ. */
  private static final Duration SKEW = Duration.ofMinutes(2);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final byte[] systemTitle;
  private final Keys keys;
  private final Function<byte[], Optional<PublicKey>> operators;
  private final Signer signer;
  private final GateBook book;
  private final InvocationCounter counter;
  private final InstantSource clock;
  private final ConcurrentHashMap<MeterId, ReentrantLock> busy = new ConcurrentHashMap<>();

  /** The gate's own meters and their management client's keys. */
  interface Keys {
    Optional<ShipmentLine> meter(MeterId id);

    /** Opens a meter's keys. */
    KeySet open(ShipmentLine meter) throws IOException;
  }

  /**
   * @param systemTitle the management client's, 8 bytes
   * @param operators whose orders it obeys, by the id of their key
   * @param counter durable, never twice with a key
   */
  LastGate(
      byte[] systemTitle,
      Keys keys,
      Function<byte[], Optional<PublicKey>> operators,
      Signer signer,
      GateBook book,
      InvocationCounter counter,
      InstantSource clock) {
    this.systemTitle = systemTitle.clone();
    this.keys = keys;
    this.operators = operators;
    this.signer = signer;
    this.book = book;
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
    Signed signed = Signed.parse(signedOrder);
    PublicKey operator =
        operators
            .apply(signed.keyId())
            .orElseThrow(() ->
                new CommandException(
                    "this gate knows no operator with the key "
                        + HexFormat.of().formatHex(signed.keyId())));
    Order order = Order.parse(signed.open(Purpose.ORDER, operator));
    ReentrantLock lock = busy.computeIfAbsent(order.meter(), m -> new ReentrantLock());
    if (!lock.tryLock()) {
      throw new IOException("another command to meter " + order.meter() + " is on its way");
    }
    try {
      Optional<byte[]> before = book.record(order.id());
      if (before.isPresent()) {
        return before.get();
      }
      Optional<GateActs.Done> hindered = hindrance(order);
      return hindered.isPresent()
          ? record(order, hindered.get(), new byte[0])
          : begin(order, relay);
    } finally {
      lock.unlock();
    }
  }

  private Optional<GateActs.Done> hindrance(Order order) {
    Instant now = clock.instant();
    if (!now.isBefore(order.expires().plus(SKEW))) {
      return Optional.of(new GateActs.Done(CommandState.EXPIRED, "its time is over"));
    }
    Optional<String> why =
        now.isBefore(order.notBefore().minus(SKEW))
            ? Optional.of("its time has not come")
            : keys.meter(order.meter()).isEmpty()
                ? Optional.of("this gate has no keys of that meter")
                : GateActs.impossible(order.action());
    return why.map(words -> new GateActs.Done(CommandState.REFUSED, words));
  }

  private byte[] begin(Order order, RelayLink relay)
      throws CommandException, IOException, DlmsException, AssociationRefused {
    return switch (book.begin(order)) {
      case GateBook.Entry.Finished(byte[] record) -> record;
      case GateBook.Entry.Overtaken _ ->
          record(
              order,
              new GateActs.Done(CommandState.REFUSED, "another command came after it"),
              new byte[0]);
      case GateBook.Entry.Begun _ -> {
        GateActs.Done done = converse(order, relay);
        byte[] answer = relay.last();
        byte[] record =
            record(order, done, answer.length > GateRecord.LONGEST_ANSWER ? new byte[0] : answer);
        book.end(order.id(), record);
        yield record;
      }
    };
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

  private byte[] record(Order order, GateActs.Done done, byte[] answer) throws CommandException {
    GateRecord record =
        new GateRecord(
            order.id(), order.meter(), done.outcome(), clock.instant(), done.detail(), answer);
    return Signed.sign(Purpose.GATE, signer, record.bytes()).bytes();
  }
}
