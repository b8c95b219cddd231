package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;

/**
 * A street of virtual meters, each with its own keys, clock and household, that push over DLMS to a
 * head-end: the daily profiles of the past first, then a momentary push every few seconds, a slot
 * at each quarter-hour and now and then an event. A push is sent again, the same bytes, until its
 * confirmation comes. Thread-safe.
 */
public final class Street implements AutoCloseable {
  /** More pushes than this are not under way at once, however many meters there are. */
  private static final int MOST_IN_FLIGHT = 1_024;

  private static final int KEY_ID = 8;
  private static final Duration PARTING = Duration.ofSeconds(3);

  private final List<VirtualMeter> meters;
  private final List<Senses> senses;
  private final Shared shared;
  private final List<Thread> running = new ArrayList<>();
  private Optional<InetSocketAddress> towards = Optional.empty();
  private volatile Optional<MeterCertificates> secured = Optional.empty();
  private volatile StreetProbe watched = StreetProbe.NONE;

  /** What all meters of the street share. */
  record Shared(
      StreetSettings settings,
      Counters counters,
      Journal journal,
      Tally tally,
      Semaphore inFlight) {}

  private Street(List<VirtualMeter> meters, List<Senses> senses, Shared shared) {
    this.meters = meters;
    this.senses = senses;
    this.shared = shared;
  }

  /**
   * Lays out the street; nothing is sent before it is started.
   *
   * @throws IOException where its state or journal file cannot be read or written
   */
  public static Street of(StreetSettings settings, Households households, InstantSource clock)
      throws IOException {
    StreetState state = StreetState.open(settings.state(), settings.seed());
    Dice dice = state.secret().dice();
    List<VirtualMeter> meters = new ArrayList<>(settings.meters());
    List<Senses> senses = new ArrayList<>(settings.meters());
    for (int i = 1; i <= settings.meters(); i++) {
      Senses its = new Senses();
      VirtualMeter meter =
          VirtualMeter.of(
              i,
              settings,
              households,
              state.secret(),
              dice.of(i),
              its.behind(clock),
              memory(settings, i));
      its.onNews(meter.control()::sensed);
      senses.add(its);
      meters.add(meter);
    }
    Journal journal =
        settings.journal().isPresent()
            ? Journal.toFile(settings.journal().get())
            : Journal.inMemory();
    return new Street(
        meters,
        senses,
        new Shared(
            settings,
            new Counters(state, settings.meters()),
            journal,
            new Tally(),
            new Semaphore(MOST_IN_FLIGHT, true)));
  }

  /** Beside the street's state, a file for each meter that was commanded. */
  /** What commands have made of a meter: beside the street's state, where that is kept. */
  static MeterMemory memory(StreetSettings settings, int number) throws IOException {
    if (settings.state().isEmpty()) {
      return MeterMemory.passing();
    }
    Path state = settings.state().get();
    Path folder = state.resolveSibling(state.getFileName() + ".meters");
    SecretFiles.folder(folder);
    return MeterMemory.of(folder.resolve(Integer.toString(number)));
  }

  /**
   * The consumer presses the button on a meter.
   *
   * @param number from 1, in the street's order
   * @return whether its breaker is closed now
   */
  public boolean pressButton(int number) {
    return meters.get(number - 1).control().pressButton();
  }

  /** Whether a meter's breaker is closed. */
  public boolean isConnected(int number) {
    return meters.get(number - 1).control().state() == DisconnectControl.State.CONNECTED;
  }

  /**
   * Which firmware a meter runs.
   *
   * @param number from 1, in the street's order
   */
  public String firmware(int number) {
    return meters.get(number - 1).control().firmware().running().toString();
  }

  /** The model of the street's meters: which images are for them. */
  public static String model() {
    return MeterFirmware.MODEL;
  }

  /** The meters' serial numbers, in their order. */
  public List<String> serials() {
    return meters.stream().map(VirtualMeter::serial).toList();
  }

  /**
   * Writes the shipment file that a factory would send with these meters: their keys wrapped to the
   * office's public key (RSA-OAEP with SHA-256).
   *
   * @throws IOException where the file cannot be written
   */
  public void writeShipment(Path file, PublicKey office) throws IOException {
    writeShipment(file, office, 0);
  }

