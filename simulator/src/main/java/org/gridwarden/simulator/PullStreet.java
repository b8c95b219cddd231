package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.SecretFiles;

/**
 * A street of virtual meters that a head-end calls and reads over DLMS, in the wrapper over TCP:
 * one port, and an address of its own in 127.64.0.0/10 for each meter. Profiles are reckoned from
 * households when they are asked for, so that 100,000 meters take little room. Answers are lost or
 * damaged, meters are dead and clocks are off as the settings say. Thread-safe.
 */
public final class PullStreet implements AutoCloseable {
  private static final int BACKLOG = 4_096;
  private static final int MOST_CONNECTIONS = 20_000;
  private static final int MOST_CLIENTS = 4;
  private static final int IDLE_MILLIS = 120_000;
  private static final int FIRST_NET = 64;
  private static final Supply WHOLE = Supply.uninterrupted();
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");

  /** So many counters a second are passed over while the street is away: none comes twice. */
  private static final long COUNTERS_A_SECOND = 8;

  private final PullSettings settings;
  private final Households households;
  private final InstantSource real;
  private final StreetSecret secret;
  private final Dice dice;
  private final ServerSocket listening;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicIntegerArray counters;
  private final AtomicIntegerArray shifts;
  private final Map<Integer, MeterControl> controls = new ConcurrentHashMap<>();
  private final Map<Integer, Senses> senses = new ConcurrentHashMap<>();
  private final long firstCounter;
  private final LongAdder exchanges = new LongAdder();
  private final LongAdder faults = new LongAdder();

  private PullStreet(
      PullSettings settings, Households households, InstantSource real, ServerSocket listening) {
    this.settings = settings;
    this.households = households;
    this.real = real;
    this.secret = StreetSecret.of(settings.seed());
    this.dice = secret.dice();
    this.listening = listening;
    this.counters = new AtomicIntegerArray(settings.meters() + 1);
    this.shifts = new AtomicIntegerArray(settings.meters() + 1);
    this.firstCounter =
        Math.max(1, Duration.between(EPOCH, real.instant()).toSeconds() * COUNTERS_A_SECOND)
            & 0xFFFF_FFFFL;
  }

