package org.gridwarden.bench.command;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * Meters with desks that verify seal, signature, counter and time and sign their receipts, reached
 * by a method call: no network, no DLMS. Thread-safe.
 */
final class DeskTown implements MeterDirectory, MeterWay {
  private static final Secret SEAL = new Secret(new byte[32]);

  private final KeyPair meterKey;
  private final PublicKey operator;
  private final InstantSource clock;
  private final List<MeterId> meters;
  private final Map<MeterId, OrderDesk> desks = new ConcurrentHashMap<>();
  private final AtomicLong dispatches = new AtomicLong();

  DeskTown(int meters, KeyPair meterKey, PublicKey operator, InstantSource clock) {
    this.meterKey = meterKey;
    this.operator = operator;
    this.clock = clock;
    this.meters =
        IntStream.range(0, meters).mapToObj(i -> new MeterId(String.format("GW-%07d", i))).toList();
    for (MeterId meter : this.meters) {
      desks.put(meter, desk(meter));
    }
  }

  List<MeterId> meters() {
    return meters;
  }

  PublicKey receiptKey() {
    return meterKey.getPublic();
  }

  private OrderDesk desk(MeterId meter) {
    byte[] keyId = Signed.keyId(operator);
    return new OrderDesk(
        meter,
        SEAL,
        id -> Arrays.equals(id, keyId) ? Optional.of(operator) : Optional.empty(),
        Signer.of(meterKey),
        new OrderDesk.Counter() {
          private long seen = -1;

          @Override
          public long seen() {
            return seen;
          }

          @Override
          public void seen(long next) {
            seen = next;
          }
        },
        action -> {
          return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "limited");
        },
        clock);
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return desks.containsKey(id)
        ? Optional.of(
            new Meter(
                id,
                id.value(),
                new byte[0],
                "generic",
                ZoneOffset.UTC,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED))
        : Optional.empty();
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return Optional.empty();
  }

  @Override
  public boolean reaches(MeterId meter) {
    return desks.containsKey(meter);
  }

  @Override
  public boolean remembers(MeterId meter) {
    return true;
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException {
    OrderDesk desk = desks.get(command.meter());
    if (desk == null) {
      throw new ChannelException(new Fault(Fault.Code.UNKNOWN_METER, "meter", "there is none"));
    }
    try {
      byte[] receipt =
          desk.take(new Dispatch(dispatches.incrementAndGet(), command.signed()).seal(SEAL));
      MeterReceipt said =
          MeterReceipt.parse(Signed.parse(receipt).open(Purpose.RECEIPT, meterKey.getPublic()));
      return new Receipt(said.id(), said.outcome(), said.at(), receipt);
    } catch (CommandException e) {
      throw new ChannelException(
          new Fault(Fault.Code.UNAUTHENTICATED, "meter", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public Optional<CommandState> look(MeterId meter, Action action) {
    return Optional.empty();
  }
}
