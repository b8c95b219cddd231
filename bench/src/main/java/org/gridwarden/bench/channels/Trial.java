package org.gridwarden.bench.channels;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.bench.net.Departed;
import org.gridwarden.bench.net.Layers;
import org.gridwarden.bench.net.Packet;
import org.gridwarden.bench.net.Pcap;
import org.gridwarden.bench.net.Wire;

/** One variant's trial, from connecting to the outage. */
final class Trial {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration CONNECTS = Duration.ofSeconds(120);
  private static final Duration ORDER = Duration.ofSeconds(45);
  private static final Duration CALM = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration LOOKS = Duration.ofSeconds(3);
  private static final int ORDERS_AT_ONCE = 5;
  private static final int MESSAGES_A_DAY = 96;
  private static final double SECONDS_A_DAY = 86_400;
  private static final double MEBIBYTE = 1 << 20;

  private final Settings settings;
  private final Variant variant;
  private final Peer office;
  private final Peer meters;
  private final Optional<Wire> wire;
  private final Departed departed;
  private final Path folder;
  private final Result result;
  private final Layers layers = new Layers();
  private final List<Packet> captured = new ArrayList<>();
  private final Radio radio;

  /**
   * @param meters begun, and shipped to the office
   * @param departed knows the meters of earlier trials
   * @param folder the trial's own
   */
  Trial(
      Settings settings,
      Variant variant,
      Peer office,
      Peer meters,
      Optional<Wire> wire,
      Departed departed,
      Path folder,
      Radio radio) {
    this.settings = settings;
    this.variant = variant;
    this.office = office;
    this.meters = meters;
    this.wire = wire;
    this.departed = departed;
    this.folder = folder;
    this.radio = radio;
    this.result = new Result(variant.name());
  }

  /** Processor time and heap of a process. */
  private record Used(long nanos, long heap) {
    static Used of(Peer peer) throws IOException, InterruptedException {
      String[] p = peer.ask("usage", SOON).split(" ");
      return new Used(Long.parseLong(p[1]), Long.parseLong(p[2]));
    }
  }

  /** An order's fate. */
  private record Ordered(String meter, long begun, long ended, String state) {
    static Ordered of(String line) {
      String[] p = line.split(" ");
      return new Ordered(p[1], Long.parseLong(p[2]), Long.parseLong(p[3]), p[4]);
    }
  }

  /**
   * Measures.
   *
   * @param host where the office is
   * @param port where its listener is
   */
  Result run(String host, int port) throws IOException, InterruptedException {
    discard(); // what was before is nobody's
    departed.all();
    Used office0 = Used.of(office);
    Used meters0 = Used.of(meters);
    String[] connected =
        meters
            .ask("connect " + host + " " + port + " " + CONNECTS.toSeconds(), CONNECTS.plus(SOON))
            .split(" ");
    int count = Integer.parseInt(connected[1]);
    result.put(Figure.METERS, count);
    if (count == 0) {
      return result;
    }
    result.put(
        Figure.SETUP_P50,
        Figure.SETUP_P95,
        null,
        Stream.of(connected[2].split(",")).map(Long::valueOf).toList());
    Thread.sleep(CALM.plus(settings.link().delay().multipliedBy(4)));
    capture()
        .ifPresent(sum -> {
          result.put(Figure.SETUP_BYTES, (double) sum.all() / count);
          result.put(Figure.SETUP_PACKETS, (double) sum.packets() / count);
        });
    heap(office0, meters0, count);
    idle(count);
    ask(meters, "go", "going");
    Thread.sleep(settings.every()); // the first round, of code that has not run before
    Used office1 = Used.of(office);
    Used meters1 = Used.of(meters);
    discard();
    long begun = System.nanoTime();
    Thread.sleep(settings.lasting());
    long ended = System.nanoTime();
    Optional<Layers.Sum> bytes = capture();
    Used office2 = Used.of(office);
    Used meters2 = Used.of(meters);
    List<Ordered> orders = orders();
    Optional<Outage> outage = outage(count);
    Thread.sleep(CALM.plus(settings.link().delay().multipliedBy(6)));
    Notes notes = settled(begun, outage.map(Outage::judged).orElse(ended));
    List<Notes.Told> told = notes.between(begun, ended);
    told.stream().mapToInt(Notes.Told::plain).average().ifPresent(result::saying);
    told.stream().mapToInt(Notes.Told::sealed).average().ifPresent(result::sealing);
    bytes.ifPresent(sum -> bytes(sum, told));
    int messages = Math.max(1, told.size());
    result.put(Figure.OFFICE_MICROS, (office2.nanos - office1.nanos) / 1e3 / messages);
    result.put(Figure.METER_MICROS, (meters2.nanos - meters1.nanos) / 1e3 / messages);
    latencies(told);
    delivery(told);
    orders(orders, notes);
    energy();
    outage.ifPresent(o -> o.judge(notes, settings, count, result));
    if (settings.pcap().isPresent() && wire.isPresent()) {
      Pcap.write(
          settings.pcap().get().resolve(variant.name() + ".pcap"),
          captured,
          Instant.now().minusNanos(System.nanoTime()));
    }
    return result;
  }

