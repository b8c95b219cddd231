package org.gridwarden.simulator;

import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.OrderDesk.Breaker.Done;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.MeterDay;

/**
 * What a meter does when it is told to: its breaker with its control mode, limit, price, tariff,
 * clock; and its desk, which sees to it that only who may tells it. Thread-safe: the desk takes one
 * command after the other, a hand on the meter comes between them.
 */
final class MeterControl implements OrderDesk.Breaker, CommandDesk.Desk {
  static final ObisCode BREAKER = ObisCode.parse("0.0.96.3.10.255");
  static final ObisCode BREAKER_LOG = ObisCode.parse("0.0.96.11.2.255");
  private static final String CONTROL_MODE = BREAKER + ":70:4";
  private static final int MODE = 4;

  /** Remote disconnection and reconnection, and no button. */
  private static final int USUAL_MODE = 4;

  private static final Duration CONSUMER = Duration.ofMinutes(1);
  private static final int BY_HAND = 61;
  private static final int OPENED = 62;
  private static final int CLOSED = 63;

  /** What is told outside the meter's rhythm. */
  sealed interface Urgent {
    /** An event of the breaker's log. */
    record Event(int code) implements Urgent {}

    /** The registers as they are now. */
    record Reading() implements Urgent {}

    /** What the meter senses. */
    record Sensed() implements Urgent {}
  }

  /** A meter's own clock, which can be set right. */
  interface Watch {
    Instant instant();

    /** Sets it right; returns by how much it was fast, negative where it was slow. */
    Duration setRight();
  }

  private final MeterMemory memory;
  private final Signer signer;
  private final MeterKeyRing keys;
  private final Watch watch;
  private final LongSupplier wattHours;
  private final Obeyed obeyed;
  private final DisconnectControl breaker;
  private final MeterFirmware firmware;
  private final OrderDesk desk;
  private final BlockingQueue<Urgent> urgent = new LinkedBlockingQueue<>();
  private volatile Optional<Instant> readySince = Optional.empty();
  private volatile Runnable ordered = () -> {};
  private volatile Optional<Supplier<Associations>> associations = Optional.empty();

  private MeterControl(
      MeterId meter,
      MeterKeyRing keys,
      Signer signer,
      Obeyed obeyed,
      MeterMemory memory,
      Watch watch,
      LongSupplier wattHours) {
    this.memory = memory;
    this.keys = keys;
    this.signer = signer;
    this.watch = watch;
    this.obeyed = obeyed;
    this.wattHours = wattHours;
    this.firmware = new MeterFirmware(memory, obeyed::maker);
    this.breaker =
        new DisconnectControl(
            BREAKER,
            memory.word("mode").map(Integer::parseInt).orElse(USUAL_MODE),
            memory
                .word("state")
                .map(DisconnectControl.State::valueOf)
                .orElse(DisconnectControl.State.CONNECTED),
            this::moved);
    this.desk = new OrderDesk(meter, keys, obeyed::operator, signer, this, watch::instant, memory);
  }

  /**
   * A meter's control and desk.
   *
   * @param folder as {@link Obeyed#of} has it; it obeys nobody where empty
   */
  static MeterControl of(
      MeterId meter,
      MeterKeyRing keys,
      Signer signer,
      Optional<Path> folder,
      MeterMemory memory,
      Watch watch,
      LongSupplier wattHours) {
    return new MeterControl(
        meter, keys, signer, Obeyed.of(folder, memory), memory, watch, wattHours);
  }

  /** From now on orders say whom it lets in, too. */
  void associations(Supplier<Associations> now) {
    associations = Optional.of(now);
  }

  /** A word that an order left in its memory. */
  Optional<String> kept(String name) {
    return memory.word(name);
  }

  /** Its keys, as they are now. */
  MeterKeyRing keys() {
    return keys;
  }

  /** With what it signs receipts: for its shipment. */
  PublicKey receiptKey() {
    return signer.publicKey();
  }

