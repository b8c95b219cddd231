package org.gridwarden.bench.dlms;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.jspecify.annotations.Nullable;

/** Many associations open at once, client and meter in this one process. */
public final class ManyAssociations {
  private static final Words SECRETS =
      Words.of("key=000102030405060708090A0B0C0D0E0F", "auth-key=D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
  private static final int CLIENT = 18;
  // a server takes a thousand connections; there is one for so many meters
  private static final int METERS_A_SERVER = 900;
  private static final int OPENING_AT_ONCE = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SPARE_FILES = 300;

  private final int count;
  private final int rounds;
  private final int shared;
  private final AtomicReferenceArray<@Nullable Association> open;
  private final List<MeterServer> servers = new ArrayList<>();
  private final LongAdder failed = new LongAdder();

  private ManyAssociations(int count, int rounds, int shared) {
    this.count = count;
    this.rounds = rounds;
    this.shared = shared;
    this.open = new AtomicReferenceArray<>(count);
  }

  /**
   * Opens, asks, closes and prints; exit 1 where something failed.
   *
   * @param args count, rounds, json as name=value
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Words words = Words.of(args);
    int count = words.number("count", 10_000);
    ManyAssociations many =
        new ManyAssociations(count, words.number("rounds", 3), associationsAConnection(count));
    System.exit(many.run(words.text("json", "false").equals("true")));
  }

  /**
   * Two ends of each connection are two files of this one process. Where so many may not be open, a
   * connection carries the associations of several logical devices, as the wrapper allows (IEC
   * 62056-47, clause 5).
   */
  private static int associationsAConnection(int count) {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    int shared = 1;
    while (2L * (count / shared + 1) + SPARE_FILES > files && shared < 8) {
      shared *= 2;
    }
    return shared;
  }

  private int run(boolean json) throws IOException, InterruptedException {
    long before = used();
    servers();
    long begin = System.nanoTime();
    each(this::open);
    double opened = seconds(begin);
    int there = count();
    long heap = used() - before;
    begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      each(this::ask);
    }
    double asked = seconds(begin);
    int still = count();
    long heapAsked = used() - before;
    begin = System.nanoTime();
    each(this::close);
    double closed = seconds(begin);
    for (MeterServer server : servers) {
      server.close();
    }
    print(json, there, still, heap, heapAsked, opened, asked, closed);
    return there == count && still == count && failed.sum() == 0 ? 0 : 1;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private int count() {
    int there = 0;
    for (int i = 0; i < count; i++) {
      there += open.get(i) != null ? 1 : 0;
    }
    return there;
  }

  /** Heap in use once garbage is gone, in bytes. */
  private static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private void servers() throws IOException {
    LogicalDevice device = LoadMeter.device(SECRETS);
    Map<Integer, LogicalDevice> devices = new HashMap<>();
    for (int i = 1; i <= shared; i++) {
      devices.put(i, device);
    }
    int connections = (count + shared - 1) / shared;
    for (int i = 0; i < connections; i += METERS_A_SERVER) {
      servers.add(
          MeterServer.open(address(servers.size() + 2), 0, devices, Duration.ofMinutes(30)));
    }
  }

  /** One of 127.0.0.0/8, so that no two ends run out of ports. */
  private static InetAddress address(int number) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, (byte) (number >>> 8), (byte) number});
  }

  /** Does something with each connection's associations, many at once. */
  private void each(Step step) throws InterruptedException {
    int connections = (count + shared - 1) / shared;
    Semaphore atOnce = new Semaphore(OPENING_AT_ONCE);
    CountDownLatch done = new CountDownLatch(connections);
    for (int i = 0; i < connections; i++) {
      int from = i * shared;
      int to = Math.min(from + shared, count);
      atOnce.acquire();
      Thread.ofVirtual()
          .start(() -> {
            try {
              step.once(from, to);
            } catch (IOException | DlmsException | AssociationRefused e) {
              failed.increment();
              System.err.println("association " + from + ": " + e);
            } finally {
              atOnce.release();
              done.countDown();
            }
          });
    }
    done.await();
  }

  private interface Step {
    void once(int from, int to) throws IOException, DlmsException, AssociationRefused;
  }

  private void open(int from, int to) throws IOException, DlmsException, AssociationRefused {
    MeterServer server = servers.get(from / shared / METERS_A_SERVER);
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address(1 + from / shared % 250), 0));
    socket.connect(
        new InetSocketAddress(address(from / shared / METERS_A_SERVER + 2), server.port()),
        Math.toIntExact(PATIENCE.toMillis()));
    DlmsKeys keys = DlmsKeys.of(SECRETS.bytes("key"), SECRETS.bytes("auth-key"));
    for (int i = from; i < to; i++) {
      ApduLink link = new WrapperLink(socket, CLIENT, i - from + 1, 0xFFFF);
      open.set(
          i,
          Association.open(
              i + 1 < to ? new Kept(link) : link,
              AssociationRequest.gmac(Sessions.cipher(keys)).withPatience(PATIENCE)));
    }
  }

  /** A link on a connection that others use, too: the last one closes it. */
  private record Kept(ApduLink link) implements ApduLink {
    @Override
    public void send(byte[] apdu) throws IOException {
      link.send(apdu);
    }

    @Override
    public byte[] receive(Duration patience) throws IOException, DlmsException {
      return link.receive(patience);
    }

    @Override
    public void close() {
      // the last one does
    }
  }

  private void ask(int from, int to) throws IOException, DlmsException, AssociationRefused {
    for (int i = from; i < to; i++) {
      Association meter = open.get(i);
      if (meter == null
          || !(meter.get(Sessions.REGISTER)
              instanceof Outcome.Value(DlmsData.DoubleLongUnsigned(long value)))
          || value != LoadMeter.ENERGY) {
        open.set(i, null);
        throw new IOException("another value was read");
      }
    }
  }

  private void close(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      Association meter = open.getAndSet(i, null);
      if (meter != null) {
        meter.close();
      }
    }
  }

  private void print(
      boolean json,
      int there,
      int still,
      long heap,
      long heapAsked,
      double opened,
      double asked,
      double closed) {
    String format =
        json
            ? "{\"bench\":\"associations\",\"count\":%d,\"open_at_once\":%d,\"open_after_gets\":%d,"
                + "\"failed\":%d,\"connections\":%d,\"max_heap_bytes\":%d,\"heap_bytes\":%d,"
                + "\"heap_bytes_after_gets\":%d,\"heap_bytes_each\":%d,\"opened_per_s\":%.0f,"
                + "\"gets_per_s\":%.0f,\"closed_per_s\":%.0f}%n"
            : """
            asked for            %d associations, HLS-GMAC, client and meter in this JVM
            open at once         %d; after the GETs %d; failed %d
            connections          %d
            greatest heap        %,d bytes
            heap used by them    %,d bytes; after the GETs %,d; %,d each, both sides
            opened               %.0f/s
            GETs, round robin    %.0f/s
            released and closed  %.0f/s
            """;
    System.out.printf(
        Locale.ROOT,
        format,
        count,
        there,
        still,
        failed.sum(),
        (count + shared - 1) / shared,
        Runtime.getRuntime().maxMemory(),
        heap,
        heapAsked,
        Math.max(heap, heapAsked) / Math.max(1, there),
        there / opened,
        (double) rounds * still / asked,
        still / closed);
  }
}