  private static void ask(Peer peer, String line, String wanted)
      throws IOException, InterruptedException {
    String answer = peer.ask(line, SOON);
    if (!answer.startsWith(wanted)) {
      throw new IOException("'" + line + "' was answered by '" + answer + "'");
    }
  }

  /** What went over the wire since it was asked last. */
  private Optional<Layers.Sum> capture() {
    return wire.map(w -> {
      Layers.Sum before = layers.sum();
      List<Packet> packets = w.drain().stream().filter(p -> !departed.isOf(p)).toList();
      layers.addAll(packets);
      captured.addAll(packets);
      return layers.sum().since(before);
    });
  }

  private void discard() {
    var unused = capture();
  }

  private void heap(Used office0, Used meters0, int count)
      throws IOException, InterruptedException {
    result.put(
        Figure.OFFICE_HEAP, (Used.of(office).heap - office0.heap) / MEBIBYTE / count * 1_000);
    result.put(Figure.METER_HEAP, (Used.of(meters).heap - meters0.heap) / MEBIBYTE / count * 1_000);
  }

  /**
   * Discards what passes until nothing does for a while: what a lossy link has connecting repeat
   * late would be reckoned up to a day. Not for ever, since some ask all the time.
   */
  private void quiet() throws InterruptedException {
    long last = System.nanoTime();
    long latest = last + QUIET.multipliedBy(4).toNanos();
    long gap = QUIET.plus(settings.link().delay().multipliedBy(4)).toNanos();
    discard();
    while (settings.link().loss() > 0
        && System.nanoTime() < latest
        && System.nanoTime() - last < gap) {
      Thread.sleep(CALM);
      if (capture().filter(sum -> sum.packets() > 0).isPresent()) {
        last = System.nanoTime();
      }
    }
  }

  private void idle(int count) throws InterruptedException {
    if (settings.idle().isPositive() && wire.isPresent()) {
      quiet();
      Thread.sleep(settings.idle());
      double hours = settings.idle().toMillis() / 3.6e6;
      capture()
          .ifPresent(sum -> {
            result.put(Figure.IDLE_BYTES_AN_HOUR, sum.all() / hours / count);
            result.put(Figure.IDLE_PACKETS_AN_HOUR, sum.packets() / hours / count);
          });
    }
  }

  /** By layer: what is sealed is known from the meters, the rest from the packets. */
  private void bytes(Layers.Sum sum, List<Notes.Told> told) {
    if (told.isEmpty()) {
      return;
    }
    double n = told.size();
    double plain = told.stream().mapToDouble(Notes.Told::plain).sum();
    double sealed = told.stream().mapToDouble(Notes.Told::sealed).sum();
    result
        .put(Figure.MESSAGES, n)
        .put(Figure.PAYLOAD_BYTES, plain / n)
        .put(Figure.SECURITY_BYTES, (sealed - plain + sum.security()) / n)
        .put(Figure.PROTOCOL_BYTES, (sum.application() - sealed) / n)
        .put(Figure.TRANSPORT_BYTES, (sum.transport() + sum.again()) / n)
        .put(Figure.INTERNET_BYTES, sum.internet() / n)
        .put(Figure.WIRE_BYTES, sum.all() / n)
        .put(Figure.UP_BYTES, sum.up() / n)
        .put(Figure.DOWN_BYTES, sum.down() / n)
        .put(Figure.PACKETS, sum.packets() / n)
        .put(
            Figure.FRAME_HEAD_UP_BYTES,
            (double) sum.upHeads().bytes() / sum.upHeads().frames()) // none: no number, left out
        .put(
            Figure.FRAME_HEAD_DOWN_BYTES,
            (double) sum.downHeads().bytes() / sum.downHeads().frames());
  }

  private List<Ordered> orders() throws IOException, InterruptedException {
    List<Ordered> done = new ArrayList<>();
    if (!variant.commanded()) {
      return done;
    }
    List<String> serials = Shipped.serials(folder.resolve(MetersSide.SHIPMENT));
    int asked = 0;
    int open = 0;
    while (asked < settings.orders() || open > 0) {
      if (asked < settings.orders() && open < ORDERS_AT_ONCE) {
        ask(office, "order " + serials.get(asked) + " " + ORDER.toSeconds(), "ordering");
        asked++;
        open++;
      } else {
        Optional<Ordered> answer = office.order(ORDER.plus(SOON)).map(Ordered::of);
        if (answer.isEmpty()) {
          return done; // bounded: what is never answered is not confirmed
        }
        // one of a trial before may answer now
        if (serials.contains(answer.get().meter)) {
          done.add(answer.get());
          open--;
        }
      }
    }
    return done;
  }