  /** Signs what it measured on a day, with the key of its receipts. */
  byte[] sign(MeterDay day) throws CommandException {
    return day.sign(signer);
  }

  // --- the desk

  /** Is told of each order that reaches the desk, before it is looked at. */
  void onOrder(Runnable told) {
    ordered = told;
  }

  @Override
  public Optional<byte[]> take(byte[] dispatch) {
    ordered.run();
    try {
      return Optional.of(desk.take(dispatch));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  @Override
  public long counterSeen() {
    return memory.seen();
  }

  @Override
  public List<byte[]> operators() {
    return obeyed.operators();
  }

  /** The key of an operator whom it obeys. */
  Optional<PublicKey> operator(byte[] keyId) {
    return obeyed.operator(keyId);
  }

  @Override
  public long trustVersion() {
    return obeyed.version();
  }

  @Override
  public boolean trust(byte[] list) {
    synchronized (desk) { // between two commands
      return obeyed.take(list);
    }
  }

  @Override
  public DisconnectControl.State state() {
    return breaker.state();
  }

  // --- what it does

  @Override
  public Done act(Action action) {
    Done done =
        switch (action) {
          case Action.Disconnect _ -> disconnect();
          case Action.Connect _ -> connect();
          case Action.Arm _ -> arm();
          case Action.LimitLoad limit -> limit(limit);
          case Action.SetPrice price -> price(price);
          case Action.SetTariff tariff -> tariff(tariff);
          case Action.SetClock _ ->
              confirmed("the clock was " + watch.setRight().toMillis() + " ms fast");
          case Action.Read _ -> {
            urgent.add(new Urgent.Reading());
            yield confirmed("1.0.1.8.0.255 = " + wattHours.getAsLong() + " Wh");
          }
          case Action.Configure configure -> configure(configure);
          case Action.ChangeKeys change ->
              keys.change(change)
                  .map(MeterControl::refused)
                  .orElseGet(() -> confirmed(change.keys().size() + " new keys are kept"));
          case Action.UpdateFirmware update -> firmware.update(update);
        };
    memory.word("state", breaker.state().name());
    memory.word("mode", Integer.toString(breaker.mode()));
    readySince =
        done.outcome() == CommandState.READY ? Optional.of(watch.instant()) : Optional.empty();
    return done;
  }

  private Done disconnect() {
    boolean closed = breaker.state() == DisconnectControl.State.CONNECTED;
    if (!breaker.remoteDisconnect()) {
      return refused("its control mode " + breaker.mode() + " has no remote disconnection");
    }
    if (closed) {
      urgent.add(new Urgent.Event(OPENED));
    }
    return confirmed("the breaker is open");
  }

  private Done connect() {
    boolean closed = breaker.state() == DisconnectControl.State.CONNECTED;
    boolean done = breaker.remoteReconnect();
    return switch (breaker.state()) {
      case CONNECTED -> {
        if (!closed) {
          urgent.add(new Urgent.Event(CLOSED));
        }
        yield confirmed("the breaker is closed");
      }
      case READY_FOR_RECONNECTION ->
          done
              ? ready()
              : refused("it waits for its consumer: opened by hand or by the meter itself");
      case DISCONNECTED ->
          refused("its control mode " + breaker.mode() + " does not allow that now");
    };
  }

  private Done arm() {
    if (breaker.state() == DisconnectControl.State.CONNECTED) {
      return confirmed("the breaker is closed");
    }
    if (breaker.state() == DisconnectControl.State.READY_FOR_RECONNECTION) {
      return ready();
    }
    return switch (breaker.mode()) {
      case 1, 3, 5, 6 ->
          breaker.remoteReconnect() ? ready() : refused("it does not allow that now");
      default ->
          refused("its control mode " + breaker.mode() + " knows no readiness: connect it instead");
    };
  }

  private static Done ready() {
    return new Done(CommandState.READY, "ready for reconnection: its consumer may close it");
  }

  private Done limit(Action.LimitLoad limit) {
    Instant now = watch.instant();
    memory.supply().limit(now, now.plus(limit.lasting()), limit.watts());
    return confirmed("at most " + limit.watts() + " W for " + limit.lasting().toSeconds() + " s");
  }

  /** The household itself switches loads off; see {@link Supply#shed}. */
  void shed(long watts) {
    if (memory.supply().shed(watch.instant(), watts)) {
      memory.write();
    }
  }

  private Done price(Action.SetPrice price) {
    memory.word(
        "price",
        price.microPerKilowattHour()
            + " "
            + price.currency()
            + " "
            + price.from().getEpochSecond());
    return confirmed("the price is kept");
  }

  private Done tariff(Action.SetTariff tariff) {
    try {
      Axdr.decode(tariff.content());
    } catch (DlmsException e) {
      return refused("the calendar's content is no A-XDR: " + e.describe());
    }
    memory.word(
        "tariff",
        HexFormat.of()
                .formatHex(tariff.calendar().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            + " "
            + HexFormat.of().formatHex(tariff.content())
            + " "
            + tariff.from().getEpochSecond());
    return confirmed("the calendar is kept");
  }

  private Done configure(Action.Configure configure) {
    boolean whom = associations.isPresent() && Associations.mine(configure.attribute());
    if (!whom && !configure.attribute().equals(CONTROL_MODE)) {
      return refused("of this meter only " + CONTROL_MODE + " is configured by a command");
    }
    try {
      if (whom) {
        return associations
            .get()
            .get()
            .order(configure.attribute(), Axdr.decode(configure.value()), memory);
      }
      AccessResult result = breaker.set(MODE, Axdr.decode(configure.value()));
      return result.isSuccess()
          ? confirmed("the control mode is " + breaker.mode())
          : refused("it takes no such control mode: " + result);
    } catch (DlmsException e) {
      return refused("the value is no A-XDR: " + e.describe());
    }
  }

  private static Done confirmed(String detail) {
    return new Done(CommandState.CONFIRMED, detail);
  }

  private static Done refused(String detail) {
    return new Done(CommandState.REFUSED, detail);
  }

  private void moved(boolean closed) {
    memory.supply().breaker(watch.instant(), closed);
  }

  // --- its surroundings

  /**
   * The consumer presses the button on the meter.
   *
   * @return whether the breaker is closed now
   */
  boolean pressButton() {
    synchronized (desk) { // between two commands
      boolean closed = breaker.state() == DisconnectControl.State.CONNECTED;
      boolean done = breaker.manualReconnect();
      if (done && !closed) {
        memory.word("state", breaker.state().name());
        memory.write();
        urgent.add(new Urgent.Event(BY_HAND));
      }
      return done;
    }
  }

  /** A minute after the meter is ready its consumer has read the letter, and presses the button. */
  void consumer() {
    Optional<Instant> since = readySince;
    if (since.isPresent() && !watch.instant().isBefore(since.get().plus(CONSUMER))) {
      readySince = Optional.empty();
      pressButton();
    }
  }

  /** The breaker as a COSEM object: to be read; who moves it goes by the desk. */
  DisconnectControl breaker() {
    return breaker;
  }

  /** A breaker as meters are made with it: only to be read. */
  static DisconnectControl asMade() {
    return new DisconnectControl(
        BREAKER, USUAL_MODE, DisconnectControl.State.CONNECTED, closed -> {});
  }

  /** What it runs, and where its next firmware is put. */
  MeterFirmware firmware() {
    return firmware;
  }

  Supply supply() {
    return memory.supply();
  }

  /** It senses something: there is something to tell. */
  void sensed() {
    urgent.add(new Urgent.Sensed());
  }

  /** What is to be told at once, if anything within so long. */
  Optional<Urgent> urgent(Duration within) throws InterruptedException {
    return Optional.ofNullable(urgent.poll(within.toNanos(), TimeUnit.NANOSECONDS));
  }
}