  /** The same without the first so many meters, which were shipped before. */
  public void writeShipment(Path file, PublicKey office, int shipped) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      Shipment.write(
          out,
          meters.subList(shipped, meters.size()),
          shared.settings().zone(),
          office,
          shared.settings().operators().isPresent());
    }
  }

  /**
   * Sets all meters to work towards a head-end. To one on the loopback interface each meter goes
   * from an address of its own in 127.16.0.0/12.
   *
   * @throws IllegalStateException where it was started before
   */
  public void start(InetSocketAddress headEnd) {
    start(headEnd, Optional.empty());
  }

  /**
   * The same by TLS, where certificates are given: meters without one enrol first.
   *
   * @throws IllegalStateException where it was started before
   */
  public void start(InetSocketAddress headEnd, Optional<MeterCertificates> certificates) {
    start(headEnd, certificates, StreetProbe.NONE);
  }

  /** The same, watched. */
  public synchronized void start(
      InetSocketAddress headEnd, Optional<MeterCertificates> certificates, StreetProbe probe) {
    if (!running.isEmpty()) {
      throw new IllegalStateException("this street was started before");
    }
    towards = Optional.of(headEnd);
    secured = certificates;
    watched = probe;
    for (VirtualMeter meter : meters) {
      meter.control().onOrder(() -> probe.ordered(meter.serial()));
    }
    meters.forEach(meter -> running.add(live(meter, headEnd)));
  }

  private Thread live(VirtualMeter meter, InetSocketAddress headEnd) {
    Optional<InetAddress> source = source(headEnd, meter.number());
    PushLink link =
        switch (shared.settings().transport()) {
          case TCP ->
              new TcpLink(
                  headEnd,
                  source,
                  () -> device(meter),
                  bare -> secured.isPresent() ? secured.get().secure(meter.serial(), bare) : bare);
          case UDP -> new UdpLink(headEnd, source);
          case DTLS ->
              new DtlsLink(
                  headEnd,
                  source,
                  secured.orElseThrow(
                      () -> new IllegalStateException("meters come by DTLS with certificates")),
                  meter.serial());
        };
    return Thread.ofVirtual()
        .name(meter.serial())
        .start(
            new MeterTask(
                meter,
                senses.get(meter.number() - 1),
                new Sealer(meter, shared.settings().transport() != StreetSettings.Transport.UDP),
                link,
                shared,
                watched));
  }

  /** A meter that its fitter has given keys to tells again what happened meanwhile. */
  private synchronized void again(VirtualMeter meter) {
    towards.ifPresent(headEnd -> {
      int at = meter.number() - 1;
      running.get(at).interrupt();
      running.set(at, live(meter, headEnd));
    });
  }

  private LogicalDevice device(VirtualMeter meter) {
    return StreetDevice.of(
        meter,
        senses.get(meter.number() - 1),
        shared.settings().zone(),
        () -> shared.counters().next(meter.number()));
  }

  /** A hand at one meter. Thread-safe. */
  public final class Hand {
    private final VirtualMeter meter;
    private final Senses its;

    private Hand(VirtualMeter meter, Senses its) {
      this.meter = meter;
      this.its = its;
    }

    /** Does something to it: it is told at once, before anything else that waits. */
    public void tamper(Sense sense) {
      its.begin(sense, meter.clock().instant());
    }

    /** Undoes it. What the meter has erased stays erased. */
    public void restore(Sense sense) {
      its.end(sense, meter.clock().instant());
    }

    /** The words of all that the meter senses now. */
    public List<String> sensed() {
      return its.words();
    }

    /**
     * The fitter comes to a meter that has erased its keys: puts it right, seals it, and gives it
     * other keys. A model of what a fitter's tool does.
     *
     * @param office to whose key they are wrapped
     * @return the shipment that the fitter sends the office: this meter's line
     * @throws IllegalStateException where it has its keys
     */
    public String rekey(PublicKey office) {
      if (!its.erased()) {
        throw new IllegalStateException("meter " + meter.serial() + " has its keys");
      }
      FactoryKeys fresh = FactoryKeys.fresh();
      meter.keys().refit(fresh);
      its.refit();
      again(meter);
      byte[] id = new byte[KEY_ID];
      OfficeKey.random().nextBytes(id);
      return Shipment.refitted(
          meter, fresh, HexFormat.of().formatHex(id), shared.settings().zone(), office);
    }

    /** Whether it has erased its keys: it goes on metering and tells nothing more. */
    public boolean keysErased() {
      return its.erased();
    }
  }

  /** A hand at the meter with a serial number; empty where the street has none. */
  public Optional<Hand> meter(String serial) {
    for (int i = 0; i < meters.size(); i++) {
      if (meters.get(i).serial().equals(serial)) {
        return Optional.of(new Hand(meters.get(i), senses.get(i)));
      }
    }
    return Optional.empty();
  }

  /** How it is doing. */
  public StreetStats stats() {
    return shared.tally().stats();
  }

  /** When the first confirmation came, as {@link System#nanoTime}; empty before. */
  public OptionalLong firstConfirmed() {
    return shared.tally().firstConfirmed();
  }

  /** What the meters know to be safe. */
  public Journal journal() {
    return shared.journal();
  }

  /**
   * Stops all meters; what is under way stays unconfirmed.
   *
   * @throws IOException where the journal could not be written to its end
   */
  @Override
  public synchronized void close() throws IOException {
    running.forEach(Thread::interrupt);
    long end = System.nanoTime() + PARTING.toNanos();
    try {
      for (Thread meter : running) {
        meter.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shared.journal().close();
  }

  private static Optional<InetAddress> source(InetSocketAddress headEnd, int number) {
    if (headEnd.getAddress() == null || !headEnd.getAddress().isLoopbackAddress()) {
      return Optional.empty();
    }
    byte[] address = {127, (byte) (16 + (number >> 16)), (byte) (number >> 8), (byte) number};
    try {
      return Optional.of(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