  /**
   * Cuts the link, and waits until all has come that was due, or as long again as it was down and
   * what the slowest repetition takes.
   */
  private Optional<Outage> outage(int count) throws IOException, InterruptedException {
    if (wire.isEmpty() || !settings.outage().isPositive()) {
      return Optional.empty();
    }
    long cut = System.nanoTime();
    wire.get().cut(true);
    Thread.sleep(settings.outage());
    wire.get().cut(false);
    long again = System.nanoTime();
    long latest = again + settings.outage().plus(SOON).toNanos();
    Outage outage;
    do {
      Thread.sleep(LOOKS);
      outage = new Outage(cut, again, System.nanoTime() - settings.every().toNanos());
    } while (System.nanoTime() < latest && outage.missing(notes(), settings, count) > 0);
    return Optional.of(outage);
  }

  /** What happened, once all came that must: what is acknowledged is sent until it is. */
  private Notes settled(long begun, long ended) throws IOException, InterruptedException {
    long until = System.nanoTime() + SOON.toNanos();
    Notes notes = notes();
    while (variant.acknowledged()
        && System.nanoTime() < until
        && notes.between(begun, ended).stream().anyMatch(t -> t.came().isEmpty())) {
      Thread.sleep(CALM);
      notes = notes();
    }
    return notes;
  }

  private Notes notes() throws IOException, InterruptedException {
    Path its = folder.resolve("meters.notes");
    Path offices = folder.resolve("office.notes");
    ask(meters, "notes " + its, "noted");
    ask(office, "notes " + offices, "noted");
    return Notes.read(its, offices);
  }

  private void latencies(List<Notes.Told> told) {
    result.put(
        Figure.UP_P50,
        Figure.UP_P95,
        Figure.UP_P99,
        told.stream()
            .filter(t -> t.came().isPresent())
            .map(t -> t.came().get() - t.sent())
            .toList());
    if (variant.acknowledged()) {
      result.put(
          Figure.ACKNOWLEDGED_P50,
          Figure.ACKNOWLEDGED_P95,
          Figure.ACKNOWLEDGED_P99,
          told.stream()
              .filter(t -> t.confirmed().isPresent())
              .map(t -> t.confirmed().get() - t.sent())
              .toList());
    }
  }

  private void delivery(List<Notes.Told> told) {
    double sent = told.size();
    double came = told.stream().filter(t -> t.came().isPresent()).count();
    result
        .put(Figure.SENT, sent)
        .put(Figure.DELIVERED, came)
        .put(Figure.DELIVERED_PERCENT, came / sent * 100)
        .put(Figure.DUPLICATES, told.stream().filter(t -> t.comings() > 1).count())
        .put(Figure.SENT_AGAIN, told.stream().filter(t -> t.times() > 1).count());
  }

  private void orders(List<Ordered> orders, Notes notes) {
    if (orders.isEmpty()) {
      return;
    }
    List<Ordered> confirmed = orders.stream().filter(o -> o.state.equals("CONFIRMED")).toList();
    result.put(Figure.ORDERS, orders.size()).put(Figure.ORDERS_CONFIRMED, confirmed.size());
    result.put(
        Figure.RECEIPT_P50,
        Figure.RECEIPT_P95,
        null,
        confirmed.stream().map(o -> o.ended - o.begun).toList());
    result.put(
        Figure.DOWN_P50,
        Figure.DOWN_P95,
        Figure.DOWN_P99,
        confirmed.stream()
            .flatMap(o -> notes.ordered(o.meter, o.begun).map(t -> t - o.begun).stream())
            .toList());
  }

  /** A day of messages each by itself, and what it takes to stay reachable in between. */
  private void energy() {
    Optional<Double> up = result.get(Figure.UP_BYTES);
    Optional<Double> down = result.get(Figure.DOWN_BYTES);
    if (up.isEmpty() || down.isEmpty()) {
      return;
    }
    double waits = result.get(Figure.ACKNOWLEDGED_P50).orElse(0.0) / 1_000;
    double message = radio.exchange(up.get(), down.get(), waits);
    result.put(Figure.MESSAGE_ENERGY, message);
    double packets = result.get(Figure.IDLE_PACKETS_AN_HOUR).orElse(0.0) / 3_600;
    double bytes = result.get(Figure.IDLE_BYTES_AN_HOUR).orElse(0.0) / 3_600;
    // a question and its answer, with the acknowledgements of TCP: four packets wake a radio once
    double wakings = Math.min(packets / 4, 1 / Math.max(1, radio.tailSeconds()));
    double standing =
        wakings == 0 ? 0 : wakings * radio.exchange(bytes / wakings / 2, bytes / wakings / 2, 0);
    result.put(Figure.DAY_ENERGY, (message * MESSAGES_A_DAY + standing * SECONDS_A_DAY) / 1_000);
  }
}
