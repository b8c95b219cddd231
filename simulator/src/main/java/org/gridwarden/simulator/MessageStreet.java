package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.core.Action;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Secret;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.command.FirmwareVersion;

/**
 * Virtual meters that speak in secured messages, whichever channel carries them: households as on
 * the street that speaks DLMS, and desks for orders. Thread-safe.
 */
public final class MessageStreet implements AutoCloseable {
  private static final Duration PARTING = Duration.ofSeconds(3);

  /** So many hundredths of a household's power can be switched off for a while. */
  private static final int CONTROLLABLE = 40;

  private static final Carrier NONE =
      meter -> {
        throw new IOException("this street was not started");
      };

  private final StreetSettings settings;
  private final StreetSecret secret;
  private final Counters counters;
  private final List<VirtualMeter> meters;
  private final Journal journal;
  private final Tally tally = new Tally();
  private final List<Thread> running = new ArrayList<>();
  private volatile Carrier carrier = NONE;
  private volatile boolean closing;
  private volatile boolean all;

  private MessageStreet(
      StreetSettings settings,
      StreetState state,
      Counters counters,
      List<VirtualMeter> meters,
      Journal journal) {
    this.settings = settings;
    this.secret = state.secret();
    this.counters = counters;
    this.meters = meters;
    this.journal = journal;
  }

  /**
   * Lays out the street; nothing is sent before it is started.
   *
   * @param settings of which history and transport mean nothing here
   * @throws IOException where its state or journal file cannot be read or written
   */
  public static MessageStreet of(
      StreetSettings settings, Households households, InstantSource clock) throws IOException {
    return of(settings, households, clock, 0);
  }

  /**
   * The same beside other streets, whose meters have other numbers.
   *
   * @param before the number before the first meter's; 0 on a street of its own
   */
  public static MessageStreet of(
      StreetSettings settings, Households households, InstantSource clock, int before)
      throws IOException {
    StreetState state = StreetState.open(settings.state(), settings.seed());
    Dice dice = state.secret().dice();
    List<VirtualMeter> meters = new ArrayList<>(settings.meters());
    for (int i = before + 1; i <= before + settings.meters(); i++) {
      meters.add(
          VirtualMeter.of(
              i,
              settings,
              households,
              state.secret(),
              dice.of(i),
              clock,
              Street.memory(settings, i)));
    }
    Journal journal =
        settings.journal().isPresent()
            ? Journal.toFile(settings.journal().get())
            : Journal.inMemory();
    return new MessageStreet(
        settings, state, new Counters(state, settings.meters()), meters, journal);
  }

  /** The meters' serial numbers, which are their ids, in their order. */
  public List<String> serials() {
    return meters.stream().map(VirtualMeter::serial).toList();
  }

  /**
   * Writes the shipment file that a factory would send with these meters: their keys wrapped to the
   * office's public key.
   *
   * @throws IOException where the file cannot be written
   */
  public void writeShipment(Path file, PublicKey office) throws IOException {
    writeShipment(file, office, 0);
  }