  /**
   * Lays out the street and listens.
   *
   * @param port 0 for any free one
   * @throws IOException where the port is taken
   */
  public static PullStreet open(
      PullSettings settings, Households households, InstantSource clock, int port)
      throws IOException {
    ServerSocket listening = new ServerSocket();
    try {
      listening.setReuseAddress(true);
      // all of 127.0.0.0/8 at once; connections from elsewhere are closed unread
      listening.bind(new InetSocketAddress("0.0.0.0", port), BACKLOG);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    PullStreet street = new PullStreet(settings, households, clock, listening);
    Thread.ofPlatform().name("pull-street").daemon().start(street::accept);
    return street;
  }

  /** The port that all meters listen on. */
  public int port() {
    return listening.getLocalPort();
  }

  /** A meter's serial number, by its place from 1 on. */
  public static String serial(int number) {
    return PullMeter.serial(number);
  }

  /** The address of a meter, by its place from 1 on: {@code 127.64.0.1:4060}. */
  public String address(int number) {
    return "127."
        + (FIRST_NET + (number >> 16))
        + "."
        + (number >> 8 & 0xFF)
        + "."
        + (number & 0xFF)
        + ":"
        + port();
  }

  /** Whether a meter is one of the dead. */
  public boolean isDead(int number) {
    return dice.of(number).of(11).below(1_000_000) < settings.faults().dead() * 1_000_000;
  }

  /** What a meter measured in the quarter-hour that begins then, by its clock, in Wh. */
  public int wattHours(int number, Instant begin) {
    return curve(number).wattHours(begin);
  }

  /** How many answers were sent, lost and damaged ones included. */
  public long exchanges() {
    return exchanges.sum();
  }

  /** How many answers were lost or damaged. */
  public long faults() {
    return faults.sum();
  }

  /**
   * Writes the shipment file of these meters, their keys wrapped to the office's public key.
   *
   * @throws IOException where the file cannot be written
   */
  public void writeShipment(Path file, PublicKey office) throws IOException {
    write(
        file,
        1,
        settings.meters(),
        key -> Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, key)));
  }

  /**
   * The same for some of them, with keys in the clear, which an office takes in a demonstration
   * only.
   *
   * @param first from 1
   * @param last included
   * @throws IOException where the file cannot be written
   */
  public void writePlainShipment(Path file, int first, int last) throws IOException {
    write(
        file,
        first,
        last,
        key -> {
          byte[] bytes = key.copy();
          try {
            return "plain:" + HexFormat.of().formatHex(bytes);
          } finally {
            java.util.Arrays.fill(bytes, (byte) 0);
          }
        });
  }

  private void write(Path file, int first, int last, Function<Secret, String> wrap)
      throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      boolean commands = settings.operators().isPresent();
      out.write("serial,system_title,profile,service_point,zone,key_id,guek,gak,address,link");
      out.write(commands ? ",receipt_key,seal,master\n" : "\n");
      for (int n = first; n <= last; n++) {
        try (Secret encryption = secret.key("guek", n);
            Secret authentication = secret.key("gak", n)) {
          out.write(
              String.join(
                      ",",
                      serial(n),
                      HexFormat.of().withUpperCase().formatHex(PullMeter.title(n)),
                      "street",
                      "SR-" + serial(n).substring(3),
                      settings.zone().getId(),
                      "1",
                      wrap.apply(encryption),
                      wrap.apply(authentication),
                      address(n),
                      "link-" + (n - 1) / settings.perLink())
                  + (commands ? "," + commands(n, wrap) : "")
                  + "\n");
        }
      }
    }
  }

  private String commands(int number, Function<Secret, String> wrap) {
    FactoryKeys made = FactoryKeys.of(secret, number);
    try (Secret seal = made.seal();
        Secret master = made.master()) {
      return Base64.getEncoder().encodeToString(secret.signer(number).publicKey().getEncoded())
          + ","
          + wrap.apply(seal)
          + ","
          + wrap.apply(master);
    }
  }

  // --- what its meters are made of

  PullSettings settings() {
    return settings;
  }

  StreetSecret secret() {
    return secret;
  }

  Dice dice(int number) {
    return dice.of(number);
  }

  LoadCurve curve(int number) {
    return new LoadCurve(
        households,
        settings.zone(),
        dice.of(number).of(2),
        () -> Optional.ofNullable(controls.get(number)).map(MeterControl::supply).orElse(WHOLE));
  }

  /** What a meter does when it is told to; made when somebody asks first. */
  MeterControl control(int number) {
    return controls.computeIfAbsent(
        number,
        n -> {
          MeterMemory memory = memory(n);
          MeterControl control =
              MeterControl.of(
                  new MeterId(serial(n)),
                  FactoryKeys.of(secret, n).ring(memory),
                  secret.signer(n),
                  settings.operators(),
                  memory,
                  new Watch(n),
                  () -> curve(n).register(clock(n).instant()));
          control.associations(() -> new PullMeter(this, n).associations());
          return control;
        });
  }

  /** What an order left in a meter's memory; nothing in one that was never commanded. */
  Optional<String> kept(int number, String name) {
    return commanded(number) ? control(number).kept(name) : Optional.empty();
  }

  /** Of clients that prove themselves by one; made with the meter. The caller wipes it. */
  byte[] password(int number) {
    try (Secret made = secret.key("lls", number)) {
      return made.copy();
    }
  }

  private boolean commanded(int number) {
    return controls.containsKey(number)
        || settings.state().map(folder -> Files.exists(file(folder, number))).orElse(false);
  }

  /** In a file of its own where the street has a folder; forgotten with the street where not. */
  private MeterMemory memory(int number) {
    if (settings.state().isEmpty()) {
      return MeterMemory.passing();
    }
    try {
      SecretFiles.folder(settings.state().get());
      return MeterMemory.of(file(settings.state().get(), number));
    } catch (IOException e) {
      throw new UncheckedIOException("a meter's memory cannot be read", e);
    }
  }

  private static Path file(Path folder, int number) {
    return folder.resolve(Integer.toString(number));
  }

  /**
   * A meter's keys, as they are now. Of meters that were never commanded they are those of the
   * factory, and nothing is kept.
   */
  MeterKeyRing keys(int number) {
    return commanded(number)
        ? control(number).keys()
        : FactoryKeys.of(secret, number).ring(MeterMemory.passing());
  }

  private final class Watch implements MeterControl.Watch {
    private final int number;

    Watch(int number) {
      this.number = number;
    }

    @Override
    public Instant instant() {
      return clock(number).instant();
    }

    @Override
    public Duration setRight() {
      Duration fast = Duration.between(real.instant(), instant());
      shift(number, Duration.ofSeconds(-fast.toSeconds()));
      return fast;
    }
  }

  /** A meter's breaker; those that were never told anything stand as they were made. */
  DisconnectControl breaker(int number) {
    MeterControl control = controls.get(number);
    return control == null ? MeterControl.asMade() : control.breaker();
  }

  /** What a meter runs; most were never told to run anything else. */
  String firmware(int number) {
    MeterControl control = controls.get(number);
    return (control == null ? MeterFirmware.MADE : control.firmware().running()).toString();
  }

  /**
   * Does something to a meter. It tells nobody: these meters only answer; it stands in its log.
   *
   * @param number from 1
   */
  public void tamper(int number, Sense sense) {
    senses.computeIfAbsent(number, n -> new Senses()).begin(sense, clock(number).instant());
  }

  /** What a meter has sensed, the oldest first. */
  List<Senses.Logged> sensed(int number) {
    Senses its = senses.get(number);
    return its == null ? List.of() : its.log();
  }

  /** Whether a meter's breaker is closed. */
  public boolean isConnected(int number) {
    MeterControl control = controls.get(number);
    return control == null || control.state() == DisconnectControl.State.CONNECTED;
  }

  /** A meter's own clock, as it was set last. */
  InstantSource clock(int number) {
    MeterClock own = MeterClock.of(real, dice.of(number).of(1), false);
    Duration off = off(number);
    return () -> own.instant().plus(off).plusSeconds(shifts.get(number));
  }

  private Duration off(int number) {
    Dice its = dice.of(number).of(12);
    if (its.of(1).below(1_000_000) >= settings.faults().clocksOff() * 1_000_000) {
      return Duration.ZERO;
    }
    int sign = its.of(2).below(2) == 0 ? 1 : -1;
    return its.of(3).below(2) == 0
        ? Duration.ofSeconds(sign * (long) its.of(4).between(20, 60))
        : Duration.ofMinutes(sign * 10L);
  }

  void shift(int number, Duration by) {
    shifts.addAndGet(number, Math.toIntExact(by.toSeconds()));
  }

  /** A meter's next invocation counter. */
  long count(int number) {
    return firstCounter + counters.incrementAndGet(number) & 0xFFFF_FFFFL;
  }

  long counter(int number) {
    return firstCounter + counters.get(number) & 0xFFFF_FFFFL;
  }

  // --- its connections

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        int number = number(socket.getLocalAddress());
        if (number < 1 || number > settings.meters() || connections.size() >= MOST_CONNECTIONS) {
          socket.close();
          continue;
        }
        connections.add(socket);
        Thread.ofVirtual().name("pull-meter").start(() -> serve(socket, number));
      } catch (IOException e) {
        // closed, or this one went away
      }
    }
  }

  private static int number(InetAddress local) {
    byte[] a = local.getAddress();
    return a.length == 4 && a[0] == 127
        ? (a[1] - FIRST_NET) << 16 | (a[2] & 0xFF) << 8 | a[3] & 0xFF
        : -1;
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      DataInputStream in =
          new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1_024));
      if (isDead(number)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
        return;
      }
      serve(socket, in, new PullMeter(this, number).device());
    } catch (IOException e) {
      // the head-end went away, or was silent for too long
    } finally {
      connections.remove(socket);
    }
  }

  private void serve(Socket socket, DataInputStream in, LogicalDevice device) throws IOException {
    Map<Integer, MeterAssociation> associations = new HashMap<>();
    SplittableRandom chance = new SplittableRandom();
    for (int first = in.read(); first == 0 && in.read() == 1; first = in.read()) {
      int client = in.readUnsignedShort();
      int to = in.readUnsignedShort();
      byte[] apdu = in.readNBytes(in.readUnsignedShort());
      if (to != Wrapper.MANAGEMENT_PORT
          || !associations.containsKey(client) && associations.size() >= MOST_CLIENTS) {
        return;
      }
      MeterAssociation association =
          associations.computeIfAbsent(client, c -> new MeterAssociation(device, c));
      for (byte[] answer : association.answer(apdu)) {
        send(socket, client, answer, chance);
      }
    }
  }

  private void send(Socket socket, int client, byte[] answer, SplittableRandom chance)
      throws IOException {
    exchanges.increment();
    double fate = chance.nextDouble();
    if (fate < settings.faults().lost()) {
      faults.increment();
      return;
    }
    byte[] sent = answer;
    if (fate < settings.faults().lost() + settings.faults().damaged()) {
      faults.increment();
      sent = answer.clone();
      sent[chance.nextInt(sent.length)] ^= (byte) (1 + chance.nextInt(255));
    }
    socket.getOutputStream().write(Wrapper.encode(Wrapper.MANAGEMENT_PORT, client, sent));
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
