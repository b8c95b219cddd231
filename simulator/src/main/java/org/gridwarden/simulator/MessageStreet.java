package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Secret;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.KeyWrap;

/**
 * Virtual meters that speak in secured messages, whichever channel carries them: households as on
 * the street that speaks DLMS, and desks for orders. Thread-safe.
 */
public final class MessageStreet implements AutoCloseable {
  private static final String KEY_ID = "1";
  private static final int ON_A_FEEDER = 50;
  private static final Duration PARTING = Duration.ofSeconds(3);

  private final StreetSettings settings;
  private final StreetSecret secret;
  private final Counters counters;
  private final List<VirtualMeter> meters;
  private final List<Thread> running = new ArrayList<>();
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean closing;

  private MessageStreet(
      StreetSettings settings, StreetState state, Counters counters, List<VirtualMeter> meters) {
    this.settings = settings;
    this.secret = state.secret();
    this.counters = counters;
    this.meters = meters;
  }

  /**
   * Lays out the street; nothing is sent before it is started.
   *
   * @param settings of which history, transport and journal mean nothing here
   * @throws IOException where its state file cannot be read or written
   */
  public static MessageStreet of(
      StreetSettings settings, Households households, InstantSource clock) throws IOException {
    StreetState state = StreetState.open(settings.state(), settings.seed());
    Dice dice = state.secret().dice();
    List<VirtualMeter> meters = new ArrayList<>(settings.meters());
    for (int i = 1; i <= settings.meters(); i++) {
      meters.add(VirtualMeter.of(i, settings, households, state.secret(), dice.of(i), clock));
    }
    return new MessageStreet(settings, state, new Counters(state, settings.meters()), meters);
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
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          "serial,profile,service_point,zone,push_policy,key_id,message,feeder,receipt_key,seal\n");
      for (VirtualMeter meter : meters) {
        try (Secret message = secret.message(meter.number());
            Secret seal = secret.seal(meter.number())) {
          out.write(
              String.join(
                      ",",
                      meter.serial(),
                      "street",
                      "SQ-" + meter.serial().substring(3),
                      settings.zone().getId(),
                      "AUTHENTICATED",
                      KEY_ID,
                      wrap(message, office),
                      "F-" + ((meter.number() - 1) / ON_A_FEEDER + 1),
                      Base64.getEncoder().encodeToString(meter.control().receiptKey().getEncoded()),
                      wrap(seal, office))
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
    return shipped(secret.message(number));
  }

  /** The key under which commands are sealed for a meter, as it was shipped. */
  public KeySet sealKey(int number) {
    return shipped(secret.seal(number));
  }

  private static KeySet shipped(Secret key) {
    return new KeySet(KEY_ID.getBytes(StandardCharsets.US_ASCII), key, new Secret(new byte[0]));
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

  /** Whether a meter's breaker is closed. */
  public boolean isConnected(int number) {
    return meters.get(number - 1).control().state() == DisconnectControl.State.CONNECTED;
  }

  /**
   * Sets all meters to work.
   *
   * @param carrier what brings their messages to the office
   * @throws IllegalStateException where it was started before
   */
  public synchronized void start(Carrier carrier) {
    if (!running.isEmpty()) {
      throw new IllegalStateException("this street was started before");
    }
    for (VirtualMeter meter : meters) {
      MessageMeter life =
          new MessageMeter(
              meter,
              messageKey(meter.number()),
              () -> counters.next(meter.number()),
              settings.every(),
              new DaySigner(meter, settings.zone(), settings.signing()),
              carrier,
              acknowledged::increment,
              () -> closing);
      running.add(Thread.ofVirtual().name(meter.serial()).start(life));
    }
  }

  /** How many messages were acknowledged so far. */
  public long acknowledged() {
    return acknowledged.sum();
  }

  /** Stops all meters; what is under way stays unacknowledged. */
  @Override
  public synchronized void close() {
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
  }
}