  /** The same without the first so many meters, which were shipped before. */
  public void writeShipment(Path file, PublicKey office, int shipped) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          "serial,profile,service_point,zone,push_policy,key_id,message,feeder,receipt_key,seal,master\n");
      for (VirtualMeter meter : meters.subList(shipped, meters.size())) {
        try (Secret message = secret.message(meter.number());
            Secret seal = secret.seal(meter.number());
            Secret master = secret.key("kek", meter.number())) {
          out.write(
              String.join(
                      ",",
                      meter.serial(),
                      "street",
                      "SQ-" + meter.serial().substring(3),
                      settings.zone().getId(),
                      "AUTHENTICATED",
                      FactoryKeys.KEY_ID,
                      wrap(message, office),
                      meter.feeder(),
                      Base64.getEncoder().encodeToString(meter.control().receiptKey().getEncoded()),
                      wrap(seal, office),
                      wrap(master, office))
                  + "\n");
        }
      }
    }
  }

  private static String wrap(Secret key, PublicKey office) {
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, key));
  }

  /**
   * A meter's key for messages, as it was shipped.
   *
   * @param number from 1, in the street's order
   */
  public KeySet messageKey(int number) {
    return shipped(secret.message(meters.get(number - 1).number()));
  }

  /** The key under which commands are sealed for a meter, as it was shipped. */
  public KeySet sealKey(int number) {
    return shipped(secret.seal(meters.get(number - 1).number()));
  }

  private static KeySet shipped(Secret key) {
    return new KeySet(
        FactoryKeys.KEY_ID.getBytes(StandardCharsets.US_ASCII), key, new Secret(new byte[0]));
  }

  /** A meter's clock. */
  public InstantSource clock(int number) {
    return meters.get(number - 1).clock();
  }

  /** What a meter's register stands at, in watt-hours. */
  public long wattHours(int number) {
    VirtualMeter meter = meters.get(number - 1);
    return meter.curve().register(meter.clock().instant());
  }

  /** The power that goes through a meter, in watts. */
  public long watts(int number) {
    VirtualMeter meter = meters.get(number - 1);
    return meter.curve().watts(meter.clock().instant(), 100);
  }

  /** Which firmware a meter runs. */
  public FirmwareVersion firmware(int number) {
    return meters.get(number - 1).control().firmware().running();
  }

  /**
   * Puts an image that came whole where a meter's images wait for an order.
   *
   * @param number from 1, in the street's order
   * @return false where its maker's signature does not hold, or it may not run there
   */
  public boolean carry(int number, byte[] image) {
    return meters.get(number - 1).control().firmware().carried(image);
  }

  /**
   * A household switches off what it can for a while, or on again: so much of what it draws now.
   */
  public void shed(int number, boolean off) {
    VirtualMeter meter = meters.get(number - 1);
    long drawn = meter.curve().watts(meter.clock().instant(), 100);
    meter.control().shed(off ? Math.max(1, drawn * (100 - CONTROLLABLE) / 100) : Supply.ALL);
  }

  /** How a meter's breaker stands. */
  public DisconnectControl.State breaker(int number) {
    return meters.get(number - 1).control().state();
  }

  /** A meter without a desk does what it is told; whoever tells it is not asked who they are. */
  public void act(int number, Action action) {
    meters.get(number - 1).control().act(action);
  }

  /** The energy of the quarter-hour that began then, in watt-hours. */
  public int wattHours(int number, Instant begin) {
    return meters.get(number - 1).curve().wattHours(begin);
  }

  /** Whether a meter's breaker is closed. */
  public boolean isConnected(int number) {
    return meters.get(number - 1).control().state() == DisconnectControl.State.CONNECTED;
  }

  /**
   * Sets all meters to work.
   *
   * @param first what brings their messages to the office
   * @throws IllegalStateException where it was started before
   */
  public void start(Carrier first) {
    start(first, StreetProbe.NONE);
  }

  /** The same, watched. */
  public synchronized void start(Carrier first, StreetProbe probe) {
    if (!running.isEmpty()) {
      throw new IllegalStateException("this street was started before");
    }
    carrier = first;
    for (int i = 1; i <= meters.size(); i++) {
      VirtualMeter meter = meters.get(i - 1);
      int index = i;
      meter.control().onOrder(() -> probe.ordered(meter.serial()));
      MessageMeter life =
          new MessageMeter(
              meter,
              () -> counters.next(index),
              settings.every(),
              new DaySigner(meter, settings.zone(), settings.signing()),
              all ? Optional.of(new PushBodies(meter, settings.zone())) : Optional.empty(),
              () -> carrier,
              new MessageMeter.Shared(tally, journal, probe),
              () -> closing);
      running.add(Thread.ofVirtual().name(meter.serial()).start(life));
    }
  }

  /** From its start on it tells what the street that speaks DLMS does, eight values at a time. */
  public MessageStreet tellingAll() {
    all = true;
    return this;
  }

  /**
   * Moves all meters to another channel, in the midst of whatever they do: what was not
   * acknowledged on the one goes again on the other, the same bytes.
   *
   * @throws IllegalStateException where it was not started
   */
  public synchronized void move(Carrier next) {
    if (running.isEmpty() || closing) {
      throw new IllegalStateException("only a street that was started moves");
    }
    carrier = next;
    running.forEach(Thread::interrupt);
  }

  /** How many messages were acknowledged so far. */
  public long acknowledged() {
    return tally.acknowledged();
  }

  /** How it is doing. */
  public StreetStats stats() {
    return tally.stats();
  }

  /** When the first acknowledgement came, as {@link System#nanoTime}; empty before. */
  public OptionalLong firstConfirmed() {
    return tally.firstConfirmed();
  }

  /** What the meters know to be safe. */
  public Journal journal() {
    return journal;
  }

  /**
   * Stops all meters; what is under way stays unacknowledged.
   *
   * @throws IOException where the journal could not be written to its end
   */
  @Override
  public synchronized void close() throws IOException {
    closing = true;
    running.forEach(Thread::interrupt);
    long end = System.nanoTime() + PARTING.toNanos();
    try {
      for (Thread meter : running) {
        meter.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    journal.close();
  }
}
